#include "suite/simulation.h"

#include <iterator>
#include <string>
#include <utility>

#include "base/prng.h"
#include "check/rechunking.h"
#include "check/schedule.h"
#include "transcript/documents.h"

namespace playhead::suite {
namespace {

using Breaks = std::vector<check::LawBreak>;
using Events = std::vector<replay::TurnEvent>;

Events events_of(const check::Schedule& schedule) {
  Events events;
  for (const check::ClientEvent& event : schedule.events) {
    events.push_back({event.kind, event.at, event.text});
  }
  return events;
}

// The number of one of the timed rewrites, which are the last.
std::size_t any_timed_rewrite(const Recording& recording, std::uint64_t seed) {
  return check::rechunking_count(recording) - 1 - Prng(seed).below(check::kTimedCuts + 1);
}

// Laws rechunk and repeat by one more replay, of a rewrite. Which of the two is broken is looked
// into only where that gives something else.
Breaks check_again(const CaseRunner& runner, const Recording& recording, const Events& events,
                   std::uint64_t seed, const Transcript& original) {
  const std::size_t i = any_timed_rewrite(recording, seed);
  const Transcript rewritten = runner.replay(check::rechunk(recording, i, seed), events);
  if (transcript::fingerprint(rewritten.facts, false) ==
      transcript::fingerprint(original.facts, false)) {
    return {};
  }
  const std::vector<check::LogLine> lines = lines_of(original.facts);
  Breaks breaks = check::check_repeat(lines, lines_of(runner.replay(recording, events).facts));
  if (!breaks.empty()) return breaks;
  return check::check_rechunk(check::rechunking(recording, i).name, lines,
                              lines_of(rewritten.facts));
}

}  // namespace

Simulation simulate(const CaseRunner& runner, const Seeds& seeds) {
  const Duration interval = milliseconds(runner.plan().policy.keepalive_ms);
  Simulation simulation;
  for (std::uint64_t seed = seeds.first; seed <= seeds.last; ++seed) {
    const check::Schedule schedule = check::make_schedule(runner.recording(), seed);
    const Events events = events_of(schedule);
    const Transcript transcript = runner.replay(schedule.recording, events);
    ++simulation.schedules;
    const auto document = parse_json(transcript::replay_document(transcript, false));
    PLAYHEAD_CHECK(document.ok());
    Breaks& breaks = simulation.breaks;
    breaks = check::check_document(*document, interval);
    for (Breaks more : {check::check_outcome(transcript.facts),
                        check_again(runner, schedule.recording, events, seed, transcript)}) {
      std::move(more.begin(), more.end(), std::back_inserter(breaks));
    }
    if (breaks.empty()) continue;
    for (check::LawBreak& broken : breaks) {
      broken.message += "; seed " + std::to_string(seed) + ": " + schedule.description +
                        "; later seeds of this case were not run";
    }
    simulation.failing_seed = seed;
    simulation.replay_json = transcript::replay_document(transcript);
    break;
  }
  return simulation;
}

}  // namespace playhead::suite
