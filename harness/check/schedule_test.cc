#include "check/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "recording/testing.h"

namespace playhead::check {
namespace {

using Kinds = std::vector<Disturbance>;

RecordedExchange exchange_of(int index, const std::vector<std::string>& chunks) {
  RecordedExchange exchange;
  exchange.index = index;
  exchange.requested_at = Instant{1000};
  exchange.responded_at = Instant{2000};
  exchange.status = 200;
  std::int64_t at_us = 2000;
  for (const std::string& bytes : chunks) recording::add_chunk(exchange, at_us += 1000, bytes);
  exchange.end = {Instant{at_us + 500}, EndReason::complete, {}};
  return exchange;
}

Recording sample() {
  Recording recording;
  recording.exchanges = {
      exchange_of(1, {"data: a\n\nda", "ta: b\n\n", "data: c\n\n"}),
      exchange_of(2, {"data: [DONE]\n\n"}),
  };
  return recording;
}

// The first schedule of the sample that does just that.
Schedule schedule_of(Disturbance kind) {
  for (std::uint64_t seed = 1; seed < 1000; ++seed) {
    Schedule schedule = make_schedule(sample(), seed);
    if (schedule.kinds == Kinds{kind}) return schedule;
  }
  ADD_FAILURE() << "no seed does " << name_of(kind) << " alone";
  return {};
}

std::size_t bytes_of(const Recording& recording) {
  std::size_t size = 0;
  for (const RecordedExchange& exchange : recording.exchanges) size += exchange.body.size();
  return size;
}

std::int64_t ends_of(const Recording& recording) {
  std::int64_t sum = 0;
  for (const RecordedExchange& exchange : recording.exchanges) sum += exchange.end.at.us;
  return sum;
}

// Chunks cover the body in order, and nothing comes before what caused it.
void expect_sound(const Recording& recording, const std::string& what) {
  int index = 0;
  for (const RecordedExchange& exchange : recording.exchanges) {
    EXPECT_EQ(exchange.index, ++index) << what;
    EXPECT_TRUE(exchange.responded_at || exchange.chunks.empty()) << what;
    Instant last = exchange.responded_at.value_or(exchange.requested_at);
    EXPECT_GE(last, exchange.requested_at) << what;
    std::size_t offset = 0;
    for (const RecordedChunk& chunk : exchange.chunks) {
      EXPECT_EQ(chunk.offset, offset) << what;
      EXPECT_GE(chunk.at, last) << what;
      offset += chunk.size;
      last = chunk.at;
    }
    EXPECT_EQ(offset, exchange.body.size()) << what;
    EXPECT_GE(exchange.end.at, last) << what;
  }
}

TEST(Schedule, IsAFunctionOfRecordingAndSeed) {
  std::set<std::string> descriptions;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const Schedule once = make_schedule(sample(), seed);
    const Schedule again = make_schedule(sample(), seed);
    EXPECT_EQ(once.recording, again.recording);
    EXPECT_EQ(once.events, again.events);
    EXPECT_EQ(once.description, again.description);
    descriptions.insert(once.description);
  }
  EXPECT_GT(descriptions.size(), 95U);
}

TEST(Schedule, DiffersBetweenRecordings) {
  Recording other = sample();
  other.exchanges[0].body[6] = 'x';
  int same = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    if (make_schedule(sample(), seed).kinds == make_schedule(other, seed).kinds) ++same;
  }
  EXPECT_LT(same, 20);
}

TEST(Schedule, DoesEveryKindWithinTwoHundredSeeds) {
  std::set<Disturbance> kinds;
  std::set<InputKind> events;
  std::set<EndReason> ends;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Schedule schedule = make_schedule(sample(), seed);
    kinds.insert(schedule.kinds.begin(), schedule.kinds.end());
    for (const ClientEvent& event : schedule.events) events.insert(event.kind);
    for (const RecordedExchange& exchange : schedule.recording.exchanges) {
      ends.insert(exchange.end.reason);
    }
  }
  EXPECT_EQ(kinds.size(), kDisturbances.size());
  EXPECT_EQ(events, (std::set<InputKind>{InputKind::client_closed, InputKind::steer,
                                         InputKind::interrupt, InputKind::stop}));
  EXPECT_EQ(ends,
            (std::set<EndReason>{EndReason::complete, EndReason::eof_early, EndReason::reset,
                                 EndReason::idle_timeout, EndReason::tls_error, EndReason::torn}));
}

TEST(Schedule, HasOneToFourDisturbancesAndSaysThem) {
  std::set<std::size_t> counts;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const Schedule schedule = make_schedule(sample(), seed);
    counts.insert(schedule.kinds.size());
    const auto breaks = std::count(schedule.description.begin(), schedule.description.end(), ';');
    EXPECT_EQ(static_cast<std::size_t>(breaks) + 1, schedule.kinds.size()) << schedule.description;
  }
  EXPECT_EQ(counts, (std::set<std::size_t>{1, 2, 3, kDisturbancesMax}));
}

TEST(Schedule, LeavesSoundRecordings) {
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    const Schedule schedule = make_schedule(sample(), seed);
    expect_sound(schedule.recording, schedule.description);
    for (const ClientEvent& event : schedule.events) EXPECT_GE(event.at, Instant{});
  }
}

TEST(Schedule, SplitKeepsTheBytes) {
  const Schedule schedule = schedule_of(Disturbance::split);
  EXPECT_TRUE(schedule.description.starts_with("split as ")) << schedule.description;
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(schedule.recording.exchanges.at(i).body, sample().exchanges[i].body);
    EXPECT_EQ(schedule.recording.exchanges.at(i).end, sample().exchanges[i].end);
  }
}

TEST(Schedule, StallMovesWhatFollows) {
  const Schedule schedule = schedule_of(Disturbance::stall);
  EXPECT_TRUE(schedule.description.starts_with("stall of ")) << schedule.description;
  EXPECT_EQ(bytes_of(schedule.recording), bytes_of(sample()));
  const std::int64_t gap = ends_of(schedule.recording) - ends_of(sample());
  EXPECT_GE(gap, 1000);
  EXPECT_LE(gap, kSilenceMax.us);
}

TEST(Schedule, StallsReachEveryInterval) {
  std::int64_t longest = 0;
  bool exact = false;
  for (std::uint64_t seed = 1; seed <= 10'000; ++seed) {
    const Schedule schedule = make_schedule(sample(), seed);
    if (schedule.kinds != Kinds{Disturbance::stall}) continue;
    const RecordedExchange& first = schedule.recording.exchanges[0];
    longest = std::max(longest, first.end.at.us);
    exact = exact || first.chunks[1].at - first.chunks[0].at == seconds(30);
  }
  EXPECT_GT(longest, seconds(300).us);
  EXPECT_TRUE(exact) << "a silence of just one keepalive interval";
}

TEST(Schedule, CutShortens) {
  const Schedule schedule = schedule_of(Disturbance::cut);
  EXPECT_TRUE(schedule.description.starts_with("cut of exchange ")) << schedule.description;
  const bool again = schedule.description.ends_with(", then again whole");
  EXPECT_EQ(schedule.recording.exchanges.size(), again ? 3U : 2U);
}

TEST(Schedule, CutExchangeMayComeAgainWhole) {
  bool seen = false;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Recording recording = make_schedule(sample(), seed).recording;
    seen = seen || (recording.exchanges.size() == 3 &&
                    recording.exchanges[1].body == sample().exchanges[0].body &&
                    recording.exchanges[0].body.size() < recording.exchanges[1].body.size());
  }
  EXPECT_TRUE(seen);
}

TEST(Schedule, DuplicateLengthensAndDropShortens) {
  EXPECT_GT(bytes_of(schedule_of(Disturbance::duplicate).recording), bytes_of(sample()));
  const Recording dropped = schedule_of(Disturbance::drop).recording;
  EXPECT_LT(bytes_of(dropped), bytes_of(sample()));
  EXPECT_EQ(dropped.exchanges[0].chunks.size() + dropped.exchanges[1].chunks.size(), 3U);
}

TEST(Schedule, LateCloseMovesOnlyTheEnd) {
  const Schedule schedule = schedule_of(Disturbance::late_close);
  EXPECT_GT(ends_of(schedule.recording), ends_of(sample()));
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(schedule.recording.exchanges.at(i).chunks, sample().exchanges[i].chunks);
  }
}

TEST(Schedule, ClientLeavesTheRecordingAlone) {
  for (const Disturbance kind :
       {Disturbance::client_close, Disturbance::cancel, Disturbance::steer}) {
    const Schedule schedule = schedule_of(kind);
    EXPECT_EQ(schedule.recording, sample());
    EXPECT_EQ(schedule.events.size(), 1U);
  }
  EXPECT_FALSE(schedule_of(Disturbance::steer).events.at(0).text.empty());
}

TEST(Schedule, TakesRecordingsWithNothingToDisturb) {
  Recording bare;
  bare.exchanges.emplace_back();
  bare.exchanges[0].index = 1;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    EXPECT_FALSE(make_schedule(Recording{}, seed).events.empty());
    const Schedule schedule = make_schedule(bare, seed);
    expect_sound(schedule.recording, schedule.description);
    for (const Disturbance kind : schedule.kinds) {
      EXPECT_TRUE(kind == Disturbance::stall || kind >= Disturbance::late_close);
    }
  }
}

}  // namespace
}  // namespace playhead::check
