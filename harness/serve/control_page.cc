#include "serve/control_page.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>

#include "base/json.h"
#include "base/utf8.h"
#include "match/match_report.h"

namespace playhead::serve {
namespace {

constexpr std::string_view kPageHead = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>playhead serve</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em; }
table { border-collapse: collapse; width: 100%; }
td, th { border-bottom: 1px solid #8884; padding: .2em .8em .2em 0; text-align: left;
  vertical-align: top; overflow-wrap: anywhere; }
th { font-weight: 600; }
code { font: 13px ui-monospace, monospace; }
li { margin: .3em 0; }
</style></head><body>
<h1>playhead serve</h1>
<form method="get" action="/_playhead/"><button>Refresh</button>
<a href="/_playhead/state.json">state.json</a></form>
)";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : to_utf8(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string exchange_row(const ExchangeAccount& account, bool with_times) {
  const ExchangeName& name = account.name;
  std::string request = name.method;
  request.append(request.empty() ? "" : " ").append(match::shortened(name.target));
  return fmt::format("<tr><td>{}</td><td>{}</td><td><code>{}</code></td>{}</tr>\n",
                     escaped(name.recording), name.exchange, escaped(request),
                     with_times ? fmt::format("<td>{}</td>", account.served) : std::string());
}

// Those exchanges that were served, or those that were not.
std::string exchange_table(const match::Matcher& matcher, bool served) {
  std::string rows;
  std::size_t count = 0;
  for (const ExchangeAccount& account : matcher.exchanges()) {
    if ((account.served > 0) != served || ++count > match::kListedMax) continue;
    rows += exchange_row(account, served);
  }
  if (rows.empty()) return "<p>None.</p>\n";
  const std::string more = count > match::kListedMax
                               ? fmt::format("<p>And {} more.</p>\n", count - match::kListedMax)
                               : std::string();
  return fmt::format("<table><tr><th>Recording</th><th>Exchange</th><th>Request</th>{}</tr>\n",
                     served ? "<th>Times</th>" : "") +
         rows + "</table>\n" + more;
}

std::string misses_list(const match::Matcher& matcher) {
  if (matcher.misses().empty()) return "<p>None.</p>\n";
  std::string items;
  for (const Miss& miss : matcher.misses()) {
    items += "<li>" + escaped(match::miss_message(miss));
    for (const Difference& difference : miss.differences.shown) {
      const auto side = [](const std::string& json) { return json.empty() ? "nothing" : json; };
      items += fmt::format("<br><code>{}</code>: recorded <code>{}</code>, sent <code>{}</code>",
                           escaped(difference.at), escaped(side(difference.recorded)),
                           escaped(side(difference.sent)));
    }
    items += "</li>\n";
  }
  const std::uint64_t left_out = matcher.counts().misses - matcher.misses().size();
  const std::string more =
      left_out > 0 ? fmt::format("<p>And {} more.</p>\n", left_out) : std::string();
  return "<ol>\n" + items + "</ol>\n" + more;
}

// What a Host header names, without its port and brackets.
std::string_view host_name(std::string_view host) {
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  return host.substr(0, host.find(':'));
}

bool is_address(const std::string& host) {
  std::array<unsigned char, 16> bytes = {};
  return inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

bool may_see(std::string_view host, const net::Endpoint& listen) {
  const std::string name(host_name(host));
  return is_address(name) || same_ignoring_case(name, "localhost") ||
         (!name.empty() && same_ignoring_case(name, listen.host));
}

void answer_page(net::Responder& responder, std::string_view type, std::string_view body) {
  const net::RequestHead& request = responder.request().head;
  std::vector<net::HttpHeader> headers = {
      {"Content-Type", std::string(type)},
      {"Content-Length", std::to_string(body.size())},
      {"Cache-Control", "no-store"},
      {"Content-Security-Policy",
       "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
       "frame-ancestors 'none'"},
      {"X-Content-Type-Options", "nosniff"}};
  if (!request.keep_alive) headers.emplace_back("Connection", "close");
  std::string text = net::response_text(200, net::reason_of(200), headers);
  if (request.method != "HEAD") text += body;
  responder.write(text);
  responder.finish_answer();
}

}  // namespace

bool is_control(std::string_view target) {
  const std::string_view path = target.substr(0, target.find('?'));
  return path.starts_with(kControlPath) || path == kControlPath.substr(0, kControlPath.size() - 1);
}

void answer_control(net::Responder& responder, const match::Matcher& matcher,
                    const ServeStats& stats, const net::Endpoint& listen) {
  const net::RequestHead& request = responder.request().head;
  if (!may_see(header_value(request.headers, "Host"), listen)) {
    return net::answer_error(responder, 403,
                             "the control page answers to localhost and to addresses");
  }
  if (request.method != "GET" && request.method != "HEAD") {
    return net::answer_error(responder, 405, "the control page answers GET and HEAD");
  }
  const std::string_view path =
      std::string_view(request.target).substr(0, request.target.find('?'));
  if (path.size() <= kControlPath.size()) {
    return answer_page(responder, "text/html; charset=utf-8", control_html(matcher, stats));
  }
  if (path.substr(kControlPath.size()) == "state.json") {
    return answer_page(responder, "application/json", control_json(matcher, stats));
  }
  net::answer_error(responder, 404,
                    "no such page; there are /_playhead/ and /_playhead/state.json");
}

std::string control_json(const match::Matcher& matcher, const ServeStats& stats) {
  JsonWriter out;
  const auto number = [&out](std::string_view key, std::uint64_t value) {
    out.key(key).number(static_cast<std::int64_t>(value));
  };
  out.begin_object().key("streams").begin_object();
  number("open", stats.open);
  number("begun", stats.streams);
  number("refused", stats.refused);
  number("bytes", stats.bytes);
  out.end_object().key("matching").raw(match::state_json(matcher)).end_object();
  return out.take();
}

std::string control_html(const match::Matcher& matcher, const ServeStats& stats) {
  const MatchCounts counts = matcher.counts();
  std::string page(kPageHead);
  page += fmt::format(
      "<p>Requests: {}; served {}, of these again {}; missed {}. Exchanges left over: {} of {}. "
      "Streams open: {}. Bytes of bodies served: {}.</p>\n",
      counts.requests, counts.hits, counts.repeated, counts.misses, counts.unused, counts.exchanges,
      stats.open, stats.bytes);
  page += "<h2>Missed</h2>\n" + misses_list(matcher);
  page += "<h2>Served</h2>\n" + exchange_table(matcher, true);
  page += "<h2>Left over</h2>\n" + exchange_table(matcher, false);
  return page + "</body></html>\n";
}

}  // namespace playhead::serve
