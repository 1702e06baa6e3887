// Which recordings a command line means: files as they stand, and those below folders.
#ifndef PLAYHEAD_CLI_RECORDING_PATHS_H_
#define PLAYHEAD_CLI_RECORDING_PATHS_H_

#include <string>
#include <vector>

#include "base/result.h"

namespace playhead::cli {

// Of a folder: `.rec`, `.rec.zst` and raw bodies, recursively and sorted, those that `record`
// numbered (NAME, NAME-2, NAME-10) in that order; hidden files and what
// stands beside a body (`.request.json`, `.boundaries.json`) are left out. Fails where a path does
// not exist or a folder holds no recording.
Result<std::vector<std::string>> find_recordings(const std::vector<std::string>& paths);

}  // namespace playhead::cli

#endif  // PLAYHEAD_CLI_RECORDING_PATHS_H_
