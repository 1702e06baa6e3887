// The names of tags and their grammar.
#include "think/tag.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace playhead::think {
namespace {

// Think names first, then tool names; the order is that of the bits of TagNames.
constexpr std::array<std::string_view, kFirstToolName + kToolNameCount> kNames = {
    "think",     "thinking",   "reasoning",   "thought",       "reasoning_scratchpad",
    "tool_call", "tool_calls", "tool_result", "function_call", "function_calls",
};
static_assert(kThinkNames == (1U << kFirstToolName) - 1);
static_assert((kThinkNames | kToolNames) == (1U << kNames.size()) - 1);

constexpr std::size_t kNameBytesMax = 20;  // "reasoning_scratchpad"

constexpr bool is_name_char(char c) {
  return (to_lower(c) >= 'a' && to_lower(c) <= 'z') || c == '_';
}

// Whether `name` begins with `beginning`, in any ASCII case.
bool begins_with(std::string_view name, std::string_view beginning) {
  return beginning.size() <= name.size() &&
         std::equal(beginning.begin(), beginning.end(), name.begin(),
                    [](char a, char b) { return to_lower(a) == b; });
}

struct Name {
  TagNames whole = 0;       // the name that stands here, if any
  TagNames beginnings = 0;  // the names that begin with what stands here
  std::size_t end = 0;      // where it ends in the text
};

Name read_name(std::string_view text, std::size_t start, TagNames names) {
  Name name;
  const std::size_t last = std::min(text.size(), start + kNameBytesMax + 1);
  name.end = start;
  while (name.end < last && is_name_char(text[name.end])) ++name.end;
  const std::string_view letters = text.substr(start, name.end - start);
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    const auto bit = static_cast<TagNames>(1U << i);
    if ((names & bit) == 0 || !begins_with(kNames[i], letters)) continue;
    name.beginnings = static_cast<TagNames>(name.beginnings | bit);
    if (letters.size() == kNames[i].size()) name.whole = bit;
  }
  return name;
}

// `text` ended where a tag could go on: it may still become one, unless it is as long as it may be.
Tag partial_tag(std::string_view text, std::size_t bytes_max) {
  return {text.size() < bytes_max ? TagKind::partial : TagKind::none, 0, 0};
}

Tag read_attributes(std::string_view text, const Name& name, std::size_t bytes_max) {
  const std::size_t close = text.find('>', name.end);
  if (text.substr(0, close).find('<', name.end) != std::string_view::npos) return {};
  if (close == std::string_view::npos) return partial_tag(text, bytes_max);
  if (text[close - 1] != '/') return {TagKind::opener, name.whole, close + 1};
  if ((name.whole & kThinkNames) == 0) return {};
  return {TagKind::empty, name.whole, close + 1};
}

}  // namespace

Tag read_tag(std::string_view text, std::size_t bytes_max) {
  text = text.substr(0, bytes_max);
  if (text.size() < 2) return partial_tag(text, bytes_max);
  if (text[1] == '/') return read_closer(text, kThinkNames, bytes_max);
  const Name name = read_name(text, 1, kThinkNames | kToolNames);
  if (name.beginnings == 0) return {};
  if (name.end == text.size()) return partial_tag(text, bytes_max);
  if (name.whole == 0) return {};
  const char next = text[name.end];
  if (next == '/') {
    if (name.end + 1 == text.size()) return partial_tag(text, bytes_max);
    if (text[name.end + 1] != '>') return {};
  } else if (next != '>' && !is_blank(next)) {
    return {};
  }
  return read_attributes(text, name, bytes_max);
}

Tag read_closer(std::string_view text, TagNames names, std::size_t bytes_max) {
  text = text.substr(0, bytes_max);
  if (text.size() < 2) return partial_tag(text, bytes_max);
  if (text[1] != '/') return {};
  const Name name = read_name(text, 2, names);
  if (name.beginnings == 0) return {};
  if (name.end == text.size()) return partial_tag(text, bytes_max);
  if (name.whole == 0) return {};
  std::size_t end = name.end;
  while (end < text.size() && is_blank(text[end])) ++end;
  if (end == text.size()) return partial_tag(text, bytes_max);
  if (text[end] != '>') return {};
  return {TagKind::closer, name.whole, end + 1};
}

}  // namespace playhead::think
