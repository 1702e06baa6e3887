#include "cli/base_urls.h"

#include <algorithm>
#include <cstdlib>

namespace playhead::cli {
namespace {

constexpr std::string_view kOllamaPort = ":11434";
constexpr std::string_view kDefaultRegion = "us-east-1";
constexpr std::string_view kLoopback = "localhost,127.0.0.1,::1";

std::string joined(std::string_view a, std::string_view b, std::string_view c) {
  return std::string(a).append(b).append(c);
}

// Bedrock has a host for each region.
std::string default_upstream(const BaseUrlRow& row, const Environment& environment) {
  if (!row.upstream.empty()) return std::string(row.upstream);
  auto region = environment("AWS_REGION");
  if (!region) region = environment("AWS_DEFAULT_REGION");
  return joined("https://bedrock-runtime.", region.value_or(std::string(kDefaultRegion)),
                ".amazonaws.com");
}

// OLLAMA_HOST may be a bare host, with or without a port, and is what the server listens on, too.
std::string whole_url(const BaseUrlRow& row, std::string value) {
  if (row.provider != "ollama" || value.find("://") != std::string::npos) return value;
  const std::size_t slash = std::min(value.find('/'), value.size());
  const std::size_t bracket = value.find(']');
  if (value.find(':', bracket == std::string::npos ? 0 : bracket) >= slash) {
    value.insert(slash, kOllamaPort);
  }
  if (value.starts_with(':')) value.insert(0, "127.0.0.1");
  if (value.starts_with("0.0.0.0")) value.replace(0, 7, "127.0.0.1");
  return "http://" + value;
}

bool ends_in(std::string_view url_path, std::string_view path) {
  return path.empty() || url_path.ends_with(path);
}

Status add_default(const BaseUrlRow& row, const Environment& environment, UpstreamPlan& plan) {
  const auto set = environment(std::string(row.variable));
  const auto url = net::parse_url(set ? whole_url(row, *set) : default_upstream(row, environment));
  if (!url) {
    return Error{std::string(row.variable) + " cannot be used: " + url.error().message};
  }
  if (set && !ends_in(url->path, row.path)) plan.bare.push_back(row.variable);
  // A value of the user's is taken as it stands: so do the clients.
  plan.upstreams.push_back({std::string(row.prefix), *url, std::string(row.provider),
                            set ? std::string() : std::string(row.api_path)});
  return Done{};
}

// What is known about the provider behind a URL of the command line.
void describe(record::Upstream& upstream) {
  for (const BaseUrlRow& row : kBaseUrls) {
    const auto usual = net::parse_url(row.upstream);
    const bool by_host = usual && usual->host == upstream.url.host && usual->tls;
    const bool by_name =
        row.provider == "bedrock" && upstream.url.host.starts_with("bedrock-runtime.");
    if (!by_host && !by_name && upstream.prefix != row.prefix) continue;
    upstream.provider = row.provider;
    if (by_host) upstream.api_path = row.api_path;
    return;
  }
  upstream.provider = upstream.url.host;
}

Result<record::Upstream> named_upstream(std::string_view text) {
  record::Upstream upstream;
  if (text.starts_with('/')) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) {
      return Error{"--upstream " + std::string(text) + ": write /PREFIX=URL or URL"};
    }
    upstream.prefix = text.substr(0, equals);
    text.remove_prefix(equals + 1);
  }
  auto url = net::parse_url(text);
  // The message does not repeat the address, which may hold a password.
  if (!url) return Error{"--upstream: " + url.error().message};
  upstream.url = std::move(*url);
  describe(upstream);
  return upstream;
}

}  // namespace

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr || *value == '\0') return std::nullopt;
    return value;
  };
}

Variables prefixed_variables(std::string_view origin) {
  Variables variables;
  for (const BaseUrlRow& row : kBaseUrls) {
    variables.emplace_back(row.variable, joined(origin, row.prefix, row.path));
  }
  return variables;
}

Variables UpstreamPlan::variables(std::string_view origin) const {
  const auto has = [this](std::string_view prefix) {
    return std::any_of(upstreams.begin(), upstreams.end(),
                       [&](const record::Upstream& row) { return row.prefix == prefix; });
  };
  Variables variables;
  for (const BaseUrlRow& row : kBaseUrls) {
    const bool own = has(row.prefix);
    if (!own && !has("")) continue;
    const bool is_bare = std::find(bare.begin(), bare.end(), row.variable) != bare.end();
    variables.emplace_back(row.variable, joined(origin, own ? row.prefix : std::string_view(),
                                                is_bare ? std::string_view() : row.path));
  }
  return variables;
}

Result<UpstreamPlan> plan_upstreams(const std::vector<std::string>& named,
                                    const Environment& environment) {
  UpstreamPlan plan;
  for (const std::string& text : named) {
    auto upstream = named_upstream(text);
    if (!upstream) return upstream.error();
    plan.upstreams.push_back(std::move(*upstream));
  }
  if (!named.empty()) return plan;
  for (const BaseUrlRow& row : kBaseUrls) {
    if (Status status = add_default(row, environment, plan); !status) return status.error();
  }
  return plan;
}

Variables no_proxy_variables(const Environment& environment) {
  constexpr std::array<const char*, 6> kProxies = {"HTTP_PROXY",  "http_proxy", "HTTPS_PROXY",
                                                   "https_proxy", "ALL_PROXY",  "all_proxy"};
  const bool is_set = std::any_of(kProxies.begin(), kProxies.end(),
                                  [&](const char* name) { return environment(name).has_value(); });
  Variables variables;
  if (!is_set) return variables;
  auto before = environment("no_proxy");
  if (!before) before = environment("NO_PROXY");
  const std::string value = joined(before.value_or(""), before ? "," : "", kLoopback);
  variables.emplace_back("NO_PROXY", value);
  variables.emplace_back("no_proxy", value);
  return variables;
}

Variables beside_proxies(Variables variables, const Environment& environment) {
  for (auto& variable : no_proxy_variables(environment)) variables.push_back(std::move(variable));
  return variables;
}

}  // namespace playhead::cli
