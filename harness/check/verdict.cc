// Expectation first, then the `log` blocks in order.
#include "check/verdict.h"

#include <fmt/format.h>

#include <utility>

#include "check/line_diff.h"

namespace playhead::check {
namespace {

Verdict verdict_on(const Case& c, VerdictKind kind, std::string message) {
  Verdict verdict;
  verdict.file = c.file;
  verdict.name = c.name;
  verdict.line = c.line;
  verdict.kind = kind;
  verdict.message = std::move(message);
  verdict.no_expectation = !c.expect && c.logs.empty();
  return verdict;
}

// "line 3: text" for each line of [begin, end); "absent" where there is none.
std::string numbered(const std::vector<std::string>& lines, std::size_t begin, std::size_t end) {
  if (begin == end) return "absent";
  std::string text;
  for (std::size_t i = begin; i < end; ++i) {
    text += fmt::format("{}line {}: {}", text.empty() ? "" : "\n", i + 1, lines[i]);
  }
  return text;
}

void compare_log(const LogBlock& log, std::size_t index, const std::vector<LogLine>& lines,
                 std::vector<Difference>& differences) {
  const std::vector<std::string> actual = lines_for(log, lines);
  const std::vector<LineRun> runs = diff_lines(log.lines, actual);
  const std::string at = fmt::format("/log/{}", index);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (i == kLogDifferencesMax) {
      const std::string more = fmt::format("{} more places differ", runs.size() - i);
      differences.push_back({at, more, more});
      return;
    }
    const LineRun& run = runs[i];
    differences.push_back({at, numbered(log.lines, run.expected_begin, run.expected_end),
                           numbered(actual, run.actual_begin, run.actual_end)});
  }
}

}  // namespace

std::vector<std::string> lines_for(const LogBlock& log, const std::vector<LogLine>& lines) {
  std::vector<std::string> shown;
  for (const LogLine& line : lines) {
    if (log.shows(line.kind)) shown.push_back(line.line);
  }
  return shown;
}

Verdict broken_verdict(const Case& c, std::string message) {
  return verdict_on(c, VerdictKind::broken, std::move(message));
}

Verdict skipped_verdict(const Case& c, std::string message) {
  return verdict_on(c, VerdictKind::skipped, std::move(message));
}

Verdict judge(const Case& c, const JsonValue& replay, const std::vector<LogLine>& lines) {
  Verdict verdict = verdict_on(c, VerdictKind::passed, {});
  if (c.expect) {
    const auto expected = parse_json(c.expect->text);
    if (!expected) return broken_verdict(c, "expect: " + expected.error().message);
    if (Status status = validate_expectation(*expected); !status) {
      return broken_verdict(c, "expect" + status.error().message);
    }
    verdict.differences = compare(*expected, replay);
  }
  for (std::size_t i = 0; i < c.logs.size(); ++i) {
    compare_log(c.logs[i], i, lines, verdict.differences);
  }
  if (!verdict.differences.empty()) verdict.kind = VerdictKind::failed;
  return verdict;
}

}  // namespace playhead::check
