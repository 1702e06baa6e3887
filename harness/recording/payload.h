// The JSON payloads of records: written and parsed. FORMAT.md lists the members.
//
// Parsers ignore members they do not know. Bytes of a header that are not UTF-8 become U+FFFD when
// written, since JSON cannot hold them.
#ifndef PLAYHEAD_RECORDING_PAYLOAD_H_
#define PLAYHEAD_RECORDING_PAYLOAD_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "recording/recording.h"

namespace playhead::recording {

// Of `meta.json` where its members still say what the struct says; otherwise composed of the
// struct's members and those members of `meta.json` that the struct does not know.
std::string meta_payload(const RecordingMeta& meta);
std::string request_payload(std::string_view method, std::string_view target,
                            const std::vector<Header>& headers);
std::string response_payload(int status, const std::vector<Header>& headers);
std::string trailers_payload(const std::vector<Header>& headers);
// `bytes`: of the response body as recorded.
std::string end_payload(EndReason reason, std::string_view detail, std::size_t bytes);

struct RequestHead {
  std::string method;
  std::string target;
  std::vector<Header> headers;
};

struct ResponseHead {
  int status = 0;
  std::vector<Header> headers;
};

struct EndNote {
  EndReason reason = EndReason::complete;
  std::string detail;
  std::optional<std::int64_t> bytes;
};

// Each fails with what is wrong, without a place.
Result<RecordingMeta> parse_meta(std::string_view payload);
Result<RequestHead> parse_request(std::string_view payload);
Result<ResponseHead> parse_response(std::string_view payload);
Result<std::vector<Header>> parse_trailers(std::string_view payload);
Result<EndNote> parse_end(std::string_view payload);

// Fails where a method, target, status or header could not stand in an HTTP message: CR, LF or NUL
// in it, an empty name, a status outside 100 to 999.
Status check_line(std::string_view what, std::string_view text);
Status check_status(std::int64_t status);
Status check_headers(const std::vector<Header>& headers);

}  // namespace playhead::recording

#endif  // PLAYHEAD_RECORDING_PAYLOAD_H_
