// Letters of ASCII: what compares without regard to case in protocols. Other bytes stay as they
// are.
#ifndef PLAYHEAD_BASE_ASCII_H_
#define PLAYHEAD_BASE_ASCII_H_

#include <algorithm>
#include <string>
#include <string_view>

namespace playhead {

constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = to_lower(c);
  return out;
}

constexpr bool same_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return to_lower(x) == to_lower(y); });
}

}  // namespace playhead

#endif  // PLAYHEAD_BASE_ASCII_H_
