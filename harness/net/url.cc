#include "net/url.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/ascii.h"

namespace playhead::net {

namespace {

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

// 0 to 65535, digits only.
std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return {};
  return port;
}

bool is_name(std::string_view host) {
  const auto fits = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.' || c == '-' || c == '_';
  };
  return !host.empty() && std::all_of(host.begin(), host.end(), fits);
}

bool is_ipv6(const std::string& host) {
  in6_addr address{};
  return inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

struct HostPort {
  std::string host;  // lower case, without brackets
  std::optional<std::string_view> port;
};

// host, host:port, [ipv6] or [ipv6]:port.
std::optional<HostPort> split_authority(std::string_view text) {
  HostPort result;
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return {};
    result.host = lower_case(text.substr(1, close - 1));
    rest = text.substr(close + 1);
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    result.host = lower_case(text.substr(0, colon));
    rest = text.substr(colon);
  }
  if (text.starts_with('[') ? !is_ipv6(result.host) : !is_name(result.host)) return {};
  if (!rest.empty()) {
    if (rest.front() != ':') return {};
    result.port = rest.substr(1);
  }
  return result;
}

bool is_visible_ascii(char c) { return c > 0x20 && c < 0x7f; }

bool takes_scheme(std::string_view& text, std::string_view scheme) {
  if (!same_ignoring_case(text.substr(0, scheme.size()), scheme)) return false;
  text.remove_prefix(scheme.size());
  return true;
}

// Never quotes the address: it may hold a password or a key.
Error bad_url(std::string_view what) {
  return Error{"the address " + std::string(what) + "; write it like https://api.example.com/v1"};
}

}  // namespace

std::string Url::authority() const {
  std::string text = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != (tls ? kHttpsPort : kHttpPort)) text += ":" + std::to_string(port);
  return text;
}

Result<Url> parse_url(std::string_view text) {
  Url url;
  if (!std::all_of(text.begin(), text.end(), is_visible_ascii)) {
    return bad_url("has a blank, a control character or a letter outside of ASCII");
  }
  url.tls = takes_scheme(text, "https://");
  if (!url.tls && !takes_scheme(text, "http://")) {
    return bad_url("begins neither with http:// nor with https://");
  }
  if (text.find('?') != std::string_view::npos) return bad_url("has a query (?)");
  if (text.find('#') != std::string_view::npos) return bad_url("has a fragment (#)");
  if (text.find('\\') != std::string_view::npos) return bad_url("has a backslash");
  const std::size_t slash = std::min(text.find('/'), text.size());
  if (text.substr(0, slash).find('@') != std::string_view::npos) {
    return bad_url("has a user name (@); send credentials in headers");
  }
  const auto parts = split_authority(text.substr(0, slash));
  if (!parts) return bad_url("has no valid host name");
  url.host = parts->host;
  const auto port = parts->port ? port_of(*parts->port) : (url.tls ? kHttpsPort : kHttpPort);
  if (port.value_or(0) == 0) return bad_url("has a port that is not 1 to 65535");
  url.port = *port;
  url.path = text.substr(slash);
  while (url.path.ends_with('/')) url.path.pop_back();
  return url;
}

bool Endpoint::is_loopback() const {
  in_addr v4{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  if (inet_pton(AF_INET6, host.c_str(), &v6) == 1) return IN6_IS_ADDR_LOOPBACK(&v6);
  return host == "localhost";
}

Result<Endpoint> parse_endpoint(std::string_view text) {
  Endpoint endpoint;
  const auto bad = [&text](std::string_view what) {
    return Error{"cannot listen on '" + std::string(text) + "': " + std::string(what) +
                 "; write host:port like 127.0.0.1:8080, or a port"};
  };
  if (const auto port = port_of(text)) {
    endpoint.port = *port;
    return endpoint;
  }
  const bool is_plain = std::all_of(text.begin(), text.end(), is_visible_ascii);
  const auto parts = is_plain ? split_authority(text) : std::nullopt;
  if (!parts) return bad("no valid host name");
  if (!parts->port) return bad("no port");
  const auto port = port_of(*parts->port);
  if (!port) return bad("the port is not 0 to 65535");
  return Endpoint{parts->host, *port};
}

}  // namespace playhead::net
