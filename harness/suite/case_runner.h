// CaseRunner: one case, from its blocks to its transcript, document and lines.
#ifndef PLAYHEAD_SUITE_CASE_RUNNER_H_
#define PLAYHEAD_SUITE_CASE_RUNNER_H_

#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "check/case_file.h"
#include "check/laws.h"
#include "check/log_line.h"
#include "recording/recording.h"
#include "replay/plan.h"
#include "suite/suite.h"
#include "transcript/transcript.h"

namespace playhead::suite {

class CaseRunner {
 public:
  // Finds the recording and reads the blocks. Fails with what is wrong and where. `c` is borrowed.
  static Result<CaseRunner> prepare(const check::Case& c, const Options& options);

  Transcript replay() const { return replay(recording_); }
  // Of another recording, `events` coming on top of those of the case.
  Transcript replay(const Recording& recording,
                    const std::vector<replay::TurnEvent>& events = {}) const;

  const Recording& recording() const { return recording_; }
  const replay::Plan& plan() const { return plan_; }

 private:
  CaseRunner(Recording recording, replay::Plan plan, EngineFactory engine);
  Transcript replay(const Recording& recording, const replay::Plan& plan) const;

  Recording recording_;
  replay::Plan plan_;
  EngineFactory engine_;
};

// The transcript's lines with their kinds.
std::vector<check::LogLine> lines_of(const Facts& facts);

// Laws rechunk and repeat, over all rewrites of the recording.
std::vector<check::LawBreak> check_rewrites(const CaseRunner& runner, const Transcript& original);

}  // namespace playhead::suite

#endif  // PLAYHEAD_SUITE_CASE_RUNNER_H_
