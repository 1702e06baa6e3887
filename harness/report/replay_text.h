// What a replay did, as text for people.
#ifndef PLAYHEAD_REPORT_REPLAY_TEXT_H_
#define PLAYHEAD_REPORT_REPLAY_TEXT_H_

#include <string>

#include "report/timeline_line.h"
#include "transcript/transcript.h"

namespace playhead::report {

// The timeline of the turn, what came of it, and the fingerprint.
std::string replay_text(const Transcript& transcript, Style style);

// Every fact, a line each, then what came of it, and the fingerprint.
std::string facts_text(const Transcript& transcript);

}  // namespace playhead::report

#endif  // PLAYHEAD_REPORT_REPLAY_TEXT_H_
