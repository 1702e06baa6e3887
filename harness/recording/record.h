// One record of a recording file: the unit that is appended, read and torn off (DESIGN 3).
#ifndef PLAYHEAD_RECORDING_RECORD_H_
#define PLAYHEAD_RECORDING_RECORD_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/name_table.h"
#include "base/result.h"

namespace playhead {

enum class RecordKind : std::uint8_t {
  meta,
  request,
  request_body,
  response,
  data,
  trailers,
  end,
  mark,
};

inline constexpr NameTable<RecordKind, 8> kRecordKinds = {{
    {RecordKind::meta, "meta", "what is known about the recording as a whole: JSON"},
    {RecordKind::request, "request", "method, target and headers of a request: JSON"},
    {RecordKind::request_body, "request-body", "bytes of a request's body"},
    {RecordKind::response, "response", "status and headers of a response: JSON"},
    {RecordKind::data, "data", "the bytes of one read of a response body"},
    {RecordKind::trailers, "trailers", "headers after the response body: JSON"},
    {RecordKind::end, "end", "how the exchange ended: JSON"},
    {RecordKind::mark, "mark", "a note by a person or a tool: text"},
}};
static_assert(covers_enum(kRecordKinds, RecordKind::mark));

constexpr std::string_view name_of(RecordKind kind) { return name_in(kRecordKinds, kind); }

struct Record {
  RecordKind kind = RecordKind::mark;
  int exchange = 0;          // from 1; 0 for `meta`, and for a `mark` of the recording as a whole
  Instant at;                // since the recording began
  std::string_view payload;  // borrowed from whoever made the record
};

namespace recording {

inline constexpr std::string_view kVersionLine = "playhead-recording 1\n";

// A read is at most a socket buffer; this leaves room for a large request body in one record.
inline constexpr std::size_t kRecordSizeMax = std::size_t{64} << 20;
// Payloads that are parsed (JSON) or shown as they are (marks). Headers are kilobytes.
inline constexpr std::size_t kTextPayloadMax = std::size_t{1} << 20;
// An agent session of a day stays far below it.
inline constexpr int kExchangesMax = 65'536;
// About 31 years in microseconds: sums of times stay far from overflow.
inline constexpr std::int64_t kAtMaxUs = 1'000'000'000'000'000;
// Longer than the longest possible line "<kind> <exchange> <at_us> <size>\n".
inline constexpr std::size_t kHeaderLineMax = 64;

constexpr bool is_text(RecordKind kind) {
  return kind != RecordKind::request_body && kind != RecordKind::data;
}

// Most bytes a payload of that kind may have.
constexpr std::size_t payload_max(RecordKind kind) {
  return is_text(kind) ? kTextPayloadMax : kRecordSizeMax;
}

// The line before a payload.
struct RecordHeader {
  RecordKind kind = RecordKind::mark;
  int exchange = 0;
  Instant at;
  std::size_t size = 0;  // bytes of the payload
};

// The line without its line feed. Fails with what is wrong with it, limits included.
Result<RecordHeader> parse_header(std::string_view line);

// Whether more bytes could make `tail` a header line: the file was torn there, not spoilt.
bool may_begin_header(std::string_view tail);

// The header line with its line feed.
std::string header_line(const RecordHeader& header);

// Fails where the record breaks a limit or a rule of the format that one record can break.
Status check_record(const Record& record);

// Appends the record as it stands in a file. CHECKs check_record().
void append_record(const Record& record, std::string& out);

// `text` in double quotes, shortened and with everything unprintable escaped: fit for a message.
std::string shown(std::string_view text);

}  // namespace recording
}  // namespace playhead

#endif  // PLAYHEAD_RECORDING_RECORD_H_
