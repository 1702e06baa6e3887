// Headers of an HTTP message, in their order.
#ifndef PLAYHEAD_BASE_HEADER_H_
#define PLAYHEAD_BASE_HEADER_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ascii.h"

namespace playhead {

using Header = std::pair<std::string, std::string>;

// The value of the first header of that name, in any case of letters; empty where there is none.
// Borrowed from the list.
inline std::string_view header_value(const std::vector<Header>& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (same_ignoring_case(key, name)) return value;
  }
  return {};
}

}  // namespace playhead

#endif  // PLAYHEAD_BASE_HEADER_H_
