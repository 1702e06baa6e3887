// Recording: access to the bytes of a chunk.
#include "recording/recording.h"

#include "base/check.h"

namespace playhead {

std::string_view RecordedExchange::bytes_of(const RecordedChunk& chunk) const {
  PLAYHEAD_CHECK(chunk.offset <= body.size() && chunk.size <= body.size() - chunk.offset);
  return std::string_view(body).substr(chunk.offset, chunk.size);
}

}  // namespace playhead
