// Session events: what a `session` block says (DESIGN 4), in order of time.
#ifndef PLAYHEAD_REPLAY_SESSION_EVENTS_H_
#define PLAYHEAD_REPLAY_SESSION_EVENTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/json.h"
#include "base/name_table.h"
#include "base/result.h"

namespace playhead::replay {

enum class SessionEventKind : std::uint8_t {
  access,
  began,
  ended,
  died,
  suspend,
  suspend_recent,
  resume_pending,
  stop,
  interrupt,
  steer,
};

inline constexpr NameTable<SessionEventKind, 10> kSessionEvents = {{
    {SessionEventKind::access, "access", "the session of the key is asked for"},
    {SessionEventKind::began, "began", "a turn of the key begins"},
    {SessionEventKind::ended, "ended", "it ends; `well` (true) says whether by an answer"},
    {SessionEventKind::died, "died", "the process dies, and starts again `down_ms` (0) later"},
    {SessionEventKind::suspend, "suspend", "the session of the key is suspended"},
    {SessionEventKind::suspend_recent, "suspend_recent", "all that were used lately are suspended"},
    {SessionEventKind::resume_pending, "resume_pending",
     "to be resumed; `text`: restart_timeout or restart_interrupted"},
    {SessionEventKind::stop, "stop", "hard stop of what the key runs"},
    {SessionEventKind::interrupt, "interrupt", "what the key runs is to stop; the session stays"},
    {SessionEventKind::steer, "steer", "`text` for the model during the turn"},
}};
static_assert(covers_enum(kSessionEvents, SessionEventKind::steer));

constexpr std::string_view name_of(SessionEventKind kind) { return name_in(kSessionEvents, kind); }

// The key of events that name none. A turn belongs to the key of the first event.
inline constexpr std::string_view kSessionKey = "session";

struct SessionEvent {
  SessionEventKind kind = SessionEventKind::access;
  Instant at;  // since the turn began, and since midnight for the daily rule
  std::string key;
  std::string text;
  bool well = true;
  Duration down;
};

// Fails with "session[2].at_ms: what is wrong".
Result<std::vector<SessionEvent>> read_session_events(const JsonValue& events);

// A time in ms, within what a replay lasts; nothing where the value is none.
std::optional<Duration> read_ms(const JsonValue& value);

}  // namespace playhead::replay

#endif  // PLAYHEAD_REPLAY_SESSION_EVENTS_H_
