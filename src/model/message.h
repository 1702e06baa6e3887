// The assistant message accumulated from deltas.
#ifndef PLAYHEAD_MODEL_MESSAGE_H_
#define PLAYHEAD_MODEL_MESSAGE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/name_table.h"
#include "model/completion.h"
#include "model/usage.h"

namespace playhead {

enum class ArgumentState : std::uint8_t { valid, repaired, truncated, invalid };

inline constexpr NameTable<ArgumentState, 4> kArgumentStates = {{
    {ArgumentState::valid, "valid", "a JSON object, or nothing at all"},
    {ArgumentState::repaired, "repaired", "became a JSON object by a repair that guesses nothing"},
    {ArgumentState::truncated, "truncated", "the beginning of a JSON object"},
    {ArgumentState::invalid, "invalid", "neither an object nor the beginning of one"},
}};
static_assert(covers_enum(kArgumentStates, ArgumentState::invalid));

constexpr std::string_view name_of(ArgumentState state) { return name_in(kArgumentStates, state); }

struct ToolCall {
  std::int64_t index = 0;
  std::string id;
  std::string name;
  std::string arguments;           // as sent
  std::string repaired_arguments;  // only where state is repaired
  ArgumentState state = ArgumentState::valid;
  bool free_text = false;  // a custom tool's input: valid, never repaired

  // What a tool is given: the repaired text, `{}` for blank ones, otherwise the text as sent.
  std::string effective_arguments() const;
};

struct Message {
  std::string id;
  std::string model;
  std::string content;    // as the provider sent it, think tags included
  std::string visible;    // what a person may see; blanks trimmed at both ends
  std::string reasoning;  // from reasoning fields and from think tags
  std::string refusal;
  std::vector<ToolCall> tool_calls;
  std::vector<std::string> provider_tools;  // names of tools that the provider ran itself
  std::vector<std::string> annotations;     // citations and annotations, each its JSON
  std::vector<std::string> signatures;      // of reasoning blocks, in order
  Usage usage;
};

// One of the alternatives of a reply. The turn uses choice 0.
struct Choice {
  std::int32_t index = 0;
  Message message;
  Completion completion;
};

}  // namespace playhead

#endif  // PLAYHEAD_MODEL_MESSAGE_H_
