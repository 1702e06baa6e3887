#include "net/http_head.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/ascii.h"
#include "base/check.h"
#include "net/http_line.h"

namespace playhead::net {

namespace {

using MaybeError = std::optional<HeadError>;

constexpr std::size_t kLengthDigitsMax = 18;  // stays below 2^63
constexpr int kStatusMin = 100;
constexpr int kStatusMax = 999;  // some servers invent their own

MaybeError bad(std::string_view what) { return HeadError{400, std::string(what)}; }

bool is_visible_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

std::size_t count_of(const std::vector<HttpHeader>& headers, std::string_view name) {
  return static_cast<std::size_t>(std::count_if(
      headers.begin(), headers.end(),
      [name](const HttpHeader& header) { return same_ignoring_case(header.first, name); }));
}

// Calls `call` with each element of the comma-separated lists of all headers of that name.
template <typename Call>
void for_each_element(const std::vector<HttpHeader>& headers, std::string_view name, Call call) {
  for (const HttpHeader& header : headers) {
    if (!same_ignoring_case(header.first, name)) continue;
    std::string_view rest = header.second;
    while (!rest.empty()) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      call(without_outer_blanks(rest.substr(0, comma)));
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
}

MaybeError read_version(std::string_view text, int& minor_version) {
  const bool is_version = text.size() == 8 && text.starts_with("HTTP/") && is_digit(text[5]) &&
                          text[6] == '.' && is_digit(text[7]);
  if (!is_version) return bad("no HTTP version where one belongs");
  if (text[5] != '1' || text[7] > '1') return HeadError{505, "only HTTP/1.0 and HTTP/1.1 are read"};
  minor_version = text[7] - '0';
  return {};
}

MaybeError read_target(const std::string& method, std::string_view target) {
  if (target.size() > kTargetBytesMax) return HeadError{414, "the target is too long"};
  if (method == "CONNECT") return HeadError{501, "CONNECT is not offered"};
  if (!is_visible_ascii(target) || target.find('#') != std::string_view::npos) {
    return bad("a character in the target that must be escaped");
  }
  if (target == "*" && method == "OPTIONS") return {};
  if (!target.starts_with('/')) return bad("the target does not begin with a slash");
  return {};
}

// "GET /x HTTP/1.1"
MaybeError read_first_line(std::string_view line, RequestHead& head) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) {
    return bad("the request line is not a method, a target and a version");
  }
  head.method = line.substr(0, first);
  head.target = line.substr(first + 1, last - first - 1);
  if (!is_token(head.method)) return bad("the method is no token");
  if (auto error = read_version(line.substr(last + 1), head.minor_version)) return error;
  return read_target(head.method, head.target);
}

// "HTTP/1.1 200 OK"; the blank behind the status is missing where a server has no reason to give.
MaybeError read_first_line(std::string_view line, ResponseHead& head) {
  if (auto error = read_version(line.substr(0, 8), head.minor_version)) return error;
  const std::string_view status = line.substr(8, 4);
  const bool is_status = status.size() == 4 && status[0] == ' ' && status[1] != '0' &&
                         std::all_of(status.begin() + 1, status.end(), is_digit);
  if (!is_status) return bad("no status where one belongs");
  std::from_chars(status.data() + 1, status.data() + 4, head.status);
  const std::string_view rest = line.substr(12);
  if (rest.empty()) return {};
  if (rest.front() != ' ') return bad("the status has more than three digits");
  head.reason = rest.substr(1);
  return {};
}

// What the headers say on the body, whoever sent them. `none` where they say nothing.
MaybeError read_framing(const std::vector<HttpHeader>& headers, int minor_version,
                        BodyFraming& body) {
  const std::size_t codings = count_of(headers, "Transfer-Encoding");
  const std::size_t lengths = count_of(headers, "Content-Length");
  if (codings > 0 && lengths > 0) return bad("Transfer-Encoding beside Content-Length");
  if (codings > 1) return bad("several Transfer-Encodings");
  if (lengths > 1) return bad("several Content-Lengths");
  if (codings == 1) {
    if (minor_version == 0) return bad("Transfer-Encoding in HTTP/1.0");
    if (header_value(headers, "Transfer-Encoding") != "chunked") {
      return HeadError{501, "a Transfer-Encoding other than chunked"};
    }
    body = {BodyFraming::Kind::chunked, 0};
  } else if (lengths == 1) {
    const std::string_view digits = header_value(headers, "Content-Length");
    if (digits.empty() || digits.size() > kLengthDigitsMax ||
        !std::all_of(digits.begin(), digits.end(), is_digit)) {
      return bad("a Content-Length that is not 1 to 18 digits");
    }
    body.kind = BodyFraming::Kind::length;
    std::from_chars(digits.data(), digits.data() + digits.size(), body.length);
  }
  return {};
}

bool keeps_alive(const std::vector<HttpHeader>& headers, int minor_version) {
  bool close = false;
  bool keep = minor_version > 0;
  for_each_element(headers, "Connection", [&](std::string_view option) {
    if (same_ignoring_case(option, "close")) close = true;
    if (same_ignoring_case(option, "keep-alive")) keep = true;
  });
  return keep && !close;
}

bool is_host(std::string_view text) {
  const auto fits = [](char c) {
    return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'z') ||
           std::string_view("-._~%:[]").find(c) != std::string_view::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

MaybeError read_expectation(RequestHead& head) {
  bool is_known = true;
  for_each_element(head.headers, "Expect", [&](std::string_view expectation) {
    if (!same_ignoring_case(expectation, "100-continue")) is_known = false;
    head.expects_continue = true;
  });
  // RFC 9110 section 10.1.1: HTTP/1.0 knows no expectations.
  if (head.minor_version == 0) head.expects_continue = false;
  if (head.expects_continue && !is_known) return HeadError{417, "an unknown expectation"};
  return {};
}

MaybeError read_meaning(RequestHead& head, std::string_view) {
  const std::size_t hosts = count_of(head.headers, "Host");
  if (hosts > 1) return bad("several Hosts");
  if (hosts == 0 && head.minor_version > 0) return bad("no Host");
  if (hosts == 1 && !is_host(header_value(head.headers, "Host"))) {
    return bad("a Host that is no host and port");
  }
  if (auto error = read_framing(head.headers, head.minor_version, head.body)) return error;
  head.keep_alive = keeps_alive(head.headers, head.minor_version);
  return read_expectation(head);
}

// RFC 9112 section 6.3.
MaybeError read_meaning(ResponseHead& head, std::string_view request_method) {
  if (auto error = read_framing(head.headers, head.minor_version, head.body)) return error;
  head.keep_alive = keeps_alive(head.headers, head.minor_version);
  const bool is_bodiless = head.status < 200 || head.status == 204 || head.status == 304;
  if (is_bodiless || request_method == "HEAD") {
    head.body = {};
  } else if (head.body.kind == BodyFraming::Kind::none) {
    head.body.kind = BodyFraming::Kind::until_close;
    head.keep_alive = false;
  }
  return {};
}

constexpr bool is_request(const RequestHead&) { return true; }
constexpr bool is_request(const ResponseHead&) { return false; }

bool is_hop_by_hop(std::string_view name) {
  static constexpr std::array<std::string_view, 6> kNames = {
      "Connection", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade"};
  constexpr std::string_view kPrefix = "Proxy-";
  return same_ignoring_case(name.substr(0, kPrefix.size()), kPrefix) ||
         std::any_of(kNames.begin(), kNames.end(),
                     [name](std::string_view other) { return same_ignoring_case(name, other); });
}

void append_headers(const std::vector<HttpHeader>& headers, std::string& text) {
  for (const HttpHeader& header : headers) {
    PLAYHEAD_CHECK(is_safe(header));
    text.append(header.first).append(": ").append(header.second).append("\r\n");
  }
  text += "\r\n";
}

}  // namespace

template <typename Head>
std::size_t HeadReader<Head>::feed(std::string_view bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && !done_ && !error_) {
    if (text_.size() == kHeadBytesMax) {
      const bool is_target = line_begin_ == 0 && is_request(head_);
      refuse(is_target ? HeadError{414, "the request line is too long"}
                       : HeadError{431, "the head is larger than 64 KiB"});
      break;
    }
    switch (append_line_byte(bytes[taken++], text_)) {
      case LineStep::more: break;
      case LineStep::bad:
        refuse({400, "a control character or an incomplete CRLF in the head"});
        break;
      case LineStep::line: take_line(); break;
    }
  }
  return taken;
}

template <typename Head>
void HeadReader<Head>::take_line() {
  const std::string_view line =
      std::string_view(text_).substr(line_begin_, text_.size() - line_begin_ - 2);
  MaybeError error;
  if (line_begin_ == 0 && line.empty() && is_request(head_) && !skipped_line_) {
    skipped_line_ = true;
    text_.clear();
    return;
  }
  if (line_begin_ == 0) {
    error = read_first_line(line, head_);
  } else if (line.empty()) {
    error = read_meaning(head_, request_method_);
    done_ = !error;
  } else if (head_.headers.size() == kHeadersMax) {
    error = HeadError{431, "more than 100 headers"};
  } else if (const auto what = add_header_line(line, head_.headers); !what.empty()) {
    error = bad(what);
  }
  if (error) refuse(std::move(*error));
  line_begin_ = text_.size();
}

template <typename Head>
Head HeadReader<Head>::take() {
  PLAYHEAD_CHECK(done_);
  Head head = std::move(head_);
  std::string method = std::move(request_method_);
  *this = HeadReader();
  request_method_ = std::move(method);
  return head;
}

template class HeadReader<RequestHead>;
template class HeadReader<ResponseHead>;

std::vector<HttpHeader> end_to_end(const std::vector<HttpHeader>& headers) {
  std::vector<std::string_view> named;
  for_each_element(headers, "Connection", [&](std::string_view option) {
    if (!same_ignoring_case(option, "Host") && !same_ignoring_case(option, "Content-Length"))
      named.push_back(option);
  });
  std::vector<HttpHeader> kept;
  for (const HttpHeader& header : headers) {
    const bool is_named = std::any_of(named.begin(), named.end(), [&](std::string_view option) {
      return same_ignoring_case(header.first, option);
    });
    if (!is_named && !is_hop_by_hop(header.first)) kept.push_back(header);
  }
  return kept;
}

bool is_safe(const HttpHeader& header) {
  return is_token(header.first) && is_field_text(header.second);
}

std::string request_text(std::string_view method, std::string_view target,
                         const std::vector<HttpHeader>& headers) {
  PLAYHEAD_CHECK(is_token(method) && !target.empty() && is_visible_ascii(target));
  std::string text;
  text.append(method).append(" ").append(target).append(" HTTP/1.1\r\n");
  append_headers(headers, text);
  return text;
}

std::string response_text(int status, std::string_view reason,
                          const std::vector<HttpHeader>& headers) {
  PLAYHEAD_CHECK(status >= kStatusMin && status <= kStatusMax && is_field_text(reason));
  std::string text = "HTTP/1.1 " + std::to_string(status) + " ";
  text.append(reason).append("\r\n");
  append_headers(headers, text);
  return text;
}

std::string_view reason_of(int status) {
  struct Row {
    int status;
    std::string_view reason;
  };
  // RFC 9110 section 15, RFC 6585, and 529 of Anthropic (WIRE 2).
  static constexpr Row kRows[] = {
      {100, "Continue"},
      {101, "Switching Protocols"},
      {200, "OK"},
      {201, "Created"},
      {202, "Accepted"},
      {204, "No Content"},
      {206, "Partial Content"},
      {301, "Moved Permanently"},
      {302, "Found"},
      {303, "See Other"},
      {304, "Not Modified"},
      {307, "Temporary Redirect"},
      {308, "Permanent Redirect"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {402, "Payment Required"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {410, "Gone"},
      {413, "Content Too Large"},
      {414, "URI Too Long"},
      {415, "Unsupported Media Type"},
      {417, "Expectation Failed"},
      {421, "Misdirected Request"},
      {422, "Unprocessable Content"},
      {425, "Too Early"},
      {426, "Upgrade Required"},
      {428, "Precondition Required"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {451, "Unavailable For Legal Reasons"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {502, "Bad Gateway"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
      {505, "HTTP Version Not Supported"},
      {529, "Overloaded"},
  };
  for (const Row& row : kRows) {
    if (row.status == status) return row.reason;
  }
  return {};
}

}  // namespace playhead::net
