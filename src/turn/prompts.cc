#include "turn/prompts.h"

#include <array>
#include <utility>

#include "turn/decide.h"

namespace playhead::turn {
namespace {

constexpr std::size_t kNamedToolsMax = 3;

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < kNamedToolsMax; ++i) {
    if (i > 0) out.append(", ");
    out.append(names[i].empty() ? "unnamed tool" : names[i]);
  }
  if (names.size() > kNamedToolsMax) {
    out.append(", +").append(std::to_string(names.size() - kNamedToolsMax)).append(" more");
  }
  return out;
}

std::string text_prompt(std::string_view cause) {
  return "[Your previous reply was cut off " + std::string(cause) +
         ". Continue exactly where it stopped. Do not restart and do not repeat what you have "
         "already written. Finish the answer.]";
}

std::string tool_prompt(std::string_view cause, const std::vector<std::string>& dropped_tools) {
  return "[Your previous reply was cut off " + std::string(cause) +
         " while you were sending tool calls (" + listed(dropped_tools) +
         "). The call was too large and did not arrive; nothing was executed. Do not repeat it as "
         "it was. Split the work into several smaller calls, each with less than about 8K tokens "
         "of arguments.]";
}

constexpr std::string_view kByLimit = "by the output length limit";
constexpr std::string_view kByNetwork = "by a network error";

using Text = std::pair<std::string_view, std::string_view>;

constexpr std::array kErrorMessages = {
    Text{code::kThinkingExhausted,
         "The model used all its output tokens on reasoning and had none left for an answer"},
    Text{code::kStillTruncated, "Response remained truncated after all continuation attempts"},
    Text{code::kResponseTruncated, "Response truncated due to output length limit"},
    Text{code::kContentPolicyBlocked, "The model declined to respond, or its reply was filtered"},
    Text{code::kEmptyReplies, "The model returned empty replies"},
    Text{code::kMaxRounds, "The turn reached its limit of tool rounds"},
    Text{code::kUnknownTool, "The model kept calling a tool that does not exist"},
    Text{code::kRecordingExhausted, "The recording has no further exchange"},
    Text{code::kClientDisconnected, "The client closed the connection"},
    Text{code::kInterrupted, "The turn was interrupted"},
    Text{code::kStopped, "The turn was stopped"},
};

constexpr std::array kExplanations = {
    Text{code::kThinkingExhausted,
         "The model used all its output tokens on reasoning and had none left for the answer. "
         "Lower the reasoning effort or raise the output limit, then ask again."},
    Text{code::kResponseTruncated, "Response truncated due to output length limit"},
    Text{code::kMaxRounds,
         "The turn used up its rounds of tools before there was an answer. Ask to go on, or raise "
         "the limit."},
    Text{code::kUnknownTool,
         "The model kept calling a tool that does not exist. Ask again, or use another model."},
    Text{code::kEmptyReplies,
         "The model returned no text after several attempts. Ask again, or use another model or "
         "provider."},
};

template <std::size_t N>
std::string_view look_up(const std::array<Text, N>& table, std::string_view key) {
  for (const auto& [name, text] : table) {
    if (name == key) return text;
  }
  return {};
}

}  // namespace

std::string continuation_prompt(ContinuationKind kind,
                                const std::vector<std::string>& dropped_tools) {
  switch (kind) {
    case ContinuationKind::length: return text_prompt(kByLimit);
    case ContinuationKind::stream_cut: return text_prompt(kByNetwork);
    case ContinuationKind::length_tool: return tool_prompt(kByLimit, dropped_tools);
    case ContinuationKind::stream_cut_tool: return tool_prompt(kByNetwork, dropped_tools);
  }
  return {};
}

std::string dropped_tools_notice(const std::vector<std::string>& dropped_tools) {
  return "The stream ended while a tool call was being sent (" + listed(dropped_tools) +
         "). Nothing was executed.";
}

std::string error_message(std::string_view code) {
  const std::string_view message = look_up(kErrorMessages, code);
  return std::string(message.empty() ? code : message);
}

std::string_view explanation(std::string_view code) { return look_up(kExplanations, code); }

std::string steer_text(std::string_view text) {
  return "\n\n[The user says, while you work; this is not tool output:]\n" + std::string(text);
}

std::string unknown_tool_result(std::string_view name, const std::vector<std::string>& known) {
  std::string out =
      "Error: there is no tool named \"" + std::string(name) + "\". Available tools: ";
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (i > 0) out.append(", ");
    out.append(known[i]);
  }
  return out;
}

std::string invalid_arguments_result(std::string_view name) {
  return "Error: the arguments of \"" + std::string(name) +
         "\" were not a JSON object; the call was not executed.";
}

std::string not_run_result() {
  return "Error: not executed, because another call of the same reply could not be.";
}

}  // namespace playhead::turn
