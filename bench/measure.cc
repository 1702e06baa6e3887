#include "bench/measure.h"

#include <time.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>

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

std::string summary(const std::vector<double>& ratios) {
  const auto [low, high] = std::minmax_element(ratios.begin(), ratios.end());
  return fmt::format("{:.2f} ({:.2f}..{:.2f})", median(ratios), *low, *high);
}

}  // namespace

double seconds_of(const Pass& pass, std::size_t passes) {
  const double before = cpu_seconds();
  for (std::size_t i = 0; i < passes; ++i) sink = pass();
  return cpu_seconds() - before;
}

Round measure_round(const Pass& baseline, const Pass& subject, std::size_t passes) {
  Round round;
  const double before = seconds_of(baseline, passes);
  round.subject = seconds_of(subject, passes);
  round.baseline = (before + seconds_of(baseline, passes)) / 2;
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
      const Text expected = baseline_text(stream);
      const Text found = text_of(engine_report(stream));
      const bool reads_arguments = !expected.arguments.empty();
      if (expected.content == found.content &&
          (!reads_arguments || expected.arguments == found.arguments)) {
        ++agree;
      } else {
        fmt::print(stderr, "{}: other text than the yardstick: {}\n", set.name, stream.name);
      }
    }
    fmt::print(stderr, "{}: {} bytes, {} frames; same text as the yardstick in {} of {} streams\n",
               set.name, set.bytes, set.events, agree, set.streams.size());
    if (set.generated && agree != set.streams.size()) held = false;
  }
  return held;
}

void print_ratios(const std::vector<DataSet>& all_sets, int rounds, const std::string& only) {
  std::vector<std::reference_wrapper<const DataSet>> sets;
  for (const DataSet& set : all_sets) {
    if (set.protocol == Protocol::openai_chat) sets.emplace_back(set);
  }
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
      fmt::print("  {:<22}", summary(ratios));
      std::fflush(stdout);
    }
    fmt::print("\n");
  }
}

void print_protocols(const std::vector<DataSet>& sets, int rounds) {
  constexpr std::size_t kBytesPerRound = std::size_t{2} << 20;  // small sets are repeated
  const auto subject_named = [](std::string_view name) {
    for (const Subject& subject : subjects()) {
      if (subject.name == name) return subject;
    }
    PLAYHEAD_CHECK(false);
  };
  const auto chat = std::find_if(sets.begin(), sets.end(),
                                 [](const DataSet& set) { return set.name == "chat"; });
  PLAYHEAD_CHECK(chat != sets.end());
  const Pass chat_adapter = subject_named("adapter").prepare(*chat);
  const double chat_bytes = static_cast<double>(chat->payload_bytes);
  const double chat_frames = static_cast<double>(chat->payloads);
  constexpr std::array<std::string_view, 3> kNames = {"decode/event", "adapter", "engine/event"};
  fmt::print("{:<24}  {:>10}", "x yardstick", "bytes/frame");
  for (const std::string_view name : kNames) fmt::print("  {:<22}", name);
  fmt::print("  {:<20}  {}\n", "x_chat_adapter", "a frame");
  for (const DataSet& set : sets) {
    const std::size_t passes = std::max<std::size_t>(1, kBytesPerRound / set.bytes);
    fmt::print("{:<24}  {:>11}", set.name, set.payload_bytes / set.payloads);
    const Pass yardstick = baseline().prepare(set);
    for (const std::string_view name : kNames) {
      const Pass pass = subject_named(name).prepare(set);
      std::vector<double> ratios;
      measure_round(yardstick, pass);  // warm
      for (int i = 0; i < rounds; ++i) {
        ratios.push_back(measure_round(yardstick, pass, passes).ratio());
      }
      fmt::print("  {:<22}", summary(ratios));
      std::fflush(stdout);
    }
    const Pass adapter = subject_named("adapter").prepare(set);
    std::vector<double> times;  // of all bytes of this set to all of chat
    for (int i = 0; i < rounds; ++i) {
      const double before = seconds_of(chat_adapter);
      const double own = seconds_of(adapter, passes) / static_cast<double>(passes);
      times.push_back(own / ((before + seconds_of(chat_adapter)) / 2));
    }
    const double per_frame = chat_frames / static_cast<double>(set.payloads) * median(times);
    for (double& time : times) time *= chat_bytes / static_cast<double>(set.payload_bytes);
    fmt::print("  {:<20}  {:.2f}\n", summary(times), per_frame);
  }
}

}  // namespace playhead::bench
