// The engine through its interface: what depends on the cut of bytes, when it wants to be woken,
// and what it ignores. How turns go is told by the cases of fixtures/.
#include "turn/turn_engine.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace playhead::turn {
namespace {

constexpr std::string_view kTextBody =
    "data: {\"id\":\"1\",\"choices\":[{\"index\":0,"
    "\"delta\":{\"content\":\"Gr\xC3\xBC\xC3\x9F \"}}]}\n\n"
    ": comment\n\n"
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"<think>a</think>Gott\"}}]}\r\n\r\n"
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
    "data: [DONE]\n\n";
constexpr std::string_view kToolBody =
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Let me look.\",\"tool_calls\":["
    "{\"index\":0,\"id\":\"call_1\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},"
    "\"finish_reason\":\"tool_calls\"}]}\n\n"
    "data: [DONE]\n\n";
constexpr std::string_view kEmptyBody =
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
    "data: [DONE]\n\n";
constexpr std::string_view kHalfBody =
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Half an\"}}]}\n\n";

// Drives one engine by hand.
struct Drive {
  TurnRequest request;
  TurnEngine engine;
  Facts facts;

  explicit Drive(const Policy& policy = {}) : engine(policy) { request.model = "m"; }

  Drive& step(Input input) {
    engine.step(input, facts);
    return *this;
  }
  Drive& start() {
    Input input;
    input.kind = InputKind::start;
    input.request = &request;
    return step(input);
  }
  Drive& response(int exchange, std::int64_t at_us, int status = 200) {
    Input input;
    input.kind = InputKind::response;
    input.exchange = exchange;
    input.at = Instant{at_us};
    input.status = status;
    return step(input);
  }
  Drive& chunk(int exchange, std::int64_t at_us, std::string_view bytes) {
    Input input;
    input.kind = InputKind::chunk;
    input.exchange = exchange;
    input.at = Instant{at_us};
    input.bytes = bytes;
    return step(input);
  }
  Drive& end(int exchange, std::int64_t at_us, EndReason reason = EndReason::complete) {
    Input input;
    input.kind = InputKind::end;
    input.exchange = exchange;
    input.at = Instant{at_us};
    input.end = reason;
    return step(input);
  }
  Drive& tool_result(std::string_view id, std::int64_t at_us) {
    Input input;
    input.kind = InputKind::tool_result;
    input.id = id;
    input.bytes = "ok";
    input.at = Instant{at_us};
    return step(input);
  }
  Drive& timer(TimerKind kind, std::int64_t at_us) {
    Input input;
    input.kind = InputKind::timer;
    input.timer = kind;
    input.at = Instant{at_us};
    return step(input);
  }
  Drive& plain(InputKind kind, std::int64_t at_us) {
    Input input;
    input.kind = kind;
    input.at = Instant{at_us};
    return step(input);
  }
  // A whole exchange at one instant.
  Drive& exchange(int index, std::int64_t at_us, std::string_view body) {
    return response(index, at_us).chunk(index, at_us, body).end(index, at_us);
  }

  std::size_t count(FactKind kind) const {
    std::size_t found = 0;
    for (std::size_t i = 0; i < facts.size(); ++i) found += facts[i].kind == kind ? 1 : 0;
    return found;
  }
  std::string downstream() const {
    std::string text;
    for (std::size_t i = 0; i < facts.size(); ++i) {
      if (facts[i].kind == FactKind::downstream) text.append(facts[i].text);
    }
    return text;
  }
  // All facts but chunks, as text.
  std::string story() const {
    std::string out;
    for (std::size_t i = 0; i < facts.size(); ++i) {
      const Fact fact = facts[i];
      if (fact.kind == FactKind::chunk) continue;
      out.append(name_of(fact.kind)).append(" ").append(std::to_string(fact.at.us)).append(" ");
      out.append(std::to_string(fact.exchange)).append(" ").append(std::to_string(fact.offset));
      out.append(" ").append(std::to_string(fact.size)).append(" ").append(fact.name).append("|");
      out.append(fact.detail).append("|").append(fact.text).append("\n");
    }
    return out;
  }
};

std::string story_of_pieces(std::string_view body, std::size_t first, std::size_t second) {
  Drive drive;
  drive.start().response(1, 10);
  drive.chunk(1, 20, body.substr(0, first));
  drive.chunk(1, 20, body.substr(first, second - first));
  drive.chunk(1, 20, body.substr(second)).end(1, 20);
  return drive.story();
}

TEST(TurnEngine, FactsDoNotDependOnTheCutOfTheBytes) {
  for (const std::string_view body : {kTextBody, kToolBody, kHalfBody}) {
    const std::string whole = story_of_pieces(body, body.size(), body.size());
    for (std::size_t first = 0; first <= body.size(); ++first) {
      ASSERT_EQ(story_of_pieces(body, first, body.size()), whole) << "cut at " << first;
    }
    Drive bytewise;
    bytewise.start().response(1, 10);
    for (std::size_t i = 0; i < body.size(); ++i) bytewise.chunk(1, 20, body.substr(i, 1));
    EXPECT_EQ(bytewise.end(1, 20).story(), whole);
  }
}

TEST(TurnEngine, SendsHeadersAndRoleBeforeTheRequest) {
  Drive drive;
  drive.start();
  ASSERT_EQ(drive.facts.size(), 2U);
  EXPECT_EQ(drive.facts[0].kind, FactKind::downstream);
  EXPECT_EQ(drive.facts[1].kind, FactKind::request);
  EXPECT_EQ(drive.facts[1].exchange, 1);
}

TEST(TurnEngine, WakesForTheKeepaliveFirst) {
  Drive drive;
  drive.start();
  EXPECT_EQ(drive.engine.wake()->at, Instant{} + seconds(30));
  EXPECT_EQ(drive.engine.wake()->timer, TimerKind::keepalive);
  drive.timer(TimerKind::keepalive, 30'000'000);
  EXPECT_EQ(drive.count(FactKind::keepalive), 1U);
  EXPECT_EQ(drive.engine.wake()->at, Instant{} + seconds(60));
}

TEST(TurnEngine, AtOneInstantBackoffGoesBeforeStaleAndStaleBeforeKeepalive) {
  Policy policy;
  policy.stale_ms = 30'000;
  Drive drive(policy);
  drive.start();
  EXPECT_EQ(drive.engine.wake()->timer, TimerKind::stale);
  EXPECT_EQ(drive.engine.wake()->at, Instant{} + seconds(30));

  policy.transport.backoff_ms = 20'000;
  policy.transport.backoff_max_ms = 20'000;
  Drive waiting(policy);
  waiting.start();
  Input head;
  head.kind = InputKind::response;
  head.exchange = 1;
  head.status = 503;
  head.retry_after = seconds(30);
  waiting.step(head).end(1, 0);
  ASSERT_EQ(waiting.count(FactKind::backoff), 1U);
  EXPECT_EQ(waiting.engine.wake()->timer, TimerKind::backoff);
  EXPECT_EQ(waiting.engine.wake()->at, Instant{} + seconds(30));
}

TEST(TurnEngine, CommentsKeepNoStreamFromBecomingStale) {
  Policy policy;
  policy.keepalive_ms = 0;
  Drive drive(policy);
  drive.start().response(1, 1'000'000).chunk(1, 2'000'000, kHalfBody);
  drive.chunk(1, 50'000'000, ": still here\n\n");
  EXPECT_EQ(drive.engine.wake()->timer, TimerKind::stale);
  EXPECT_EQ(drive.engine.wake()->at, Instant{2'000'000} + seconds(180));
}

TEST(TurnEngine, NothingToWaitForIsNoWake) {
  Policy policy;
  policy.keepalive_ms = 0;
  policy.stale_ms = 0;
  Drive drive(policy);
  EXPECT_FALSE(drive.engine.wake().has_value()) << "before the start";
  EXPECT_FALSE(drive.start().engine.wake().has_value());
}

TEST(TurnEngine, InputsOfUnknownExchangesAreIgnored) {
  Drive drive;
  drive.start();
  const std::string before = drive.story();
  for (const int exchange : {-1, 0, 2, 1000}) {
    drive.response(exchange, 1).chunk(exchange, 2, kTextBody).end(exchange, 3);
  }
  drive.tool_result("call_9", 4);
  EXPECT_EQ(drive.story(), before);
  EXPECT_TRUE(drive.exchange(1, 5, kTextBody).facts.outcome()->completed);
}

TEST(TurnEngine, ResultsOfUnknownCallsAreIgnored) {
  Drive drive;
  drive.start().exchange(1, 10, kToolBody);
  ASSERT_EQ(drive.count(FactKind::tool), 1U);
  const std::string before = drive.story();
  drive.tool_result("call_9", 11);
  EXPECT_EQ(drive.story(), before);
  drive.tool_result("call_1", 12);
  EXPECT_EQ(drive.count(FactKind::request), 2U);
}

TEST(TurnEngine, InputAfterTheEndOfATurnIsIgnored) {
  Drive drive;
  drive.start().exchange(1, 10, kTextBody);
  ASSERT_TRUE(drive.facts.outcome()->completed);
  EXPECT_FALSE(drive.engine.wake().has_value());
  const std::string before = drive.story();
  drive.response(1, 11).chunk(1, 12, kTextBody).end(1, 13, EndReason::reset);
  drive.tool_result("call_1", 14).plain(InputKind::client_closed, 15);
  drive.plain(InputKind::recording_exhausted, 16);
  EXPECT_EQ(drive.story(), before);
  EXPECT_TRUE(drive.facts.outcome()->completed);
}

TEST(TurnEngine, TimersThatComeTooLateDoNothing) {
  Drive drive;
  drive.start().exchange(1, 10, kTextBody);
  const std::string before = drive.story();
  for (const TimerKind kind : {TimerKind::backoff, TimerKind::stale, TimerKind::keepalive}) {
    drive.timer(kind, 20);
  }
  EXPECT_EQ(drive.story(), before);
}

TEST(TurnEngine, ClientThatGoesEndsTheTurnAndTheUpstreamRequest) {
  Drive drive;
  drive.start().response(1, 1).chunk(1, 2, kHalfBody);
  const std::string written = drive.downstream();
  drive.plain(InputKind::client_closed, 3);
  const Outcome& outcome = *drive.facts.outcome();
  EXPECT_TRUE(outcome.interrupted);
  EXPECT_FALSE(outcome.completed || outcome.partial || outcome.failed);
  EXPECT_EQ(outcome.error->code, "client_disconnected");
  EXPECT_EQ(outcome.final_response, "Half an");
  EXPECT_EQ(drive.downstream(), written) << "nothing more is written";
  EXPECT_FALSE(drive.engine.wake().has_value());
  ASSERT_EQ(drive.facts.exchanges().size(), 1U);
  EXPECT_EQ(drive.facts.exchanges()[0].end, EndReason::client_closed);
}

TEST(TurnEngine, FramesBehindTheEndOfAReplyAreNotedNotDecoded) {
  Drive drive;
  drive.start().response(1, 1).chunk(1, 2, kTextBody).chunk(1, 3, kHalfBody).end(1, 4);
  EXPECT_EQ(drive.facts.outcome()->final_response, "Gr\xC3\xBC\xC3\x9F Gott");
  const auto& anomalies = drive.facts.exchanges()[0].anomalies;
  ASSERT_EQ(anomalies.size(), 1U);
  EXPECT_EQ(anomalies[0].anomaly, Anomaly::data_after_done);
  EXPECT_EQ(anomalies[0].offset, kTextBody.size());
}

TEST(TurnEngine, FinalResponseThatWasNeverStreamedIsSent) {
  Drive drive;
  drive.start();
  for (int i = 1; i <= 4; ++i) drive.exchange(i, i, kEmptyBody);
  const Outcome& outcome = *drive.facts.outcome();
  EXPECT_EQ(outcome.error->code, "empty_replies");
  EXPECT_NE(drive.downstream().find(outcome.final_response->substr(0, 30)), std::string::npos);
}

TEST(TurnEngine, FinalResponseThatWasNeverStreamedIsSentBehindTextOfEarlierRoundsToo) {
  Drive drive;
  drive.start().exchange(1, 1, kToolBody).tool_result("call_1", 2);
  for (int i = 2; i <= 5; ++i) drive.exchange(i, i + 1, kEmptyBody);
  const Outcome& outcome = *drive.facts.outcome();
  EXPECT_EQ(outcome.error->code, "empty_replies");
  ASSERT_TRUE(outcome.final_response.has_value());
  EXPECT_NE(drive.downstream().find(outcome.final_response->substr(0, 30)), std::string::npos)
      << drive.downstream();
}

TEST(TurnEngine, NobodyListeningMeansNoDownstreamAndNoKeepalive) {
  Drive drive;
  drive.request.downstream = DownstreamFormat::none;
  drive.start();
  EXPECT_EQ(drive.engine.wake()->timer, TimerKind::stale);
  drive.exchange(1, 10, kTextBody);
  EXPECT_EQ(drive.count(FactKind::downstream), 0U);
  EXPECT_TRUE(drive.facts.outcome()->completed);
}

}  // namespace
}  // namespace playhead::turn
