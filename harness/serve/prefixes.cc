#include "serve/prefixes.h"

#include <algorithm>
#include <array>
#include <utility>

#include "match/canonical.h"
#include "recording/upstream_mark.h"

namespace playhead::serve {
namespace {

constexpr std::string_view kVersion = "/v1";

using Paths = std::set<std::string>;

bool takes(std::string_view prefix, std::string_view target) {
  if (prefix.empty() || !target.starts_with(prefix)) return false;
  return target.size() == prefix.size() || target[prefix.size()] == '/' ||
         target[prefix.size()] == '?';
}

bool holds(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

bool holds(const Paths& paths, std::string_view target) {
  return target.starts_with('/') && paths.contains(match::canonical_target(target).path);
}

// What may have been recorded for the rest of a target; empty: nothing.
std::array<std::string, 3> forms_of(const std::string& rest) {
  const bool has_version = takes(kVersion, rest);
  return {rest, has_version ? rest.substr(kVersion.size()) : std::string(),
          std::string(kVersion) + rest};
}

// The first form that `paths` hold behind `prefix`; empty: none.
std::string find_behind(std::string_view prefix, const std::array<std::string, 3>& forms,
                        const Paths& paths) {
  for (const std::string& form : forms) {
    if (!form.starts_with('/')) continue;
    std::string target = std::string(prefix) + form;
    if (holds(paths, target)) return target;
  }
  return {};
}

}  // namespace

void restore_prefixes(std::vector<Recording>& recordings) {
  for (Recording& recording : recordings) {
    for (RecordedExchange& exchange : recording.exchanges) {
      exchange.target.insert(0, recording::upstream_prefix_of(exchange));
    }
  }
}

Prefixes::Prefixes(std::vector<std::string> known, const std::vector<Recording>& recordings)
    : known_(std::move(known)) {
  for (const Recording& recording : recordings) {
    for (const RecordedExchange& exchange : recording.exchanges) {
      const std::string_view prefix = recording::upstream_prefix_of(exchange);
      Paths& paths = prefix.empty() ? plain_paths_ : own_paths_;
      paths.insert(match::canonical_target(exchange.target).path);
      if (!prefix.empty() && !holds(marked_, prefix)) marked_.emplace_back(prefix);
    }
  }
  known_.insert(known_.end(), marked_.begin(), marked_.end());
}

std::string_view Prefixes::prefix_of(std::string_view target) const {
  std::string_view longest;
  for (const std::string& prefix : known_) {
    if (prefix.size() > longest.size() && takes(prefix, target)) longest = prefix;
  }
  return longest;
}

std::string Prefixes::recorded(std::string_view target) const {
  const std::string_view prefix = prefix_of(target);
  std::string rest(target.substr(prefix.size()));
  if (!prefix.empty()) {
    if (!rest.starts_with('/')) rest.insert(rest.begin(), '/');
    const auto forms = forms_of(rest);
    if (auto found = find_behind(prefix, forms, own_paths_); !found.empty()) return found;
    if (auto found = find_behind("", forms, plain_paths_); !found.empty()) return found;
  }
  if (holds(plain_paths_, target)) return std::string(target);
  for (const std::string& marked : marked_) {
    std::string with_prefix = marked + std::string(target);
    if (holds(own_paths_, with_prefix)) return with_prefix;
  }
  if (holds(marked_, prefix)) return std::string(prefix) + rest;
  const bool all_marked = plain_paths_.empty() && !marked_.empty();
  return all_marked ? std::string(target) : rest;
}

}  // namespace playhead::serve
