// Sessions: which id a key has now, what is suspended, and who ends a turn (SPEC 10, 9.3).
#ifndef PLAYHEAD_SESSION_SESSIONS_H_
#define PLAYHEAD_SESSION_SESSIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "model/policy.h"
#include "session/entry.h"
#include "session/store.h"

namespace playhead::session {

struct Access {
  std::string id;
  bool is_new = false;                      // the id was made by this access
  std::optional<ResetReason> reset_reason;  // why it follows another; of this access only
  std::optional<std::string> notice;        // to be shown to the person, always

  bool operator==(const Access&) const = default;
};

// What a start found and did; keys in order.
struct StartUp {
  std::vector<std::string> interrupted;  // a turn ran when the process died
  std::vector<std::string> stuck;        // of these, suspended: so for too many deaths in a row
  std::vector<std::string> recent;       // suspended because they were in use just before

  bool operator==(const StartUp&) const = default;
};

// Whether who found the turn in this state, when he ended it, publishes its `finish` (SPEC 9.3).
constexpr bool owns_finish(TurnState found) { return found == TurnState::running; }

// What a cancel answers that found the turn in this state (SPEC 9.3).
constexpr bool cancel_succeeds(TurnState found) {
  return found == TurnState::running || found == TurnState::ended;
}

// Each call is one update of the store. Calls fail where the store does, and where a name (entry.h)
// or a time (0 to kTimeMax) is none; nothing is changed then.
class Sessions {
 public:
  // Borrows the store.
  Sessions(Store& store, const Policy::Session& policy) : store_(store), policy_(policy) {}

  // The session of this key, a new one where it has none, or the one it has is suspended, unused
  // for too long (idle_minutes), or of yesterday (daily_hour); a session whose turn runs is never
  // the latter two. Above kEntriesMax the entry unused longest goes: first among those that are
  // neither suspended nor pending, and those with a turn running last.
  Result<Access> access(std::string_view key, Instant now);

  // A turn begins; makes the session where there is none. Fails when kTurnsMax run already.
  Status began(std::string_view key, std::string_view turn, Instant now);

  // Ends the turn, and returns how it found it: `running` for one caller only, who publishes its
  // `finish`. A turn that went well clears resume_pending and the count of deaths.
  Result<TurnState> ended(std::string_view key, std::string_view turn, Instant now, bool went_well);

  // Where the turn stands; changes nothing.
  Result<TurnState> turn_state(std::string_view key, std::string_view turn, Instant now) const;

  // Whether there is such a session; it is suspended then.
  Result<bool> suspend(std::string_view key);

  // Suspends what was updated within recent_ms (0: nothing); how many were not yet.
  Result<std::int64_t> suspend_recent(Instant now);

  // A hard stop: suspends the session when a turn runs in it; whether one did.
  Result<bool> stop(std::string_view key, Instant now);

  // Whether the session is pending now: there is one, and it is not suspended.
  Result<bool> mark_resume_pending(std::string_view key, ResumeReason reason, Instant now);

  // Whether it was pending.
  Result<bool> clear_resume_pending(std::string_view key);

  // To be called when a process starts, before its first turn. Turns that still run were left by
  // a process that died: their sessions are pending, and suspended at stuck_deaths deaths in a row
  // (0: never); the others' count starts anew. Then what suspend_recent does. One process at a
  // time may run turns on a store.
  Result<StartUp> start_up(Instant now);

 private:
  Store& store_;
  Policy::Session policy_;
};

}  // namespace playhead::session

#endif  // PLAYHEAD_SESSION_SESSIONS_H_
