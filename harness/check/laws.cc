// Each law reads only the members it needs, and reports each break with its place.
#include "check/laws.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <utility>

#include "check/downstream_reading.h"
#include "model/completion.h"
#include "model/message.h"

namespace playhead::check {
namespace {

using Breaks = std::vector<LawBreak>;

// The member at the end of a path of names, or nullptr.
const JsonValue* member_at(const JsonValue& value, std::initializer_list<std::string_view> names) {
  const JsonValue* at = &value;
  for (const std::string_view name : names) {
    at = member(*at, name);
    if (at == nullptr) return nullptr;
  }
  return at;
}

std::vector<const LogLine*> without_chunks(const std::vector<LogLine>& lines) {
  std::vector<const LogLine*> kept;
  for (const LogLine& line : lines) {
    if (line.kind != FactKind::chunk) kept.push_back(&line);
  }
  return kept;
}

std::vector<const LogLine*> all_of(const std::vector<LogLine>& lines) {
  std::vector<const LogLine*> kept;
  for (const LogLine& line : lines) kept.push_back(&line);
  return kept;
}

Breaks compare_lines(Law law, std::string_view which, const std::vector<const LogLine*>& expected,
                     const std::vector<const LogLine*>& actual) {
  const auto same = [](const LogLine* a, const LogLine* b) { return *a == *b; };
  const auto [left, right] =
      std::mismatch(expected.begin(), expected.end(), actual.begin(), actual.end(), same);
  if (left == expected.end() && right == actual.end()) return {};
  const std::string nothing = "nothing more";
  const std::string& before = left == expected.end() ? nothing : (*left)->line;
  const std::string& after = right == actual.end() ? nothing : (*right)->line;
  return {{law, fmt::format("{}: fact {} was `{}` and is `{}`", which, left - expected.begin() + 1,
                            before, after)}};
}

// What the two laws on downstream bytes look at; nothing where there are none.
struct DownstreamView {
  DownstreamReading reading;
  bool interrupted = false;
  bool says_its_end = true;
  std::string_view final_response;
};

// A turn that was interrupted just stops, for its client is gone. Only the UI message stream has a
// word for a turn that somebody stopped while its client listens (SPEC 9.1, 9.3).
bool says_its_end(DownstreamFormat format, const JsonValue& outcome) {
  if (!bool_member(outcome, "interrupted").value_or(false)) return true;
  const JsonValue* code = member_at(outcome, {"error", "code"});
  if (format != DownstreamFormat::ai_sdk_ui || code == nullptr || !code->IsString()) return false;
  return text_of(*code) == "stopped" || text_of(*code) == "interrupted";
}

std::optional<DownstreamView> downstream_of(const JsonValue& replay) {
  const JsonValue* downstream = member(replay, "downstream");
  const JsonValue* outcome = member(replay, "outcome");
  if (downstream == nullptr || outcome == nullptr || !outcome->IsObject()) return std::nullopt;
  const auto name = text_member(*downstream, "format");
  const auto format = find_in(kDownstreamFormats, name.value_or(""));
  if (!format || *format == DownstreamFormat::none) return std::nullopt;
  DownstreamView view;
  view.reading = read_downstream(*format, text_member(*downstream, "text").value_or(""));
  view.interrupted = bool_member(*outcome, "interrupted").value_or(false);
  view.says_its_end = says_its_end(*format, *outcome);
  view.final_response = text_member(*outcome, "final_response").value_or("");
  return view;
}

const JsonValue* exchange_with_index(const JsonValue& replay, std::int64_t index) {
  const JsonValue* exchanges = member(replay, "exchanges");
  if (exchanges == nullptr || !exchanges->IsArray()) return nullptr;
  for (const JsonValue& exchange : exchanges->GetArray()) {
    if (int_member(exchange, "index") == index) return &exchange;
  }
  return nullptr;
}

bool may_run(const JsonValue& call) {
  const auto state = text_member(call, "state");
  return state != name_of(ArgumentState::truncated) && state != name_of(ArgumentState::invalid);
}

// Why the executed call should not have been, or nothing.
std::optional<std::string> reason_not_to_run(const JsonValue& exchange, const JsonValue& executed) {
  const JsonValue* reason = member_at(exchange, {"completion", "finish_reason"});
  if (reason != nullptr && reason->IsString() &&
      text_of(*reason) == name_of(FinishReason::length)) {
    return "its reply was truncated";
  }
  const JsonValue* calls = member_at(exchange, {"message", "tool_calls"});
  if (calls == nullptr || !calls->IsArray()) return std::nullopt;
  std::optional<std::string> why = "its reply has no such call";
  for (const JsonValue& call : calls->GetArray()) {
    const bool same = text_member(call, "id") == text_member(executed, "id") &&
                      text_member(call, "name") == text_member(executed, "name");
    if (!same) continue;
    if (may_run(call)) return std::nullopt;
    why = fmt::format("its arguments are {}", text_member(call, "state").value_or(""));
  }
  return why;
}

std::string without_blanks(std::string_view text) {
  std::string kept;
  for (const char c : text) {
    if (c != ' ' && c != '\t' && c != '\n') kept.push_back(c);
  }
  return kept;
}

std::string visible_of(const JsonValue& replay) {
  std::string visible;
  const JsonValue* exchanges = member(replay, "exchanges");
  if (exchanges == nullptr || !exchanges->IsArray()) return visible;
  for (const JsonValue& exchange : exchanges->GetArray()) {
    const JsonValue* text = member_at(exchange, {"message", "visible"});
    if (text != nullptr && text->IsString()) visible += without_blanks(text_of(*text));
  }
  return visible;
}

// Up to 80 bytes from where `text` leaves `other`, for a message.
std::string from_difference(const std::string& text, const std::string& other) {
  constexpr std::size_t kShown = 80;
  const auto at = std::mismatch(text.begin(), text.end(), other.begin(), other.end()).first;
  return {at, text.end() - at > static_cast<std::ptrdiff_t>(kShown) ? at + kShown : text.end()};
}

}  // namespace

Breaks check_rechunk(std::string_view rewrite, const std::vector<LogLine>& original,
                     const std::vector<LogLine>& rewritten) {
  return compare_lines(Law::rechunk, rewrite, without_chunks(original), without_chunks(rewritten));
}

Breaks check_repeat(const std::vector<LogLine>& first, const std::vector<LogLine>& again) {
  return compare_lines(Law::repeat, "second run", all_of(first), all_of(again));
}

Breaks check_keepalive(const JsonValue& replay, Duration interval) {
  const JsonValue* downstream = member(replay, "downstream");
  if (downstream == nullptr || interval.us <= 0) return {};
  if (text_member(*downstream, "format") == name_of(DownstreamFormat::none)) return {};
  const auto silence = int_member(*downstream, "longest_silence_us");
  if (!silence || *silence <= interval.us) return {};
  return {{Law::keepalive, fmt::format("downstream was silent for {} us, the interval is {} us",
                                       *silence, interval.us)}};
}

Breaks check_tools(const JsonValue& replay) {
  Breaks breaks;
  const JsonValue* executed = member_at(replay, {"outcome", "tools", "executed"});
  if (executed == nullptr || !executed->IsArray()) return breaks;
  for (const JsonValue& call : executed->GetArray()) {
    const std::int64_t index = int_member(call, "exchange").value_or(0);
    const JsonValue* exchange = exchange_with_index(replay, index);
    const std::optional<std::string> why =
        exchange == nullptr ? std::optional<std::string>("there is no such exchange")
                            : reason_not_to_run(*exchange, call);
    if (!why) continue;
    breaks.push_back({Law::tools, fmt::format("`{}` ({}) of exchange {} was run, but {}",
                                              text_member(call, "name").value_or(""),
                                              text_member(call, "id").value_or(""), index, *why)});
  }
  return breaks;
}

// Whether a whole text replaced pieces that had been sent already; they cannot be taken back.
bool has_rewritten_text(const JsonValue& replay) {
  const JsonValue* exchanges = member(replay, "exchanges");
  if (exchanges == nullptr || !exchanges->IsArray()) return false;
  for (const JsonValue& exchange : exchanges->GetArray()) {
    const JsonValue* anomalies = member(exchange, "anomalies");
    if (anomalies == nullptr || !anomalies->IsArray()) continue;
    for (const JsonValue& anomaly : anomalies->GetArray()) {
      const auto name = text_member(anomaly, "name");
      if (name == name_of(Anomaly::done_mismatch)) return true;
      if (name == name_of(Anomaly::blocks_interleaved)) return true;
    }
  }
  return false;
}

Breaks check_think(const JsonValue& replay) {
  const std::optional<DownstreamView> view = downstream_of(replay);
  if (!view) return {};
  const std::string sent = without_blanks(view->reading.content);
  const std::string visible = visible_of(replay);
  const std::string unstreamed = visible + without_blanks(view->final_response);
  if (sent == visible || sent == unstreamed) return {};
  if (view->interrupted && unstreamed.starts_with(sent)) return {};
  if (has_rewritten_text(replay)) return {};
  if (visible.starts_with(sent)) {
    return {{Law::think, fmt::format("visible text was never sent downstream, blanks apart: `{}`",
                                     from_difference(visible, sent))}};
  }
  return {{Law::think, fmt::format("sent downstream, but not visible text, blanks apart: `{}`",
                                   from_difference(sent, visible))}};
}

Breaks check_finish(const JsonValue& replay) {
  const std::optional<DownstreamView> view = downstream_of(replay);
  if (!view) return {};
  const DownstreamReading& reading = view->reading;
  const int wanted = view->says_its_end ? 1 : 0;
  const std::string_view turn = view->interrupted ? "was interrupted" : "was not interrupted";
  Breaks breaks;
  if (reading.finishes != wanted) {
    breaks.push_back(
        {Law::finish, fmt::format("{} finishes downstream of a turn that {}, {} wanted",
                                  reading.finishes, turn, wanted)});
  }
  if (reading.dones != wanted) {
    breaks.push_back(
        {Law::finish, fmt::format("{} times [DONE] downstream of a turn that {}, {} wanted",
                                  reading.dones, turn, wanted)});
  }
  if (reading.wrote_after_done) {
    breaks.push_back({Law::finish, "something was written downstream behind [DONE]"});
  }
  if (!reading.breach.empty()) {
    breaks.push_back({Law::finish, "clients fail on what was sent: " + reading.breach});
  }
  return breaks;
}

Breaks check_document(const JsonValue& replay, Duration keepalive_interval) {
  Breaks all = check_keepalive(replay, keepalive_interval);
  for (Breaks more : {check_tools(replay), check_think(replay), check_finish(replay)}) {
    std::move(more.begin(), more.end(), std::back_inserter(all));
  }
  return all;
}

Breaks check_outcome(const Facts& facts) {
  int outcomes = 0;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const Fact fact = facts[i];
    if (fact.kind == FactKind::outcome && ++outcomes == 2) {
      return {{Law::outcome, fmt::format("a second end at {} us", fact.at.us)}};
    }
    const bool writes = fact.kind == FactKind::downstream || fact.kind == FactKind::keepalive;
    if (writes && outcomes > 0) {
      return {{Law::outcome,
               fmt::format("{} behind the end, at {} us", name_of(fact.kind), fact.at.us)}};
    }
  }
  return {};
}

void add_law_breaks(const std::vector<LawBreak>& breaks, Verdict& verdict) {
  for (const LawBreak& broken : breaks) {
    const std::string_view meaning = kLaws[static_cast<std::size_t>(broken.law)].meaning;
    verdict.differences.push_back(
        {fmt::format("/laws/{}", name_of(broken.law)), std::string(meaning), broken.message});
  }
  if (!breaks.empty() && verdict.kind == VerdictKind::passed) verdict.kind = VerdictKind::failed;
}

}  // namespace playhead::check
