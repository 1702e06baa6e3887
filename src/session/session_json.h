// Sessions <-> JSON: the document of a store, and one entry for reports.
//
//   {"version": 1, "sessions": {KEY: {"id", "updated_at_us", "suspended",
//    "resume_pending": {"reason", "since_us"} or null, "reset_reason": name or null,
//    "ids", "deaths", "turns": {TURN: {"began_at_us", "ended"}}}}}
#ifndef PLAYHEAD_SESSION_SESSION_JSON_H_
#define PLAYHEAD_SESSION_SESSION_JSON_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "session/entry.h"

namespace playhead::session {

inline constexpr std::int64_t kSessionsVersion = 1;

// Writes the entry as one JSON object.
void write_entry(const Entry& entry, JsonWriter& out);

// The document, one line and a line feed.
std::string sessions_json(const Table& table);

// Reads the document. Of an entry only `id` and `updated_at_us` must be there. Fails with where and
// what: a version other than ours, a member that is unknown, doubled or of a wrong type, a name or
// time out of range.
Result<Table> parse_sessions(std::string_view text);

}  // namespace playhead::session

#endif  // PLAYHEAD_SESSION_SESSION_JSON_H_
