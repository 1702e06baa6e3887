// Brackets are counted and strings skipped; the rest is known to be in order.
#include "check/json_cursor.h"

#include <algorithm>

namespace playhead::check {

void JsonCursor::skip_value() {
  std::size_t depth = 0;
  do {
    const char c = text_[at_];
    if (c == '"') {
      skip_string();
    } else if (c == '{' || c == '[') {
      ++depth;
      ++at_;
    } else if (c == '}' || c == ']') {
      --depth;
      ++at_;
    } else if (depth == 0) {
      at_ = std::min(text_.find_first_of(",:]} \t\r\n", at_), text_.size());
    } else {
      ++at_;
    }
  } while (depth > 0);
}

void JsonCursor::skip_name() {
  skip_string();
  skip_blanks();
  ++at_;  // :
  skip_blanks();
}

void JsonCursor::enter() {
  ++at_;  // { or [
  skip_blanks();
  if (text_[at_] == '}' || text_[at_] == ']') ++at_;
}

void JsonCursor::next() {
  skip_blanks();
  const bool goes_on = text_[at_] == ',';
  ++at_;
  if (goes_on) skip_blanks();
}

void JsonCursor::skip_blanks() {
  at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
}

void JsonCursor::skip_string() {
  ++at_;
  while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
  ++at_;
}

}  // namespace playhead::check
