#include "record/limits.h"

#include <algorithm>

namespace playhead::record {

RecordLimits fitting(RecordLimits limits, std::size_t open_files) {
  const std::size_t room = open_files > 2 * kOtherFiles ? open_files - kOtherFiles : kOtherFiles;
  if (room / 2 >= limits.server.connections &&
      room - 2 * limits.server.connections >= limits.files) {
    return limits;
  }
  limits.files = std::min(limits.files, room / 4);
  limits.server.connections = std::min(limits.server.connections, (room - limits.files) / 2);
  return limits;
}

}  // namespace playhead::record
