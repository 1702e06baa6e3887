// The texts of a turn: prompts that a model reads (SPEC 7) and messages that a person reads. One
// table each.
#ifndef PLAYHEAD_TURN_PROMPTS_H_
#define PLAYHEAD_TURN_PROMPTS_H_

#include <string>
#include <string_view>
#include <vector>

#include "model/turn.h"

namespace playhead::turn {

// The user message that asks the model to go on. `dropped_tools`: names of the calls that did not
// arrive; up to three are named, and how many more there were.
std::string continuation_prompt(ContinuationKind kind,
                                const std::vector<std::string>& dropped_tools);

// What the person is told when tools were dropped after text was delivered (SPEC 8).
std::string dropped_tools_notice(const std::vector<std::string>& dropped_tools);

// The error message of a turn that ended with this code; the code itself where the table has none.
std::string error_message(std::string_view code);

// What a turn says where no text of a model can be its final response; empty where there is nothing
// to say.
std::string_view explanation(std::string_view code);

// What is added to a tool result for text that a person gave during the turn (SPEC 10).
std::string steer_text(std::string_view text);

// Tool results that the engine gives in place of a tool.
std::string unknown_tool_result(std::string_view name, const std::vector<std::string>& known);
std::string invalid_arguments_result(std::string_view name);
std::string not_run_result();

}  // namespace playhead::turn

#endif  // PLAYHEAD_TURN_PROMPTS_H_
