// What people and programs are told about matching: the body of a 404, the line on a terminal, the
// account for `/_playhead/`.
#ifndef PLAYHEAD_MATCH_MATCH_REPORT_H_
#define PLAYHEAD_MATCH_MATCH_REPORT_H_

#include <cstddef>
#include <string>

#include "match/matcher.h"

namespace playhead::match {

// Our choice: exchanges in each list of state_json().
inline constexpr std::size_t kListedMax = 1000;

// One line: what was asked for, which exchange is nearest and in what it differs, what to do.
std::string miss_message(const Miss& miss);

// The line, then one for each difference shown ("  /model: recorded "a", sent "b""); ends in a line
// feed.
std::string miss_text(const Miss& miss);

// The body of the 404:
//   {"error": {"type": "playhead_no_match", "message": text, "reason": "differs" | "used_up" |
//    "no_requests" | "no_exchanges",
//    "nearest": {"recording", "exchange", "method", "target"} or null,
//    "differences": [{"at", "recorded", "sent"}], "more_differences": number}}
// A side without a value has no member. Sizes are limited by differences.h.
std::string miss_json(const Miss& miss);

// The account:
//   {"mode", "counts": {"requests", "hits", "repeated", "misses", "exchanges", "unused"},
//    "served": [{"recording", "exchange", "method", "target", "times"}],
//    "missed": [{"method", "target", "message", "reason", "nearest", "differences", ...}],
//    "unused": [{"recording", "exchange", "method", "target"}]}
// Lists are in recorded order, misses in order of request; each stops at kListedMax or
// kMissesKeptMax, and the counts tell what is left out.
std::string state_json(const Matcher& matcher);

// Exchanges that nobody asked for, as text: a line each, at most kListedMax and how many more.
// Empty where there are none.
std::string unused_text(const Matcher& matcher);

}  // namespace playhead::match

#endif  // PLAYHEAD_MATCH_MATCH_REPORT_H_
