// The mark by which a recording tells where an exchange went: written and read.
#include "recording/upstream_mark.h"

#include <algorithm>

namespace playhead::recording {
namespace {

constexpr std::string_view kUpstream = "upstream ";
constexpr std::string_view kAt = " at ";

// Notes of people may begin as the mark does: what no prefix of a path can be is not read as one.
bool is_prefix(std::string_view text) {
  const auto fits = [](char c) { return c > ' ' && c < '\x7f' && c != '?' && c != '#'; };
  return text.size() > 1 && text.front() == '/' && text.back() != '/' &&
         std::all_of(text.begin(), text.end(), fits);
}

}  // namespace

std::string upstream_mark(std::string_view authority, std::string_view prefix) {
  std::string mark(kUpstream);
  mark += authority;
  if (!prefix.empty()) mark.append(kAt).append(prefix);
  return mark;
}

std::string_view upstream_prefix_of(const RecordedExchange& exchange) {
  if (exchange.marks.empty()) return {};
  std::string_view text = exchange.marks.front().text;
  if (!text.starts_with(kUpstream)) return {};
  text.remove_prefix(kUpstream.size());
  const std::size_t authority_end = text.find(' ');
  if (authority_end == std::string_view::npos || authority_end == 0) return {};
  text.remove_prefix(authority_end);
  if (!text.starts_with(kAt)) return {};
  text.remove_prefix(kAt.size());
  return is_prefix(text) ? text : std::string_view();
}

}  // namespace playhead::recording
