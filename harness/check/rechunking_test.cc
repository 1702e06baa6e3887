#include "check/rechunking.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace playhead::check {
namespace {

RecordedExchange exchange_of(const std::vector<std::string>& chunks, std::int64_t start_us) {
  RecordedExchange exchange;
  exchange.requested_at = {start_us};
  for (const std::string& bytes : chunks) {
    start_us += 10;
    exchange.chunks.push_back({{start_us}, exchange.body.size(), bytes.size()});
    exchange.body += bytes;
  }
  exchange.end = {{start_us + 5}, EndReason::reset, {}};
  return exchange;
}

Recording recording_of(std::vector<RecordedExchange> exchanges) {
  Recording recording;
  recording.exchanges = std::move(exchanges);
  return recording;
}

// The time at which each byte of a body comes.
std::vector<std::int64_t> byte_times(const RecordedExchange& exchange) {
  std::vector<std::int64_t> times;
  for (const RecordedChunk& chunk : exchange.chunks) {
    EXPECT_EQ(chunk.offset, times.size());
    times.insert(times.end(), chunk.size, chunk.at.us);
  }
  EXPECT_EQ(times.size(), exchange.body.size());
  return times;
}

std::vector<std::size_t> sizes(const RecordedExchange& exchange) {
  std::vector<std::size_t> all;
  for (const RecordedChunk& chunk : exchange.chunks) all.push_back(chunk.size);
  return all;
}

TEST(Rechunking, ListsEveryWayInOrder) {
  const Recording small = recording_of({exchange_of({"abc", "d"}, 0)});
  ASSERT_EQ(rechunking_count(small), 2 + 3 + 1 + kTimedCuts);
  EXPECT_EQ(rechunking(small, 0).name, "whole");
  EXPECT_EQ(rechunking(small, 1).name, "bytes");
  EXPECT_EQ(rechunking(small, 2).name, "split@1");
  EXPECT_EQ(rechunking(small, 4).name, "split@3");
  EXPECT_TRUE(rechunking(small, 4).flattened);
  EXPECT_EQ(rechunking(small, 5).name, "timed-bytes");
  EXPECT_FALSE(rechunking(small, 5).flattened);
  EXPECT_EQ(rechunking(small, 6).name, "timed-random#1");
  EXPECT_EQ(rechunking(small, 5 + kTimedCuts).name, "timed-random#16");
}

TEST(Rechunking, CutsSmallBodiesEverywhereAndLargeOnesAtRandom) {
  const auto body = [](std::size_t size) { return exchange_of({std::string(size, 'x')}, 0); };
  EXPECT_EQ(rechunking_count(recording_of({body(kSplitBytesMax)})),
            2 + kSplitBytesMax - 1 + 1 + kTimedCuts);
  const Recording large = recording_of({body(kSplitBytesMax + 1)});
  ASSERT_EQ(rechunking_count(large), 2 + kRandomCuts + 1 + kTimedCuts);
  EXPECT_EQ(rechunking(large, 2).name, "random#1");
  std::set<std::vector<std::size_t>> cuts;
  for (std::size_t i = 2; i < 2 + kRandomCuts; ++i) {
    cuts.insert(sizes(rechunk(large, i, 1).exchanges[0]));
  }
  EXPECT_EQ(cuts.size(), kRandomCuts);
}

TEST(Rechunking, SplitsEachExchangeAtTheSamePlace) {
  const Recording two = recording_of({exchange_of({"abcd"}, 0), exchange_of({"xy"}, 100)});
  EXPECT_EQ(sizes(rechunk(two, 3, 1).exchanges[0]), (std::vector<std::size_t>{2, 2}));
  EXPECT_EQ(sizes(rechunk(two, 3, 1).exchanges[1]), (std::vector<std::size_t>{2}));
}

TEST(Rechunking, KeepsBytesAndTimesInEveryWay) {
  const Recording original = recording_of(
      {exchange_of({"abc", "", "defgh", "i"}, 0), exchange_of({}, 50), exchange_of({"z"}, 90)});
  for (std::size_t i = 0; i < rechunking_count(original); ++i) {
    const Recording rewritten = rechunk(original, i, 9);
    ASSERT_EQ(rewritten.exchanges.size(), 3u);
    for (std::size_t n = 0; n < 3; ++n) {
      const RecordedExchange& was = original.exchanges[n];
      const RecordedExchange& now = rewritten.exchanges[n];
      EXPECT_EQ(now.body, was.body);
      EXPECT_EQ(now.end.at, was.end.at);
      std::vector<std::int64_t> times = byte_times(was);
      if (rechunking(original, i).flattened && !times.empty()) {
        std::fill(times.begin(), times.end(), was.chunks.back().at.us);
      }
      EXPECT_EQ(byte_times(now), times) << rechunking(original, i).name;
    }
  }
}

TEST(Rechunking, DependsOnItsSeedAlone) {
  const Recording original = recording_of({exchange_of({std::string(40, 'x')}, 0)});
  const std::size_t last = rechunking_count(original) - 1;
  EXPECT_EQ(sizes(rechunk(original, last, 3).exchanges[0]),
            sizes(rechunk(original, last, 3).exchanges[0]));
  EXPECT_NE(sizes(rechunk(original, last, 3).exchanges[0]),
            sizes(rechunk(original, last, 4).exchanges[0]));
}

TEST(Rechunking, TakesRecordingsWithoutBytes) {
  EXPECT_EQ(rechunking_count(Recording{}), 2 + 1 + kTimedCuts);
  EXPECT_TRUE(rechunk(Recording{}, 0, 1).exchanges.empty());
}

}  // namespace
}  // namespace playhead::check
