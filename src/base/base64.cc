#include "base/base64.h"

#include <cstdint>

namespace playhead {

std::string base64(std::string_view bytes) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::string_view group = bytes.substr(i, 3);
    std::uint32_t bits = 0;
    for (std::size_t n = 0; n < 3; ++n) {
      bits = (bits << 8) | (n < group.size() ? static_cast<unsigned char>(group[n]) : 0U);
    }
    for (std::size_t n = 0; n < 4; ++n) {
      out.push_back(n <= group.size() ? kAlphabet[(bits >> (18 - 6 * n)) & 63U] : '=');
    }
  }
  return out;
}

}  // namespace playhead
