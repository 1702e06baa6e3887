// What a client would read from the downstream bytes of a replay: enough to judge the laws by.
#ifndef PLAYHEAD_CHECK_DOWNSTREAM_READING_H_
#define PLAYHEAD_CHECK_DOWNSTREAM_READING_H_

#include <string>
#include <string_view>

#include "model/turn.h"

namespace playhead::check {

struct DownstreamReading {
  std::string content;  // all pieces of visible text, joined
  int finishes = 0;     // chunks with a finish reason, or `finish` parts
  int dones = 0;        // `data: [DONE]`
  bool wrote_after_done = false;
  // The first thing that makes a client of the UI message stream fail (WIRE 10); empty: none.
  std::string breach;
};

// Reads an SSE text as our emitters write it (SPEC 9.1, 9.3): lines end in LF, data is one line.
DownstreamReading read_downstream(DownstreamFormat format, std::string_view text);

}  // namespace playhead::check

#endif  // PLAYHEAD_CHECK_DOWNSTREAM_READING_H_
