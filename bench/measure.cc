#include "bench/measure.h"

#include <fmt/core.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>

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

// Costs a byte of payload in terms of those of the chat adapter on the set `chat`.
class ChatUnits {
 public:
  ChatUnits(const DataSet& chat, const DataSet& set, std::size_t passes)
      : passes_(passes),
        bytes_(ratio(chat.payload_bytes, set.payload_bytes)),
        frames_(ratio(chat.payloads, set.payloads)) {}

  // One for each round. The chat adapter is measured before and after.
  std::vector<double> times(const Pass& chat_adapter, const Pass& subject, int rounds) const {
    std::vector<double> times;
    for (int i = 0; i < rounds; ++i) {
      const double before = seconds_of(chat_adapter);
      const double own = seconds_of(subject, passes_) / static_cast<double>(passes_);
      times.push_back(own / ((before + seconds_of(chat_adapter)) / 2) * bytes_);
    }
    return times;
  }
  // The length of a frame of the set, that of chat being 1.
  double bytes_per_frame() const { return frames_ / bytes_; }

 private:
  static double ratio(std::size_t a, std::size_t b) {
    return static_cast<double>(a) / static_cast<double>(b);
  }

  std::size_t passes_;
  double bytes_;
  double frames_;
};

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
  const auto chat =
      std::find_if(sets.begin(), sets.end(), [](const DataSet& set) { return set.name == "chat"; });
  PLAYHEAD_CHECK(chat != sets.end());
  const Pass chat_adapter = subject_named("adapter").prepare(*chat);
  constexpr std::array<std::string_view, 3> kNames = {"decode/event", "adapter", "engine/event"};
  fmt::print("{:<24}  {:>10}", "x yardstick", "bytes/frame");
  for (const std::string_view name : kNames) fmt::print("  {:<22}", name);
  fmt::print("  {:<20}  {:<8}  {}\n", "x_chat_adapter", "parser", "a frame");
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
    const ChatUnits own(*chat, set, passes);
    const std::vector<double> adapter =
        own.times(chat_adapter, subject_named("adapter").prepare(set), rounds);
    const std::vector<double> parser =
        own.times(chat_adapter, subject_named("json/parse_only").prepare(set), rounds);
    fmt::print("  {:<20}  {:<8.2f}  {:.2f}\n", summary(adapter), median(parser),
               median(adapter) * own.bytes_per_frame());
  }
}

}  // namespace playhead::bench
