// The document of a store: round trips, what may be absent, what is refused and how.
#include "session/session_json.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace playhead::session {
namespace {

std::string document(std::string_view members) {
  return R"({"version":1,"sessions":{"k":{"id":"a","updated_at_us":7)" + std::string(members) +
         "}}}";
}

std::string failure(std::string_view text) {
  const auto table = parse_sessions(text);
  return table.ok() ? "no failure" : table.error().message;
}

Table sample() {
  Table table;
  table["plain"].id = "1";
  Entry& full = table["\"quoted\" \xC3\xA9"];
  full.id = "2";
  full.updated_at = kTimeMax;
  full.suspended = true;
  full.resume_pending = ResumePending{ResumeReason::restart_timeout, Instant{5}};
  full.reset_reason = ResetReason::daily;
  full.ids = 3;
  full.deaths = 2;
  full.turns["a"] = {Instant{6}, false};
  full.turns["b"] = {Instant{7}, true};
  return table;
}

TEST(SessionsJson, RoundTrips) {  // SS25
  EXPECT_EQ(parse_sessions(sessions_json(sample())).value(), sample());
  EXPECT_EQ(parse_sessions(sessions_json({})).value(), Table{});
}

TEST(SessionsJson, IsOneLineInTheOrderOfTheKeys) {
  Table table;
  table["k"] = Entry{"a", Instant{7}, false, {}, ResetReason::idle, 2, 0, {}};
  EXPECT_EQ(sessions_json(table),
            R"({"version":1,"sessions":{"k":{"id":"a","updated_at_us":7,"suspended":false,)"
            R"("resume_pending":null,"reset_reason":"idle","ids":2,"deaths":0,"turns":{}}}})"
            "\n");
}

TEST(SessionsJson, MissingMarksAreOff) {  // SS25
  Table table;
  table["k"] = Entry{"a", Instant{7}, false, {}, {}, 0, 0, {}};
  EXPECT_EQ(parse_sessions(document("")).value(), table);
}

TEST(SessionsJson, RefusesOtherDocuments) {
  EXPECT_EQ(failure(""), "1:1: The document is empty.");
  EXPECT_EQ(failure("[]"), "version: wants a whole number");
  EXPECT_EQ(failure("{\"sessions\":{}}"), "version: wants a whole number");
  EXPECT_EQ(failure("{\"version\":2,\"sessions\":7}"), "version: 2 is not known, only 1");
  EXPECT_EQ(failure("{\"version\":1}"), "sessions: wants to be there");
  EXPECT_EQ(failure("{\"version\":1,\"sessions\":[]}"), "sessions: wants an object");
  EXPECT_EQ(failure("{\"version\":1,\"sessions\":{},\"more\":1}"), "more: unknown name");
}

TEST(SessionsJson, NamesTheMemberThatIsWrong) {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {R"("suspended":1)", "suspended: wants true or false"},
      {R"("color":1)", "color: unknown name"},
      {R"("ids":-1)", "ids: wants a whole number from 0 to 1000000000000"},
      {R"("deaths":1.5)", "deaths: wants a whole number from 0 to 1000000000000"},
      {R"("id":"b")", "id: stands there twice"},
      {R"("reset_reason":"bored")", "reset_reason: wants one of suspended, idle, daily"},
      {R"("resume_pending":true)", "resume_pending: wants an object"},
      {R"("resume_pending":{"since_us":1})", "resume_pending.reason: wants to be there"},
      {R"("resume_pending":{"reason":"restart_timeout"})",
       "resume_pending.since_us: wants to be there"},
      {R"("resume_pending":{"reason":null})",
       "resume_pending.reason: wants one of restart_interrupted, restart_timeout"},
      {R"("resume_pending":{"until":1})", "resume_pending.until: unknown name"},
      {R"("turns":[])", "turns: wants an object"},
      {R"("turns":{"t":{}})", "turns.t.began_at_us: wants to be there"},
      {R"("turns":{"t":{"began_at_us":253402300800000000}})",
       "turns.t.began_at_us: wants a whole number from 0 to 253402300799999999"},
      {R"("turns":{"t":{"over":true}})", "turns.t.over: unknown name"},
      {R"("turns":{"":{}})", "turns.: the name of a turn is empty"},
  };
  for (const auto& [members, message] : rows) {
    EXPECT_EQ(failure(document("," + std::string(members))), "sessions.k." + std::string(message));
  }
}

TEST(SessionsJson, RefusesWhatCannotBeASession) {
  EXPECT_EQ(failure(R"({"version":1,"sessions":{"k":{"updated_at_us":1}}})"),
            "sessions.k.id: wants to be there");
  EXPECT_EQ(failure(R"({"version":1,"sessions":{"k":{"id":"","updated_at_us":1}}})"),
            "sessions.k.id: wants a text");
  EXPECT_EQ(failure(R"({"version":1,"sessions":{"k":{"id":"a"}}})"),
            "sessions.k.updated_at_us: wants to be there");
  EXPECT_EQ(failure(R"({"version":1,"sessions":{"":{}}})"),
            "sessions.: the name of a session is empty");
  EXPECT_EQ(failure(R"({"version":1,"sessions":{"k":{"id":"a","updated_at_us":1},"k":{}}})"),
            "sessions.k: stands there twice");
}

TEST(SessionsJson, HoldsTurnsUpToTheirLimit) {
  Table table = sample();
  auto& turns = table["plain"].turns;
  for (std::size_t i = 0; i < kTurnsMax; ++i) turns[std::to_string(i)];
  EXPECT_EQ(parse_sessions(sessions_json(table)).value(), table);
  turns["one more"];
  EXPECT_EQ(failure(sessions_json(table)), "sessions.plain.turns: wants at most 16 turns");
}

}  // namespace
}  // namespace playhead::session
