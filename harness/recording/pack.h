// A recording as a folder of plain files that a person can edit, and back. FORMAT.md shows the
// layout.
#ifndef PLAYHEAD_RECORDING_PACK_H_
#define PLAYHEAD_RECORDING_PACK_H_

#include <string>

#include "base/result.h"
#include "recording/recording.h"

namespace playhead::recording {

// Writes the folder (files mode 0600). Fails where it exists and is not empty, where the recording
// could not be a file either (serialize.h), or the disk fails.
Status unpack(const Recording& recording, const std::string& folder);

// Reads the folder. Fails with the path of the file that is missing, unknown or wrong.
// pack(unpack(r)) is r, but for `path`, for a `torn` that no exchange shows, and for what
// serialize.h does not keep.
Result<Recording> pack(const std::string& folder);

}  // namespace playhead::recording

#endif  // PLAYHEAD_RECORDING_PACK_H_
