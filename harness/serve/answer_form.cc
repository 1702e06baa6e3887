#include "serve/answer_form.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "base/ascii.h"
#include "net/byte_stream.h"
#include "recording/client_left.h"

namespace playhead::serve {
namespace {

using net::HttpHeader;
using Framing = net::BodyFraming::Kind;

constexpr std::size_t kLengthDigitsMax = 18;  // as the readers of net have it
constexpr int kFinalStatusMin = 200;

// The one Content-Length, where it is a number.
std::optional<std::uint64_t> recorded_length(const std::vector<HttpHeader>& headers) {
  const auto is_length = [](const HttpHeader& header) {
    return same_ignoring_case(header.first, "Content-Length");
  };
  if (std::count_if(headers.begin(), headers.end(), is_length) != 1) return std::nullopt;
  const std::string_view text = header_value(headers, "Content-Length");
  const bool is_number = !text.empty() && text.size() <= kLengthDigitsMax &&
                         std::all_of(text.begin(), text.end(), is_digit);
  if (!is_number) return std::nullopt;
  std::uint64_t length = 0;
  std::from_chars(text.data(), text.data() + text.size(), length);
  return length;
}

bool may_have_body(int status, std::string_view method) {
  return status != 204 && status != 304 && method != "HEAD";
}

// Whether the recorded body can only be all of it, however the exchange ended.
bool is_provably_whole(const RecordedExchange& exchange) {
  return !may_have_body(exchange.status, exchange.method) ||
         recorded_length(exchange.response_headers) == exchange.body.size();
}

// Of an exchange with a response.
AnswerEnd end_by(EndReason reason) {
  switch (reason) {
    case EndReason::complete: return AnswerEnd::whole;
    case EndReason::eof_early: return AnswerEnd::cut;
    case EndReason::idle_timeout: return AnswerEnd::silence;
    case EndReason::client_closed:
    case EndReason::reset:
    case EndReason::tls_error:
    case EndReason::size_cap:
    case EndReason::recorder_stopped:
    case EndReason::torn: return AnswerEnd::reset;
  }
  return AnswerEnd::reset;
}

// One of the elements of a list header, as "close" in "Connection: a, close".
bool has_element(const std::vector<HttpHeader>& headers, std::string_view name,
                 std::string_view element) {
  std::string_view list = header_value(headers, name);
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view item = list.substr(0, comma);
    while (item.starts_with(' ') || item.starts_with('\t')) item.remove_prefix(1);
    while (item.ends_with(' ') || item.ends_with('\t')) item.remove_suffix(1);
    if (same_ignoring_case(item, element)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

// Whether the recorded answer, which has no other framing, was ended by its connection.
bool was_until_close(const Recording& recording, const RecordedExchange& exchange) {
  if (has_element(exchange.response_headers, "Connection", "close")) return true;
  return recording.meta.origin == "captured" && recording.meta.recorder.starts_with("playhead");
}

// Whether the recorded answer has a body whose end only its connection told.
bool ends_with_connection(const Recording& recording, const RecordedExchange& exchange) {
  const std::vector<HttpHeader>& headers = exchange.response_headers;
  return exchange.responded_at && may_have_body(exchange.status, exchange.method) &&
         !has_element(headers, "Transfer-Encoding", "chunked") && !recorded_length(headers) &&
         was_until_close(recording, exchange);
}

// A FIN, if not one that TLS takes for an end.
bool is_tls_cut(const RecordedExchange& exchange) {
  return exchange.end.reason == EndReason::tls_error && exchange.end.detail == net::kNoCloseNotify;
}

AnswerEnd end_of(const Recording& recording, const RecordedExchange& exchange) {
  // Clients take it for the end of a body that has no other.
  if (is_tls_cut(exchange)) {
    return ends_with_connection(recording, exchange) ? AnswerEnd::whole : AnswerEnd::cut;
  }
  const EndReason reason = exchange.end.reason;
  const bool client_left = reason == EndReason::client_closed;
  if (!exchange.responded_at) {
    if (client_left) return AnswerEnd::silence;
    return reason == EndReason::complete ? AnswerEnd::cut : end_by(reason);
  }
  if (!client_left) return end_by(reason);
  if (is_provably_whole(exchange)) return AnswerEnd::whole;
  return end_by(recording::end_of_rest(exchange.end));
}

// Whether a body of that length can be what was recorded: all of it, or what there is of it.
bool fits(std::uint64_t length, const RecordedExchange& exchange, AnswerEnd end) {
  const std::uint64_t size = exchange.body.size();
  return end == AnswerEnd::whole ? length == size : length > size;
}

Framing framing_of(const Recording& recording, const RecordedExchange& exchange, AnswerEnd end) {
  const std::vector<HttpHeader>& headers = exchange.response_headers;
  if (has_element(headers, "Transfer-Encoding", "chunked")) return Framing::chunked;
  if (const auto length = recorded_length(headers)) {
    return fits(*length, exchange, end) ? Framing::length : Framing::chunked;
  }
  if (end == AnswerEnd::cut) return Framing::chunked;
  return was_until_close(recording, exchange) ? Framing::until_close : Framing::chunked;
}

std::string head_text(const RecordedExchange& exchange, const net::RequestHead& request,
                      Framing framing) {
  const bool is_bodiless = framing == Framing::none && exchange.status != 204;
  const bool keeps_length = framing == Framing::length ||
                            (is_bodiless && recorded_length(exchange.response_headers).has_value());
  std::vector<HttpHeader> headers;
  for (HttpHeader& header : net::end_to_end(exchange.response_headers)) {
    if (!net::is_safe(header)) continue;
    const bool is_length = same_ignoring_case(header.first, "Content-Length");
    if (!is_length || keeps_length) headers.push_back(std::move(header));
  }
  if (framing == Framing::chunked) headers.emplace_back("Transfer-Encoding", "chunked");
  if (!request.keep_alive || framing == Framing::until_close) {
    headers.emplace_back("Connection", "close");
  } else if (request.minor_version == 0) {
    headers.emplace_back("Connection", "keep-alive");
  }
  return net::response_text(exchange.status, net::reason_of(exchange.status), headers);
}

}  // namespace

AnswerForm form_of(const Recording& recording, const RecordedExchange& exchange,
                   const net::RequestHead& request) {
  AnswerForm form;
  form.end = end_of(recording, exchange);
  if (!exchange.responded_at) return form;
  if (may_have_body(exchange.status, request.method)) {
    form.framing = framing_of(recording, exchange, form.end);
  }
  if (request.minor_version == 0 && form.framing == Framing::chunked) {
    form.framing = Framing::until_close;
    if (form.end == AnswerEnd::cut) form.end = AnswerEnd::reset;
  }
  form.head = head_text(exchange, request, form.framing);
  return form;
}

std::vector<HttpHeader> servable_trailers(const RecordedExchange& exchange) {
  std::vector<HttpHeader> kept;
  for (HttpHeader& header : net::end_to_end(exchange.trailers)) {
    const bool is_framing = same_ignoring_case(header.first, "Content-Length") ||
                            same_ignoring_case(header.first, "Host");
    if (!is_framing && net::is_safe(header)) kept.push_back(std::move(header));
  }
  return kept;
}

Status check_servable(const Recording& recording) {
  for (const RecordedExchange& exchange : recording.exchanges) {
    if (!exchange.responded_at || exchange.status >= kFinalStatusMin) continue;
    return Error{
        fmt::format("{}: exchange {} has status {}, which is that of no final response; "
                    "correct it or leave the recording out",
                    recording.path, exchange.index, exchange.status)};
  }
  return Done{};
}

}  // namespace playhead::serve
