#include "record/heads.h"

#include "base/ascii.h"

namespace playhead::record {
namespace {

using net::BodyFraming;
using net::HttpHeader;

bool is_dropped(std::string_view name) {
  if (same_ignoring_case(name, "expect") || same_ignoring_case(name, "forwarded") ||
      same_ignoring_case(name, kNameHeader)) {
    return true;
  }
  return lower_case(name).starts_with("x-forwarded-");
}

}  // namespace

std::string upstream_head(const net::RequestHead& request, std::size_t body_bytes,
                          const net::Url& url, std::string_view target) {
  std::vector<HttpHeader> headers;
  bool has_host = false;
  bool has_encoding = false;
  for (HttpHeader& header : net::end_to_end(request.headers)) {
    const std::string& name = header.first;
    if (is_dropped(name) || same_ignoring_case(name, "content-length")) continue;
    if (same_ignoring_case(name, "host")) {
      header.second = url.authority();
      has_host = true;
    } else if (same_ignoring_case(name, "accept-encoding")) {
      if (has_encoding) continue;
      header.second = "identity";
      has_encoding = true;
    }
    headers.push_back(std::move(header));
  }
  if (!has_host) headers.insert(headers.begin(), {"Host", url.authority()});
  if (!has_encoding) headers.emplace_back("Accept-Encoding", "identity");
  if (request.body.kind != BodyFraming::Kind::none ||
      !header_value(request.headers, "content-length").empty()) {
    headers.emplace_back("Content-Length", std::to_string(body_bytes));
  }
  return net::request_text(request.method, target, headers);
}

ClientFraming framing_for(const net::RequestHead& request, const net::ResponseHead& response) {
  const bool chunked = response.body.kind == BodyFraming::Kind::chunked;
  return chunked && request.minor_version == 0 ? ClientFraming::until_end : ClientFraming::same;
}

bool ends_by_close(const net::RequestHead& request, const net::ResponseHead& response) {
  return response.body.kind == BodyFraming::Kind::until_close ||
         framing_for(request, response) == ClientFraming::until_end;
}

std::string client_head(const net::RequestHead& request, const net::ResponseHead& response) {
  std::vector<HttpHeader> headers = net::end_to_end(response.headers);
  const bool chunked = response.body.kind == BodyFraming::Kind::chunked;
  if (chunked && framing_for(request, response) == ClientFraming::same) {
    headers.emplace_back("Transfer-Encoding", "chunked");
  }
  if (!request.keep_alive || ends_by_close(request, response)) {
    headers.emplace_back("Connection", "close");
  } else if (request.minor_version == 0) {
    headers.emplace_back("Connection", "keep-alive");
  }
  return net::response_text(response.status, response.reason, headers);
}

std::vector<HttpHeader> recordable(const std::vector<HttpHeader>& headers) {
  std::vector<HttpHeader> kept;
  for (const HttpHeader& header : headers) {
    if (!same_ignoring_case(header.first, kNameHeader)) kept.push_back(header);
  }
  return kept;
}

}  // namespace playhead::record
