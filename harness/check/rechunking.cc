// The rewrites in their order: whole, bytes, every split, random cuts; timed bytes, timed random
// cuts.
#include "check/rechunking.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/prng.h"

namespace playhead::check {
namespace {

constexpr std::size_t kRandomBordersMax = 16;  // of one exchange, or of one chunk

enum class Way : std::uint8_t { whole, bytes, split, random, timed_bytes, timed_random };

struct Plan {
  Way way = Way::whole;
  std::size_t number = 0;  // split: where; random: which
};

std::size_t split_count(const Recording& recording) {
  std::size_t count = 0;
  for (const RecordedExchange& exchange : recording.exchanges) {
    const std::size_t size = exchange.body.size();
    if (size > 1 && size <= kSplitBytesMax) count = std::max(count, size - 1);
  }
  return count;
}

std::size_t random_count(const Recording& recording) {
  const bool large = std::any_of(
      recording.exchanges.begin(), recording.exchanges.end(),
      [](const RecordedExchange& exchange) { return exchange.body.size() > kSplitBytesMax; });
  return large ? kRandomCuts : 0;
}

Plan plan_of(const Recording& recording, std::size_t i) {
  PLAYHEAD_CHECK(i < rechunking_count(recording));
  const std::size_t splits = split_count(recording);
  const std::size_t randoms = random_count(recording);
  if (i == 0) return {Way::whole, 0};
  if (i == 1) return {Way::bytes, 0};
  i -= 2;
  if (i < splits) return {Way::split, i + 1};
  i -= splits;
  if (i < randoms) return {Way::random, i + 1};
  i -= randoms;
  if (i == 0) return {Way::timed_bytes, 0};
  return {Way::timed_random, i};
}

bool is_flattened(Way way) { return way != Way::timed_bytes && way != Way::timed_random; }

// Offsets in (0, size) at which a run of `size` bytes is cut, ascending.
std::vector<std::size_t> borders(const Plan& plan, std::size_t size, Prng& prng) {
  std::vector<std::size_t> offsets;
  switch (plan.way) {
    case Way::whole: break;
    case Way::bytes:
    case Way::timed_bytes:
      for (std::size_t at = 1; at < size; ++at) offsets.push_back(at);
      break;
    case Way::split:
      if (plan.number < size && size <= kSplitBytesMax) offsets.push_back(plan.number);
      break;
    case Way::random:
    case Way::timed_random: {
      const std::size_t count =
          size < 2 ? 0 : 1 + prng.below(std::min(size - 1, kRandomBordersMax));
      for (std::size_t i = 0; i < count; ++i) offsets.push_back(1 + prng.below(size - 1));
      std::sort(offsets.begin(), offsets.end());
      offsets.erase(std::unique(offsets.begin(), offsets.end()), offsets.end());
      break;
    }
  }
  return offsets;
}

void append_cut(const Plan& plan, const RecordedChunk& run, Prng& prng,
                std::vector<RecordedChunk>& chunks) {
  std::size_t begin = 0;
  std::vector<std::size_t> ends = borders(plan, run.size, prng);
  ends.push_back(run.size);
  for (const std::size_t end : ends) {
    chunks.push_back({.at = run.at, .offset = run.offset + begin, .size = end - begin});
    begin = end;
  }
}

void rewrite(const Plan& plan, Prng& prng, RecordedExchange& exchange) {
  if (exchange.chunks.empty()) return;
  std::vector<RecordedChunk> runs = exchange.chunks;
  if (is_flattened(plan.way)) {
    runs = {{.at = exchange.chunks.back().at, .offset = 0, .size = exchange.body.size()}};
  }
  exchange.chunks.clear();
  for (const RecordedChunk& run : runs) append_cut(plan, run, prng, exchange.chunks);
}

}  // namespace

std::size_t rechunking_count(const Recording& recording) {
  return 2 + split_count(recording) + random_count(recording) + 1 + kTimedCuts;
}

Rechunking rechunking(const Recording& recording, std::size_t i) {
  const Plan plan = plan_of(recording, i);
  const auto name = [&]() -> std::string {
    switch (plan.way) {
      case Way::whole: return "whole";
      case Way::bytes: return "bytes";
      case Way::split: return "split@" + std::to_string(plan.number);
      case Way::random: return "random#" + std::to_string(plan.number);
      case Way::timed_bytes: return "timed-bytes";
      case Way::timed_random: return "timed-random#" + std::to_string(plan.number);
    }
    return {};
  };
  return {name(), is_flattened(plan.way)};
}

Recording rechunk(const Recording& recording, std::size_t i, std::uint64_t seed) {
  const Plan plan = plan_of(recording, i);
  Prng prng(seed + i);
  Recording rewritten = recording;
  for (RecordedExchange& exchange : rewritten.exchanges) rewrite(plan, prng, exchange);
  return rewritten;
}

}  // namespace playhead::check
