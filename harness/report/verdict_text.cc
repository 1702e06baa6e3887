#include "report/verdict_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"

namespace playhead::report {
namespace {

using check::VerdictKind;

std::size_t count(const std::vector<check::Verdict>& verdicts, VerdictKind kind) {
  return static_cast<std::size_t>(std::count_if(verdicts.begin(), verdicts.end(),
                                                [kind](const auto& v) { return v.kind == kind; }));
}

std::string indented(const std::string& text) {
  std::string out;
  for (const char c : text) {
    out.push_back(c);
    if (c == '\n') out.append("              ");
  }
  return out;
}

// JSON where the text is JSON (values of a document), otherwise the text as a string (lines of a
// log).
void json_or_text(JsonWriter& json, const std::string& text) {
  if (parse_json(text)) {
    json.raw(text);
  } else {
    json.string(text);
  }
}

}  // namespace

std::string verdict_text(const check::Verdict& verdict) {
  std::string out = fmt::format(
      "{}: {}", check::name_of(verdict.kind),
      verdict.line > 0 ? fmt::format("{}:{}: {}", verdict.file, verdict.line, verdict.name)
                       : verdict.file);
  if (!verdict.message.empty()) out += "\n  " + verdict.message;
  for (const check::Difference& difference : verdict.differences) {
    out += fmt::format("\n  at {}\n    expected: {}\n    actual:   {}", difference.at,
                       indented(difference.expected), indented(difference.actual));
  }
  if (!verdict.reproduce.empty()) out += "\n  reproduce: " + verdict.reproduce;
  return out + "\n";
}

std::string summary_text(const std::vector<check::Verdict>& verdicts) {
  const auto bare = std::count_if(verdicts.begin(), verdicts.end(),
                                  [](const auto& v) { return v.no_expectation; });
  std::string out =
      fmt::format("{} passed, {} failed, {} broken, {} skipped",
                  count(verdicts, VerdictKind::passed), count(verdicts, VerdictKind::failed),
                  count(verdicts, VerdictKind::broken), count(verdicts, VerdictKind::skipped));
  if (bare > 0) out += fmt::format(" ({} without expectation)", bare);
  return out;
}

std::string verdicts_document(const std::vector<check::Verdict>& verdicts,
                              std::uint64_t schedules) {
  JsonWriter json;
  json.begin_object();
  for (const auto& row : check::kVerdictKinds) {
    json.key(row.name).number(static_cast<std::int64_t>(count(verdicts, row.value)));
  }
  if (schedules > 0) json.key("schedules").number(static_cast<std::int64_t>(schedules));
  json.key("verdicts").begin_array();
  for (const check::Verdict& verdict : verdicts) {
    json.begin_object();
    json.key("file").string(verdict.file);
    json.key("case").string(verdict.name);
    json.key("line").number(verdict.line);
    json.key("verdict").string(check::name_of(verdict.kind));
    if (!verdict.message.empty()) json.key("message").string(verdict.message);
    if (verdict.no_expectation) json.key("no_expectation").boolean(true);
    json.key("differences").begin_array();
    for (const check::Difference& difference : verdict.differences) {
      json.begin_object();
      json.key("at").string(difference.at);
      json.key("expected");
      json_or_text(json, difference.expected);
      json.key("actual");
      json_or_text(json, difference.actual);
      json.end_object();
    }
    json.end_array();
    json.key("reproduce");
    if (verdict.reproduce.empty()) {
      json.null();
    } else {
      json.string(verdict.reproduce);
    }
    if (!verdict.replay_json.empty()) json.key("replay").raw(verdict.replay_json);
    json.end_object();
  }
  return json.end_array().end_object().take();
}

}  // namespace playhead::report
