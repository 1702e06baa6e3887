// A verdict: what became of a case, with each difference between what was expected and what
// happened.
#ifndef PLAYHEAD_CHECK_VERDICT_H_
#define PLAYHEAD_CHECK_VERDICT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/name_table.h"
#include "check/case_file.h"
#include "check/expectation.h"
#include "check/log_line.h"

namespace playhead::check {

enum class VerdictKind : std::uint8_t { passed, failed, broken, skipped };

inline constexpr NameTable<VerdictKind, 4> kVerdictKinds = {{
    {VerdictKind::passed, "passed", "everything held"},
    {VerdictKind::failed, "failed", "something did not hold: see the differences"},
    {VerdictKind::broken, "broken", "the case could not be run or judged: see the message"},
    {VerdictKind::skipped, "skipped", "the case was not run: see the message"},
}};
static_assert(covers_enum(kVerdictKinds, VerdictKind::skipped));

constexpr std::string_view name_of(VerdictKind kind) { return name_in(kVerdictKinds, kind); }

// Our choice: how many runs of differing lines one `log` block reports; the last one says how many
// more.
inline constexpr std::size_t kLogDifferencesMax = 20;

struct Verdict {
  std::string file;
  std::string name;  // of the case
  int line = 0;      // of its heading
  VerdictKind kind = VerdictKind::passed;
  // `at` is a JSON pointer into the replay document; "/log/<n>" for the case's n-th `log` block
  // (from 0), with lines instead of JSON; "/laws/<name>" for a broken law.
  std::vector<Difference> differences;
  std::string message;          // why broken or skipped
  bool no_expectation = false;  // neither `expect` nor `log`: it passes by running
  std::string reproduce;        // command line, set by whoever ran the case
  std::string replay_json;      // the replay document, set by whoever ran the case
};

// Compares what the case expects with the replay document (DESIGN 6) and the transcript's lines.
// `reproduce` and `replay_json` stay empty.
Verdict judge(const Case& c, const JsonValue& replay, const std::vector<LogLine>& lines);

// The verdict on a case that could not be run.
Verdict broken_verdict(const Case& c, std::string message);
// The verdict on a case that is not to be run.
Verdict skipped_verdict(const Case& c, std::string message);

// The text of the lines that the block shows, in order.
std::vector<std::string> lines_for(const LogBlock& log, const std::vector<LogLine>& lines);

}  // namespace playhead::check

#endif  // PLAYHEAD_CHECK_VERDICT_H_
