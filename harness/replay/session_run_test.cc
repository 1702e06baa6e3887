// Session events over a store, alone and beside a turn. The rules of sessions are tested in
// src/session; how they read in a case, fixtures/session shows.
#include "replay/session_run.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace playhead::replay {
namespace {

std::vector<SessionEvent> events_of(std::string_view text) {
  auto events = read_session_events(*parse_json(text));
  EXPECT_TRUE(events) << events.error().message;
  return *std::move(events);
}

std::string error_of(std::string_view text) {
  return read_session_events(*parse_json(text)).error().message;
}

JsonDocument run(std::string_view events, const std::optional<TurnSpan>& turn = std::nullopt) {
  auto document = parse_json(run_session(events_of(events), Policy{}.session, turn));
  EXPECT_TRUE(document) << document.error().message;
  return *std::move(document);
}

bool suspended(const JsonValue& session) {
  return bool_member(session, "suspended").value_or(false);
}

TEST(SessionEvents, SayWhatIsWrong) {
  EXPECT_EQ(error_of(R"([{"at_ms":0}])").substr(0, 46),
            "session[0].event: wants one of access, began, ");
  EXPECT_EQ(error_of(R"([{"event":"began"},{"event":"ended","at_ms":-1}])"),
            "session[1].at_ms: wants a number from 0, at most 7 days");
  EXPECT_EQ(error_of(R"([{"event":"began","at_ms":2},{"event":"ended","at_ms":1}])"),
            "session[1].at_ms: wants a time no earlier than that of the event before");
  EXPECT_EQ(error_of(R"([{"event":"began","kee":"a"}])"),
            "session[0].kee: wants another name; known are event, at_ms, key, text, well, down_ms");
  EXPECT_EQ(error_of("[7]"), "session[0]: wants an object with event and at_ms");
  EXPECT_EQ(error_of("{}"), "session: wants a JSON array of events");
}

TEST(SessionRun, StopSuspendsOnlyWhatRuns) {
  EXPECT_FALSE(suspended(run(R"([{"event":"access"},{"event":"stop","at_ms":1}])")));
  EXPECT_TRUE(suspended(run(R"([{"event":"began"},{"event":"stop","at_ms":1}])")));
}

TEST(SessionRun, TheReplayedTurnRunsUntilItsEnd) {
  const std::string_view stop = R"([{"event":"stop","at_ms":1000}])";
  EXPECT_TRUE(suspended(run(stop, TurnSpan{Instant{2'000'000}, true, false})));
  EXPECT_FALSE(suspended(run(stop, TurnSpan{Instant{999'000}, true, false})));
  // At one instant: what was recorded comes first, unless it was the stop that ended the turn.
  EXPECT_FALSE(suspended(run(stop, TurnSpan{Instant{1'000'000}, true, false})));
  EXPECT_TRUE(suspended(run(stop, TurnSpan{Instant{1'000'000}, false, true})));
}

TEST(SessionRun, OtherKeysStandApart) {
  const JsonDocument session = run(
      R"([{"event":"began","key":"a"},{"event":"began","key":"b"},{"event":"suspend","key":"b"}])");
  EXPECT_EQ(text_member(session, "key"), "a");
  EXPECT_FALSE(suspended(session));
  const JsonValue* others = member(session, "others");
  ASSERT_NE(others, nullptr);
  EXPECT_TRUE(suspended(*member(*others, "b")));
}

}  // namespace
}  // namespace playhead::replay
