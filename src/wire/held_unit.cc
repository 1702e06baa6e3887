// Units of a body over chunks, and the frames that are made of them.
#include "wire/held_unit.h"

#include "model/anomaly.h"

namespace playhead::wire {

void HeldUnit::release() {
  if (!taken_) return;
  taken_ = false;
  oversized_ = false;
  held_.clear();
}

void HeldUnit::hold(std::string_view piece) {
  if (oversized_ || held_.size() + piece.size() > bytes_max_) {
    oversized_ = true;
    held_.clear();
    return;
  }
  held_.append(piece);
}

std::string_view HeldUnit::take(std::string_view last_piece) {
  taken_ = true;
  if (!is_open()) {
    oversized_ = last_piece.size() > bytes_max_;
    return last_piece;
  }
  hold(last_piece);
  return held_;
}

void set_line(std::uint64_t offset, std::uint64_t size, std::string_view data, bool oversized,
              bool unterminated, Frame& frame) {
  frame.kind = FrameKind::line;
  frame.offset = offset;
  frame.size = size;
  frame.event = {};
  frame.id = {};
  frame.retry.reset();
  frame.data = oversized ? std::string_view() : data;
  frame.unterminated = unterminated;
  frame.headers.clear();
  frame.error = oversized ? name_of(Anomaly::oversized_line) : std::string_view();
}

}  // namespace playhead::wire
