#include "match/match_options.h"

#include <algorithm>

#include "base/json_pointer.h"
#include "match/json_node.h"

namespace playhead::match {
namespace {

constexpr std::string_view kFields = "fields=";

Error usage(std::string_view text) {
  return Error{"--match is exact, sequence or fields=<name or /pointer>,..., not `" +
               std::string(text) + "`"};
}

std::string pointer_of(std::string_view field) {
  if (field.starts_with('/')) return std::string(field);
  std::string pointer;
  append_json_pointer(field, pointer);
  return pointer;
}

}  // namespace

Result<MatchOptions> parse_match(std::string_view text) {
  MatchOptions options;
  if (!text.starts_with(kFields)) {
    const auto mode = find_in(kMatchModes, text);
    if (!mode || *mode == MatchMode::fields) return usage(text);
    options.mode = *mode;
    return options;
  }
  options.mode = MatchMode::fields;
  for (std::size_t begin = kFields.size(); begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string_view field = text.substr(begin, end - begin);
    if (field.empty()) return usage(text);
    std::string pointer = pointer_of(field);
    auto& fields = options.fields;
    if (std::find(fields.begin(), fields.end(), pointer) == fields.end()) {
      fields.push_back(std::move(pointer));
    }
    begin = end + 1;
  }
  if (options.fields.size() > kMatchFieldsMax) {
    return Error{"--match fields= takes at most " + std::to_string(kMatchFieldsMax) +
                 " fields, and " + std::to_string(options.fields.size()) + " are named"};
  }
  return options;
}

}  // namespace playhead::match
