// JSON array bodies: each byte is looked at once, and an element is copied only where a chunk
// border runs through it.
#include "wire/json_array_decoder.h"

#include "base/check.h"
#include "model/anomaly.h"

namespace playhead::wire {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view without_blanks_behind(std::string_view text) {
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

void JsonArrayDecoder::feed(std::string_view chunk) {
  PLAYHEAD_CHECK(drained_ && !finished_);
  chunk_offset_ += chunk_.size();
  chunk_ = chunk;
  position_ = 0;
  element_start_ = 0;
  drained_ = false;
}

bool JsonArrayDecoder::next(Frame& frame) {
  if (held_handed_out_) {
    held_.clear();
    held_handed_out_ = false;
  }
  if (place_ == Place::between && !skip_to_element()) {
    drained_ = true;
    return false;
  }
  const bool whole = place_ == Place::bracketed ? find_end_of_bracketed() : find_end_of_scalar();
  if (whole) return hand_out(false, frame);
  hold_rest();
  if (finished_) return hand_out(true, frame);
  drained_ = true;
  return false;
}

// False: the chunk holds no further element.
bool JsonArrayDecoder::skip_to_element() {
  for (; position_ < chunk_.size(); ++position_) {
    const char c = chunk_[position_];
    if (is_blank(c) || c == ',') continue;
    // Its bytes may come in several chunks; in any other place they are an element.
    if (here() < kByteOrderMark.size() && at_start_ && c == kByteOrderMark[here()]) continue;
    at_start_ = false;
    if (c == '[' && !in_array_) {
      in_array_ = true;
    } else if (c == ']' && in_array_) {
      in_array_ = false;
    } else {
      place_ = c == '{' || c == '[' ? Place::bracketed : Place::scalar;
      element_start_ = position_;
      return true;
    }
  }
  return false;
}

// Leaves position_ behind the closing bracket. False: it is not in this chunk.
bool JsonArrayDecoder::find_end_of_bracketed() {
  while (position_ < chunk_.size()) {
    if (in_string_) {
      if (!skip_string()) return false;
      continue;
    }
    const char c = chunk_[position_++];
    switch (c) {
      case '"': in_string_ = true; break;
      case '{':
      case '[': ++depth_; break;
      case '}':
      case ']':
        if (--depth_ == 0) return true;
        break;
      default: break;
    }
  }
  return false;
}

// Leaves position_ at the byte that ends it, which is not its own.
bool JsonArrayDecoder::find_end_of_scalar() {
  while (position_ < chunk_.size()) {
    if (in_string_) {
      if (!skip_string()) return false;
      continue;
    }
    const char c = chunk_[position_];
    const bool is_bracket = c == '{' || c == '[' || (c == ']' && in_array_);
    if (c == ',' || is_bracket) return true;
    if (c == '"') in_string_ = true;
    ++position_;
  }
  return false;
}

// Leaves position_ behind the closing quote. False: it is not in this chunk.
bool JsonArrayDecoder::skip_string() {
  while (position_ < chunk_.size()) {
    const char c = chunk_[position_++];
    if (escaped_) {
      escaped_ = false;
    } else if (c == '\\') {
      escaped_ = true;
    } else if (c == '"') {
      in_string_ = false;
      return true;
    }
  }
  return false;
}

void JsonArrayDecoder::hold_rest() {
  const std::string_view piece = chunk_.substr(element_start_, position_ - element_start_);
  element_start_ = position_;
  if (oversized_ || held_.size() + piece.size() > kJsonElementBytesMax) {
    oversized_ = true;
    held_.clear();
    return;
  }
  held_.append(piece);
}

bool JsonArrayDecoder::hand_out(bool unterminated, Frame& frame) {
  std::string_view element = chunk_.substr(element_start_, position_ - element_start_);
  if (!held_.empty() || oversized_) {
    hold_rest();
    element = held_;
    held_handed_out_ = true;
  }
  const bool oversized = oversized_ || element.size() > kJsonElementBytesMax;
  if (place_ == Place::scalar) element = without_blanks_behind(element);
  frame.kind = FrameKind::line;
  frame.offset = frame_start_;
  frame.size = here() - frame_start_;
  frame.event = {};
  frame.id = {};
  frame.retry.reset();
  frame.data = oversized ? std::string_view() : element;
  frame.unterminated = unterminated;
  frame.headers.clear();
  frame.error = oversized ? name_of(Anomaly::oversized_line) : std::string_view();
  frame_start_ = here();
  place_ = Place::between;
  depth_ = 0;
  in_string_ = false;
  escaped_ = false;
  oversized_ = false;
  return true;
}

}  // namespace playhead::wire
