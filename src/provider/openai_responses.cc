// OpenAI Responses: what an event's type means is a row of a table; the items and their texts are
// remembered, because each of them is sent several times and must count once.
#include "provider/openai_responses.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/hash.h"
#include "base/utf8.h"
#include "provider/catalog.h"
#include "provider/openai_usage.h"
#include "provider/payload.h"

namespace playhead::provider {
namespace {

enum class Meaning : std::uint8_t {
  nothing,  // progress of tools that the provider runs, and what the item's end repeats
  created,
  completed,
  failed,
  incomplete,
  cancelled,
  item_added,
  item_done,
  part_added,
  part_done,
  summary_part_added,
  summary_part_done,
  text_delta,
  text_done,
  refusal_delta,
  refusal_done,
  reasoning_delta,
  reasoning_done,
  summary_delta,
  summary_done,
  arguments_delta,
  arguments_done,
  input_done,
  annotation,
  error,
};

struct EventRow {
  std::string_view type;  // without its prefix `response.`
  Meaning meaning;
};

// All types of WIRE 4.1, in order, and the few that are sent without being documented: keepalive,
// cancelled, and the pieces of a patch.
constexpr std::array kEvents = {
    EventRow{"apply_patch_call_operation_diff.delta", Meaning::nothing},
    EventRow{"apply_patch_call_operation_diff.done", Meaning::nothing},
    EventRow{"audio.delta", Meaning::nothing},
    EventRow{"audio.done", Meaning::nothing},
    EventRow{"audio.transcript.delta", Meaning::nothing},
    EventRow{"audio.transcript.done", Meaning::nothing},
    EventRow{"cancelled", Meaning::cancelled},
    EventRow{"code_interpreter_call.completed", Meaning::nothing},
    EventRow{"code_interpreter_call.in_progress", Meaning::nothing},
    EventRow{"code_interpreter_call.interpreting", Meaning::nothing},
    EventRow{"code_interpreter_call_code.delta", Meaning::nothing},
    EventRow{"code_interpreter_call_code.done", Meaning::nothing},
    EventRow{"compaction.compacting", Meaning::nothing},
    EventRow{"completed", Meaning::completed},
    EventRow{"content_part.added", Meaning::part_added},
    EventRow{"content_part.done", Meaning::part_done},
    EventRow{"created", Meaning::created},
    EventRow{"custom_tool_call_input.delta", Meaning::arguments_delta},
    EventRow{"custom_tool_call_input.done", Meaning::input_done},
    EventRow{"error", Meaning::error},
    EventRow{"failed", Meaning::failed},
    EventRow{"file_search_call.completed", Meaning::nothing},
    EventRow{"file_search_call.in_progress", Meaning::nothing},
    EventRow{"file_search_call.searching", Meaning::nothing},
    EventRow{"function_call_arguments.delta", Meaning::arguments_delta},
    EventRow{"function_call_arguments.done", Meaning::arguments_done},
    EventRow{"image_generation_call.completed", Meaning::nothing},
    EventRow{"image_generation_call.generating", Meaning::nothing},
    EventRow{"image_generation_call.in_progress", Meaning::nothing},
    EventRow{"image_generation_call.partial_image", Meaning::nothing},
    EventRow{"in_progress", Meaning::created},
    EventRow{"incomplete", Meaning::incomplete},
    EventRow{"keepalive", Meaning::nothing},
    EventRow{"mcp_call.completed", Meaning::nothing},
    EventRow{"mcp_call.failed", Meaning::nothing},
    EventRow{"mcp_call.in_progress", Meaning::nothing},
    EventRow{"mcp_call_arguments.delta", Meaning::nothing},
    EventRow{"mcp_call_arguments.done", Meaning::nothing},
    EventRow{"mcp_list_tools.completed", Meaning::nothing},
    EventRow{"mcp_list_tools.failed", Meaning::nothing},
    EventRow{"mcp_list_tools.in_progress", Meaning::nothing},
    EventRow{"output_item.added", Meaning::item_added},
    EventRow{"output_item.done", Meaning::item_done},
    EventRow{"output_text.annotation.added", Meaning::annotation},
    EventRow{"output_text.delta", Meaning::text_delta},
    EventRow{"output_text.done", Meaning::text_done},
    EventRow{"queued", Meaning::created},
    EventRow{"reasoning_summary_part.added", Meaning::summary_part_added},
    EventRow{"reasoning_summary_part.done", Meaning::summary_part_done},
    EventRow{"reasoning_summary_text.delta", Meaning::summary_delta},
    EventRow{"reasoning_summary_text.done", Meaning::summary_done},
    EventRow{"reasoning_text.delta", Meaning::reasoning_delta},
    EventRow{"reasoning_text.done", Meaning::reasoning_done},
    EventRow{"refusal.delta", Meaning::refusal_delta},
    EventRow{"refusal.done", Meaning::refusal_done},
    EventRow{"shell_call_command.added", Meaning::nothing},
    EventRow{"shell_call_command.delta", Meaning::nothing},
    EventRow{"shell_call_command.done", Meaning::nothing},
    EventRow{"shell_call_output_content.delta", Meaning::nothing},
    EventRow{"shell_call_output_content.done", Meaning::nothing},
    EventRow{"web_search_call.completed", Meaning::nothing},
    EventRow{"web_search_call.in_progress", Meaning::nothing},
    EventRow{"web_search_call.searching", Meaning::nothing},
};

constexpr bool is_before(const EventRow& a, const EventRow& b) { return a.type < b.type; }
static_assert(std::is_sorted(kEvents.begin(), kEvents.end(), is_before));

std::optional<Meaning> meaning_of(std::string_view type) {
  constexpr std::string_view kPrefix = "response.";
  if (type.starts_with(kPrefix)) type.remove_prefix(kPrefix.size());
  if (type == "output_text.delta") return Meaning::text_delta;
  const auto* const row =
      std::lower_bound(kEvents.begin(), kEvents.end(), EventRow{type, {}}, is_before);
  if (row == kEvents.end() || row->type != type) return std::nullopt;
  return row->meaning;
}

// The member of a call that holds its arguments: text, or of what the caller runs for the provider
// an object (SPEC 2).
std::string_view arguments_member(std::string_view type) {
  if (type == "function_call" || type == "tool_search_call") return "arguments";
  if (type == "custom_tool_call") return "input";
  if (type == "apply_patch_call") return "operation";
  return "action";
}

bool is_caller_run(std::string_view type) {
  static constexpr std::string_view kTypes[] = {"local_shell_call", "shell_call",
                                                "apply_patch_call", "computer_call"};
  return std::find(std::begin(kTypes), std::end(kTypes), type) != std::end(kTypes);
}

bool is_silent(std::string_view type) {
  static constexpr std::string_view kTypes[] = {"mcp_list_tools", "mcp_approval_request",
                                                "mcp_approval_response", "additional_tools",
                                                "compaction"};
  return std::find(std::begin(kTypes), std::end(kTypes), type) != std::end(kTypes);
}

// web_search_call -> web_search
std::string_view bare_name(std::string_view type) {
  constexpr std::string_view kSuffix = "_call";
  if (type.ends_with(kSuffix)) type.remove_suffix(kSuffix.size());
  return type;
}

bool is_terminal_status(std::string_view status) {
  return status == "completed" || status == "incomplete" || status == "failed" ||
         status == "cancelled";
}

bool is_whole_response(const JsonView& root) {
  const Member output = root.find("output");
  return root.text_at("object") == "response" || (output && output->is_array());
}

// Whether two ids may name the same thing.
bool fits(std::string_view a, std::string_view b) { return a.empty() || b.empty() || a == b; }

}  // namespace

struct OpenAiResponses::Event {
  Member type, item_id, delta, text, arguments, input, refusal, part, item, response, annotation,
      output_index, part_index, sequence_number;

  explicit Event(const JsonView& root) {
    root.each_member([this](std::string_view name, const JsonView& value) { put(name, value); });
  }

  std::string_view item_id_text() const { return item_id ? item_id->text() : std::string_view(); }
  Number index() const { return output_index ? output_index->integer() : std::nullopt; }
  std::int64_t part_number() const {
    return part_index ? part_index->integer().value_or(0) : 0;
  }

 private:
  void put(std::string_view name, const JsonView& value) {
    switch (name.size()) {
      case 4:
        if (name == "type") type = value;
        if (name == "text") text = value;
        if (name == "part") part = value;
        if (name == "item") item = value;
        return;
      case 5:
        if (name == "delta") delta = value;
        if (name == "input") input = value;
        return;
      case 7:
        if (name == "item_id") item_id = value;
        if (name == "refusal") refusal = value;
        return;
      case 8:
        if (name == "response") response = value;
        return;
      case 9:
        if (name == "arguments") arguments = value;
        return;
      case 10:
        if (name == "annotation") annotation = value;
        return;
      case 12:
        if (name == "output_index") output_index = value;
        return;
      case 13:
        if (name == "content_index" || name == "summary_index") part_index = value;
        return;
      case 15:
        if (name == "sequence_number") sequence_number = value;
        return;
      default: return;
    }
  }
};

void OpenAiResponses::translate(const Frame& frame, Deltas& out) {
  owned_.clear();
  if (frame.kind == FrameKind::comment) return;
  if (over_) return note(Anomaly::data_after_done, own(to_utf8(frame.event), owned_), out);
  if (frame.data.starts_with(kDoneMark)) {  // routers add it, behind the terminal event
    return note(Anomaly::unknown_event, kDoneMark, out);
  }
  const auto root = reader_.read(frame.data);
  if (!root) return read_unparsable(frame, owned_, out);
  if (reader_.repairs().bad_utf8) note(Anomaly::bad_utf8, {}, out);
  if (reader_.repairs().lone_surrogate) note(Anomaly::lone_surrogate, {}, out);
  read_root(frame, *root, out);
}

void OpenAiResponses::read_root(const Frame& frame, const JsonView& root, Deltas& out) {
  const bool unframed = frame.kind == FrameKind::line && frame.event.empty();
  const Event event(root);
  const std::string_view type =
      is_present(event.type) ? text_of(event.type, "type", out) : frame.event;
  if (root.is_object() && !meaning_of(type) && is_whole_response(root)) {
    note(Anomaly::not_a_stream, {}, out);
    read_start(root, out);
    const std::string_view status = root.text_at("status");
    if (is_terminal_status(status)) return read_terminal(root, status, out);
    if (const Member output = root.find("output")) read_output(*output, out);
    return;
  }
  if (unframed) note(Anomaly::unframed_json, {}, out);
  if (root.is_object()) return read_event(frame, root, type, event, out);
  if (const auto error = error_of(frame, root)) return read_error_value(*error, {}, out);
  wrong_type("data", out);
}

void OpenAiResponses::read_event(const Frame& frame, const JsonView& root, std::string_view type,
                                 const Event& event, Deltas& out) {
  read_sequence(event, out);
  const auto meaning = meaning_of(type);
  if (!meaning || *meaning == Meaning::error) {
    if (const auto error = error_of(frame, root)) return read_error_value(*error, {}, out);
    if (meaning) return read_error_value(root, {}, out);
    return note(Anomaly::unknown_event, own(to_utf8(type), owned_), out);
  }
  switch (*meaning) {
    case Meaning::nothing:
    case Meaning::error: return;
    case Meaning::created: return read_lifecycle(event, {}, out);
    case Meaning::completed: return read_lifecycle(event, "completed", out);
    case Meaning::failed: return read_lifecycle(event, "failed", out);
    case Meaning::incomplete: return read_lifecycle(event, "incomplete", out);
    case Meaning::cancelled: return read_lifecycle(event, "cancelled", out);
    case Meaning::item_added: return read_item_event(event, Rank::piece, out);
    case Meaning::item_done: return read_item_event(event, Rank::done, out);
    case Meaning::part_added: return read_part_event(event, false, Rank::piece, out);
    case Meaning::part_done: return read_part_event(event, false, Rank::done, out);
    case Meaning::summary_part_added: return read_part_event(event, true, Rank::piece, out);
    case Meaning::summary_part_done: return read_part_event(event, true, Rank::done, out);
    case Meaning::text_delta: return read_piece_event(event, TextKind::text, out);
    case Meaning::text_done: return read_whole_event(event, TextKind::text, event.text, out);
    case Meaning::refusal_delta: return read_piece_event(event, TextKind::refusal, out);
    case Meaning::refusal_done:
      return read_whole_event(event, TextKind::refusal, event.refusal, out);
    case Meaning::reasoning_delta: return read_piece_event(event, TextKind::reasoning, out);
    case Meaning::reasoning_done:
      return read_whole_event(event, TextKind::reasoning, event.text, out);
    case Meaning::summary_delta: return read_piece_event(event, TextKind::summary, out);
    case Meaning::summary_done: return read_whole_event(event, TextKind::summary, event.text, out);
    case Meaning::arguments_delta: return read_piece_event(event, TextKind::arguments, out);
    case Meaning::arguments_done:
      return read_whole_event(event, TextKind::arguments, event.arguments, out);
    case Meaning::input_done:
      return read_whole_event(event, TextKind::arguments, event.input, out);
    case Meaning::annotation: return read_annotation_event(event, out);
  }
}

// The numbers are consecutive. Where they begin is not judged: a stream can be resumed.
void OpenAiResponses::read_sequence(const Event& event, Deltas& out) {
  const Number number =
      event.sequence_number ? event.sequence_number->integer() : std::nullopt;
  if (!number) return;
  if (last_sequence_ && (*last_sequence_ == INT64_MAX || *number != *last_sequence_ + 1)) {
    note(Anomaly::sequence_gap,
         own(std::to_string(*last_sequence_) + " -> " + std::to_string(*number), owned_), out);
  }
  last_sequence_ = number;
}

// `status` is the one that the event's type says, empty for one that ends nothing.
void OpenAiResponses::read_lifecycle(const Event& event, std::string_view status, Deltas& out) {
  if (is_object(event.response)) {
    read_start(*event.response, out);
  } else if (is_present(event.response)) {
    wrong_type("response", out);
  }
  if (status.empty()) return;
  const std::string_view own_status =
      is_object(event.response) ? event.response->text_at("status") : std::string_view();
  read_terminal(event.response, is_terminal_status(own_status) ? own_status : status, out);
}

void OpenAiResponses::read_start(const JsonView& response, Deltas& out) {
  const std::string_view id = text_of(response.find("id"), "response.id", out);
  const std::string_view model = text_of(response.find("model"), "response.model", out);
  const bool id_is_new = !id.empty() && id != last_id_;
  const bool model_is_new = !model.empty() && model != last_model_;
  if (!id_is_new && !model_is_new) return;
  if (id_is_new) last_id_.assign(id);
  if (model_is_new) last_model_.assign(model);
  Delta& delta = add(DeltaKind::start, out);
  delta.id = id;
  delta.name = model;
}

void OpenAiResponses::read_terminal(const Member& response, std::string_view status,
                                    Deltas& out) {
  if (is_object(response)) {
    if (const Member output = response->find("output")) read_output(*output, out);
    read_usage(response->find("usage"), out);
  }
  if (status == "completed") note_open_items(out);
  if (status == "failed" || status == "cancelled") read_failure(response, status, out);
  read_finish(response, status, out);
  add(DeltaKind::done, out);
  over_ = true;
}

void OpenAiResponses::read_finish(const Member& response, std::string_view status, Deltas& out) {
  std::string_view word = status;
  if (status == "incomplete" && is_object(response)) {
    const Member details = response->find("incomplete_details");
    const std::string_view reason = details ? details->text_at("reason") : std::string_view();
    if (!reason.empty()) word = reason;
  }
  Delta& delta = add(DeltaKind::finish, out);
  delta.text = word;
  delta.finish = finish_reason_of(Protocol::openai_responses, word);
  if (status == "completed" && asks_for_tools()) delta.finish = FinishReason::tool_calls;
}

void OpenAiResponses::read_failure(const Member& response, std::string_view status, Deltas& out) {
  const Member error = is_object(response) ? response->find("error") : std::nullopt;
  if (is_present(error)) return read_error_value(*error, status, out);
  if (!error_seen_) add(DeltaKind::error, out).type = status;
}

// An `error` event is often followed by `response.failed` with the same error: it counts once.
// `fallback` is what the error is called where it has neither code nor type.
void OpenAiResponses::read_error_value(const JsonView& error, std::string_view fallback,
                                       Deltas& out) {
  Delta delta = read_error(error, owned_);
  if (delta.name.empty() && delta.type.empty()) delta.type = fallback;
  const std::uint64_t hash = hash64(delta.text);
  if (std::exchange(error_seen_, true) && error_hash_ == hash) return;
  error_hash_ = hash;
  out.push_back(delta);
}

void OpenAiResponses::read_usage(const Member& value, Deltas& out) {
  if (!is_present(value)) return;
  UsageReading reading = read_openai_usage(*value);
  if (!reading.wrong_type.empty()) wrong_type(reading.wrong_type, out);
  if (reading.usage.empty()) return;
  if (const Member details = value->find("input_tokens_details")) {
    if (const Number cached = details->integer_at("cached_tokens")) {
      reading.usage.cached_input_tokens = cached;
    }
  }
  if (const Member details = value->find("output_tokens_details")) {
    if (const Number reasoning = details->integer_at("reasoning_tokens")) {
      reading.usage.reasoning_tokens = reasoning;
    }
  }
  add(DeltaKind::usage, out).usage = reading.usage;
}

void OpenAiResponses::read_piece_event(const Event& event, TextKind kind, Deltas& out) {
  const std::string_view piece = text_of(event.delta, "delta", out);
  if (piece.empty()) return;
  Item* const item = item_of_piece(event, kind, out);
  if (item == nullptr) return;
  Text* const text = text_of_item(*item, kind, event.part_number(), out);
  if (text != nullptr) add_piece(*item, *text, piece, out);
}

void OpenAiResponses::read_whole_event(const Event& event, TextKind kind, const Member& whole,
                                       Deltas& out) {
  if (!is_present(whole)) return;
  const bool is_json = kind == TextKind::arguments && !whole->is_string();
  if (is_json) note(Anomaly::tool_arguments_not_text, {}, out);
  const std::string_view all =
      is_json ? scalar_text(whole, owned_) : text_of(whole, "text", out);
  Item* const item = item_of_piece(event, kind, out);
  if (item == nullptr) return;
  Text* const text = text_of_item(*item, kind, event.part_number(), out);
  if (text != nullptr) add_whole(*item, *text, all, Rank::done, out);
}

void OpenAiResponses::read_part_event(const Event& event, bool is_summary, Rank rank,
                                      Deltas& out) {
  if (!is_object(event.part)) return wrong_type("part", out);
  const bool is_reasoning = is_summary || event.part->text_at("type") == "reasoning_text";
  Item* const item = item_of_piece(
      event, is_reasoning ? TextKind::reasoning : TextKind::text, out);
  if (item != nullptr) read_part(*item, event.part_number(), *event.part, rank, out);
}

void OpenAiResponses::read_annotation_event(const Event& event, Deltas& out) {
  if (!is_present(event.annotation)) return;
  Item* const item = item_of_piece(event, TextKind::text, out);
  if (item == nullptr) return;
  Text* const text = text_of_item(*item, TextKind::text, event.part_number(), out);
  if (text == nullptr) return;
  ++text->annotations;
  Delta& delta = add(DeltaKind::annotation, out);
  delta.index = text->key;
  delta.text = own(event.annotation->json(), owned_);
}

void OpenAiResponses::read_item_event(const Event& event, Rank rank, Deltas& out) {
  if (!is_object(event.item)) return wrong_type("item", out);
  Item* const item = item_of_event(event, rank, out);
  if (item == nullptr) return;
  read_item(*item, *event.item, rank, out);
  if (rank == Rank::piece) item->added = true;
  if (rank == Rank::done) item->done = true;
}

// The output of the final response: first the items whose ids are known, then the rest, because
// some routers give them other ids than in the stream.
void OpenAiResponses::read_output(const JsonView& output, Deltas& out) {
  std::deque<std::pair<JsonView, Item*>> found;
  output.each_element([&](const JsonView& view) {
    if (!view.is_object()) return;
    Item* const item = item_in_output(view, true);
    if (item != nullptr) item->in_output = true;
    found.emplace_back(view, item);
  });
  for (auto& [view, known] : found) {
    Item* item = known;
    if (item == nullptr) item = item_in_output(view, false);
    if (item == nullptr) item = add_item(std::nullopt, out);
    if (item == nullptr) return;
    item->in_output = true;
    read_item(*item, view, Rank::final, out);
  }
}

void OpenAiResponses::read_item(Item& item, const JsonView& view, Rank rank, Deltas& out) {
  identify(item, view, out);
  switch (item.kind) {
    case ItemKind::message:
    case ItemKind::reasoning:
      read_parts(item, view.find("summary"), rank, out);
      return read_parts(item, view.find("content"), rank, out);
    case ItemKind::call: return read_call(item, view, rank, out);
    case ItemKind::provider_tool: return read_provider_tool(item, view, rank, out);
    case ItemKind::result: return read_result(item, out);
    case ItemKind::silent:
    case ItemKind::unknown: return;
  }
}

// Takes from the item what names it; the first of each stands.
void OpenAiResponses::identify(Item& item, const JsonView& view, Deltas& out) {
  if (item.id.empty()) item.id = view.text_at("id");
  if (item.call_id.empty()) item.call_id = view.text_at("call_id");
  const std::string_view type = view.text_at("type");
  if (item.kind != ItemKind::unknown || (!item.type.empty() && item.type == type)) return;
  item.type = type;
  item.free_text = type == "custom_tool_call";
  const bool searches_at_caller =
      type == "tool_search_call" && view.text_at("execution") == "client";
  item.built_in = is_caller_run(type) || searches_at_caller;
  if (type == "message") {
    item.kind = ItemKind::message;
  } else if (type == "reasoning") {
    item.kind = ItemKind::reasoning;
  } else if (type == "function_call" || item.free_text || item.built_in) {
    item.kind = ItemKind::call;
  } else if (is_silent(type)) {
    item.kind = ItemKind::silent;
  } else if (type.ends_with("_output")) {
    item.kind = ItemKind::result;
  } else if (type.ends_with("_call") || type == "program") {
    item.kind = ItemKind::provider_tool;
  } else {
    note(Anomaly::unknown_event, own(std::string(type), owned_), out);
  }
}

void OpenAiResponses::read_call(Item& item, const JsonView& view, Rank rank, Deltas& out) {
  const std::string_view name = text_of(view.find("name"), "item.name", out);
  announce_call(item, name.empty() && item.built_in ? bare_name(item.type) : name, rank, out);
  if (item.built_in && rank == Rank::piece) return;  // its action is still empty
  Member arguments = view.find(arguments_member(item.type));
  if (!arguments && item.type == "computer_call") arguments = view.find("actions");
  if (!is_present(arguments)) return;
  if (!item.built_in && !arguments->is_string()) {
    note(Anomaly::tool_arguments_not_text, {}, out);
  }
  const std::string_view all = scalar_text(arguments, owned_);
  Text* const text = text_of_item(item, TextKind::arguments, 0, out);
  if (text == nullptr) return;
  if (rank != Rank::piece) return add_whole(item, *text, all, rank, out);
  if (!all.empty() && !text->has_pieces) add_piece(item, *text, all, out);
}

// Names the call as soon as it can be named. An item without a call_id is known by its own id,
// but only once it is sure that none comes.
void OpenAiResponses::announce_call(Item& item, std::string_view name, Rank rank, Deltas& out) {
  const bool name_is_new = !name.empty() && name != item.name;
  if (rank != Rank::piece && item.call_id.empty()) item.call_id = item.id;
  if (item.announced && !name_is_new && rank == Rank::piece) return;
  if (item.announced && !name_is_new && item.in_output) return;
  item.name = name_is_new ? std::string(name) : item.name;
  item.announced = true;
  Delta& delta = add(DeltaKind::tool_call, out);
  delta.index = item.index.value_or(item.ordinal);
  delta.id = item.call_id;
  if (name_is_new) delta.name = item.name;
  delta.tool_is_free_text = item.free_text;
}

void OpenAiResponses::read_provider_tool(Item& item, const JsonView& view, Rank rank,
                                         Deltas& out) {
  if (item.announced) return;
  item.name = view.text_at("name");
  if (item.name.empty() && item.type == "mcp_call" && rank == Rank::piece) return;
  if (item.name.empty()) item.name = bare_name(item.type);
  item.announced = true;
  Delta& delta = add(DeltaKind::provider_tool, out);
  delta.id = item.id;
  delta.name = item.name;
}

void OpenAiResponses::read_result(Item& item, Deltas& out) {
  if (item.call_id.empty() && item.type == "local_shell_call_output") item.call_id = item.id;
  if (item.call_id.empty() || std::exchange(item.announced, true)) return;
  add(DeltaKind::provider_result, out).id = item.call_id;
}

void OpenAiResponses::read_parts(Item& item, const Member& parts, Rank rank, Deltas& out) {
  if (!is_present(parts)) return;
  if (!parts->is_array()) return wrong_type("item.content", out);
  std::int64_t index = 0;
  parts->each_element([&](const JsonView& part) { read_part(item, index++, part, rank, out); });
}

void OpenAiResponses::read_part(Item& item, std::int64_t index, const JsonView& part, Rank rank,
                                Deltas& out) {
  const std::string_view type = part.text_at("type");
  TextKind kind = TextKind::text;
  std::string_view member = "text";
  if (type == "refusal") {
    kind = TextKind::refusal;
    member = "refusal";
  } else if (type == "reasoning_text") {
    kind = TextKind::reasoning;
  } else if (type == "summary_text") {
    kind = TextKind::summary;
  } else if (type != "output_text" && type != "text") {
    return;
  }
  Text* const text = text_of_item(item, kind, index, out);
  if (text == nullptr) return;
  const std::string_view all = text_of(part.find(member), "part.text", out);
  if (rank != Rank::piece) {
    add_whole(item, *text, all, rank, out);
  } else if (!all.empty() && !text->has_pieces) {
    add_piece(item, *text, all, out);
  }
  if (kind == TextKind::text) read_annotations(*text, part.find("annotations"), out);
}

// Those that have not come as events of their own.
void OpenAiResponses::read_annotations(Text& text, const Member& annotations, Deltas& out) {
  if (!annotations) return;
  std::int64_t index = 0;
  annotations->each_element([&](const JsonView& annotation) {
    if (index++ < text.annotations) return;
    ++text.annotations;
    Delta& delta = add(DeltaKind::annotation, out);
    delta.index = text.key;
    delta.text = own(annotation.json(), owned_);
  });
}

void OpenAiResponses::add_piece(const Item& item, Text& text, std::string_view piece,
                                Deltas& out) {
  text.has_pieces = true;
  switch (text.kind) {
    case TextKind::arguments: return add_arguments(item, text, piece, Rank::piece, out);
    case TextKind::refusal: add(DeltaKind::refusal, out).text = piece; break;
    case TextKind::text:
    case TextKind::reasoning:
    case TextKind::summary: {
      const bool is_text = text.kind == TextKind::text;
      Delta& delta = add(is_text ? DeltaKind::text : DeltaKind::reasoning, out);
      delta.index = text.key;
      delta.text = piece;
      if (is_text) return;
      break;
    }
  }
  append_joined(piece, text.sent);
}

void OpenAiResponses::add_whole(const Item& item, Text& text, std::string_view whole, Rank rank,
                                Deltas& out) {
  if (whole.empty()) {  // says nothing where something came
    if (text.has_pieces) note_mismatch(text, "empty", out);
    return;
  }
  const bool is_reasoning = text.kind == TextKind::reasoning || text.kind == TextKind::summary;
  if (is_reasoning || text.kind == TextKind::refusal) return add_rest(item, text, whole, out);
  const std::uint64_t hash = hash64(whole);
  if (text.is_whole && text.whole_hash == hash) return;
  if (text.is_whole && rank == Rank::final) return note_mismatch(text, "response.output", out);
  text.is_whole = true;
  text.whole_hash = hash;
  text.has_pieces = true;
  if (text.kind == TextKind::arguments) return add_arguments(item, text, whole, rank, out);
  Delta& delta = add(DeltaKind::text_final, out);
  delta.index = text.key;
  delta.text = whole;
}

// Reasoning and refusals are not replaced: what is missing at their end is added.
void OpenAiResponses::add_rest(const Item& item, Text& text, std::string_view whole,
                               Deltas& out) {
  if (whole == text.sent) return;
  if (text.has_pieces) note_mismatch(text, text.kind == TextKind::refusal ? "refusal" : "reasoning",
                                     out);
  if (whole.starts_with(text.sent)) add_piece(item, text, whole.substr(text.sent.size()), out);
}

void OpenAiResponses::add_arguments(const Item& item, Text& text, std::string_view arguments,
                                    Rank rank, Deltas& out) {
  text.has_pieces = true;
  Delta& delta = add(DeltaKind::tool_call, out);
  delta.index = item.index.value_or(item.ordinal);
  delta.id = item.call_id;
  delta.text = arguments;
  delta.tool_has_arguments = true;
  delta.tool_arguments_final = rank != Rank::piece;
  delta.tool_arguments_object = item.built_in;
  delta.tool_is_free_text = item.free_text;
}

void OpenAiResponses::note_mismatch(Text& text, std::string_view where, Deltas& out) {
  if (!std::exchange(text.mismatch_noted, true)) note(Anomaly::done_mismatch, where, out);
}

// Whether there is a call that the caller has to run: one without a result in the same reply.
bool OpenAiResponses::asks_for_tools() const {
  return std::any_of(items_.begin(), items_.end(), [this](const Item& item) {
    if (item.kind != ItemKind::call) return false;
    return std::none_of(items_.begin(), items_.end(), [&item](const Item& other) {
      return other.kind == ItemKind::result && !item.call_id.empty() &&
             other.call_id == item.call_id;
    });
  });
}

void OpenAiResponses::note_open_items(Deltas& out) {
  for (const Item& item : items_) {
    if (!item.added || item.done) continue;
    note(Anomaly::block_not_closed, own("item " + std::to_string(item.ordinal), owned_), out);
  }
}

// The item a piece belongs to: by output_index, else by item_id, else the last open one; of a type
// that has such pieces. A new one where there is none.
OpenAiResponses::Item* OpenAiResponses::item_of_piece(const Event& event, TextKind kind,
                                                      Deltas& out) {
  const auto takes = [kind](const Item& item) {
    const bool is_reasoning = kind == TextKind::reasoning || kind == TextKind::summary;
    const ItemKind wanted = kind == TextKind::arguments ? ItemKind::call
                            : is_reasoning              ? ItemKind::reasoning
                                                        : ItemKind::message;
    return item.kind == ItemKind::unknown || item.kind == wanted;
  };
  const Number index = event.index();
  const std::string_view id = event.item_id_text();
  Item* item = nullptr;
  for (auto known = items_.rbegin(); known != items_.rend() && item == nullptr; ++known) {
    const bool is_it = index ? known->index == index
                             : fits(known->id, id) && (!id.empty() || !known->done);
    if (is_it && takes(*known)) item = &*known;
  }
  if (item == nullptr) item = add_item(index, out);
  if (item == nullptr) return nullptr;
  if (item->kind == ItemKind::unknown && item->type.empty()) {
    item->id = id;
    item->kind = kind == TextKind::arguments ? ItemKind::call
                 : kind == TextKind::reasoning || kind == TextKind::summary
                     ? ItemKind::reasoning
                     : ItemKind::message;
  }
  if (!item->added && !std::exchange(item->disorder_noted, true)) {
    note(Anomaly::block_out_of_order, own("item " + std::to_string(item->ordinal), owned_), out);
  }
  return item;
}

OpenAiResponses::Item* OpenAiResponses::add_item(const Number& index, Deltas& out) {
  if (items_.size() >= kResponsesItemsMax) {
    if (!std::exchange(limit_noted_, true)) note(Anomaly::tool_limit, "output item", out);
    return nullptr;
  }
  Item& item = items_.emplace_back();
  item.ordinal = static_cast<std::int64_t>(items_.size()) - 1;
  item.index = index;
  return &item;
}

OpenAiResponses::Text* OpenAiResponses::text_of_item(const Item& item, TextKind kind,
                                                     std::int64_t part, Deltas& out) {
  const auto known = std::find_if(texts_.rbegin(), texts_.rend(), [&](const Text& text) {
    return text.item == item.ordinal && text.kind == kind && text.part == part;
  });
  if (known != texts_.rend()) return &*known;
  if (texts_.size() >= kResponsesTextsMax) {
    if (!std::exchange(limit_noted_, true)) note(Anomaly::tool_limit, "content part", out);
    return nullptr;
  }
  Text& text = texts_.emplace_back();
  text.key = static_cast<std::int64_t>(texts_.size());
  text.item = item.ordinal;
  text.kind = kind;
  text.part = part;
  return &text;
}

}  // namespace playhead::provider
