#include "record/router.h"

#include <algorithm>
#include <utility>

#include "recording/record.h"
#include "recording/redaction_secrets.h"
#include "recording/upstream_mark.h"

namespace playhead::record {
namespace {

bool is_visible_ascii(char c) { return c > 0x20 && c < 0x7f; }

bool is_prefix_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_';
}

bool is_dots(std::string_view segment) {
  segment = segment.substr(0, segment.find(';'));
  return segment == "." || segment == "..";
}

// Of a path that is decoded, so that an encoded `/` parts segments too.
bool climbs(std::string_view path) {
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    if (is_dots(path.substr(0, end))) return true;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return false;
}

Status check_prefix(std::string_view prefix) {
  if (prefix.empty()) return Done{};
  const Error bad{"the path prefix " + recording::shown(prefix) +
                  " is not usable; write it like /openai"};
  if (prefix.front() != '/' || prefix.back() == '/' || climbs(prefix)) return bad;
  if (prefix.find("//") != std::string_view::npos) return bad;
  const auto fits = [](char c) { return c == '/' || is_prefix_character(c); };
  if (!std::all_of(prefix.begin(), prefix.end(), fits)) return bad;
  if (!(std::string(prefix) + "/").starts_with(recording::kOwnPath)) return Done{};
  return Error{"the path prefix " + recording::shown(prefix) +
               " is not usable: what is recorded there could not be served, because `serve` "
               "answers about itself there"};
}

// "v1", "v1beta", "v2": what APIs call their versions.
bool is_version(std::string_view segment) {
  return segment.size() >= 2 && segment[0] == 'v' && segment[1] >= '0' && segment[1] <= '9' &&
         std::all_of(segment.begin(), segment.end(), is_prefix_character);
}

bool begins_with_version(std::string_view rest) {
  if (!rest.starts_with('/')) return false;
  rest.remove_prefix(1);
  return is_version(rest.substr(0, rest.find_first_of("/?")));
}

std::optional<Refusal> refusal_of(std::string_view target) {
  if (!target.starts_with('/')) return Refusal{400, "the request target must begin with /"};
  if (!std::all_of(target.begin(), target.end(), is_visible_ascii) ||
      target.find('#') != std::string_view::npos) {
    return Refusal{400, "the request target holds a character that must be percent-encoded"};
  }
  const std::string path = recording::percent_decoded(target.substr(0, target.find('?')));
  if (climbs(path)) return Refusal{400, "the request target holds a segment . or .."};
  if (path.find_first_of(std::string_view("\\\0", 2)) != std::string::npos) {
    return Refusal{400, "the request target holds a backslash or NUL"};
  }
  return std::nullopt;
}

bool takes(std::string_view prefix, std::string_view path) {
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

Refusal unknown_prefix(const std::vector<Upstream>& upstreams) {
  std::string known;
  for (const Upstream& upstream : upstreams) {
    known.append(known.empty() ? "" : ", ").append(upstream.prefix);
  }
  return {404, "no upstream for this path; it must begin with one of " + known};
}

}  // namespace

Result<Router> Router::make(std::vector<Upstream> upstreams) {
  if (upstreams.empty()) return Error{"no upstream: name one with --upstream URL"};
  for (std::size_t i = 0; i < upstreams.size(); ++i) {
    const std::string& prefix = upstreams[i].prefix;
    if (Status status = check_prefix(prefix); !status) return status.error();
    for (std::size_t j = 0; j < i; ++j) {
      if (upstreams[j].prefix != prefix) continue;
      return Error{prefix.empty() ? "two upstreams without a prefix: write --upstream /PREFIX=URL"
                                  : "two upstreams with the prefix " + prefix};
    }
  }
  return Router(std::move(upstreams));
}

std::size_t overlap_of(std::string_view base, std::string_view rest) {
  const std::string_view path = rest.substr(0, rest.find('?'));
  for (std::size_t size = std::min(base.size(), path.size()); size > 1; --size) {
    const std::string_view end = base.substr(base.size() - size);
    if (!end.starts_with('/') || !takes(end, path)) continue;
    if (is_version(end.substr(end.rfind('/') + 1))) return size;
  }
  return 0;
}

Route Router::route(std::string_view target) const {
  Route route;
  route.refused = refusal_of(target);
  if (route.refused) return route;
  const std::string_view path = target.substr(0, target.find('?'));
  const Upstream* chosen = nullptr;
  for (const Upstream& upstream : upstreams_) {
    const bool longer = chosen == nullptr || upstream.prefix.size() > chosen->prefix.size();
    if (longer && takes(upstream.prefix, path)) chosen = &upstream;
  }
  if (chosen == nullptr) {
    route.refused = unknown_prefix(upstreams_);
    return route;
  }
  std::string rest(target.substr(chosen->prefix.size()));
  if (rest.starts_with("//")) {
    route.refused = Refusal{400, "the request target begins with two slashes"};
    return route;
  }
  if (!begins_with_version(rest)) rest.insert(0, chosen->api_path);
  const std::string& base = chosen->url.path;
  route.upstream = static_cast<std::size_t>(chosen - upstreams_.data());
  route.target = base + rest.substr(overlap_of(base, rest));
  route.recorded = std::move(rest);
  for (std::string* text : {&route.target, &route.recorded}) {
    if (!text->starts_with('/')) text->insert(0, "/");
  }
  return route;
}

}  // namespace playhead::record
