// The table of SPEC 6 row by row, what counts in a row and what per turn, and the raised limit.
#include "turn/decide.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace playhead::turn {
namespace {

std::string_view word(Action action) {
  switch (action) {
    case Action::complete: return "complete";
    case Action::run_tools: return "run_tools";
    case Action::continue_reply: return "continue";
    case Action::repeat_with_more: return "repeat_with_more";
    case Action::repeat_after_backoff: return "back_off";
    case Action::repeat: return "repeat";
    case Action::append_and_repeat: return "append_and_repeat";
    case Action::answer_with_errors: return "answer_with_errors";
    case Action::finish_partial: return "partial";
    case Action::finish_failed: return "failed";
    case Action::interrupt: return "interrupt";
  }
  return "";
}

// "action code", of a continuation "continue kind", with " notice" where the person is told.
std::string summary(const Decision& decision) {
  std::string out(word(decision.action));
  if (decision.action == Action::continue_reply) {
    out.append(" ").append(name_of(decision.kind));
  }
  if (!decision.code.empty()) out.append(" ").append(decision.code);
  if (decision.notice) out.append(" notice");
  return out;
}

// A reply, said in words: each of them sets one member of the situation.
struct Reply {
  Completion completion;
  Situation situation;

  explicit Reply(FinishReason reason, std::string_view why = {}) {
    completion.finish_reason = reason;
    completion.truncated = reason == FinishReason::length;
    if (!why.empty()) completion.why = why;
    if (reason == FinishReason::error) completion.error = ProviderError{std::string(why), "", ""};
  }
  Reply& end(EndReason reason) {
    situation.end = reason;
    return *this;
  }
  Reply& status(int code) {
    situation.status = code;
    return *this;
  }
  Reply& visible() {
    situation.has_visible = true;
    return *this;
  }
  Reply& delivered() {
    situation.delivered = true;
    return visible();
  }
  Reply& tools() {
    situation.has_tools = true;
    return *this;
  }
  Reply& invalid() {
    situation.has_invalid_arguments = true;
    return tools();
  }
  Reply& unknown() {
    situation.has_unknown_tool = true;
    return tools();
  }
  Reply& think() {
    situation.opened_think = true;
    return *this;
  }
};

// A turn: each reply is decided on with the counters that the ones before have left.
struct Turn {
  Policy policy;
  Counters counters;

  std::string decided(Reply reply) {
    reply.situation.completion = &reply.completion;
    return summary(decide(reply.situation, policy, counters));
  }
};

Reply stop() { return Reply(FinishReason::stop).delivered(); }
Reply calls() { return Reply(FinishReason::tool_calls).tools(); }
Reply length(std::string_view why = why::kOutputLimit) { return Reply(FinishReason::length, why); }
Reply cut(EndReason reason = EndReason::reset) { return length(why::kStreamCut).end(reason); }
Reply error(std::string_view code) { return Reply(FinishReason::error, code); }

struct Row {
  std::string_view condition;
  Reply reply;
  std::string_view expected;
};

TEST(Decide, FirstReplyByEachRowOfTheTable) {
  const Row rows[] = {
      {"stop, something visible", stop(), "complete"},
      {"tool_calls", calls(), "run_tools"},
      {"tool_calls beside text", calls().delivered(), "run_tools"},
      {"thinking exhausted", length().think(), "partial thinking_exhausted"},
      {"think tag, but something visible", length().think().delivered(), "continue length"},
      {"a cut stream exhausts nothing", length(why::kNoEndEvidence).think(), "continue stream_cut"},
      {"length, no tools", length().delivered(), "continue length"},
      {"length, nothing visible, no think tag", length(), "continue length"},
      {"length with tools, nothing delivered", length().tools(), "repeat_with_more"},
      {"the same with a think tag", length().tools().think(), "repeat_with_more"},
      {"cut arguments, nothing delivered", length(why::kToolArgumentsCut).tools(),
       "repeat_with_more"},
      {"length with tools, delivered", length().tools().delivered(), "continue length_tool"},
      {"cut arguments, delivered", length(why::kToolArgumentsCut).tools().delivered(),
       "continue length_tool"},
      {"no end evidence, text", length(why::kNoEndEvidence).delivered(), "continue stream_cut"},
      {"no end evidence, tools in flight", length(why::kNoEndEvidence).tools(),
       "continue stream_cut_tool"},
      {"no end evidence, text and tools in flight", length(why::kNoEndEvidence).tools().delivered(),
       "continue stream_cut_tool notice"},
      {"cut, delivered", cut().delivered(), "continue stream_cut"},
      {"cut, delivered, tools in flight", cut().tools().delivered(),
       "continue stream_cut_tool notice"},
      {"cut, nothing delivered", cut(), "back_off"},
      {"cut, nothing delivered, tools in flight", cut().tools(), "back_off"},
      {"stale", cut(EndReason::idle_timeout), "back_off"},
      {"invalid arguments", calls().invalid(), "repeat"},
      {"unknown tool", calls().unknown(), "answer_with_errors"},
      {"nothing visible, no tools", Reply(FinishReason::stop), "repeat"},
      {"pause", Reply(FinishReason::pause).delivered(), "append_and_repeat"},
      {"other, something visible", Reply(FinishReason::other).delivered(), "complete"},
      {"other, nothing visible", Reply(FinishReason::other), "repeat"},
      {"tool_calls without a call", Reply(FinishReason::tool_calls).delivered(), "complete"},
      {"content_filter", Reply(FinishReason::content_filter, why::kRefused).delivered(),
       "failed content_policy_blocked"},
      {"transient error, nothing delivered", error("overloaded_error"), "back_off"},
      {"transport failure, nothing delivered", error("reset").end(EndReason::reset), "back_off"},
      {"empty stream", error(why::kEmptyStream), "back_off"},
      {"transient status", error("http_503").status(503), "back_off"},
      {"transient error, delivered", error("overloaded_error").delivered(), "continue stream_cut"},
      {"error otherwise", error("invalid_request_error"), "failed invalid_request_error"},
      {"error otherwise, delivered", error("invalid_request_error").delivered(),
       "failed invalid_request_error"},
      {"error otherwise, delivered, tools in flight",
       error("invalid_request_error").delivered().tools(), "continue stream_cut_tool notice"},
      {"error otherwise, tools in flight, nothing delivered",
       error("invalid_request_error").tools(), "failed invalid_request_error"},
      {"status otherwise", error("http_401").status(401), "failed http_401"},
  };
  for (const Row& row : rows) EXPECT_EQ(Turn().decided(row.reply), row.expected) << row.condition;
}

TEST(Decide, EndsThatSayNothingAboutTheProviderInterrupt) {
  for (const EndReason reason :
       {EndReason::client_closed, EndReason::size_cap, EndReason::recorder_stopped}) {
    const std::string expected = "interrupt " + std::string(name_of(reason));
    EXPECT_EQ(Turn().decided(cut(reason).delivered()), expected);
    EXPECT_EQ(Turn().decided(error(name_of(reason)).end(reason)), expected);
    EXPECT_EQ(Turn().decided(stop().end(reason)), "complete") << "the finish stands";
  }
}

// Decides on the same reply until the answer is another one; says how often the first came.
struct Streak {
  std::string first;
  int times = 0;
  std::string last;
};

Streak streak(Turn& turn, const Reply& reply, int at_most = 200) {
  Streak found;
  found.first = turn.decided(reply);
  for (found.last = found.first; found.last == found.first && found.times < at_most;) {
    ++found.times;
    found.last = turn.decided(reply);
  }
  return found;
}

TEST(Decide, LimitsInARow) {
  struct LimitRow {
    std::string_view limit;
    Reply reply;
    std::string_view first;
    int times;
    std::string_view last;
  };
  const LimitRow rows[] = {
      {"max_rounds", calls(), "run_tools", 90, "partial max_rounds"},
      {"max_rounds of pauses", Reply(FinishReason::pause), "append_and_repeat", 90,
       "partial max_rounds"},
      {"length.replies", length().delivered(), "continue length", 3, "partial still_truncated"},
      {"length.replies, tools", length().tools().delivered(), "continue length_tool", 3,
       "partial still_truncated"},
      {"length.replies, cut", cut().delivered(), "continue stream_cut", 3,
       "partial still_truncated"},
      {"length.tool_retries", length().tools(), "repeat_with_more", 4,
       "partial response_truncated"},
      {"invalid_json", calls().invalid(), "repeat", 2, "answer_with_errors"},
      {"unknown_tool", calls().unknown(), "answer_with_errors", 2, "partial unknown_tool"},
      {"empty_replies", Reply(FinishReason::stop), "repeat", 3, "failed empty_replies"},
      {"transport.retries", error("overloaded_error"), "back_off", 2, "failed overloaded_error"},
      {"transport.retries, transport", error("reset").end(EndReason::reset), "back_off", 2,
       "failed reset"},
      {"transport.retries, cut", cut(), "back_off", 2, "failed reset"},
      {"transport.retries, tools in flight", cut().tools(), "back_off", 2,
       "continue stream_cut_tool"},
  };
  for (const LimitRow& row : rows) {
    Turn turn;
    const Streak found = streak(turn, row.reply);
    EXPECT_EQ(found.first, row.first) << row.limit;
    EXPECT_EQ(found.times, row.times) << row.limit;
    EXPECT_EQ(found.last, row.last) << row.limit;
  }
}

TEST(Decide, LimitsComeFromThePolicy) {
  Turn turn;
  turn.policy.length.replies = 2;
  turn.policy.length.tool_retries = 0;
  turn.policy.max_rounds = 1;
  turn.policy.transport.retries = 0;
  turn.policy.empty_replies = 0;
  turn.policy.unknown_tool = 1;
  turn.policy.invalid_json = 1;
  EXPECT_EQ(turn.decided(length().tools()), "partial response_truncated");
  EXPECT_EQ(turn.decided(error("api_error")), "failed api_error");
  EXPECT_EQ(turn.decided(Reply(FinishReason::stop)), "failed empty_replies");
  EXPECT_EQ(turn.decided(calls().unknown()), "partial unknown_tool");
  EXPECT_EQ(turn.decided(calls().invalid()), "answer_with_errors");
  EXPECT_EQ(turn.decided(calls()), "partial max_rounds");
  EXPECT_EQ(turn.decided(length().delivered()), "continue length");
  EXPECT_EQ(turn.decided(length().delivered()), "partial still_truncated");
}

TEST(Decide, TruncatedRepliesCountForTheWholeTurnAndAllKindsShare) {
  Turn turn;
  EXPECT_EQ(turn.decided(length().delivered()), "continue length");
  EXPECT_EQ(turn.decided(calls()), "run_tools");
  EXPECT_EQ(turn.decided(cut().delivered()), "continue stream_cut");
  EXPECT_EQ(turn.decided(calls()), "run_tools");
  EXPECT_EQ(turn.decided(length().tools().delivered()), "continue length_tool");
  EXPECT_EQ(turn.decided(length(why::kNoEndEvidence).tools()), "partial still_truncated");
}

TEST(Decide, OtherCountersStartAnewWhenSomethingElseHappens) {
  const Reply replies[] = {length().tools(), calls().invalid(), calls().unknown(),
                           Reply(FinishReason::stop), error("api_error")};
  for (const Reply& reply : replies) {
    Turn turn;
    Turn fresh;
    const Streak expected = streak(fresh, reply);
    for (int i = 1; i < expected.times; ++i) turn.decided(reply);
    turn.decided(calls());
    const Streak found = streak(turn, reply);
    EXPECT_EQ(found.first, expected.first);
    EXPECT_EQ(found.times, expected.times) << expected.first;
    EXPECT_EQ(found.last, expected.last);
  }
}

TEST(Decide, OneAttemptThatDiedOutsideOfToolsMakesTheTurnFail) {
  Turn turn;
  EXPECT_EQ(turn.decided(cut().tools()), "back_off");
  EXPECT_EQ(turn.decided(cut()), "back_off");
  EXPECT_EQ(turn.decided(cut().tools()), "failed reset");
}

TEST(Decide, AttemptsBeforeASuccessDoNotCountForThoseBehindIt) {
  Turn turn;
  EXPECT_EQ(turn.decided(cut()), "back_off");
  EXPECT_EQ(turn.decided(calls()), "run_tools");
  EXPECT_EQ(turn.decided(cut().tools()), "back_off");
  EXPECT_EQ(turn.decided(cut().tools()), "back_off");
  EXPECT_EQ(turn.decided(cut().tools()), "continue stream_cut_tool");
}

TEST(Decide, UnknownToolGoesBeforeInvalidArguments) {
  Turn turn;
  EXPECT_EQ(turn.decided(calls().unknown().invalid()), "answer_with_errors");
}

TEST(RaisedLimit, DoublesUpToTheCeilingAndNeverFallsBelowTheClients) {
  const Policy policy;
  const auto raised = [&policy](std::optional<std::int64_t> client, std::int64_t step) {
    return raised_limit(policy, client, step);
  };
  EXPECT_EQ(raised(std::nullopt, 1), 8192);
  EXPECT_EQ(raised(std::nullopt, 2), 16384);
  EXPECT_EQ(raised(std::nullopt, 3), 32768);
  EXPECT_EQ(raised(std::nullopt, 4), 32768);
  EXPECT_EQ(raised(std::nullopt, 1'000'000), 32768);
  EXPECT_EQ(raised(1000, 1), 2000);
  EXPECT_EQ(raised(1, 3), 8);
  EXPECT_EQ(raised(20'000, 1), 32768);
  EXPECT_EQ(raised(32'768, 1), 32768);
  EXPECT_EQ(raised(100'000, 1), 100'000);
  EXPECT_EQ(raised(INT64_MAX, 4), INT64_MAX);
  EXPECT_EQ(raised(1, 1'000'000), 32768);
}

}  // namespace
}  // namespace playhead::turn
