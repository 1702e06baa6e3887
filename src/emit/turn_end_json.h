// What the last frame of every format says of a turn's end (SPEC 9.1): token counts, and the
// extension that tells more than a finish reason can.
#ifndef PLAYHEAD_EMIT_TURN_END_JSON_H_
#define PLAYHEAD_EMIT_TURN_END_JSON_H_

#include <string_view>

#include "base/json.h"
#include "emit/writer.h"

namespace playhead::emit {

// How a format names the counts.
struct UsageNames {
  std::string_view input;
  std::string_view output;
  std::string_view total;
};

// Member `usage`; a count that nobody reported is 0.
void append_usage(const Usage& usage, const UsageNames& names, JsonWriter& json);

// Member `playhead`, of a turn that is not completed: {completed, partial, failed, error,
// error_code}.
void append_extension(const TurnEnd& end, JsonWriter& json);

}  // namespace playhead::emit

#endif  // PLAYHEAD_EMIT_TURN_END_JSON_H_
