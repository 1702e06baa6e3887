// Simulation: a case played by seeded schedules, each judged by the laws alone.
#ifndef PLAYHEAD_SUITE_SIMULATION_H_
#define PLAYHEAD_SUITE_SIMULATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "check/laws.h"
#include "suite/case_runner.h"
#include "suite/suite.h"

namespace playhead::suite {

struct Simulation {
  std::uint64_t schedules = 0;                // that were played
  std::optional<std::uint64_t> failing_seed;  // the first whose schedule breaks a law
  std::vector<check::LawBreak> breaks;        // of that seed; each message says what it did
  std::string replay_json;                    // of that seed, with its transcript
};

// Plays the schedule of each seed in turn, up to the first that breaks a law: one mistake of an
// engine breaks many.
Simulation simulate(const CaseRunner& runner, const Seeds& seeds);

}  // namespace playhead::suite

#endif  // PLAYHEAD_SUITE_SIMULATION_H_
