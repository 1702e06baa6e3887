#include "report/recording_timeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>

#include "base/check.h"
#include "base/json.h"
#include "report/timeline_text.h"

namespace playhead::report {
namespace {

// What limits the reply, by whatever name the protocol has for it; -1: nothing.
std::int64_t limit_of(const std::string& request_body) {
  const auto body = parse_json(request_body);
  if (!body) return -1;
  for (const char* name : {"max_tokens", "max_completion_tokens", "max_output_tokens"}) {
    if (const auto limit = int_member(*body, name)) return *limit;
  }
  return -1;
}

// The facts of an exchange in the time of its recording, with what only the recording knows: the
// request, marks, and what the recorder said of the end.
Facts facts_of(const RecordedExchange& exchange, const Shown& shown) {
  Facts facts;
  const std::string asked = exchange.method + " " + exchange.target;
  facts.add({.at = exchange.requested_at,
             .kind = FactKind::request,
             .exchange = shown.report.index,
             .number = limit_of(exchange.request_body),
             .detail = exchange.method.empty() ? std::string_view() : asked,
             .text = exchange.request_body});
  auto mark = exchange.marks.begin();
  const auto add_marks = [&](Instant until) {
    for (; mark != exchange.marks.end() && mark->at < until; ++mark) {
      facts.add({.at = std::max(mark->at, exchange.requested_at),
                 .kind = FactKind::notice,
                 .exchange = shown.report.index,
                 .name = "mark",
                 .text = mark->text});
    }
  };
  for (std::size_t i = 0; i < shown.facts.size(); ++i) {
    Fact fact = shown.facts[i];
    fact.at = exchange.requested_at + (fact.at - Instant{});
    if (fact.kind == FactKind::end) fact.detail = exchange.end.detail;
    add_marks(fact.at);
    facts.add(fact);
  }
  add_marks(Instant{std::numeric_limits<std::int64_t>::max()});
  facts.add_exchange(exchange.end.at, shown.report);
  return facts;
}

}  // namespace

std::string recording_timeline(const Recording& recording, const std::vector<Shown>& exchanges,
                               Style style) {
  PLAYHEAD_CHECK(recording.exchanges.size() == exchanges.size());
  std::string out = recording_head(recording);
  for (std::size_t i = 0; i < exchanges.size(); ++i) {
    out += painted(exchange_head(exchanges[i].report), Paint::heading, style) + "\n";
    out += timeline_text(facts_of(recording.exchanges[i], exchanges[i]), style);
  }
  return out;
}

}  // namespace playhead::report
