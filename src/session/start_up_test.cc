// What a process does with the sessions it finds when it starts; rows ST of the observed behaviour.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "session/session_json.h"
#include "session/sessions.h"

namespace playhead::session {
namespace {

using Keys = std::vector<std::string>;

constexpr Instant kNoon{1'775'908'800'000'000};

// A store whose processes die; time moves on past the window of suspend_recent between their lives.
struct Lives {
  explicit Lives(std::int64_t stuck_deaths = 3) { policy.stuck_deaths = stuck_deaths; }

  Sessions process() { return {store, policy}; }

  // A process starts, begins a turn in each of `keys` and dies.
  StartUp live(const Keys& keys) {
    const StartUp found = start();
    for (const std::string& key : keys) EXPECT_TRUE(process().began(key, "t", now).ok());
    now = now + seconds(121);
    return found;
  }
  StartUp start() { return process().start_up(now).value(); }
  Entry entry(const std::string& key) const { return store.read()->at(key); }

  MemoryStore store;
  Policy::Session policy;
  Instant now = kNoon;
};

TEST(StartUp, FindsNothingInAnEmptyStore) {  // ST09
  Lives lives;
  EXPECT_EQ(lives.start(), StartUp{});
  EXPECT_FALSE(lives.process().clear_resume_pending("k").value());
}

TEST(StartUp, MarksWhatWasInFlight) {
  Lives lives;
  lives.live({"a"});
  EXPECT_EQ(lives.start(), (StartUp{{"a"}, {}, {}}));
  const Entry entry = lives.entry("a");
  EXPECT_EQ(entry.resume_pending, (ResumePending{ResumeReason::restart_interrupted, lives.now}));
  EXPECT_FALSE(entry.suspended);
  EXPECT_FALSE(in_flight(entry, lives.now));
  EXPECT_EQ(lives.start(), StartUp{});  // not twice
}

TEST(StartUp, SuspendsWhatWasUsedJustBefore) {  // SD08: suspended, as in April 2026
  Lives lives;
  ASSERT_TRUE(lives.process().began("a", "t", lives.now).ok());
  ASSERT_TRUE(lives.process().access("b", lives.now).ok());
  EXPECT_EQ(lives.start(), (StartUp{{"a"}, {}, {"a", "b"}}));
  EXPECT_TRUE(lives.entry("a").suspended);
  EXPECT_EQ(lives.process().access("a", lives.now)->reset_reason, ResetReason::suspended);
  EXPECT_EQ(lives.process().access("b", lives.now)->reset_reason, ResetReason::suspended);
  EXPECT_EQ(lives.entry("a").resume_pending, std::nullopt);
}

TEST(StartUp, LeavesSuspendedUnmarked) {
  Lives lives;
  lives.live({"a"});
  ASSERT_TRUE(lives.process().suspend("a").value());
  EXPECT_EQ(lives.start(), (StartUp{{"a"}, {}, {}}));
  EXPECT_EQ(lives.entry("a").resume_pending, std::nullopt);
}

TEST(StuckLoop, CountsDeathsInARow) {  // ST02
  Lives lives(0);
  for (int i = 0; i < 3; ++i) lives.live({"s1"});
  lives.start();
  EXPECT_EQ(lives.entry("s1").deaths, 3);
  EXPECT_FALSE(lives.entry("s1").suspended);  // 0: never
}

TEST(StuckLoop, SuspendsAtTheThirdDeath) {
  Lives lives;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(lives.live({"s1"}).stuck, Keys{}) << i;
  EXPECT_EQ(lives.start(), (StartUp{{"s1"}, {"s1"}, {}}));
  EXPECT_TRUE(lives.entry("s1").suspended);
}

TEST(StuckLoop, LeavesTwoDeathsAlone) {  // ST05
  Lives lives;
  for (int i = 0; i < 2; ++i) lives.live({"s1"});
  EXPECT_EQ(lives.start().stuck, Keys{});
  EXPECT_EQ(lives.entry("s1").deaths, 2);
  EXPECT_FALSE(lives.entry("s1").suspended);
}

TEST(StuckLoop, IsClearedByATurnThatEndsWell) {  // ST06, ST07
  Lives lives;
  lives.live({"s1", "s2"});
  lives.live({"s1", "s2"});
  lives.start();
  ASSERT_TRUE(lives.process().began("s1", "t", lives.now).ok());
  EXPECT_EQ(lives.process().ended("s1", "t", lives.now, true).value(), TurnState::running);
  EXPECT_EQ(lives.entry("s1").deaths, 0);
  EXPECT_EQ(lives.entry("s2").deaths, 2);
}

TEST(StuckLoop, StartsAnewAtADeathWithoutTheKey) {
  Lives lives;
  lives.live({"s1"});
  lives.live({"s1"});
  lives.live({"s2"});
  EXPECT_EQ(lives.entry("s1").deaths, 2);
  lives.start();
  EXPECT_EQ(lives.entry("s1").deaths, 0);
  EXPECT_EQ(lives.entry("s2").deaths, 1);
}

// ST08: the observed agent forgets the counts at each start; ours are in the store (SPEC 12), and
// belong to the key, not to the id.
TEST(StuckLoop, CountSurvivesRestartsAndNewIds) {
  Lives lives;
  lives.live({"s1"});
  lives.live({"s1"});
  const Result<Table> written = parse_sessions(sessions_json(lives.store.read().value()));
  ASSERT_TRUE(written.ok());
  Lives next;
  next.now = lives.now;
  ASSERT_TRUE(next.store.update([&](Table& table) { table = *written; }).ok());
  next.start();
  ASSERT_TRUE(next.process().suspend("s1").value());
  ASSERT_TRUE(next.process().access("s1", next.now)->is_new);
  ASSERT_TRUE(next.process().began("s1", "t", next.now).ok());
  next.now = next.now + seconds(121);
  EXPECT_EQ(next.start().stuck, Keys{"s1"});
}

TEST(StuckLoop, CountsATurnWhoseProcessWasDownForLong) {
  Lives lives;
  lives.live({"s1"});
  lives.now = lives.now + kTurnStatusMax * 2;
  EXPECT_EQ(lives.start().interrupted, Keys{"s1"});
}

}  // namespace
}  // namespace playhead::session
