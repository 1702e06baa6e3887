// JSON array bodies: each byte is looked at once, and an element is copied only where a chunk
// border runs through it.
#include "wire/json_array_decoder.h"

#include <utility>

#include "base/check.h"

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
  element_.release();
  if (place_ == Place::between && !skip_to_element()) {
    drained_ = true;
    return false;
  }
  const bool whole = place_ == Place::bracketed ? find_end_of_bracketed() : find_end_of_scalar();
  if (whole) return hand_out(false, frame);
  if (finished_) return hand_out(true, frame);
  element_.hold(take_piece());
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

std::string_view JsonArrayDecoder::take_piece() {
  const std::size_t start = std::exchange(element_start_, position_);
  return chunk_.substr(start, position_ - start);
}

bool JsonArrayDecoder::hand_out(bool unterminated, Frame& frame) {
  std::string_view element = element_.take(take_piece());
  if (place_ == Place::scalar) element = without_blanks_behind(element);
  set_line(frame_start_, here() - frame_start_, element, element_.is_oversized(), unterminated,
           frame);
  frame_start_ = here();
  place_ = Place::between;
  depth_ = 0;
  in_string_ = false;
  escaped_ = false;
  return true;
}

}  // namespace playhead::wire
