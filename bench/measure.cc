#include "bench/measure.h"

#include <time.h>

#include <algorithm>

#include <fmt/core.h>

#include "base/check.h"

namespace playhead::bench {
namespace {

double cpu_seconds() {
  timespec now{};
  PLAYHEAD_CHECK(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) == 0);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

volatile std::uint64_t sink;

}  // namespace

double seconds_of(const Pass& pass) {
  const double before = cpu_seconds();
  sink = pass();
  return cpu_seconds() - before;
}

Round measure_round(const Pass& baseline, const Pass& subject) {
  Round round;
  const double before = seconds_of(baseline);
  round.subject = seconds_of(subject);
  round.baseline = (before + seconds_of(baseline)) / 2;
  return round;
}

double median(std::vector<double> values) {
  PLAYHEAD_CHECK(!values.empty());
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

bool verify(const std::vector<DataSet>& sets) {
  bool held = true;
  for (const DataSet& set : sets) {
    std::size_t agree = 0;
    for (const Stream& stream : set.streams) {
      if (baseline_text(stream) == text_of(engine_report(stream))) {
        ++agree;
      } else {
        fmt::print(stderr, "{}: other text than the yardstick: {}\n", set.name, stream.name);
      }
    }
    fmt::print(stderr, "{}: {} bytes, {} frames; same text as the yardstick in {} of {} streams\n",
               set.name, set.bytes, set.frames, agree, set.streams.size());
    if (set.generated && agree != set.streams.size()) held = false;
  }
  return held;
}

void print_ratios(const std::vector<DataSet>& sets, int rounds, const std::string& only) {
  fmt::print("{:<26}", "x yardstick");
  for (const DataSet& set : sets) fmt::print("  {:<22}", set.name);
  fmt::print("\n");
  for (const Subject& subject : subjects()) {
    if (subject.name.find(only) == std::string::npos) continue;
    fmt::print("{:<26}", subject.name);
    for (const DataSet& set : sets) {
      const Pass yardstick = baseline().prepare(set);
      const Pass pass = subject.prepare(set);
      measure_round(yardstick, pass);  // warm
      std::vector<double> ratios;
      for (int i = 0; i < rounds; ++i) ratios.push_back(measure_round(yardstick, pass).ratio());
      const auto [low, high] = std::minmax_element(ratios.begin(), ratios.end());
      fmt::print("  {:<22}", fmt::format("{:.2f} ({:.2f}..{:.2f})", median(ratios), *low, *high));
      std::fflush(stdout);
    }
    fmt::print("\n");
  }
}

}  // namespace playhead::bench
