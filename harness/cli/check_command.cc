// `playhead check`: runs case files; the verb for CI.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
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
  options.suite.keep_replays = options.json;
  options.suite.progress = terminal_progress();
  const auto run = suite::run(options.paths, options.suite);
  if (!run) return fail(run.error());
  for (const check::Verdict& verdict : run->verdicts) {
    if (verdict.kind != check::VerdictKind::passed) say(report::verdict_text(verdict));
  }
  if (options.json && !print(report::verdicts_document(run->verdicts) + "\n")) {
    return fail(Error{"stdout: cannot be written"});
  }
  say(report::summary_text(run->verdicts));
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
  command->add_option("--jobs", options->suite.jobs, "threads")->check(CLI::Range(1, 256));
  command->add_option("--shard", options->shard, "I/N: only the I-th of N parts of the cases");
  command->add_option("--repeat", options->suite.repeat, "how often each case runs")
      ->check(CLI::Range(1, 1000000));
  command->callback([options, &exit_code] { exit_code = run_check(*options); });
}

}  // namespace playhead::cli
