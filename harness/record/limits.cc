#include "record/limits.h"

#include <algorithm>

namespace playhead::record {
namespace {

// One connection and one recording, however few files there may be.
constexpr std::size_t kRoomMin = 4;

}  // namespace

RecordLimits fitting(RecordLimits limits, std::size_t open_files) {
  const std::size_t others = std::min(kOtherFiles, open_files / 2);
  const std::size_t room = std::max(open_files - others, kRoomMin);
  if (room / 2 >= limits.server.connections &&
      room - 2 * limits.server.connections >= limits.files) {
    return limits;
  }
  limits.files = std::min(limits.files, room / 4);
  limits.server.connections = std::min(limits.server.connections, (room - limits.files) / 2);
  return limits;
}

}  // namespace playhead::record
