// What session events do to the sessions of a process, beside the turn that is replayed (SPEC 10).
#ifndef PLAYHEAD_REPLAY_SESSION_RUN_H_
#define PLAYHEAD_REPLAY_SESSION_RUN_H_

#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "model/policy.h"
#include "replay/session_events.h"

namespace playhead::replay {

// The replayed turn, as its session sees it: it began at 0 under the key of the first event.
struct TurnSpan {
  std::optional<Instant> ended_at;  // nothing: it never ended
  bool went_well = false;           // it gave an answer
  bool interrupted = false;         // by an event of its last instant
};

// The events over a store in memory, one after the other. Returns the JSON object that becomes
// `outcome.session`: the entry of the first event's key at the end (`key`, then the members of
// session_json.h), `events` with what each gave, and `others`, the entries of further keys, if any.
std::string run_session(const std::vector<SessionEvent>& events, const Policy::Session& policy,
                        const std::optional<TurnSpan>& turn);

}  // namespace playhead::replay

#endif  // PLAYHEAD_REPLAY_SESSION_RUN_H_
