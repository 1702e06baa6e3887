// What happened, as a timeline that a person reads at a glance: what came when, where nothing came,
// where it was cut, what was decided.
//
// Pieces of one kind are folded into one line, and so are keepalives, comments and anomalies of one
// name. What came in time is listed by its beginning.
#ifndef PLAYHEAD_REPORT_TIMELINE_TEXT_H_
#define PLAYHEAD_REPORT_TIMELINE_TEXT_H_

#include <string>

#include "model/fact.h"
#include "report/timeline_line.h"

namespace playhead::report {

// A silence from here on has a line of its own; our choice.
inline constexpr Duration kSilence = seconds(1);
// A slow stream has more silences than a person wants to read: only so many of the longest are
// listed; our choice.
inline constexpr std::size_t kSilencesMax = 24;

// The timeline of a turn, or of one exchange, in the time of its facts. Ends with the outcome where
// the facts have one. A `request` fact of a recorded exchange says in `detail` what was asked for;
// its `end` fact has there what the recorder said of the end, and a `notice` with a name is a mark.
std::string timeline_text(const Facts& facts, Style style);

// "completed", "partial", "failed", "interrupted"; "not over" where there is no outcome.
std::string_view outcome_word(const std::optional<Outcome>& outcome);

}  // namespace playhead::report

#endif  // PLAYHEAD_REPORT_TIMELINE_TEXT_H_
