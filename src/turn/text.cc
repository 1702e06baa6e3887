#include "turn/text.h"

#include <cstdint>
#include <optional>

namespace playhead::turn {

std::string usage_text(const Usage& usage) {
  std::string out;
  const auto put = [&out](std::string_view name, const std::optional<std::int64_t>& count) {
    if (!count) return;
    if (!out.empty()) out.push_back(' ');
    out.append(name).append("=").append(std::to_string(*count));
  };
  put("input", usage.input_tokens);
  put("output", usage.output_tokens);
  put("reasoning", usage.reasoning_tokens);
  put("cached", usage.cached_input_tokens);
  put("total", usage.total_tokens);
  return out;
}

}  // namespace playhead::turn
