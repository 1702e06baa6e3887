// The loop of a replay, seen from an engine that only writes down what it is given.
#include "replay/replayer.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace playhead::replay {
namespace {

std::string_view word(InputKind kind) {
  switch (kind) {
    case InputKind::start: return "start";
    case InputKind::response: return "response";
    case InputKind::chunk: return "chunk";
    case InputKind::end: return "end";
    case InputKind::recording_exhausted: return "exhausted";
    case InputKind::tool_result: return "tool_result";
    case InputKind::client_closed: return "client_closed";
    case InputKind::steer: return "steer";
    case InputKind::interrupt: return "interrupt";
    case InputKind::stop: return "stop";
    case InputKind::timer: return "timer";
  }
  return "";
}

// Writes down each input; a script says which facts follow from which, and when to wake it.
class ScriptedEngine final : public Engine {
 public:
  using Script = std::function<void(const Input& input, ScriptedEngine& engine, Facts& facts)>;

  explicit ScriptedEngine(Script script) : script_(std::move(script)) {}

  void step(const Input& input, Facts& facts) override {
    std::string line = std::to_string(input.at.us) + " " + std::string(word(input.kind));
    if (input.exchange > 0) line += " x" + std::to_string(input.exchange);
    if (input.kind == InputKind::response) line += " " + std::to_string(input.status);
    if (input.kind == InputKind::end) line += " " + std::string(name_of(input.end));
    if (!input.id.empty()) line += " " + std::string(input.id);
    if (!input.bytes.empty()) line += " " + std::string(input.bytes);
    seen.push_back(line);
    retry_after = std::max(retry_after, input.retry_after.value_or(Duration{}));
    if (input.kind == InputKind::timer) wakes.erase(wakes.begin());
    script_(input, *this, facts);
  }
  std::optional<Wake> wake() const override {
    return wakes.empty() ? std::nullopt : std::optional(wakes.front());
  }

  static void request(int exchange, Instant at, Facts& facts) {
    facts.add({.at = at, .kind = FactKind::request, .exchange = exchange, .name = "first"});
  }
  static void tool(std::string_view name, std::string_view id, Instant at, Facts& facts,
                   ToolStatus status = ToolStatus::running) {
    facts.add({.at = at, .kind = FactKind::tool, .status = status, .name = name, .detail = id});
  }

  std::vector<std::string> seen;
  std::vector<Wake> wakes;
  Duration retry_after;

 private:
  Script script_;
};

using Lines = std::vector<std::string>;

// Exchange `index`, requested at that many us: its head and chunks come that much later.
RecordedExchange exchange_of(int index, std::int64_t requested_us, std::int64_t responded_us,
                             std::vector<std::pair<std::int64_t, std::string>> chunks,
                             std::int64_t end_us, EndReason reason = EndReason::complete) {
  RecordedExchange exchange;
  exchange.index = index;
  exchange.requested_at = Instant{requested_us};
  exchange.responded_at = Instant{requested_us + responded_us};
  exchange.status = 200;
  for (const auto& [at, bytes] : chunks) {
    exchange.chunks.push_back({Instant{requested_us + at}, exchange.body.size(), bytes.size()});
    exchange.body += bytes;
  }
  exchange.end = {Instant{requested_us + end_us}, reason, ""};
  return exchange;
}

Recording recording_of(std::vector<RecordedExchange> exchanges) {
  Recording recording;
  recording.path = "a.rec";
  recording.exchanges = std::move(exchanges);
  return recording;
}

// Asks for the first exchange and does nothing else.
void ask_once(const Input& input, ScriptedEngine&, Facts& facts) {
  if (input.kind == InputKind::start) ScriptedEngine::request(1, input.at, facts);
}

TEST(Replayer, DeliversAnExchangeAtItsTimesFromTheRequestOn) {
  ScriptedEngine engine(ask_once);
  const Recording recording =
      recording_of({exchange_of(1, 5'000, 10, {{20, "a"}, {30, "b"}}, 40, EndReason::reset)});
  const Transcript transcript = replay(recording, Plan{}, engine);
  EXPECT_EQ(engine.seen, (Lines{"0 start", "10 response x1 200", "20 chunk x1 a", "30 chunk x1 b",
                                "40 end x1 reset"}));
  EXPECT_EQ(transcript.recording, "a.rec");
  EXPECT_EQ(transcript.unused_exchanges, 0);
}

TEST(Replayer, ExchangeThatGotNoResponseOnlyEnds) {
  ScriptedEngine engine(ask_once);
  RecordedExchange exchange = exchange_of(1, 0, 0, {}, 9, EndReason::reset);
  exchange.responded_at.reset();
  replay(recording_of({exchange}), Plan{}, engine);
  EXPECT_EQ(engine.seen, (Lines{"0 start", "9 end x1 reset"}));
}

TEST(Replayer, AtOneInstantRecordedGoesFirstThenToolsThenTheClientThenTimers) {
  ScriptedEngine engine([](const Input& input, ScriptedEngine& self, Facts& facts) {
    if (input.kind != InputKind::start) return;
    self.wakes = {{Instant{50}, TimerKind::backoff}, {Instant{50}, TimerKind::keepalive}};
    ScriptedEngine::tool("f", "call_1", input.at, facts);
    ScriptedEngine::request(1, input.at, facts);
  });
  Plan plan;
  plan.tools = {{"f", microseconds(50), "found"}};
  plan.events.push_back({InputKind::client_closed, Instant{50}, {}});
  replay(recording_of({exchange_of(1, 0, 50, {{50, "a"}}, 50)}), plan, engine);
  EXPECT_EQ(engine.seen,
            (Lines{"0 start", "50 response x1 200", "50 chunk x1 a", "50 end x1 complete",
                   "50 tool_result call_1 found", "50 client_closed", "50 timer", "50 timer"}));
}

TEST(Replayer, TimersFireBetweenInputs) {
  ScriptedEngine engine([](const Input& input, ScriptedEngine& self, Facts& facts) {
    if (input.kind != InputKind::start) return;
    self.wakes = {{Instant{15}, TimerKind::stale}, {Instant{16}, TimerKind::stale}};
    ScriptedEngine::request(1, input.at, facts);
  });
  replay(recording_of({exchange_of(1, 0, 10, {}, 20)}), Plan{}, engine);
  EXPECT_EQ(engine.seen,
            (Lines{"0 start", "10 response x1 200", "15 timer", "16 timer", "20 end x1 complete"}));
}

TEST(Replayer, TimeNeverGoesBackForATimerThatIsLate) {
  ScriptedEngine engine([](const Input& input, ScriptedEngine& self, Facts& facts) {
    if (input.kind == InputKind::start) ScriptedEngine::request(1, input.at, facts);
    if (input.kind == InputKind::response) self.wakes = {{Instant{3}, TimerKind::stale}};
  });
  replay(recording_of({exchange_of(1, 0, 10, {}, 20)}), Plan{}, engine);
  EXPECT_EQ(engine.seen,
            (Lines{"0 start", "10 response x1 200", "10 timer", "20 end x1 complete"}));
}

TEST(Replayer, ToolsTakeTheirTimeAndUnplannedOnesReturnOkAtOnce) {
  ScriptedEngine engine([](const Input& input, ScriptedEngine&, Facts& facts) {
    if (input.kind != InputKind::start) return;
    ScriptedEngine::tool("slow", "call_1", input.at, facts);
    ScriptedEngine::tool("other", "call_2", input.at, facts);
    ScriptedEngine::tool("slow", "call_3", input.at, facts, ToolStatus::refused);
    ScriptedEngine::tool("slow", "call_4", input.at, facts, ToolStatus::completed);
  });
  Plan plan;
  plan.tools = {{"slow", milliseconds(2), "late"}};
  replay(Recording{}, plan, engine);
  EXPECT_EQ(engine.seen,
            (Lines{"0 start", "0 tool_result call_2 ok", "2000 tool_result call_1 late"}));
}

TEST(Replayer, SaysWhenTheRecordingIsExhausted) {
  ScriptedEngine engine([](const Input& input, ScriptedEngine&, Facts& facts) {
    if (input.kind == InputKind::start) ScriptedEngine::request(1, input.at, facts);
    if (input.kind == InputKind::end) ScriptedEngine::request(2, input.at, facts);
  });
  replay(recording_of({exchange_of(1, 0, 10, {}, 20)}), Plan{}, engine);
  EXPECT_EQ(engine.seen,
            (Lines{"0 start", "10 response x1 200", "20 end x1 complete", "20 exhausted x2"}));
}

TEST(Replayer, CountsExchangesThatWereNeverAskedFor) {
  ScriptedEngine engine(ask_once);
  const Transcript transcript =
      replay(recording_of({exchange_of(1, 0, 1, {}, 2), exchange_of(2, 3, 4, {}, 5),
                           exchange_of(3, 3, 4, {}, 5)}),
             Plan{}, engine);
  EXPECT_EQ(transcript.unused_exchanges, 2);
}

TEST(Replayer, LaterExchangesCountFromTheirOwnRequest) {
  ScriptedEngine engine([](const Input& input, ScriptedEngine&, Facts& facts) {
    if (input.kind == InputKind::start) ScriptedEngine::request(1, input.at, facts);
    if (input.kind == InputKind::end && input.exchange == 1) {
      ScriptedEngine::request(2, input.at, facts);
    }
  });
  replay(recording_of({exchange_of(1, 0, 10, {}, 20), exchange_of(2, 700, 1, {{2, "b"}}, 3)}),
         Plan{}, engine);
  EXPECT_EQ(engine.seen, (Lines{"0 start", "10 response x1 200", "20 end x1 complete",
                                "21 response x2 200", "22 chunk x2 b", "23 end x2 complete"}));
}

TEST(Replayer, DropsTheInputsOfAnAbandonedExchangeAndNoOther) {
  ScriptedEngine engine([](const Input& input, ScriptedEngine&, Facts& facts) {
    if (input.kind == InputKind::start) {
      ScriptedEngine::request(1, input.at, facts);
      ScriptedEngine::request(2, input.at, facts);
      ScriptedEngine::tool("f", "call_1", input.at, facts);
    }
    if (input.kind == InputKind::chunk && input.exchange == 1) {
      facts.add({.at = input.at,
                 .kind = FactKind::end,
                 .exchange = 1,
                 .name = "idle_timeout",
                 .detail = "abandoned"});
    }
  });
  Plan plan;
  plan.tools = {{"f", microseconds(25), "ok"}};
  replay(recording_of({exchange_of(1, 0, 10, {{20, "a"}, {30, "b"}}, 40),
                       exchange_of(2, 0, 11, {{31, "c"}}, 41)}),
         plan, engine);
  EXPECT_EQ(engine.seen,
            (Lines{"0 start", "10 response x1 200", "11 response x2 200", "20 chunk x1 a",
                   "25 tool_result call_1 ok", "31 chunk x2 c", "41 end x2 complete"}));
}

TEST(Replayer, LeavesATurnAloneThatNeverEnds) {
  ScriptedEngine engine([](const Input& input, ScriptedEngine& self, Facts&) {
    self.wakes = {{input.at + seconds(24 * 3600), TimerKind::keepalive}};
  });
  replay(Recording{}, Plan{}, engine);
  EXPECT_EQ(engine.seen.size(), 8U) << "the start and seven days";
}

TEST(Replayer, ReadsRetryAfterInEitherForm) {
  const auto read = [](std::vector<Header> headers) {
    ScriptedEngine engine(ask_once);
    RecordedExchange exchange = exchange_of(1, 0, 1, {}, 2);
    exchange.response_headers = std::move(headers);
    replay(recording_of({exchange}), Plan{}, engine);
    return engine.retry_after;
  };
  EXPECT_EQ(read({{"Retry-After", "7"}}), seconds(7));
  EXPECT_EQ(read({{"retry-after", "7"}, {"Retry-After-Ms", "1500"}}), milliseconds(1500));
  EXPECT_EQ(read({{"Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT"}}), Duration{});
  EXPECT_EQ(read({{"Retry-After", "-7"}}), Duration{});
  EXPECT_EQ(read({{"Retry-After", "9223372036854775807"}}), seconds(24 * 3600));
  EXPECT_EQ(read({{"Retry-After-Ms", "9223372036854775807"}}), seconds(24 * 3600));
  EXPECT_EQ(read({}), Duration{});
}

TEST(Replayer, OwnEngineEndsAsInterruptedWhereTheRecordingIsExhausted) {
  const Transcript transcript = replay(Recording{}, Plan{});
  const Outcome& outcome = *transcript.facts.outcome();
  EXPECT_TRUE(outcome.interrupted);
  EXPECT_EQ(outcome.error->code, "recording_exhausted");
}

TEST(Replayer, SameInputGivesTheSameFacts) {
  Recording recording = recording_of(
      {exchange_of(1, 0, 10, {{20, "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n"}},
                   40, EndReason::reset)});
  EXPECT_EQ(transcript::fingerprint(replay(recording, Plan{}).facts),
            transcript::fingerprint(replay(recording, Plan{}).facts));
}

}  // namespace
}  // namespace playhead::replay
