#include "match/match_report.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

#include "base/check.h"
#include "base/json.h"
#include "base/name_table.h"

namespace playhead::match {
namespace {

constexpr NameTable<MissReason, 4> kReasons{{
    {MissReason::differs, "differs", "no exchange has this request"},
    {MissReason::used_up, "used_up", "all that have it are taken"},
    {MissReason::no_requests, "no_requests", "the exchanges have no requests"},
    {MissReason::no_exchanges, "no_exchanges", "there are no exchanges"},
}};
static_assert(covers_enum(kReasons, MissReason::no_exchanges));

constexpr NameTable<BodyLoss, 4> kLosses{{
    {BodyLoss::none, "none", "the recorded body is whole"},
    {BodyLoss::compressed, "compressed", "the recorded body was compressed and is masked whole"},
    {BodyLoss::masked, "masked", "the recorded body is masked whole"},
    {BodyLoss::missing, "missing", "the recorded body is missing: it could not be written"},
}};
static_assert(covers_enum(kLosses, BodyLoss::missing));

std::string asked(std::string_view method, std::string_view target) {
  return shortened(method) + " " + shortened(target);
}

std::string name_text(const ExchangeName& name) {
  return fmt::format("exchange {} of {}", name.exchange, name.recording);
}

// Of a miss for a reason that has a nearest exchange.
std::string nearest_text(const Miss& miss) {
  PLAYHEAD_CHECK(miss.nearest.has_value());
  return name_text(*miss.nearest);
}

// Texts of a request on a terminal: one line, and nothing that steers it.
std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7f ? '?' : c;
  }
  return out;
}

std::string places(const Miss& miss) {
  if (miss.loss != BodyLoss::none) {
    const std::string_view loss = kLosses[static_cast<std::size_t>(miss.loss)].meaning;
    return std::string(loss) + "; only --match sequence serves it";
  }
  const DifferenceList& list = miss.differences;
  if (list.shown.empty()) return "no place that can be shown differs";
  const std::size_t others = list.shown.size() - 1 + list.more;
  const std::string& first = list.shown[0].at;
  if (others == 0) return first + " differs";
  return fmt::format("{} and {} more place{} differ", first, others, others == 1 ? "" : "s");
}

std::string without_request_text(std::size_t count) {
  if (count == 0) return "";
  return fmt::format("; {} exchange{} recorded without a request: only --match sequence serves {}",
                     count, count == 1 ? " was" : "s were", count == 1 ? "it" : "them");
}

void write_name(const ExchangeName& name, JsonWriter& out) {
  out.key("recording").string(name.recording);
  out.key("exchange").number(name.exchange);
  out.key("method").string(name.method);
  out.key("target").string(shortened(name.target));
}

void write_miss(const Miss& miss, JsonWriter& out) {
  out.key("message").string(miss_message(miss));
  out.key("reason").string(name_in(kReasons, miss.reason));
  out.key("nearest");
  if (miss.nearest) {
    out.begin_object();
    write_name(*miss.nearest, out);
    out.end_object();
  } else {
    out.null();
  }
  out.key("differences").begin_array();
  for (const Difference& difference : miss.differences.shown) {
    out.begin_object().key("at").string(difference.at);
    if (!difference.recorded.empty()) out.key("recorded").raw(difference.recorded);
    if (!difference.sent.empty()) out.key("sent").raw(difference.sent);
    out.end_object();
  }
  out.end_array();
  out.key("more_differences").number(static_cast<std::int64_t>(miss.differences.more));
}

void write_counts(const MatchCounts& counts, JsonWriter& out) {
  const auto number = [&out](std::string_view key, std::uint64_t value) {
    out.key(key).number(static_cast<std::int64_t>(value));
  };
  out.key("counts").begin_object();
  number("requests", counts.requests);
  number("hits", counts.hits);
  number("repeated", counts.repeated);
  number("misses", counts.misses);
  number("exchanges", counts.exchanges);
  number("unused", counts.unused);
  out.end_object();
}

// Those exchanges that were served, or those that were not.
void write_exchanges(const Matcher& matcher, bool served, JsonWriter& out) {
  std::size_t listed = 0;
  out.begin_array();
  for (const ExchangeAccount& account : matcher.exchanges()) {
    if ((account.served > 0) != served || listed == kListedMax) continue;
    ++listed;
    out.begin_object();
    write_name(account.name, out);
    if (served) out.key("times").number(static_cast<std::int64_t>(account.served));
    out.end_object();
  }
  out.end_array();
}

}  // namespace

std::string miss_message(const Miss& miss) {
  const std::string request = printable(asked(miss.method, miss.target));
  std::string out;
  switch (miss.reason) {
    case MissReason::differs:
      out = fmt::format("no recorded exchange answers {}; nearest is {}: {}", request,
                        nearest_text(miss), places(miss));
      break;
    case MissReason::used_up:
      return fmt::format("all recorded exchanges for {} are used up; the last is {}", request,
                         nearest_text(miss));
    case MissReason::no_requests: out = "no recorded exchange answers " + request; break;
    case MissReason::no_exchanges:
      return "no recorded exchange answers " + request + ": the recordings hold none";
  }
  return out + without_request_text(miss.without_request);
}

std::string miss_text(const Miss& miss) {
  std::string out = printable(miss_message(miss)) + "\n";
  const auto value = [](const std::string& json) { return json.empty() ? "nothing" : json; };
  for (const Difference& difference : miss.differences.shown) {
    out += printable(fmt::format("  {}: recorded {}, sent {}", difference.at,
                                 value(difference.recorded), value(difference.sent)));
    out += "\n";
  }
  if (miss.differences.more > 0) {
    out += fmt::format("  and {} more\n", miss.differences.more);
  }
  return out;
}

std::string miss_json(const Miss& miss) {
  JsonWriter out;
  out.begin_object().key("error").begin_object();
  out.key("type").string("playhead_no_match");
  write_miss(miss, out);
  out.end_object().end_object();
  return out.take();
}

std::string state_json(const Matcher& matcher) {
  JsonWriter out;
  out.begin_object();
  out.key("mode").string(name_in(kMatchModes, matcher.options().mode));
  write_counts(matcher.counts(), out);
  out.key("served");
  write_exchanges(matcher, true, out);
  out.key("missed").begin_array();
  for (const Miss& miss : matcher.misses()) {
    out.begin_object();
    out.key("method").string(shortened(miss.method));
    out.key("target").string(shortened(miss.target));
    write_miss(miss, out);
    out.end_object();
  }
  out.end_array();
  out.key("unused");
  write_exchanges(matcher, false, out);
  out.end_object();
  return out.take();
}

std::string unused_text(const Matcher& matcher) {
  std::string out;
  std::size_t count = 0;
  for (const ExchangeAccount& account : matcher.exchanges()) {
    if (account.served > 0 || ++count > kListedMax) continue;
    const ExchangeName& name = account.name;
    out += "unused: " + name_text(name);
    if (!name.method.empty()) out += " (" + printable(asked(name.method, name.target)) + ")";
    out += "\n";
  }
  if (count > kListedMax) out += fmt::format("unused: {} more\n", count - kListedMax);
  return out;
}

}  // namespace playhead::match
