// Access, suspension, pending turns and stops; rows SS and SD06-SD09 of the observed behaviour.
#include "session/sessions.h"

#include <gtest/gtest.h>

#include <string>

namespace playhead::session {
namespace {

constexpr Instant kNoon{1'775'908'800'000'000};  // 2026-04-11 12:00:00 UTC
constexpr Duration kMinute = seconds(60);

// Sessions over a store in memory, at a time that the test moves.
struct Desk {
  explicit Desk(const Policy::Session& policy = {}) : sessions(store, policy) {}

  Access access(std::string_view key = "k") { return sessions.access(key, now).value(); }
  void begin(std::string_view key = "k", std::string_view turn = "t") {
    EXPECT_TRUE(sessions.began(key, turn, now).ok());
  }
  TurnState end(bool went_well = true) { return sessions.ended("k", "t", now, went_well).value(); }
  bool mark(ResumeReason reason = ResumeReason::restart_timeout) {
    return sessions.mark_resume_pending("k", reason, now).value();
  }
  Entry entry(std::string_view key = "k") const {
    const Table table = store.read().value();
    return table.find(key)->second;
  }

  MemoryStore store;
  Sessions sessions;
  Instant now = kNoon;
};

TEST(Access, MakesASession) {  // SS01
  Desk desk;
  const Access access = desk.access();
  EXPECT_TRUE(access.is_new);
  EXPECT_EQ(access.id.size(), 16U);
  EXPECT_EQ(access.reset_reason, std::nullopt);
  EXPECT_EQ(access.notice, std::nullopt);
  Entry plain;
  plain.id = access.id;
  plain.updated_at = kNoon;
  plain.ids = 1;
  EXPECT_EQ(desk.entry(), plain);
}

TEST(Access, FindsTheSessionAgain) {  // SS02
  Desk desk;
  const std::string id = desk.access().id;
  desk.now = desk.now + kMinute * 60 * 24 * 365;  // idle and daily rule are off by default
  EXPECT_EQ(desk.access(), (Access{id, false, {}, {}}));
  EXPECT_EQ(desk.entry().updated_at, desk.now);
}

TEST(Access, MakesTheSameIdsFromTheSameInput) {
  EXPECT_EQ(Desk().access().id, Desk().access().id);
  Desk desk;
  const std::string id = desk.access().id;
  EXPECT_NE(desk.access("l").id, id);
  ASSERT_TRUE(desk.sessions.suspend("k").value());
  EXPECT_NE(desk.access().id, id);  // at the same instant
}

TEST(Access, RefusesNamesAndTimesThatAreNone) {
  Desk desk;
  for (const std::string& key : {std::string(), std::string(kKeyBytesMax + 1, 'k'),
                                 std::string("\xff"), std::string("a\nb"), std::string(1, '\0')}) {
    EXPECT_FALSE(desk.sessions.access(key, kNoon).ok()) << key;
    EXPECT_FALSE(desk.sessions.began(key, "t", kNoon).ok()) << key;
  }
  EXPECT_TRUE(desk.sessions.access(std::string(kKeyBytesMax, 'k'), kNoon).ok());
  EXPECT_FALSE(desk.sessions.began("k", std::string(kTurnBytesMax + 1, 't'), kNoon).ok());
  EXPECT_FALSE(desk.sessions.access("k", Instant{-1}).ok());
  EXPECT_EQ(desk.sessions.access("k", kTimeMax + microseconds(1)).error().message,
            "sessions: 253402300800000000 us is no time from 1970 to 9999");
  EXPECT_EQ(desk.store.read()->size(), 1U);
}

TEST(Suspend, SaysWhetherTheSessionExists) {  // SS03, SS04
  Desk desk;
  EXPECT_FALSE(desk.sessions.suspend("k").value());
  desk.access();
  EXPECT_TRUE(desk.sessions.suspend("k").value());
  EXPECT_TRUE(desk.entry().suspended);
  EXPECT_TRUE(desk.sessions.suspend("k").value());  // existed, again
}

TEST(Suspend, MakesTheNextAccessANewSessionAndSaysSo) {  // SS05, SD09
  Desk desk;
  const std::string id = desk.access().id;
  ASSERT_TRUE(desk.sessions.suspend("k").value());
  const Access access = desk.access();
  EXPECT_NE(access.id, id);
  EXPECT_TRUE(access.is_new);
  EXPECT_EQ(access.reset_reason, ResetReason::suspended);
  EXPECT_EQ(access.notice, notice_of(ResetReason::suspended));
  EXPECT_FALSE(desk.entry().suspended);
  EXPECT_EQ(desk.entry().reset_reason, ResetReason::suspended);
  EXPECT_EQ(desk.access(), (Access{access.id, false, {}, {}}));
}

TEST(Suspend, ComesBeforeTheIdleRule) {
  Desk desk({.idle_minutes = 60});
  desk.access();
  ASSERT_TRUE(desk.sessions.suspend("k").value());
  desk.now = desk.now + kMinute * 61;
  EXPECT_EQ(desk.access().reset_reason, ResetReason::suspended);
}

TEST(ResumePending, KeepsTheSession) {  // SS08
  Desk desk;
  const std::string id = desk.access().id;
  EXPECT_TRUE(desk.mark());
  EXPECT_EQ(desk.access().id, id);
  EXPECT_EQ(desk.entry().resume_pending, (ResumePending{ResumeReason::restart_timeout, kNoon}));
}

TEST(ResumePending, NeverOverridesSuspended) {  // SS09
  Desk desk;
  EXPECT_FALSE(desk.mark());  // no such session
  desk.access();
  ASSERT_TRUE(desk.sessions.suspend("k").value());
  EXPECT_FALSE(desk.mark());
  EXPECT_TRUE(desk.entry().suspended);
  EXPECT_EQ(desk.entry().resume_pending, std::nullopt);
}

TEST(ResumePending, IsClearedOnce) {  // SS11
  Desk desk;
  EXPECT_FALSE(desk.sessions.clear_resume_pending("k").value());
  desk.access();
  EXPECT_FALSE(desk.sessions.clear_resume_pending("k").value());
  desk.mark();
  EXPECT_TRUE(desk.sessions.clear_resume_pending("k").value());
  EXPECT_EQ(desk.entry().resume_pending, std::nullopt);
}

TEST(ResumePending, DoesNotGrowOld) {  // SS18, SS20: there is no gate on freshness
  Desk desk;
  const std::string id = desk.access().id;
  desk.mark();
  for (const Duration later : {seconds(3599), kMinute * 60 * 24 * 9}) {
    desk.now = desk.now + later;
    EXPECT_EQ(desk.access().id, id);
  }
}

TEST(ResumePending, IsClearedByATurnThatEndsWell) {
  Desk desk;
  desk.begin();
  desk.mark();
  EXPECT_EQ(desk.end(false), TurnState::running);
  EXPECT_NE(desk.entry().resume_pending, std::nullopt);
  desk.begin();
  EXPECT_EQ(desk.end(true), TurnState::running);
  EXPECT_EQ(desk.entry().resume_pending, std::nullopt);
}

TEST(SuspendRecent, SuspendsWhatWasUsedWithinTheWindow) {  // SS14, SD08
  Desk desk;
  desk.access();
  desk.now = desk.now + seconds(119);
  EXPECT_EQ(desk.sessions.suspend_recent(desk.now).value(), 1);
  EXPECT_TRUE(desk.entry().suspended);
  EXPECT_EQ(desk.sessions.suspend_recent(desk.now).value(), 0);  // is already
}

// SS12: the observed agent has marked such sessions resume_pending since May 2026; ours are
// suspended (SPEC 10), for what was in flight is not resumed blindly.
TEST(SuspendRecent, SuspendsInsteadOfMarkingPending) {
  Desk desk;
  desk.access();
  EXPECT_EQ(desk.sessions.suspend_recent(desk.now).value(), 1);
  EXPECT_TRUE(desk.entry().suspended);
  EXPECT_EQ(desk.entry().resume_pending, std::nullopt);
}

TEST(SuspendRecent, EndsWithTheWindow) {
  Desk desk;
  desk.access();
  EXPECT_EQ(desk.sessions.suspend_recent(kNoon + seconds(120) + microseconds(1)).value(), 0);
  EXPECT_EQ(desk.sessions.suspend_recent(kNoon + seconds(120)).value(), 1);
}

TEST(SuspendRecent, TakesTheWindowFromThePolicy) {  // SS17
  Desk wide({.recent_ms = 600'000});
  wide.access();
  EXPECT_EQ(wide.sessions.suspend_recent(kNoon + seconds(500)).value(), 1);
  Desk off({.recent_ms = 0});
  off.access();
  EXPECT_EQ(off.sessions.suspend_recent(kNoon).value(), 0);
}

TEST(SuspendRecent, CountsAClockSetBackAsRecent) {
  Desk desk;
  desk.access();
  EXPECT_EQ(desk.sessions.suspend_recent(kNoon - kMinute * 60).value(), 1);
}

TEST(IdleRule, BeginsAnew) {  // SS21
  Desk desk({.idle_minutes = 60});
  const std::string id = desk.access().id;
  desk.now = desk.now + kMinute * 60;
  EXPECT_EQ(desk.access().id, id);
  desk.now = desk.now + kMinute * 61;
  const Access access = desk.access();
  EXPECT_NE(access.id, id);
  EXPECT_EQ(access.reset_reason, ResetReason::idle);
  EXPECT_EQ(access.notice, notice_of(ResetReason::idle));
}

TEST(IdleRule, ComesBeforeResumePending) {  // SS22
  Desk desk({.idle_minutes = 60});
  const std::string id = desk.access().id;
  desk.mark();
  desk.now = desk.now + kMinute * 61;
  const Access access = desk.access();
  EXPECT_NE(access.id, id);
  EXPECT_EQ(access.reset_reason, ResetReason::idle);
  EXPECT_EQ(desk.entry().resume_pending, std::nullopt);
}

TEST(IdleRule, LeavesASessionWhoseTurnRuns) {
  Desk desk({.idle_minutes = 60, .daily_hour = 13});
  const std::string id = desk.access().id;
  desk.begin();
  desk.now = desk.now + kMinute * 61;
  EXPECT_EQ(desk.access().id, id);
}

TEST(IdleRule, TakesTheLargestNumberOfAPolicy) {
  Desk desk({.recent_ms = kPolicyNumberMax, .idle_minutes = kPolicyNumberMax});
  const std::string id = desk.access().id;
  desk.now = kTimeMax;
  EXPECT_EQ(desk.access().id, id);
}

TEST(DailyRule, BeginsAnewWhenTheHourPassed) {
  Desk desk({.daily_hour = 4});
  const std::string id = desk.access().id;  // at 12:00
  desk.now = kNoon + kMinute * 60 * 16 - microseconds(1);
  EXPECT_EQ(desk.access().id, id);
  desk.now = kNoon + kMinute * 60 * 16;  // 04:00
  const Access access = desk.access();
  EXPECT_NE(access.id, id);
  EXPECT_EQ(access.reset_reason, ResetReason::daily);
  EXPECT_EQ(access.notice, notice_of(ResetReason::daily));
  desk.now = desk.now + kMinute;
  EXPECT_FALSE(desk.access().is_new);
}

TEST(DailyRule, KnowsMidnightAndTheFirstDay) {
  Desk desk({.daily_hour = 0});
  desk.now = Instant{0};
  desk.access();
  desk.now = Instant{kMinute.us * 60 * 24 - 1};
  EXPECT_FALSE(desk.access().is_new);
  desk.now = Instant{kMinute.us * 60 * 24};
  EXPECT_EQ(desk.access().reset_reason, ResetReason::daily);
}

TEST(Stop, SuspendsOnlyWhatRuns) {  // SD06, SD07
  Desk desk;
  EXPECT_FALSE(desk.sessions.stop("k", desk.now).value());
  const std::string id = desk.access().id;
  EXPECT_FALSE(desk.sessions.stop("k", desk.now).value());
  EXPECT_FALSE(desk.entry().suspended);
  desk.begin();
  EXPECT_TRUE(desk.sessions.stop("k", desk.now).value());
  EXPECT_TRUE(desk.entry().suspended);
  EXPECT_EQ(desk.access().reset_reason, ResetReason::suspended);
  EXPECT_EQ(desk.end(), TurnState::running);  // of the id before
  EXPECT_FALSE(desk.sessions.stop("k", desk.now).value());
}

TEST(Stop, LeavesWhatEndedLongAgo) {
  Desk desk;
  desk.begin();
  EXPECT_FALSE(desk.sessions.stop("k", kNoon + kTurnStatusMax + microseconds(1)).value());
}

TEST(Limits, DropsTheEntryUnusedLongest) {
  Desk desk;
  const auto key_of = [](std::size_t i) { return "k" + std::to_string(i); };
  for (std::size_t i = 0; i < kEntriesMax; ++i) {
    desk.now = desk.now + microseconds(1);
    desk.access(key_of(i));
  }
  EXPECT_EQ(desk.store.read()->size(), kEntriesMax);
  // SS23: the oldest stay when they are suspended or pending; also while their turn runs.
  ASSERT_TRUE(desk.sessions.suspend(key_of(0)).value());
  desk.sessions.mark_resume_pending(key_of(1), ResumeReason::restart_timeout, desk.now).value();
  desk.begin(key_of(2));
  desk.access("one more");
  const Table table = desk.store.read().value();
  EXPECT_EQ(table.size(), kEntriesMax);
  for (const std::size_t i : {0U, 1U, 2U, 4U}) EXPECT_TRUE(table.contains(key_of(i))) << i;
  EXPECT_FALSE(table.contains(key_of(3)));
}

TEST(Limits, DropsASuspendedEntryWhereAllAre) {
  Desk desk;
  ASSERT_TRUE(desk.store
                  .update([](Table& table) {
                    for (std::size_t i = 0; i < kEntriesMax; ++i) {
                      Entry& entry = table["k" + std::to_string(i)];
                      entry.updated_at = Instant{static_cast<std::int64_t>(i)};
                      entry.suspended = true;
                    }
                    table["k0"].turns["t"].began_at = kNoon;
                  })
                  .ok());
  desk.begin("one more");
  const Table table = desk.store.read().value();
  EXPECT_EQ(table.size(), kEntriesMax);
  EXPECT_TRUE(table.contains("k0"));  // its turn runs
  EXPECT_FALSE(table.contains("k1"));
}

}  // namespace
}  // namespace playhead::session
