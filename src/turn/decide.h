// What a turn does after a reply (SPEC 6, 7, 8): a pure function from completion and history to a
// decision.
#ifndef PLAYHEAD_TURN_DECIDE_H_
#define PLAYHEAD_TURN_DECIDE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "base/name_table.h"
#include "model/completion.h"
#include "model/end_reason.h"
#include "model/policy.h"
#include "model/turn.h"

namespace playhead::turn {

// Counters of a turn. All but length_replies and rounds count in a row.
struct Counters {
  std::int64_t length_replies = 0;     // truncated replies, for the whole turn
  std::int64_t rounds = 0;             // tool rounds and pauses, for the whole turn
  std::int64_t tool_retries = 0;       // repeats because a tool call was cut
  std::int64_t transport_retries = 0;  // repeats because the transport or the provider failed
  std::int64_t invalid_arguments = 0;
  std::int64_t unknown_tools = 0;
  std::int64_t empty_replies = 0;
  bool every_attempt_died_in_tools = true;  // of the transport retries in a row
};

// One reply, as far as the decision needs it.
struct Situation {
  const Completion* completion = nullptr;  // borrowed
  EndReason end = EndReason::complete;     // of the reply, not of its transport
  int status = 200;
  bool delivered = false;  // visible text of this reply went out
  bool has_visible = false;
  bool has_tools = false;
  bool has_invalid_arguments = false;
  bool has_unknown_tool = false;
  bool opened_think = false;  // a think opener stands in the content
};

enum class Action : std::uint8_t {
  complete,
  run_tools,
  continue_reply,        // kind says how
  repeat_with_more,      // the same request with a larger output limit
  repeat_after_backoff,  // the same request after a wait
  repeat,                // the same request at once
  append_and_repeat,     // the same request with the reply appended
  answer_with_errors,    // an error result per call, then the next request
  finish_partial,
  finish_failed,
  interrupt,
};

struct Decision {
  Action action = Action::complete;
  ContinuationKind kind = ContinuationKind::length;
  bool notice = false;  // tell the person that tools were dropped
  std::string code;     // of the turn's error, where the turn ends
};

// Codes of a turn that ended at one of its own limits.
namespace code {
inline constexpr std::string_view kThinkingExhausted = "thinking_exhausted";
inline constexpr std::string_view kStillTruncated = "still_truncated";
inline constexpr std::string_view kResponseTruncated = "response_truncated";
inline constexpr std::string_view kContentPolicyBlocked = "content_policy_blocked";
inline constexpr std::string_view kEmptyReplies = "empty_replies";
inline constexpr std::string_view kMaxRounds = "max_rounds";
inline constexpr std::string_view kUnknownTool = "unknown_tool";
inline constexpr std::string_view kRecordingExhausted = "recording_exhausted";
inline constexpr std::string_view kClientDisconnected = "client_disconnected";
inline constexpr std::string_view kInterrupted = "interrupted";
inline constexpr std::string_view kStopped = "stopped";
}  // namespace code

// Decides, and counts what it decided in `counters`.
Decision decide(const Situation& situation, const Policy& policy, Counters& counters);

// The output limit of a repeated or continued request: base * 2^step, base the client's limit or
// the policy's; never below the client's limit, never above the larger of the policy's maximum and
// that limit.
std::int64_t raised_limit(const Policy& policy, std::optional<std::int64_t> client_limit,
                          std::int64_t step);

}  // namespace playhead::turn

#endif  // PLAYHEAD_TURN_DECIDE_H_
