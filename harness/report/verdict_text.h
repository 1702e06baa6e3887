// Verdicts as text for people and as the JSON document of `check --json` (DESIGN 6).
#ifndef PLAYHEAD_REPORT_VERDICT_TEXT_H_
#define PLAYHEAD_REPORT_VERDICT_TEXT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "check/verdict.h"

namespace playhead::report {

// What did not hold, each difference with where, expected and actual, and the command that shows it
// again.
std::string verdict_text(const check::Verdict& verdict);

// "62 passed, 1 failed, 0 broken, 0 skipped".
std::string summary_text(const std::vector<check::Verdict>& verdicts);

// The document of `check --json`, without a line end. `schedules`: how many were played; not said
// where none were.
std::string verdicts_document(const std::vector<check::Verdict>& verdicts,
                              std::uint64_t schedules = 0);

}  // namespace playhead::report

#endif  // PLAYHEAD_REPORT_VERDICT_TEXT_H_
