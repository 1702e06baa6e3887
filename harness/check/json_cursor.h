// JsonCursor: a walk through a JSON text beside its document, where the places of values count.
#ifndef PLAYHEAD_CHECK_JSON_CURSOR_H_
#define PLAYHEAD_CHECK_JSON_CURSOR_H_

#include <cstddef>
#include <string_view>

namespace playhead::check {

// Stands at the first byte of a value or of a member's name, or behind the last value. The text is
// borrowed; it parses.
class JsonCursor {
 public:
  explicit JsonCursor(std::string_view text) : text_(text) { skip_blanks(); }

  std::size_t at() const { return at_; }

  // From a value to right behind its last byte.
  void skip_value();
  // From a member's name to its value.
  void skip_name();
  // From an object or array to its first entry, or right behind it where it is empty.
  void enter();
  // From right behind an entry's value to the next entry, or right behind the object or array.
  void next();

 private:
  void skip_blanks();
  void skip_string();

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace playhead::check

#endif  // PLAYHEAD_CHECK_JSON_CURSOR_H_
