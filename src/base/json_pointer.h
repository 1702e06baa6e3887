// JSON pointers (RFC 6901), as reports name places.
#ifndef PLAYHEAD_BASE_JSON_POINTER_H_
#define PLAYHEAD_BASE_JSON_POINTER_H_

#include <string>
#include <string_view>

namespace playhead {

// Appends "/name", escaped.
inline void append_json_pointer(std::string_view name, std::string& pointer) {
  pointer += '/';
  for (const char c : name) {
    if (c == '~' || c == '/') {
      pointer += c == '~' ? "~0" : "~1";
    } else {
      pointer += c;
    }
  }
}

}  // namespace playhead

#endif  // PLAYHEAD_BASE_JSON_POINTER_H_
