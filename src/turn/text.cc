#include "turn/text.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "base/utf8.h"

namespace playhead::turn {

std::string_view PieceJoiner::add(std::string_view piece) {
  constexpr char kSurrogateLead = '\xED';
  if (half_.empty() && piece.find(kSurrogateLead) == std::string_view::npos) return piece;
  joined_ = std::exchange(half_, {});
  append_joined(piece, joined_);
  if (ends_in_high_surrogate(joined_)) {
    half_ = joined_.substr(joined_.size() - 3);
    joined_.resize(joined_.size() - 3);
  }
  joined_ = to_utf8(joined_);
  return joined_;
}

std::string_view PieceJoiner::finish() {
  return std::exchange(half_, {}).empty() ? std::string_view() : kReplacement;
}

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
