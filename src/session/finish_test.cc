// The end of a turn has one owner, in whatever order those come who want to end it (SPEC 9.3).
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "session/sessions.h"

namespace playhead::session {
namespace {

constexpr Instant kNoon{1'775'908'800'000'000};

enum class Happening { worker_end, cancel, cancel_deadline, client_close, failure, expiry };
constexpr std::array kHappenings = {Happening::worker_end,      Happening::cancel,
                                    Happening::cancel_deadline, Happening::client_close,
                                    Happening::failure,         Happening::expiry};
constexpr std::size_t kLengthMax = 6;

using Order = std::vector<Happening>;

// What is observed of one order, and what must hold.
struct Seen {
  int publishers = 0;
  bool cancels_answered_right = true;
};

Seen run(const Order& order, bool begins) {
  MemoryStore store;
  Sessions sessions(store, {});
  Instant now = kNoon;
  if (begins) sessions.began("k", "t", now).value();
  Seen seen;
  bool has_ended = false;
  bool has_expired = false;
  for (const Happening happening : order) {
    if (happening == Happening::expiry) {
      now = now + kTurnStatusMax + microseconds(1);
      has_expired |= !has_ended;
      continue;
    }
    const bool went_well = happening == Happening::worker_end;
    const TurnState found = sessions.ended("k", "t", now, went_well).value();
    if (owns_finish(found)) ++seen.publishers;
    if (happening == Happening::cancel) {
      seen.cancels_answered_right &= cancel_succeeds(found) == (begins && !has_expired);
    }
    has_ended |= begins && !has_expired;
  }
  return seen;
}

bool wants_a_finish(const Order& order, bool begins) {
  return begins && !order.empty() && order.front() != Happening::expiry;
}

// Calls visit with each order up to kLengthMax, repetitions too; how many there were.
template <typename Visit>
std::size_t each_order(Order& order, Visit visit) {
  visit(order);
  std::size_t count = 1;
  if (order.size() == kLengthMax) return count;
  for (const Happening happening : kHappenings) {
    order.push_back(happening);
    count += each_order(order, visit);
    order.pop_back();
  }
  return count;
}

std::string text_of_order(const Order& order) {
  std::string text;
  for (const Happening happening : order) text += std::to_string(static_cast<int>(happening));
  return text;
}

TEST(Finish, HasOneOwnerInEveryOrder) {
  Order order;
  std::size_t wrong = 0;
  const std::size_t count = each_order(order, [&](const Order& tried) {
    for (const bool begins : {true, false}) {
      const Seen seen = run(tried, begins);
      const int wanted = wants_a_finish(tried, begins) ? 1 : 0;
      if (seen.publishers == wanted && seen.cancels_answered_right) continue;
      if (++wrong > 10) continue;
      ADD_FAILURE() << text_of_order(tried) << (begins ? "" : " of a turn that never began") << ": "
                    << seen.publishers << " publish";
    }
  });
  EXPECT_EQ(count, 55'987U);  // 6^0 + 6^1 + ... + 6^6
}

TEST(Finish, CancelOfAnEndedTurnSucceedsAndPublishesNothing) {
  MemoryStore store;
  Sessions sessions(store, {});
  ASSERT_TRUE(sessions.began("k", "t", kNoon).ok());
  EXPECT_EQ(sessions.turn_state("k", "t", kNoon).value(), TurnState::running);
  EXPECT_TRUE(owns_finish(sessions.ended("k", "t", kNoon, true).value()));
  EXPECT_EQ(sessions.turn_state("k", "t", kNoon).value(), TurnState::ended);
  const TurnState found = sessions.ended("k", "t", kNoon + kTurnStatusMax * 2, false).value();
  EXPECT_EQ(found, TurnState::ended);
  EXPECT_FALSE(owns_finish(found));
  EXPECT_TRUE(cancel_succeeds(found));
}

TEST(Finish, SecondFinisherChangesNothing) {
  MemoryStore store;
  Sessions sessions(store, {});
  ASSERT_TRUE(sessions.began("k", "t", kNoon).ok());
  ASSERT_TRUE(sessions.mark_resume_pending("k", ResumeReason::restart_timeout, kNoon).value());
  sessions.ended("k", "t", kNoon, false).value();
  const Table before = store.read().value();
  sessions.ended("k", "t", kNoon + seconds(1), true).value();
  EXPECT_EQ(store.read().value(), before);
}

TEST(Finish, TurnsOfOneSessionEndApart) {
  MemoryStore store;
  Sessions sessions(store, {});
  ASSERT_TRUE(sessions.began("k", "a", kNoon).ok());
  ASSERT_TRUE(sessions.began("k", "b", kNoon).ok());
  EXPECT_TRUE(owns_finish(sessions.ended("k", "a", kNoon, true).value()));
  EXPECT_TRUE(owns_finish(sessions.ended("k", "b", kNoon, true).value()));
  EXPECT_EQ(sessions.ended("k", "c", kNoon, true).value(), TurnState::missing);
  EXPECT_EQ(sessions.turn_state("l", "a", kNoon).value(), TurnState::missing);
}

TEST(Finish, StatusLivesUpToItsLimit) {
  MemoryStore store;
  Sessions sessions(store, {});
  ASSERT_TRUE(sessions.began("k", "a", kNoon).ok());
  ASSERT_TRUE(sessions.began("k", "b", kNoon).ok());
  EXPECT_EQ(sessions.ended("k", "a", kNoon + kTurnStatusMax, true).value(), TurnState::running);
  EXPECT_EQ(sessions.ended("k", "b", kNoon + kTurnStatusMax + microseconds(1), true).value(),
            TurnState::expired);
}

TEST(Finish, BelongsToNobodyAfterADeath) {
  MemoryStore store;
  Sessions sessions(store, {});
  ASSERT_TRUE(sessions.began("k", "t", kNoon).ok());
  ASSERT_TRUE(sessions.start_up(kNoon).ok());
  EXPECT_EQ(sessions.ended("k", "t", kNoon, true).value(), TurnState::ended);
}

TEST(Turns, NoMoreRunInASessionThanItsLimit) {
  MemoryStore store;
  Sessions sessions(store, {});
  const auto turn_of = [](std::size_t i) { return "t" + std::to_string(i); };
  for (std::size_t i = 0; i < kTurnsMax; ++i) {
    ASSERT_TRUE(sessions.began("k", turn_of(i), kNoon + seconds(static_cast<int>(i))).ok());
  }
  EXPECT_EQ(sessions.began("k", "one more", kNoon).error().message,
            "session k: 16 turns run already; end one first");
  EXPECT_TRUE(sessions.began("k", turn_of(3), kNoon).ok());  // the same turn again
  for (const std::size_t i : {5U, 4U}) sessions.ended("k", turn_of(i), kNoon, true).value();
  EXPECT_TRUE(sessions.began("k", "one more", kNoon).ok());
  EXPECT_EQ(sessions.turn_state("k", turn_of(4), kNoon).value(), TurnState::missing);
  EXPECT_EQ(sessions.turn_state("k", turn_of(5), kNoon).value(), TurnState::ended);
  EXPECT_EQ(sessions.turn_state("k", turn_of(0), kNoon).value(), TurnState::running);
}

}  // namespace
}  // namespace playhead::session
