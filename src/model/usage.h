// Token counts of a reply, normalised over providers (SPEC 2).
#ifndef PLAYHEAD_MODEL_USAGE_H_
#define PLAYHEAD_MODEL_USAGE_H_

#include <cstdint>
#include <optional>

namespace playhead {

struct Usage {
  std::optional<std::int64_t> input_tokens;   // all input, cached parts included
  std::optional<std::int64_t> output_tokens;  // reasoning included
  std::optional<std::int64_t> reasoning_tokens;
  std::optional<std::int64_t> cached_input_tokens;  // the part of the input read from cache
  std::optional<std::int64_t> total_tokens;

  bool operator==(const Usage&) const = default;

  bool empty() const { return *this == Usage{}; }

  // Takes each member that `later` has.
  void merge(const Usage& later) {
    const auto take = [](auto& mine, const auto& theirs) {
      if (theirs) mine = theirs;
    };
    take(input_tokens, later.input_tokens);
    take(output_tokens, later.output_tokens);
    take(reasoning_tokens, later.reasoning_tokens);
    take(cached_input_tokens, later.cached_input_tokens);
    take(total_tokens, later.total_tokens);
  }

  // The total as sent, or what the parts add up to; nothing where nothing is known.
  std::optional<std::int64_t> total() const {
    if (total_tokens || (!input_tokens && !output_tokens)) return total_tokens;
    return input_tokens.value_or(0) + output_tokens.value_or(0);
  }

  // Adds each member that `other` has. Once any total was sent, replies without one count with
  // their parts.
  void add(const Usage& other) {
    if (total_tokens || other.total_tokens) {
      total_tokens = total().value_or(0) + other.total().value_or(0);
    }
    const auto sum = [](auto& mine, const auto& theirs) {
      if (theirs) mine = mine.value_or(0) + *theirs;
    };
    sum(input_tokens, other.input_tokens);
    sum(output_tokens, other.output_tokens);
    sum(reasoning_tokens, other.reasoning_tokens);
    sum(cached_input_tokens, other.cached_input_tokens);
  }
};

}  // namespace playhead

#endif  // PLAYHEAD_MODEL_USAGE_H_
