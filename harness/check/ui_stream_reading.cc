#include "check/ui_stream_reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace playhead::check {
namespace {

// The portable set: member names with blanks between and around.
struct PartRule {
  std::string_view type;
  std::string_view required;
  std::string_view optional;
};

constexpr std::array<PartRule, 20> kPartRules = {{
    {"start", " ", " messageId messageMetadata "},
    {"start-step", " ", " "},
    {"text-start", " id ", " providerMetadata "},
    {"text-delta", " id delta ", " providerMetadata "},
    {"text-end", " id ", " providerMetadata "},
    {"reasoning-start", " id ", " providerMetadata "},
    {"reasoning-delta", " id delta ", " providerMetadata "},
    {"reasoning-end", " id ", " providerMetadata "},
    {"tool-input-start", " toolCallId toolName ", " providerExecuted dynamic "},
    {"tool-input-delta", " toolCallId inputTextDelta ", " "},
    {"tool-input-available", " toolCallId toolName input ",
     " providerExecuted providerMetadata dynamic "},
    {"tool-output-available", " toolCallId output ", " providerExecuted dynamic "},
    {"tool-output-error", " toolCallId errorText ", " providerExecuted dynamic "},
    {"source-url", " sourceId url ", " title providerMetadata "},
    {"file", " url mediaType ", " providerMetadata "},
    {"error", " errorText ", " "},
    {"abort", " ", " "},
    {"message-metadata", " messageMetadata ", " "},
    {"finish-step", " ", " "},
    {"finish", " ", " messageMetadata "},
}};
constexpr PartRule kDataRule{"data-", " data ", " id transient "};

const PartRule* rule_of(std::string_view type) {
  if (type.starts_with(kDataRule.type)) return &kDataRule;
  const auto found = std::find_if(kPartRules.begin(), kPartRules.end(),
                                  [type](const PartRule& rule) { return rule.type == type; });
  return found == kPartRules.end() ? nullptr : found;
}

bool lists(std::string_view names, std::string_view name) {
  return names.find(fmt::format(" {} ", name)) != std::string_view::npos;
}

// What is wrong with the members of the part, or nothing.
std::string wrong_member(const JsonValue& part, const PartRule& rule) {
  std::ptrdiff_t required = 0;
  for (const auto& entry : part.GetObject()) {
    const std::string_view name = text_of(entry.name);
    if (name == "type") continue;
    if (lists(rule.required, name)) {
      ++required;
    } else if (!lists(rule.optional, name)) {
      return fmt::format("member `{}` is not portable", name);
    } else if (entry.value.IsNull()) {
      return fmt::format("member `{}` is null", name);
    }
  }
  const std::ptrdiff_t wanted = std::count(rule.required.begin(), rule.required.end(), ' ') - 1;
  return required < wanted ? fmt::format("wants the members{}", rule.required) : std::string();
}

}  // namespace

void UiStreamReading::breaks(std::string_view type, std::string_view what) {
  if (breach_.empty()) breach_ = fmt::format("`{}`: {}", type, what);
}

void UiStreamReading::block(std::string_view type, std::string_view id, Ids& open) {
  const auto found = open.find(id);
  if (type.ends_with("-start")) {
    if (found != open.end()) breaks(type, fmt::format("block `{}` is open already", id));
    open.emplace(id);
  } else if (found == open.end()) {
    breaks(type, fmt::format("no block `{}` is open in this step", id));
  } else if (type.ends_with("-end")) {
    open.erase(found);
  }
}

void UiStreamReading::call(std::string_view type, std::string_view id) {
  if (type == "tool-input-start") {
    started_.emplace(id);
  } else if (type == "tool-input-available") {
    available_.emplace(id);
  } else if (!(type == "tool-input-delta" ? started_ : available_).contains(id)) {
    breaks(type, fmt::format("no input of call `{}` came before", id));
  }
}

void UiStreamReading::frame(std::string_view type) {
  if (!texts_.empty() || !reasonings_.empty()) {
    breaks(type, fmt::format("block `{}` is still open",
                             texts_.empty() ? *reasonings_.begin() : *texts_.begin()));
  }
  const bool step_ends = type == "finish-step";
  if (in_step_ != step_ends) breaks(type, in_step_ ? "a step is open" : "no step is open");
  in_step_ = type == "start-step";
  texts_.clear();
  reasonings_.clear();
}

void UiStreamReading::part(const JsonValue& part) {
  const auto type = text_member(part, "type");
  if (!type) return breaks("?", "a part that is no JSON object with a type");
  const PartRule* rule = rule_of(*type);
  if (rule == nullptr) return breaks(*type, "not every client knows this type");
  if (const std::string wrong = wrong_member(part, *rule); !wrong.empty()) breaks(*type, wrong);
  if (type->starts_with("text-")) {
    block(*type, text_member(part, "id").value_or(""), texts_);
  } else if (type->starts_with("reasoning-")) {
    block(*type, text_member(part, "id").value_or(""), reasonings_);
  } else if (type->starts_with("tool-")) {
    call(*type, text_member(part, "toolCallId").value_or(""));
  } else if (*type == "start-step" || *type == "finish-step" || *type == "finish") {
    frame(*type);
  }
}

}  // namespace playhead::check
