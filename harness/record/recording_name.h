// Names of recordings: they come from requests and become names of files.
#ifndef PLAYHEAD_RECORD_RECORDING_NAME_H_
#define PLAYHEAD_RECORD_RECORDING_NAME_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace playhead::record {

inline constexpr std::size_t kNameBytesMax = 128;
inline constexpr std::string_view kDefaultName = "recording";

// [a-z0-9][a-z0-9._-]{0,127} without `..`: such a name cannot leave its folder, nor hide in it.
Status check_name(std::string_view name);

// Where recordings go.
struct Output {
  std::string path;  // of the one recording, or of the folder
  bool folder = false;
};

// `text` as `-o` says it: a recording where it ends in .rec or .rec.zst, otherwise a folder. Empty:
// a recording in the working folder, named after `started` (RFC 3339).
Output output_of(std::string_view text, std::string_view started);

// "x.rec.zst" and 3: "x-3.rec.zst"; the first has no number.
std::string numbered(std::string_view path, int number);

}  // namespace playhead::record

#endif  // PLAYHEAD_RECORD_RECORDING_NAME_H_
