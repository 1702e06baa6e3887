#include "serve/prefixes.h"

#include <utility>

#include "match/canonical.h"

namespace playhead::serve {
namespace {

constexpr std::string_view kVersion = "/v1";

bool takes(std::string_view prefix, std::string_view target) {
  if (prefix.empty() || !target.starts_with(prefix)) return false;
  return target.size() == prefix.size() || target[prefix.size()] == '/' ||
         target[prefix.size()] == '?';
}

}  // namespace

Prefixes::Prefixes(std::vector<std::string> prefixes, const std::vector<Recording>& recordings)
    : prefixes_(std::move(prefixes)) {
  for (const Recording& recording : recordings) {
    for (const RecordedExchange& exchange : recording.exchanges) {
      recorded_paths_.insert(match::canonical_target(exchange.target).path);
    }
  }
}

bool Prefixes::is_recorded(std::string_view target) const {
  return target.starts_with('/') && recorded_paths_.contains(match::canonical_target(target).path);
}

std::string Prefixes::stripped(std::string_view target) const {
  std::string_view longest;
  for (const std::string& prefix : prefixes_) {
    if (prefix.size() > longest.size() && takes(prefix, target)) longest = prefix;
  }
  std::string rest(target.substr(longest.size()));
  if (longest.empty() || is_recorded(rest)) return rest;
  if (!rest.starts_with('/')) rest.insert(rest.begin(), '/');
  if (is_recorded(target)) return std::string(target);
  if (rest.starts_with(kVersion) && is_recorded(rest.substr(kVersion.size()))) {
    return rest.substr(kVersion.size());
  }
  std::string with_version = std::string(kVersion) + rest;
  return is_recorded(with_version) ? with_version : rest;
}

}  // namespace playhead::serve
