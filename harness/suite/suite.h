// Suite: case files run through an engine, to verdicts. The one place where check and replay meet.
#ifndef PLAYHEAD_SUITE_SUITE_H_
#define PLAYHEAD_SUITE_SUITE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "check/bless.h"
#include "check/case_file.h"
#include "check/verdict.h"
#include "model/engine.h"
#include "model/policy.h"
#include "transcript/transcript.h"

namespace playhead::suite {

// Makes the engine of one replay. Empty: Playhead's own.
using EngineFactory = std::function<std::unique_ptr<Engine>(const Policy&)>;

// Both included; none where `first` is 0.
struct Seeds {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

struct Options {
  std::string root;         // where recordings are looked for that are not beside their case file
  std::string case_name;    // only the case of this name; empty: all
  Policy policy;            // that the policy of each case is put into
  std::string policy_name;  // what a command line calls it; empty: the default
  bool laws = false;        // rechunk and repeat too; the other laws are always checked
  Seeds seeds;              // of the schedules that every case is played by (check/schedule.h)
  int jobs = 1;             // threads; results do not depend on it
  int repeat = 1;           // how often each case runs; every run must give the same facts
  int shard = 1;            // of `shards`, from 1
  int shards = 1;
  bool keep_replays = false;  // verdicts carry their replay document
  EngineFactory engine;
  // Called from any thread, one call at a time, after each case.
  std::function<void(std::size_t done, std::size_t total)> progress;
};

struct Run {
  std::vector<check::Verdict> verdicts;  // in order of file and case
  std::uint64_t schedules = 0;           // that were played
  std::size_t count(check::VerdictKind kind) const;
};

// Runs the case files among `paths` (files and folders). A file that cannot be parsed is one broken
// verdict. Fails where a path does not exist, no case is there, or none has the wanted name.
Result<Run> run(const std::vector<std::string>& paths, const Options& options);

// One case by itself.
check::Verdict run_case(const check::Case& c, const Options& options);

// What the cases of a file give now, for bless. Fails at the first case that cannot be run.
Result<std::string> blessed_text(const check::CaseFile& file, const Options& options);

}  // namespace playhead::suite

#endif  // PLAYHEAD_SUITE_SUITE_H_
