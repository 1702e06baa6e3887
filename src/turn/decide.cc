#include "turn/decide.h"

#include <algorithm>
#include <utility>

#include "completion/completion_judge.h"

namespace playhead::turn {
namespace {

Decision finish(Action action, std::string_view code) {
  Decision decision;
  decision.action = action;
  decision.code = code;
  return decision;
}

Decision simple(Action action) { return finish(action, {}); }

// Asks the model to go on, unless the truncated replies of the turn are used up.
Decision go_on(ContinuationKind kind, bool notice, const Policy& policy, Counters& counters) {
  if (++counters.length_replies >= policy.length.replies) {
    return finish(Action::finish_partial, code::kStillTruncated);
  }
  Decision decision = simple(Action::continue_reply);
  decision.kind = kind;
  decision.notice = notice;
  return decision;
}

// A cut call whose finish claims that the reply is whole has a limit of its own (SPEC 12).
Decision retry_cut_call(const Situation& situation, const Policy& policy, Counters& counters) {
  const bool hidden = situation.completion->why == why::kToolArgumentsCut;
  const std::int64_t limit =
      hidden ? policy.length.hidden_tool_retries : policy.length.tool_retries;
  if (counters.tool_retries >= limit) {
    return finish(Action::finish_partial, code::kResponseTruncated);
  }
  ++counters.tool_retries;
  return simple(Action::repeat_with_more);
}

// The stream or the provider failed before anything was delivered (SPEC 8).
Decision retry_transport(const Situation& situation, const Policy& policy, Counters& counters) {
  if (!situation.has_tools) counters.every_attempt_died_in_tools = false;
  if (counters.transport_retries < policy.transport.retries) {
    ++counters.transport_retries;
    return simple(Action::repeat_after_backoff);
  }
  if (counters.every_attempt_died_in_tools) {
    return go_on(ContinuationKind::stream_cut_tool, false, policy, counters);
  }
  const Completion& completion = *situation.completion;
  return finish(Action::finish_failed, completion.error ? *completion.why : name_of(situation.end));
}

Decision cut(const Situation& situation, const Policy& policy, Counters& counters) {
  const ContinuationKind kind =
      situation.has_tools ? ContinuationKind::stream_cut_tool : ContinuationKind::stream_cut;
  return go_on(kind, situation.has_tools && situation.delivered, policy, counters);
}

Decision after_error(const Situation& situation, const Policy& policy, Counters& counters) {
  const Completion& completion = *situation.completion;
  const bool transient = completion::is_transient(completion, situation.status, situation.end);
  if (situation.delivered && (transient || situation.has_tools)) {
    return cut(situation, policy, counters);
  }
  if (transient) return retry_transport(situation, policy, counters);
  return finish(Action::finish_failed, completion.why.value_or("error"));
}

Decision after_length(const Situation& situation, const Policy& policy, Counters& counters) {
  const std::string why = situation.completion->why.value_or("");
  if (why == why::kStreamCut) {
    return situation.delivered ? cut(situation, policy, counters)
                               : retry_transport(situation, policy, counters);
  }
  if (why == why::kNoEndEvidence) return cut(situation, policy, counters);
  if (situation.has_tools) {
    return situation.delivered ? go_on(ContinuationKind::length_tool, false, policy, counters)
                               : retry_cut_call(situation, policy, counters);
  }
  if (situation.opened_think && !situation.has_visible) {
    return finish(Action::finish_partial, code::kThinkingExhausted);
  }
  return go_on(ContinuationKind::length, false, policy, counters);
}

Decision after_tool_calls(const Situation& situation, const Policy& policy, Counters& counters) {
  if (counters.rounds >= policy.max_rounds) {
    return finish(Action::finish_partial, code::kMaxRounds);
  }
  if (situation.has_unknown_tool) {
    if (++counters.unknown_tools >= policy.unknown_tool) {
      return finish(Action::finish_partial, code::kUnknownTool);
    }
  } else if (situation.has_invalid_arguments) {
    if (++counters.invalid_arguments < policy.invalid_json) return simple(Action::repeat);
    counters.invalid_arguments = 0;
  }
  ++counters.rounds;
  const bool runs = !situation.has_unknown_tool && !situation.has_invalid_arguments;
  return simple(runs ? Action::run_tools : Action::answer_with_errors);
}

Decision after_stop(const Situation& situation, const Policy& policy, Counters& counters) {
  if (situation.has_visible) return simple(Action::complete);
  if (counters.empty_replies >= policy.empty_replies) {
    return finish(Action::finish_failed, code::kEmptyReplies);
  }
  ++counters.empty_replies;
  return simple(Action::repeat);
}

Decision after_pause(const Policy& policy, Counters& counters) {
  if (counters.rounds >= policy.max_rounds) {
    return finish(Action::finish_partial, code::kMaxRounds);
  }
  ++counters.rounds;
  return simple(Action::append_and_repeat);
}

Decision choose(const Situation& situation, const Policy& policy, Counters& counters) {
  switch (situation.completion->finish_reason) {
    case FinishReason::error: return after_error(situation, policy, counters);
    case FinishReason::length: return after_length(situation, policy, counters);
    case FinishReason::content_filter:
      return finish(Action::finish_failed, code::kContentPolicyBlocked);
    case FinishReason::pause: return after_pause(policy, counters);
    case FinishReason::stop:
    case FinishReason::tool_calls:
    case FinishReason::other: break;
  }
  return situation.has_tools ? after_tool_calls(situation, policy, counters)
                             : after_stop(situation, policy, counters);
}

}  // namespace

Decision decide(const Situation& situation, const Policy& policy, Counters& counters) {
  if (is_interruption(situation.end) &&
      (situation.completion->why == why::kStreamCut ||
       situation.completion->finish_reason == FinishReason::error)) {
    return finish(Action::interrupt, name_of(situation.end));
  }
  const Counters before = counters;
  const Decision decision = choose(situation, policy, counters);
  // What did not grow now is not in a row any more.
  const auto in_a_row = [](std::int64_t was, std::int64_t& now) {
    if (now == was) now = 0;
  };
  in_a_row(before.tool_retries, counters.tool_retries);
  in_a_row(before.invalid_arguments, counters.invalid_arguments);
  in_a_row(before.unknown_tools, counters.unknown_tools);
  in_a_row(before.empty_replies, counters.empty_replies);
  in_a_row(before.transport_retries, counters.transport_retries);
  if (counters.transport_retries == 0) counters.every_attempt_died_in_tools = true;
  return decision;
}

std::int64_t raised_limit(const Policy& policy, std::optional<std::int64_t> client_limit,
                          std::int64_t step) {
  const std::int64_t base = client_limit.value_or(policy.length.base_tokens);
  const std::int64_t ceiling = std::max(policy.length.max_tokens, client_limit.value_or(0));
  std::int64_t limit = base;
  for (std::int64_t i = 0; i < step && limit < ceiling; ++i) limit *= 2;
  return std::max(std::min(limit, ceiling), client_limit.value_or(0));
}

}  // namespace playhead::turn
