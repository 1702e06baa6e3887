// A recording: everything that happened on the wire in one capture, with its bytes, times and
// endings.
//
// A plain value that owns all it holds. Times are counted from the instant the recording began.
// The file form is documented in recordings/FORMAT.md.
#ifndef PLAYHEAD_RECORDING_RECORDING_H_
#define PLAYHEAD_RECORDING_RECORDING_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/header.h"
#include "base/instant.h"
#include "model/end_reason.h"

namespace playhead {

// What is known about a recording as a whole. Members a file does not have are empty.
struct RecordingMeta {
  std::string title;
  std::string protocol;  // a public protocol name (model/protocol.h), or empty
  std::string provider;
  std::string model;
  std::string origin;       // captured, reconstructed, imported
  std::string source;       // where it comes from, e.g. an issue link
  std::string recorded_at;  // RFC 3339
  std::string recorder;     // which program, which version
  std::string timing;       // read, frame, none: what the times of the chunks are
  std::string borders;      // read, frame, none: what the borders of the chunks are
  std::string json = "{}";  // the payload as read, {} where there was none

  bool operator==(const RecordingMeta&) const = default;
};

// The bytes of one read of a response body.
struct RecordedChunk {
  Instant at;              // since the recording began
  std::size_t offset = 0;  // into the exchange's body
  std::size_t size = 0;    // bytes

  bool operator==(const RecordedChunk&) const = default;
};

struct RecordedEnd {
  Instant at;
  EndReason reason = EndReason::torn;
  std::string detail;

  bool operator==(const RecordedEnd&) const = default;
};

// A note that a person or a tool put there.
struct RecordedMark {
  Instant at;
  std::string text;

  bool operator==(const RecordedMark&) const = default;
};

// One request and its response.
struct RecordedExchange {
  int index = 0;  // as in the file: from 1 in order of request
  Instant requested_at;
  std::string method;
  std::string target;
  std::vector<Header> request_headers;
  std::string request_body;
  std::optional<Instant> responded_at;  // no value: no response came
  int status = 0;
  std::vector<Header> response_headers;
  std::string body;  // all chunks, one behind the other
  std::vector<RecordedChunk> chunks;
  std::vector<Header> trailers;
  // Where the file has no `end`: reason torn, at the last record of the exchange.
  RecordedEnd end;
  std::vector<RecordedMark> marks;

  // The chunk's part of the body. Borrowed from this exchange. CHECKs that the chunk lies in it.
  std::string_view bytes_of(const RecordedChunk& chunk) const;

  bool operator==(const RecordedExchange&) const = default;
};

struct Recording {
  std::string path;  // of the file it came from, or empty
  RecordingMeta meta;
  std::vector<RecordedExchange> exchanges;  // in order of index
  std::vector<RecordedMark> marks;          // those that belong to no exchange
  // The file ends inside a record, or an exchange has no end.
  bool torn = false;

  bool operator==(const Recording&) const = default;
};

}  // namespace playhead

#endif  // PLAYHEAD_RECORDING_RECORDING_H_
