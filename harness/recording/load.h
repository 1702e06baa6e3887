// Loads recordings: whole, or one after the other. Wherever a recording is expected, a raw response
// body does too (DESIGN 5).
#ifndef PLAYHEAD_RECORDING_LOAD_H_
#define PLAYHEAD_RECORDING_LOAD_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "recording/recording.h"

namespace playhead::recording {

struct LoadOptions {
  // meta.protocol of a raw body. Empty: the nearest folder of the path that has a protocol's name.
  std::string protocol;
};

// Called with each recording, which is then the callee's. A failure stops the loading.
using RecordingVisitor = std::function<Status(Recording)>;

// Visits the recordings of a file in order; memory does not grow with their number. Fails where the
// file cannot be read, breaks the format (reader.h), or the visitor fails.
Status each_recording(const std::string& path, const LoadOptions& options,
                      const RecordingVisitor& visit);

// All recordings of a file. Never empty.
Result<std::vector<Recording>> load(const std::string& path, const LoadOptions& options = {});

// The recordings in bytes of a file that is called `name`.
Result<std::vector<Recording>> parse_recordings(std::string_view bytes, const std::string& name);

}  // namespace playhead::recording

#endif  // PLAYHEAD_RECORDING_LOAD_H_
