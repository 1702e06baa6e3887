// A fact as one line of text: the form of `log` blocks and of the transcript that people read.
#ifndef PLAYHEAD_TRANSCRIPT_FACT_LINE_H_
#define PLAYHEAD_TRANSCRIPT_FACT_LINE_H_

#include <string>

#include "base/json.h"
#include "model/fact.h"

namespace playhead::transcript {

// "t=121000 x1 frame off=0..52 \"a\"": virtual time in microseconds since the turn began, the
// exchange (left out for facts of the turn itself), the kind, and what the kind has. Texts are JSON
// strings.
std::string fact_line(const Fact& fact);

// The fact as one JSON object: at_us, kind, exchange, and the members its kind has.
void write_fact(const Fact& fact, JsonWriter& json);

}  // namespace playhead::transcript

#endif  // PLAYHEAD_TRANSCRIPT_FACT_LINE_H_
