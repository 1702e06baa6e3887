// Newline-delimited JSON: a line is copied only where a chunk border runs through it.
#include "wire/ndjson_decoder.h"

#include "base/check.h"
#include "model/anomaly.h"

namespace playhead::wire {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlanks = " \t\r";

}  // namespace

void NdjsonDecoder::feed(std::string_view chunk) {
  PLAYHEAD_CHECK(drained_ && !finished_);
  chunk_offset_ += chunk_.size();
  chunk_ = chunk;
  position_ = 0;
  drained_ = false;
}

bool NdjsonDecoder::next(Frame& frame) {
  for (;;) {
    if (held_handed_out_) {
      held_.clear();
      held_handed_out_ = false;
    }
    const std::size_t end = chunk_.find('\n', position_);
    if (end == std::string_view::npos) {
      hold(chunk_.substr(position_));
      position_ = chunk_.size();
      if (finished_) return take_rest(frame);
      drained_ = true;
      return false;
    }
    std::string_view line = chunk_.substr(position_, end - position_);
    position_ = end + 1;
    if (!held_.empty() || oversized_) {
      hold(line);
      line = held_;
      held_handed_out_ = true;
    }
    if (hand_out(line, false, frame)) return true;
  }
}

bool NdjsonDecoder::take_rest(Frame& frame) {
  if (held_.empty() && !oversized_) return false;
  held_handed_out_ = true;
  return hand_out(held_, true, frame);
}

void NdjsonDecoder::hold(std::string_view piece) {
  if (oversized_ || held_.size() + piece.size() > kNdjsonLineBytesMax) {
    oversized_ = true;
    held_.clear();
    return;
  }
  held_.append(piece);
}

bool NdjsonDecoder::hand_out(std::string_view line, bool unterminated, Frame& frame) {
  const bool oversized = oversized_ || line.size() > kNdjsonLineBytesMax;
  oversized_ = false;
  if (first_line_ && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  first_line_ = false;
  if (!unterminated && line.ends_with('\r')) line.remove_suffix(1);
  if (!oversized && line.find_first_not_of(kBlanks) == std::string_view::npos) return false;
  frame.kind = FrameKind::line;
  frame.offset = frame_start_;
  frame.size = here() - frame_start_;
  frame.event = {};
  frame.id = {};
  frame.retry.reset();
  frame.data = oversized ? std::string_view() : line;
  frame.unterminated = unterminated;
  frame.headers.clear();
  frame.error = oversized ? name_of(Anomaly::oversized_line) : std::string_view();
  frame_start_ = here();
  return true;
}

}  // namespace playhead::wire
