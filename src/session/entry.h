// A session as the store keeps it: its id, its marks, and the turns that ran in it (SPEC 10, 9.3).
#ifndef PLAYHEAD_SESSION_ENTRY_H_
#define PLAYHEAD_SESSION_ENTRY_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/name_table.h"
#include "base/result.h"

namespace playhead::session {

// Instants of this room count from the Unix epoch. Our choice: up to the end of the year 9999, far
// from where their differences would overflow.
inline constexpr Instant kTimeMax{253'402'300'799'999'999};

// Our choices: what a chat, a user or a header name a session and a turn by, and no more.
inline constexpr std::size_t kKeyBytesMax = 256;
inline constexpr std::size_t kTurnBytesMax = 64;
// Our choice: statuses a session keeps, so many turns can run in it at once. An ended one is kept
// for those who come late.
inline constexpr std::size_t kTurnsMax = 16;
// Our choice: every update of a file writes it anew, about 300 bytes an entry.
inline constexpr std::size_t kEntriesMax = 10'000;
// Our choice: longer than 90 rounds of 5 minutes. A status that still says running was left by a
// process that died, or by a worker that hangs; nobody waits for its finish any more.
inline constexpr Duration kTurnStatusMax = seconds(24 * 60 * 60);

// Why a key got a new id. The meaning is the notice that the person gets.
enum class ResetReason : std::uint8_t { suspended, idle, daily };

inline constexpr NameTable<ResetReason, 3> kResetReasons = {{
    {ResetReason::suspended, "suspended",
     "The last conversation was stopped and is not taken up again. This is a new one."},
    {ResetReason::idle, "idle",
     "The last conversation was not used for a long time. This is a new one."},
    {ResetReason::daily, "daily",
     "Conversations begin anew at a fixed hour of the day. This is a new one."},
}};
static_assert(covers_enum(kResetReasons, ResetReason::daily));

constexpr std::string_view name_of(ResetReason reason) { return name_in(kResetReasons, reason); }
constexpr std::string_view notice_of(ResetReason reason) {
  return kResetReasons[static_cast<std::size_t>(reason)].meaning;
}

// Why the last turn of a session is to be taken up again.
enum class ResumeReason : std::uint8_t { restart_interrupted, restart_timeout };

inline constexpr NameTable<ResumeReason, 2> kResumeReasons = {{
    {ResumeReason::restart_interrupted, "restart_interrupted", "the process died during a turn"},
    {ResumeReason::restart_timeout, "restart_timeout",
     "a turn did not end in time when the process was told to stop"},
}};
static_assert(covers_enum(kResumeReasons, ResumeReason::restart_timeout));

constexpr std::string_view name_of(ResumeReason reason) { return name_in(kResumeReasons, reason); }

// Where a turn stands. Who ends it finds it `running`, and nobody after him does (SPEC 9.3).
enum class TurnState : std::uint8_t { running, ended, missing, expired };

inline constexpr NameTable<TurnState, 4> kTurnStates = {{
    {TurnState::running, "running", "began and did not end yet"},
    {TurnState::ended, "ended", "somebody ended it, or its process died"},
    {TurnState::missing, "missing", "no turn of that name is known"},
    {TurnState::expired, "expired", "its status says running for longer than any turn runs"},
}};
static_assert(covers_enum(kTurnStates, TurnState::expired));

constexpr std::string_view name_of(TurnState state) { return name_in(kTurnStates, state); }

struct ResumePending {
  ResumeReason reason = ResumeReason::restart_interrupted;
  Instant since;

  bool operator==(const ResumePending&) const = default;
};

struct Turn {
  Instant began_at;
  bool ended = false;

  bool operator==(const Turn&) const = default;
};

struct Entry {
  std::string id;
  Instant updated_at;  // the last access, begin or end of a turn
  bool suspended = false;
  std::optional<ResumePending> resume_pending;
  std::optional<ResetReason> reset_reason;  // why this id followed another; none: the first
  std::int64_t ids = 0;                     // how many ids the key had, this one too
  std::int64_t deaths = 0;                  // of the process, in a row, with a turn running
  std::map<std::string, Turn, std::less<>> turns;

  bool operator==(const Entry&) const = default;
};

// The sessions, by key.
using Table = std::map<std::string, Entry, std::less<>>;

TurnState state_of(const Entry& entry, std::string_view turn, Instant now);
TurnState state_of(const Turn& turn, Instant now);

// Whether a turn runs whose status has not expired.
bool in_flight(const Entry& entry, Instant now);

// Fails where the name is empty, too long, not UTF-8, or has control characters.
Status check_key(std::string_view key);
Status check_turn(std::string_view turn);

}  // namespace playhead::session

#endif  // PLAYHEAD_SESSION_ENTRY_H_
