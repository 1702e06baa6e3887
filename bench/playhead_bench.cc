// Benchmarks of Playhead. Absolute numbers by Google Benchmark; ratios, allocations and memory by
// modes of their own (bench/README.md).
#include <benchmark/benchmark.h>
#include <fmt/core.h>

#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "bench/allocations.h"
#include "bench/file_bench.h"
#include "bench/measure.h"
#include "bench/streams.h"
#include "bench/subjects.h"

namespace playhead::bench {
namespace {

struct Options {
  bool ratios = false;
  bool protocols = false;
  bool allocations = false;
  bool memory = false;
  bool profile = false;
  int rounds = 11;
  std::size_t mebibytes = 16;  // of each generated set
  std::string only;            // subjects whose name contains it
  std::string set;             // data sets whose name contains it
};

// Takes our own options out of the arguments; the rest is Google Benchmark's.
Options take_options(int& argc, char** argv) {
  Options options;
  int kept = 1;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    const auto value = [&](std::string_view name) -> const char* {
      if (!argument.starts_with(name)) return nullptr;
      return argv[i] + name.size();
    };
    if (argument == "--ratios") {
      options.ratios = true;
    } else if (argument == "--protocols") {
      options.protocols = true;
    } else if (argument == "--allocations") {
      options.allocations = true;
    } else if (argument == "--memory") {
      options.memory = true;
    } else if (argument == "--profile") {
      options.profile = true;
    } else if (const char* rounds = value("--rounds=")) {
      options.rounds = std::max(1, std::atoi(rounds));
    } else if (const char* mebibytes = value("--mib=")) {
      options.mebibytes = static_cast<std::size_t>(std::max(1, std::atoi(mebibytes)));
    } else if (const char* only = value("--only=")) {
      options.only = only;
    } else if (const char* set = value("--set=")) {
      options.set = set;
    } else {
      argv[kept++] = argv[i];
    }
  }
  argc = kept;
  return options;
}

std::vector<DataSet> data_sets(const Options& options) {
  std::vector<DataSet> sets = generated_sets(options.mebibytes << 20);
  if (const char* corpus = std::getenv("PLAYHEAD_CORPUS")) {
    for (DataSet& set : real_sets(corpus)) sets.push_back(std::move(set));
  }
  std::erase_if(sets, [&options](const DataSet& set) {
    if (options.protocols && set.name == "chat") return false;  // the measure of the others
    return set.name.find(options.set) == std::string::npos;
  });
  return sets;
}

// x_dom: how many times as fast as the yardstick, both measured in each iteration.
void run(benchmark::State& state, const DataSet& set, const Subject& subject) {
  const Pass yardstick = baseline().prepare(set);
  const Pass pass = subject.prepare(set);
  std::vector<double> ratios;
  for (auto _ : state) {
    const Round round = measure_round(yardstick, pass);
    state.SetIterationTime(round.subject);
    ratios.push_back(round.ratio());
  }
  const auto passes = static_cast<std::int64_t>(state.iterations());
  state.SetBytesProcessed(passes * static_cast<std::int64_t>(set.bytes));
  state.counters["events/s"] = benchmark::Counter(static_cast<double>(set.events),
                                                  benchmark::Counter::kIsIterationInvariantRate);
  state.counters["x_dom"] = median(ratios);
}

void register_all(const std::vector<DataSet>& sets, const std::string& only) {
  std::vector<Subject> all = subjects();
  all.insert(all.begin(), baseline());
  for (const Subject& subject : all) {
    if (subject.name.find(only) == std::string::npos) continue;
    for (const DataSet& set : sets) {
      if (!subject.fits(set)) continue;
      benchmark::RegisterBenchmark(
          (subject.name + "/" + set.name).c_str(),
          [&set, subject](benchmark::State& state) { run(state, set, subject); })
          ->UseManualTime()
          ->Unit(benchmark::kMillisecond);
    }
  }
}

// The subjects alone, for a profiler.
void profile(const std::vector<DataSet>& sets, const Options& options) {
  for (const Subject& subject : subjects()) {
    if (subject.name.find(options.only) == std::string::npos) continue;
    for (const DataSet& set : sets) {
      if (!subject.fits(set)) continue;
      const Pass pass = subject.prepare(set);
      double seconds = 0;
      for (int i = 0; i < options.rounds; ++i) seconds += seconds_of(pass);
      fmt::print("{}/{}: {:.0f} ns per event\n", subject.name, set.name,
                 seconds * 1e9 / options.rounds / static_cast<double>(set.events));
    }
  }
}

int main_of_bench(int argc, char** argv) {
  const Options options = take_options(argc, argv);
  if (options.memory) return print_memory() ? 0 : 1;
  const std::vector<DataSet> sets = data_sets(options);
  if (options.profile) {
    profile(sets, options);
    return 0;
  }
  if (!verify(sets)) return 1;
  if (options.allocations) print_allocations(sets);
  if (options.ratios) print_ratios(sets, options.rounds, options.only);
  if (options.protocols) print_protocols(sets, options.rounds);
  if (options.allocations || options.ratios || options.protocols) return 0;
  register_all(sets, options.only);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}

}  // namespace
}  // namespace playhead::bench

int main(int argc, char** argv) { return playhead::bench::main_of_bench(argc, argv); }
