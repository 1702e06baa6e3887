// What a plan takes from the blocks of a case, and how it refuses what it does not know.
#include "replay/plan.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace playhead::replay {
namespace {

Recording recording_with_request(std::string body) {
  Recording recording;
  recording.meta.model = "meta-model";
  recording.exchanges.emplace_back().request_body = std::move(body);
  return recording;
}

Plan plan_of(const PlanText& text, const Recording& recording = recording_with_request("")) {
  auto plan = make_plan(recording, Protocol::openai_chat, text);
  EXPECT_TRUE(plan.ok()) << plan.error().message;
  return plan.ok() ? *std::move(plan) : Plan{};
}

std::string failure_of(const PlanText& text) {
  const auto plan = make_plan(recording_with_request(""), Protocol::openai_chat, text);
  EXPECT_FALSE(plan.ok()) << text.policy << text.request << text.run;
  return plan.ok() ? "" : plan.error().message;
}

TEST(Plan, WithoutTextsGreetsTheModelOfTheRecording) {
  const Plan plan = plan_of({}, recording_with_request(""));
  EXPECT_EQ(plan.request.model, "meta-model");
  EXPECT_EQ(plan.request.messages,
            std::vector<std::string>{R"({"role":"user","content":"hello"})"});
  EXPECT_EQ(plan.request.max_tokens, std::nullopt);
  EXPECT_EQ(plan.request.downstream, DownstreamFormat::openai_chat);
  EXPECT_FALSE(plan.tools.has_value());
  EXPECT_FALSE(plan.request.known_tools.has_value()) << "every tool is known";
  EXPECT_TRUE(plan.events.empty());
}

TEST(Plan, TakesTheRecordedRequestOfTheFirstExchange) {
  const Plan plan = plan_of(
      {},
      recording_with_request(
          R"({"model":"m","max_completion_tokens":7,"stream":true,)"
          R"("messages":[{"role":"user"},{}]})"));
  EXPECT_EQ(plan.request.model, "m");
  EXPECT_EQ(plan.request.max_tokens, 7);
  EXPECT_EQ(plan.request.limit_member, "max_completion_tokens");
  EXPECT_EQ(plan.request.messages, (std::vector<std::string>{R"({"role":"user"})", "{}"}));
  ASSERT_EQ(plan.request.other_members.size(), 1U);
  EXPECT_EQ(plan.request.other_members[0].first, "stream");
  EXPECT_EQ(plan.request.other_members[0].second, "true");
}

TEST(Plan, RecordedRequestThatIsNoneIsNoFailure) {
  for (const char* body : {"not JSON", "[]", R"({"model":5})", R"({"messages":"x"})"}) {
    const Plan plan = plan_of({}, recording_with_request(body));
    EXPECT_EQ(plan.request.model, "meta-model") << body;
    EXPECT_EQ(plan.request.messages.size(), 1U) << body;
  }
}

TEST(Plan, RequestBlockGoesBeforeTheRecordedOne) {
  const Plan plan = plan_of({.request = R"({"model":"mine","max_tokens":null,"endpoint":"x"})"},
                            recording_with_request(R"({"model":"m","max_tokens":7})"));
  EXPECT_EQ(plan.request.model, "mine");
  EXPECT_EQ(plan.request.max_tokens, std::nullopt);
  EXPECT_TRUE(plan.request.other_members.empty());
}

TEST(Plan, ReadsThePolicy) {
  EXPECT_EQ(plan_of({.policy = R"({"length":{"replies":2}})"}).policy.length.replies, 2);
}

TEST(Plan, ReadsTheRunBlock) {
  const Plan plan = plan_of({.run = R"({"downstream":"none","seed":18446744073709551615,"speed":2,
    "client":{"closes_at_ms":1.5},"faults":[],
    "tools":{"b":{"takes_ms":0.25,"returns":"text"},"a":{"returns":{"x":1}},"c":{}}})"});
  EXPECT_EQ(plan.request.downstream, DownstreamFormat::none);
  EXPECT_EQ(plan.request.seed, UINT64_MAX);
  ASSERT_EQ(plan.events.size(), 1U);
  EXPECT_EQ(plan.events[0].kind, InputKind::client_closed);
  EXPECT_EQ(plan.events[0].at, Instant{1500});
  ASSERT_EQ(plan.tools->size(), 3U);
  EXPECT_EQ(plan.request.known_tools, (std::vector<std::string>{"b", "a", "c"}));
  EXPECT_EQ((*plan.tools)[0].takes.us, 250);
  EXPECT_EQ((*plan.tools)[0].returns, "text");
  EXPECT_EQ((*plan.tools)[1].returns, R"({"x":1})");
  EXPECT_EQ((*plan.tools)[2].returns, "ok");
}

TEST(Plan, NoToolsMeansThatNoneIsKnown) {
  EXPECT_EQ(plan_of({.run = R"({"tools":{}})"}).request.known_tools, std::vector<std::string>{});
}

TEST(Plan, RefusesWhatItDoesNotKnowAndSaysWhere) {
  const std::pair<PlanText, std::string_view> rows[] = {
      {{.policy = "{"}, "policy: 1:"},
      {{.policy = R"({"length":{"replys":1}})"}, "policy.length.replys: unknown name"},
      {{.request = "["}, "request: 1:"},
      {{.request = "[]"}, "request: wants a JSON object"},
      {{.request = R"({"model":1})"}, "request.model: wants"},
      {{.request = R"({"max_tokens":0})"}, "request.max_tokens: wants"},
      {{.request = R"({"max_tokens":1.5})"}, "request.max_tokens: wants"},
      {{.request = R"({"messages":{}})"}, "request.messages: wants an array"},
      {{.run = "[]"}, "run: wants a JSON object"},
      {{.run = R"({"sped":1})"}, "run.sped: unknown name; known are"},
      {{.run = R"({"downstream":"smoke"})"}, "run.downstream: wants"},
      {{.run = R"({"downstream":7})"}, "run.downstream: wants"},
      {{.run = R"({"seed":-1})"}, "run.seed: wants"},
      {{.run = R"({"seed":"1"})"}, "run.seed: wants"},
      {{.run = R"({"client":{}})"}, "run.client: wants"},
      {{.run = R"({"client":7})"}, "run.client: wants"},
      {{.run = R"({"client":{"closes_at_ms":1,"x":1}})"}, "run.client: wants"},
      {{.run = R"({"tools":[]})"}, "run.tools: wants"},
      {{.run = R"({"tools":{"a":7}})"}, "run.tools.a: wants"},
      {{.run = R"({"tools":{"a":{"take_ms":7}}})"}, "run.tools.a.take_ms: unknown"},
      {{.run = R"({"tools":{"a":{"takes_ms":-1}}})"}, "run.tools.a.takes_ms"},
      {{.run = R"({"tools":{"a":{"takes_ms":"1"}}})"}, "run.tools.a.takes_ms"},
      {{.run = R"({"faults":["x"]})"}, "run.faults: "},
  };
  for (const auto& [text, begin] : rows) {
    const std::string message = failure_of(text);
    EXPECT_TRUE(message.starts_with(begin)) << message;
  }
}

TEST(Plan, RefusesTimesBeforeTheTurnAndBeyondItsLongest) {
  for (const char* run :
       {R"({"client":{"closes_at_ms":-1}})", R"({"client":{"closes_at_ms":1e300}})",
        R"({"tools":{"a":{"takes_ms":1e300}}})"}) {
    const std::string message = failure_of({.run = run});
    EXPECT_TRUE(message.starts_with("run.client") || message.starts_with("run.tools.a.takes_ms"))
        << run << ": " << message;
  }
}

}  // namespace
}  // namespace playhead::replay
