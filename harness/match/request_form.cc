#include "match/request_form.h"

#include <utility>

namespace playhead::match {
namespace {

std::vector<FormPart> parts_of(std::string_view body, const MatchOptions& options) {
  std::vector<FormPart> parts;
  if (options.mode == MatchMode::sequence) return parts;
  JsonNode root = read_node(body);
  if (options.mode == MatchMode::exact || root.kind == JsonNode::Kind::bytes) {
    parts.push_back({"", std::move(root)});
    return parts;
  }
  for (const std::string& pointer : options.fields) {
    const JsonNode* found = find_node(root, pointer);
    parts.push_back({pointer, found != nullptr ? std::optional(*found) : std::nullopt});
  }
  return parts;
}

}  // namespace

bool RequestForm::is_json() const {
  return parts.empty() || !parts[0].value || parts[0].value->kind != JsonNode::Kind::bytes;
}

std::string RequestForm::text() const {
  std::string out = method + "\n" + target.text() + "\n";
  for (const FormPart& part : parts) {
    // A blank before the value tells JSON from nothing, and bytes from JSON.
    out += part.at;
    if (part.value) out += part.value->kind == JsonNode::Kind::bytes ? "  " : " ";
    if (part.value) out += text_of(*part.value);
    out += "\n";
  }
  return out;
}

RequestForm request_form(std::string_view method, std::string_view target, std::string_view body,
                         const MatchOptions& options) {
  return {std::string(method), canonical_target(target), parts_of(body, options), false};
}

}  // namespace playhead::match
