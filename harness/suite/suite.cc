#include "suite/suite.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "check/laws.h"
#include "suite/case_runner.h"
#include "suite/simulation.h"
#include "transcript/documents.h"

namespace playhead::suite {
namespace {

using check::Verdict;

// Words of a command line for a POSIX shell.
std::string quoted(const std::string& word) {
  const bool plain = word.find_first_not_of(
                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                         "0123456789_-./:") == std::string::npos;
  if (plain && !word.empty()) return word;
  std::string out = "'";
  for (const char c : word) out.append(c == '\'' ? "'\\''" : std::string(1, c));
  return out + "'";
}

std::string reproduce_command(const check::Case& c, const Options& options) {
  std::string command = "playhead check " + quoted(c.file) + " --case " + quoted(c.name);
  if (!options.root.empty() && c.recording_path) command += " --root " + quoted(options.root);
  if (!options.policy_name.empty()) command += " --policy " + quoted(options.policy_name);
  if (options.laws) command += " --laws";
  return command;
}

bool wants_transcript(const check::Case& c) {
  return c.expect && c.expect->text.find("\"transcript\"") != std::string::npos;
}

void check_laws(const CaseRunner& runner, const Transcript& transcript, const JsonValue& document,
                const Options& options, Verdict& verdict) {
  const Duration interval = milliseconds(runner.plan().policy.keepalive_ms);
  check::add_law_breaks(check::check_document(document, interval), verdict);
  check::add_law_breaks(check::check_outcome(transcript.facts), verdict);
  if (options.laws) check::add_law_breaks(check_rewrites(runner, transcript), verdict);
  if (options.repeat <= 1) return;
  const std::string first = transcript::fingerprint(transcript.facts);
  for (int i = 1; i < options.repeat; ++i) {
    const Transcript again = runner.replay();
    if (transcript::fingerprint(again.facts) == first) continue;
    check::add_law_breaks(check::check_repeat(lines_of(transcript.facts), lines_of(again.facts)),
                          verdict);
    return;
  }
}

// Plays the case by the schedules of all seeds, up to the first that breaks a law: its replay is
// the one that is kept. Returns how many were played.
std::uint64_t check_schedules(const CaseRunner& runner, const check::Case& c,
                              const Options& options, Verdict& verdict) {
  const bool has_recording = c.stream || c.recording_path;  // otherwise session events alone
  if (options.seeds.first == 0 || !has_recording) return 0;
  Simulation simulation = simulate(runner, options.seeds);
  check::add_law_breaks(simulation.breaks, verdict);
  if (simulation.failing_seed) {
    const std::string seed = std::to_string(*simulation.failing_seed);
    verdict.reproduce = reproduce_command(c, options) + " --seeds " + seed + ".." + seed;
    if (options.keep_replays) verdict.replay_json = std::move(simulation.replay_json);
  }
  return simulation.schedules;
}

struct Judged {
  Verdict verdict;
  std::uint64_t schedules = 0;
};

struct Job {
  const check::Case* c = nullptr;  // none: `broken` is the verdict
  std::optional<Verdict> broken;
};

// The files of all paths, and the jobs they make, in order.
struct Work {
  std::vector<check::CaseFile> files;
  std::vector<Job> jobs;
};

Verdict unparsed_file(const std::string& path, const std::string& message) {
  Verdict verdict;
  verdict.file = path;
  verdict.kind = check::VerdictKind::broken;
  verdict.message = message;
  return verdict;
}

Result<Work> collect(const std::vector<std::string>& paths, const Options& options) {
  auto found = check::find_case_files(paths);
  if (!found) return found.error();
  Work work;
  work.files.reserve(found->size());  // jobs point into it
  for (const std::string& path : *found) {
    auto file = check::load_case_file(path);
    if (!file) {
      work.jobs.push_back({nullptr, unparsed_file(path, file.error().message)});
      continue;
    }
    work.files.push_back(*std::move(file));
    for (const check::Case& c : work.files.back().cases) {
      if (options.case_name.empty() || c.name == options.case_name) {
        work.jobs.push_back({&c, std::nullopt});
      }
    }
  }
  if (work.jobs.empty()) {
    return Error{options.case_name.empty()
                     ? "no case in " + paths.front()
                     : "no case is named \"" + options.case_name +
                           "\"; names are the text of a `##` heading, exactly"};
  }
  return work;
}

void keep_shard(std::vector<Job>& jobs, int shard, int shards) {
  if (shards <= 1) return;
  std::vector<Job> kept;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const auto turn = static_cast<int>(i % static_cast<std::size_t>(shards)) + 1;
    if (turn == shard) kept.push_back(std::move(jobs[i]));
  }
  jobs = std::move(kept);
}

Judged judge_case(const check::Case& c, const Options& options) {
  const auto runner = CaseRunner::prepare(c, options);
  if (!runner) return {check::broken_verdict(c, runner.error().message)};
  const Transcript transcript = runner->replay();
  const std::string text =
      transcript::replay_document(transcript, options.keep_replays || wants_transcript(c));
  const auto document = parse_json(text);
  if (!document) {
    return {
        check::broken_verdict(c, "the replay document is no JSON: " + document.error().message)};
  }
  Judged judged;
  Verdict& verdict = judged.verdict;
  verdict = check::judge(
      c, *document, c.logs.empty() ? std::vector<check::LogLine>() : lines_of(transcript.facts));
  check_laws(*runner, transcript, *document, options, verdict);
  if (verdict.kind == check::VerdictKind::failed) verdict.reproduce = reproduce_command(c, options);
  if (options.keep_replays) verdict.replay_json = text;
  judged.schedules = check_schedules(*runner, c, options, verdict);
  return judged;
}

}  // namespace

std::size_t Run::count(check::VerdictKind kind) const {
  return static_cast<std::size_t>(std::count_if(
      verdicts.begin(), verdicts.end(), [kind](const Verdict& v) { return v.kind == kind; }));
}

Verdict run_case(const check::Case& c, const Options& options) {
  return judge_case(c, options).verdict;
}

Result<Run> run(const std::vector<std::string>& paths, const Options& options) {
  auto work = collect(paths, options);
  if (!work) return work.error();
  keep_shard(work->jobs, options.shard, options.shards);
  Run run;
  run.verdicts.resize(work->jobs.size());
  std::atomic<std::size_t> next{0};
  std::mutex progress_mutex;
  std::size_t done = 0;
  const auto work_off = [&] {
    for (std::size_t i; (i = next.fetch_add(1)) < work->jobs.size();) {
      Job& job = work->jobs[i];
      Judged judged =
          job.c != nullptr ? judge_case(*job.c, options) : Judged{*std::move(job.broken)};
      run.verdicts[i] = std::move(judged.verdict);
      const std::lock_guard lock(progress_mutex);
      run.schedules += judged.schedules;
      ++done;
      if (options.progress) options.progress(done, work->jobs.size());
    }
  };
  std::vector<std::thread> threads;
  for (int i = 1; i < options.jobs; ++i) threads.emplace_back(work_off);
  work_off();
  for (std::thread& thread : threads) thread.join();
  return run;
}

Result<std::string> blessed_text(const check::CaseFile& file, const Options& options) {
  std::deque<JsonDocument> documents;  // runs point into it
  std::vector<check::CaseRun> runs;
  for (const check::Case& c : file.cases) {
    const auto runner = CaseRunner::prepare(c, options);
    if (!runner) return runner.error();
    const Transcript transcript = runner->replay();
    auto document = parse_json(transcript::replay_document(transcript));
    if (!document) return document.error();
    documents.push_back(*std::move(document));
    runs.push_back({&documents.back(), lines_of(transcript.facts)});
  }
  return check::bless(file, runs);
}

}  // namespace playhead::suite
