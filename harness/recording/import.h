// Makes a recording of a raw response body, with chunk borders and times where somebody kept them.
#ifndef PLAYHEAD_RECORDING_IMPORT_H_
#define PLAYHEAD_RECORDING_IMPORT_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "recording/recording.h"

namespace playhead::recording {

// A body, or one of the files beside it. Streams are megabytes at most.
inline constexpr std::size_t kBodyMax = std::size_t{1} << 30;

struct ImportOptions {
  std::string protocol;         // empty: the nearest folder of the path that has a protocol's name
  std::string boundaries_path;  // JSON array of chunk lengths in bytes
  std::string times_path;  // one time for each chunk: a JSON array, or a line each, in microseconds
                           // since the request
  std::string request_path;  // the request's body
  // Take <stem>.boundaries.json and <stem>.request.json beside the body where those paths are empty
  // and the files are there.
  bool look_beside = true;
  int status = 200;
  EndReason end = EndReason::complete;
  std::string title;   // empty: the name of the file
  std::string source;  // where the body comes from
};

// Whether the name says that the file is a raw body: .sse .ndjson .eventstream .json .jsonarray
// .chunks
bool is_raw_body(std::string_view path);

// The protocol that a folder of the path is named after, the nearest to the file; empty where none
// is.
std::string protocol_of_path(std::string_view path);

// One exchange, origin `imported`; the request is a stand-in `POST /`, since bodies do not keep
// theirs. meta.timing and meta.borders are `read` where times and lengths were given, otherwise
// `none`. Fails where a file cannot be read, the lengths do not add up to the body, or times and
// chunks differ in number.
Result<Recording> import_body(const std::string& path, const ImportOptions& options = {});

}  // namespace playhead::recording

#endif  // PLAYHEAD_RECORDING_IMPORT_H_
