// Items are looked for from the last one back: streams are about the item that came last.
#include "provider/response_items.h"

#include <algorithm>
#include <iterator>

namespace playhead::provider {
namespace {

template <std::size_t size>
bool is_one_of(const std::string_view (&names)[size], std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

// What the caller runs and gives the result of to the provider (SPEC 2).
constexpr std::string_view kCallerRun[] = {"local_shell_call", "shell_call", "apply_patch_call",
                                           "computer_call"};
constexpr std::string_view kSilent[] = {"mcp_list_tools", "mcp_approval_request",
                                        "mcp_approval_response", "additional_tools", "compaction"};

// A search for tools is one of either side; the item says whose.
bool is_caller_run(std::string_view type, std::string_view execution) {
  return is_one_of(kCallerRun, type) || (type == "tool_search_call" && execution == "client");
}

ItemKind kind_of(std::string_view type, std::string_view execution) {
  if (type == "message") return ItemKind::message;
  if (type == "reasoning") return ItemKind::reasoning;
  if (type == "function_call" || type == "custom_tool_call") return ItemKind::call;
  if (is_caller_run(type, execution)) return ItemKind::call;
  if (is_one_of(kSilent, type)) return ItemKind::silent;
  if (type.ends_with("_output")) return ItemKind::result;
  if (type.ends_with("_call") || type == "program") return ItemKind::provider_tool;
  return ItemKind::unknown;
}

ItemKind kind_with(TextKind text) {
  switch (text) {
    case TextKind::text:
    case TextKind::refusal: return ItemKind::message;
    case TextKind::reasoning:
    case TextKind::summary: return ItemKind::reasoning;
    case TextKind::arguments:
    case TextKind::input: return ItemKind::call;
  }
  return ItemKind::unknown;
}

// Whether two ids may name the same thing.
bool fits(std::string_view a, std::string_view b) { return a.empty() || b.empty() || a == b; }

// Whether the item may be of that type. One that was only guessed from its pieces has a kind alone.
bool may_be(const ResponseItem& item, std::string_view type, std::string_view execution) {
  if (!item.type.empty()) return type.empty() || item.type == type;
  return item.kind == ItemKind::unknown || item.kind == kind_of(type, execution);
}

}  // namespace

ResponseItem* ResponseItems::of_text(std::optional<std::int64_t> index, std::string_view id,
                                     TextKind kind) {
  const ItemKind wanted = kind_with(kind);
  const auto is_it = [&](const ResponseItem& item) {
    if (item.kind != ItemKind::unknown && item.kind != wanted) return false;
    if (index) return item.index == index;
    if (!id.empty() && item.id == id) return true;
    return !item.done && fits(item.id, id);
  };
  const auto known = std::find_if(items_.rbegin(), items_.rend(), is_it);
  if (known != items_.rend()) return &*known;
  ResponseItem* const item = add(index);
  if (item == nullptr) return nullptr;
  item->id = id;
  item->kind = wanted;
  item->free_text = kind == TextKind::input;
  return item;
}

ResponseItem* ResponseItems::of_event(std::optional<std::int64_t> index, const JsonView& wire,
                                      ItemStage stage) {
  const std::string_view id = wire.text_at("id");
  const std::string_view type = wire.text_at("type");
  const std::string_view execution = wire.text_at("execution");
  const auto is_it = [&](const ResponseItem& item) {
    if (!may_be(item, type, execution)) return false;
    const bool is_taken = item.done || (stage == ItemStage::added && item.added);
    if (index) return item.index == index && (!is_taken || fits(item.id, id));
    return !is_taken && fits(item.id, id);
  };
  const auto known = std::find_if(items_.rbegin(), items_.rend(), is_it);
  return known == items_.rend() ? add(index) : &*known;
}

ResponseItem* ResponseItems::in_output(const JsonView& wire, bool by_type) {
  const std::string_view id = wire.text_at("id");
  const std::string_view call_id = wire.text_at("call_id");
  const std::string_view type = wire.text_at("type");
  const std::string_view execution = wire.text_at("execution");
  const auto known = std::find_if(items_.begin(), items_.end(), [&](const ResponseItem& item) {
    if (item.in_output || !may_be(item, type, execution)) return false;
    if (by_type) return true;
    return (!id.empty() && item.id == id) || (!call_id.empty() && item.call_id == call_id);
  });
  return known == items_.end() ? nullptr : &*known;
}

ResponseItem* ResponseItems::add(std::optional<std::int64_t> index) {
  if (items_.size() >= kResponseItemsMax) return nullptr;
  ResponseItem& item = items_.emplace_back();
  item.ordinal = static_cast<std::int64_t>(items_.size()) - 1;
  item.index = index;
  return &item;
}

bool ResponseItems::identify(ResponseItem& item, const JsonView& wire) {
  if (item.id.empty()) item.id = wire.text_at("id");
  if (item.call_id.empty()) item.call_id = wire.text_at("call_id");
  const std::string_view type = wire.text_at("type");
  if (!item.type.empty() || type.empty()) return true;
  const std::string_view execution = wire.text_at("execution");
  item.type = type;
  item.kind = kind_of(type, execution);
  item.free_text = type == "custom_tool_call";
  item.object_action = is_caller_run(type, execution);
  return item.kind != ItemKind::unknown;
}

ResponseText* ResponseItems::text(const ResponseItem& item, TextKind kind, std::int64_t part) {
  if (kind == TextKind::input) kind = TextKind::arguments;
  const auto known = std::find_if(texts_.rbegin(), texts_.rend(), [&](const ResponseText& text) {
    return text.item == item.ordinal && text.kind == kind && text.part == part;
  });
  if (known != texts_.rend()) return &*known;
  if (texts_.size() >= kResponseTextsMax) return nullptr;
  ResponseText& text = texts_.emplace_back();
  text.key = static_cast<std::int64_t>(texts_.size());
  text.item = item.ordinal;
  text.kind = kind;
  text.part = part;
  return &text;
}

bool ResponseItems::ask_for_tools() const {
  return std::any_of(items_.begin(), items_.end(), [this](const ResponseItem& item) {
    if (item.kind != ItemKind::call) return false;
    return std::none_of(items_.begin(), items_.end(), [&item](const ResponseItem& other) {
      return other.kind == ItemKind::result && !item.call_id.empty() &&
             other.call_id == item.call_id;
    });
  });
}

}  // namespace playhead::provider
