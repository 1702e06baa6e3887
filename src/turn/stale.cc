#include "turn/stale.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "base/ascii.h"

namespace playhead::turn {
namespace {

struct Floor {
  std::string_view family;   // the model's name begins with it
  bool any_version = false;  // what follows may be a dot or a letter, not only a dash or the end
  std::int64_t seconds = 0;
};

// Observed at the reference (CASES F). A family ends where the name ends or goes on with a dash or
// a colon, so that `o1` is not `o10`, and `claude-sonnet-4-5`, an older spelling that does not
// think, is not 4.5.
constexpr std::array kFloors = {
    Floor{"o1", false, 600},
    Floor{"o3", false, 600},
    Floor{"deepseek-r1", false, 600},
    Floor{"nemotron-3-ultra", false, 600},
    Floor{"nemotron-3-nano", false, 300},
    Floor{"claude-opus-4", true, 240},
    Floor{"claude-sonnet-4.5", false, 180},
    Floor{"qwen3", true, 180},
};

bool belongs(std::string_view name, const Floor& floor) {
  if (!name.starts_with(floor.family)) return false;
  const std::string_view rest = name.substr(floor.family.size());
  if (rest.empty() || rest.front() == '-' || rest.front() == ':') return true;
  return floor.any_version && rest.front() == '.';
}

// The host of a URL, or of `host:port`; without the brackets of an IPv6 address.
std::string_view host_of(std::string_view endpoint) {
  if (const std::size_t scheme = endpoint.find("://"); scheme != std::string_view::npos) {
    endpoint.remove_prefix(scheme + 3);
  }
  endpoint = endpoint.substr(0, endpoint.find_first_of("/?#"));
  if (const std::size_t user = endpoint.rfind('@'); user != std::string_view::npos) {
    endpoint.remove_prefix(user + 1);
  }
  if (endpoint.starts_with('[')) return endpoint.substr(1, endpoint.find(']') - 1);
  return endpoint.substr(0, endpoint.find(':'));
}

// The four numbers of an IPv4 address.
std::optional<std::array<int, 4>> ipv4_of(std::string_view host) {
  std::array<int, 4> parts{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t dot = std::min(host.find('.'), host.size());
    const auto [end, error] = std::from_chars(host.data(), host.data() + dot, parts[i]);
    if (error != std::errc{} || end != host.data() + dot) return std::nullopt;
    if (parts[i] < 0 || parts[i] > 255 || (dot == host.size()) != (i == 3)) return std::nullopt;
    host.remove_prefix(std::min(dot + 1, host.size()));
  }
  return parts;
}

}  // namespace

std::optional<Duration> reasoning_floor(std::string_view model) {
  const std::string name = lower_case(model.substr(model.rfind('/') + 1));  // npos + 1 == 0
  for (const Floor& floor : kFloors) {
    if (belongs(name, floor)) return seconds(floor.seconds);
  }
  return std::nullopt;
}

bool is_local_endpoint(std::string_view endpoint) {
  const std::string host = lower_case(host_of(endpoint));
  if (host == "localhost" || host.ends_with(".localhost") || host.ends_with(".local")) return true;
  if (host == "::1") return true;
  const auto address = ipv4_of(host);
  if (!address) return false;
  const auto [a, b, c, d] = *address;
  static_cast<void>(c);
  static_cast<void>(d);
  return a == 127 || a == 10 || (a == 192 && b == 168) || (a == 172 && b >= 16 && b <= 31);
}

std::optional<Duration> stale_after(const Policy& policy, std::string_view model,
                                    std::string_view endpoint, std::int64_t input_tokens) {
  if (policy.stale_ms == 0 || is_local_endpoint(endpoint)) return std::nullopt;
  std::int64_t wait_ms = policy.stale_ms;
  if (input_tokens > policy.stale.medium_tokens)
    wait_ms = std::max(wait_ms, policy.stale.medium_ms);
  if (input_tokens > policy.stale.large_tokens) wait_ms = std::max(wait_ms, policy.stale.large_ms);
  return std::max(milliseconds(wait_ms), reasoning_floor(model).value_or(Duration{}));
}

}  // namespace playhead::turn
