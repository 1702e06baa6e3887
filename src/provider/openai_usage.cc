// Token counts in OpenAI's form.
#include "provider/openai_usage.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace playhead::provider {
namespace {

using Count = std::optional<std::int64_t>;

struct Members {
  Count prompt, completion, total, input, output;
  Count details_reasoning, reasoning;
  // In the order in which they are believed (WIRE, small decisions):
  // prompt_tokens_details.cached_tokens, prompt_cache_hit_tokens, num_cached_tokens, cached_tokens,
  // cache_read_input_tokens.
  std::array<Count, 5> cached;
};

class MemberReader {
 public:
  void read(const JsonView& usage) {
    usage.each_member(
        [this](std::string_view name, const JsonView& value) { member(name, value); });
  }

  Members members;
  std::string_view wrong_type;

 private:
  void member(std::string_view name, const JsonView& value) {
    if (name == "prompt_tokens") return count(value, "usage.prompt_tokens", members.prompt);
    if (name == "completion_tokens") {
      return count(value, "usage.completion_tokens", members.completion);
    }
    if (name == "total_tokens") return count(value, "usage.total_tokens", members.total);
    if (name == "prompt_tokens_details") {
      return detail(value, "usage.prompt_tokens_details.cached_tokens", members.cached[0]);
    }
    if (name == "completion_tokens_details") {
      return detail(value, "usage.completion_tokens_details.reasoning_tokens",
                    members.details_reasoning);
    }
    if (name == "input_tokens") return count(value, "usage.input_tokens", members.input);
    if (name == "output_tokens") return count(value, "usage.output_tokens", members.output);
    if (name == "reasoning_tokens")
      return count(value, "usage.reasoning_tokens", members.reasoning);
    if (name == "prompt_cache_hit_tokens") {
      return count(value, "usage.prompt_cache_hit_tokens", members.cached[1]);
    }
    if (name == "num_cached_tokens") {
      return count(value, "usage.num_cached_tokens", members.cached[2]);
    }
    if (name == "cached_tokens") return count(value, "usage.cached_tokens", members.cached[3]);
    if (name == "cache_read_input_tokens") {
      return count(value, "usage.cache_read_input_tokens", members.cached[4]);
    }
  }

  // One count of a details object; `path` is the object's own with the count's name behind it.
  void detail(const JsonView& details, std::string_view path, Count& slot) {
    const std::size_t dot = path.rfind('.');
    if (!details.is_object()) return complain_unless_null(details, path.substr(0, dot));
    if (const auto value = details.find(path.substr(dot + 1))) count(*value, path, slot);
  }

  void count(const JsonView& value, std::string_view path, Count& slot) {
    if (const Count number = value.integer()) {
      slot = number;
    } else {
      complain_unless_null(value, path);
    }
  }

  void complain_unless_null(const JsonView& value, std::string_view path) {
    if (!value.is_null() && wrong_type.empty()) wrong_type = path;
  }
};

Count first_of(const Count& first, const Count& second) { return first ? first : second; }

// No provider counts beyond it; sums of such counts cannot overflow.
bool is_addable(const Count& count) {
  constexpr std::int64_t kCountMax = std::int64_t{1} << 60;
  return count && *count >= 0 && *count <= kCountMax;
}

// xAI counts reasoning apart from completion_tokens; its total shows it (SPEC 2).
bool counts_reasoning_apart(const Usage& usage) {
  return is_addable(usage.input_tokens) && is_addable(usage.output_tokens) &&
         is_addable(usage.reasoning_tokens) && usage.total_tokens && *usage.reasoning_tokens > 0 &&
         *usage.total_tokens ==
             *usage.input_tokens + *usage.output_tokens + *usage.reasoning_tokens;
}

bool is_all_zero(const Usage& usage) {
  return usage.input_tokens.value_or(0) == 0 && usage.output_tokens.value_or(0) == 0 &&
         usage.reasoning_tokens.value_or(0) == 0 && usage.cached_input_tokens.value_or(0) == 0 &&
         usage.total_tokens.value_or(0) == 0;
}

}  // namespace

UsageReading read_openai_usage(const JsonView& value) {
  if (!value.is_object()) {
    const std::string_view wrong = value.is_null() ? "" : "usage";
    return {{}, wrong};
  }
  MemberReader reader;
  reader.read(value);
  const Members& members = reader.members;
  Usage usage;
  usage.input_tokens = first_of(members.prompt, members.input);
  usage.output_tokens = first_of(members.completion, members.output);
  usage.total_tokens = members.total;
  usage.reasoning_tokens = first_of(members.details_reasoning, members.reasoning);
  for (const Count& cached : members.cached) {
    usage.cached_input_tokens = first_of(usage.cached_input_tokens, cached);
  }
  if (is_all_zero(usage)) return {{}, reader.wrong_type};
  if (counts_reasoning_apart(usage)) {
    usage.output_tokens = *usage.output_tokens + *usage.reasoning_tokens;
  }
  return {usage, reader.wrong_type};
}

}  // namespace playhead::provider
