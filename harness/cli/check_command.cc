// `playhead check`: runs case files; the verb for CI.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <memory>
#include <optional>
#include <thread>

#include "cli/command.h"
#include "net/clock.h"
#include "report/verdict_text.h"
#include "suite/suite.h"

namespace playhead::cli {
namespace {

struct CheckOptions {
  std::vector<std::string> paths;
  suite::Options suite;
  std::string shard;
  std::string seeds;
  std::string policy;
  bool json = false;
};

Status read_shard(const std::string& text, suite::Options& options) {
  if (text.empty()) return Done{};
  int shard = 0;
  int shards = 0;
  char rest = 0;
  if (std::sscanf(text.c_str(), "%d/%d%c", &shard, &shards, &rest) != 2 || shard < 1 ||
      shards < 1 || shard > shards) {
    return Error{"--shard " + text + ": wants I/N with 1 <= I <= N, e.g. 2/4"};
  }
  options.shard = shard;
  options.shards = shards;
  return Done{};
}

// A number from 1 to the largest that JSON readers keep exact; nothing where the text is none.
std::optional<std::uint64_t> seed_of(std::string_view text) {
  constexpr std::uint64_t kSeedMax = std::uint64_t{1} << 53;
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && seed >= 1 && seed <= kSeedMax ? std::optional(seed) : std::nullopt;
}

Status read_seeds(const std::string& text, suite::Options& options) {
  if (text.empty()) return Done{};
  const std::size_t dots = text.find("..");
  const auto first =
      dots == std::string::npos ? 1 : seed_of(std::string_view(text).substr(0, dots));
  const auto last =
      seed_of(std::string_view(text).substr(dots == std::string::npos ? 0 : dots + 2));
  if (!first || !last || *first > *last) {
    return Error{"--seeds " + text + ": wants N or A..B with 1 <= A <= B, e.g. 150 or 17..17"};
  }
  if (!options.laws) {
    return Error{"--seeds " + text + ": schedules are judged by the laws; add --laws"};
  }
  options.seeds = {*first, *last};
  return Done{};
}

// "; 100000 schedules, 9000 a second"; empty where none were played.
std::string schedules_text(std::uint64_t schedules, Duration wall) {
  if (schedules == 0) return {};
  const double rate = static_cast<double>(schedules) * 1e6 /
                      static_cast<double>(std::max<std::int64_t>(wall.us, 1));
  return fmt::format("; {} schedules, {:.0f} a second", schedules, rate);
}

// A line that counts, on a terminal, once a run takes longer than a second.
std::function<void(std::size_t, std::size_t)> terminal_progress() {
  if (isatty(STDERR_FILENO) == 0) return {};
  const Instant began = net::monotonic_now();
  auto last = std::make_shared<Instant>(began);
  return [began, last](std::size_t done, std::size_t total) {
    const Instant now = net::monotonic_now();
    if (now - began < seconds(1)) return;
    if (done == total) {
      std::fputs("\r\x1b[K", stderr);
    } else if (now - *last > milliseconds(200)) {
      std::fprintf(stderr, "\r%zu of %zu cases", done, total);
      *last = now;
    }
  };
}

int run_check(CheckOptions& options) {
  if (Status read = read_shard(options.shard, options.suite); !read) return fail(read.error());
  if (Status read = read_seeds(options.seeds, options.suite); !read) return fail(read.error());
  auto policy = policy_option(options.policy);
  if (!policy) return fail(policy.error());
  options.suite.policy = *std::move(policy);
  options.suite.policy_name = options.policy;
  const Instant began = net::monotonic_now();
  options.suite.keep_replays = options.json;
  options.suite.progress = terminal_progress();
  const auto run = suite::run(options.paths, options.suite);
  if (!run) return fail(run.error());
  const Duration wall = net::monotonic_now() - began;
  for (const check::Verdict& verdict : run->verdicts) {
    if (verdict.kind != check::VerdictKind::passed) say(report::verdict_text(verdict));
  }
  if (options.json && !print(report::verdicts_document(run->verdicts, run->schedules) + "\n")) {
    return fail(Error{"stdout: cannot be written"});
  }
  say(report::summary_text(run->verdicts) + schedules_text(run->schedules, wall));
  if (run->count(check::VerdictKind::broken) > 0) return kUnusable;
  return run->count(check::VerdictKind::failed) > 0 ? kFailed : kHeld;
}

}  // namespace

void add_check(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<CheckOptions>();
  options->suite.jobs = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  CLI::App* command = program.add_subcommand("check", "run case files");
  command->add_option("CASES", options->paths, "case files, or folders of them")->required();
  command->add_flag("--json", options->json, "one JSON document on stdout");
  command->add_option("--case", options->suite.case_name, "only the case of this name");
  command->add_option("--root", options->suite.root, "folder that recordings are named from");
  command->add_flag("--laws", options->suite.laws,
                    "also play every recording in many other cuts, and twice");
  command->add_option("--seeds", options->seeds,
                      "N or A..B: also play every case by the random schedules of these seeds");
  command->add_option("--policy", options->policy,
                      "a profile, or a file with a policy as JSON, under the cases' own");
  command->add_option("--jobs", options->suite.jobs, "threads")->check(CLI::Range(1, 256));
  command->add_option("--shard", options->shard, "I/N: only the I-th of N parts of the cases");
  command->add_option("--repeat", options->suite.repeat, "how often each case runs")
      ->check(CLI::Range(1, 1000000));
  command->callback([options, &exit_code] { exit_code = run_check(*options); });
}

}  // namespace playhead::cli
