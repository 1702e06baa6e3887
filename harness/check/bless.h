// Blessing: what happens now becomes what is expected, in the smallest edit of the case file.
#ifndef PLAYHEAD_CHECK_BLESS_H_
#define PLAYHEAD_CHECK_BLESS_H_

#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "check/case_file.h"
#include "check/log_line.h"

namespace playhead::check {

// What a replay of one case gave.
struct CaseRun {
  const JsonValue* replay = nullptr;  // borrowed; nullptr: the case did not run, its blocks stay
  std::vector<LogLine> lines;
};

// The file's text with the values of its `expect` blocks and the lines of its `log` blocks as they
// are now; `runs` has one element for each case. What holds stays byte for byte: whole blocks,
// matchers, and members beside the ones that changed. No member is added or taken away: one that is
// gone from the document is expected to be {"$absent": true}. Judged by the new text, each run
// passes. Fails where a transcript line would end its block.
Result<std::string> bless(const CaseFile& file, const std::vector<CaseRun>& runs);

}  // namespace playhead::check

#endif  // PLAYHEAD_CHECK_BLESS_H_
