// OpenAI Responses: items and their texts are remembered, because each of them is sent several
// times and must count once.
#include "provider/openai_responses.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/utf8.h"
#include "provider/catalog.h"
#include "provider/openai_usage.h"
#include "provider/payload.h"

namespace playhead::provider {
namespace {

// The member of a call that holds its arguments: a text, or of what the caller runs an object.
std::string_view arguments_member(std::string_view type) {
  if (type == "function_call" || type == "tool_search_call") return "arguments";
  if (type == "custom_tool_call") return "input";
  if (type == "apply_patch_call") return "operation";
  return "action";
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

}  // namespace

struct OpenAiResponses::Event {
  Member type, item_id, delta, text, arguments, input, refusal, part, item, response, annotation,
      output_index, part_index, sequence_number;

  explicit Event(const JsonView& root) {
    root.each_member([this](std::string_view name, const JsonView& value) { put(name, value); });
  }

  std::string_view item_id_text() const { return item_id ? item_id->text() : std::string_view(); }
  Number index() const { return output_index ? output_index->integer() : std::nullopt; }
  std::int64_t part_number() const { return part_index ? part_index->integer().value_or(0) : 0; }

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
  if (root.is_object() && !response_event(type) && is_whole_response(root)) {
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
  const auto known = response_event(type);
  if (known && *known != ResponseEvent::error) return read_known_event(*known, event, out);
  if (const auto error = error_of(frame, root)) return read_error_value(*error, {}, out);
  if (known) return read_error_value(root, {}, out);
  note(Anomaly::unknown_event, own(to_utf8(type), owned_), out);
}

void OpenAiResponses::read_known_event(ResponseEvent known, const Event& event, Deltas& out) {
  switch (known) {
    case ResponseEvent::nothing:
    case ResponseEvent::error: return;
    case ResponseEvent::created: return read_lifecycle(event, {}, out);
    case ResponseEvent::completed: return read_lifecycle(event, "completed", out);
    case ResponseEvent::failed: return read_lifecycle(event, "failed", out);
    case ResponseEvent::incomplete: return read_lifecycle(event, "incomplete", out);
    case ResponseEvent::cancelled: return read_lifecycle(event, "cancelled", out);
    case ResponseEvent::item_added: return read_item_event(event, ItemStage::added, out);
    case ResponseEvent::item_done: return read_item_event(event, ItemStage::done, out);
    case ResponseEvent::part_added: return read_part_event(event, false, ItemStage::added, out);
    case ResponseEvent::part_done: return read_part_event(event, false, ItemStage::done, out);
    case ResponseEvent::summary_part_added:
      return read_part_event(event, true, ItemStage::added, out);
    case ResponseEvent::summary_part_done:
      return read_part_event(event, true, ItemStage::done, out);
    case ResponseEvent::text_delta: return read_piece_event(event, TextKind::text, out);
    case ResponseEvent::text_done: return read_whole_event(event, TextKind::text, event.text, out);
    case ResponseEvent::refusal_delta: return read_piece_event(event, TextKind::refusal, out);
    case ResponseEvent::refusal_done:
      return read_whole_event(event, TextKind::refusal, event.refusal, out);
    case ResponseEvent::reasoning_delta: return read_piece_event(event, TextKind::reasoning, out);
    case ResponseEvent::reasoning_done:
      return read_whole_event(event, TextKind::reasoning, event.text, out);
    case ResponseEvent::summary_delta: return read_piece_event(event, TextKind::summary, out);
    case ResponseEvent::summary_done:
      return read_whole_event(event, TextKind::summary, event.text, out);
    case ResponseEvent::arguments_delta: return read_piece_event(event, TextKind::arguments, out);
    case ResponseEvent::arguments_done:
      return read_whole_event(event, TextKind::arguments, event.arguments, out);
    case ResponseEvent::input_delta: return read_piece_event(event, TextKind::input, out);
    case ResponseEvent::input_done:
      return read_whole_event(event, TextKind::input, event.input, out);
    case ResponseEvent::annotation: return read_annotation_event(event, out);
  }
}

// The numbers are consecutive. Where they begin is not judged: a stream can be resumed.
void OpenAiResponses::read_sequence(const Event& event, Deltas& out) {
  const Number number = event.sequence_number ? event.sequence_number->integer() : std::nullopt;
  if (!number) return;
  if (last_sequence_ && (*last_sequence_ == std::numeric_limits<std::int64_t>::max() ||
                         *number != *last_sequence_ + 1)) {
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

void OpenAiResponses::read_terminal(const Member& response, std::string_view status, Deltas& out) {
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
  if (status == "completed" && items_.ask_for_tools()) delta.finish = FinishReason::tool_calls;
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
  ResponseItem* const item = item_of_text(event, kind, out);
  if (item == nullptr) return;
  ResponseText* const text = text_at(*item, kind, event.part_number(), out);
  if (text != nullptr) add_piece(*item, *text, piece, out);
}

void OpenAiResponses::read_whole_event(const Event& event, TextKind kind, const Member& whole,
                                       Deltas& out) {
  if (!is_present(whole)) return;
  const bool is_call = kind == TextKind::arguments || kind == TextKind::input;
  const bool is_json = is_call && !whole->is_string();
  if (is_json) note(Anomaly::tool_arguments_not_text, {}, out);
  const std::string_view all = is_json ? scalar_text(whole, owned_) : text_of(whole, "text", out);
  ResponseItem* const item = item_of_text(event, kind, out);
  if (item == nullptr) return;
  ResponseText* const text = text_at(*item, kind, event.part_number(), out);
  if (text != nullptr) add_whole(*item, *text, all, false, out);
}

void OpenAiResponses::read_part_event(const Event& event, bool is_summary, ItemStage stage,
                                      Deltas& out) {
  if (!is_object(event.part)) return wrong_type("part", out);
  const bool is_reasoning = is_summary || event.part->text_at("type") == "reasoning_text";
  ResponseItem* const item =
      item_of_text(event, is_reasoning ? TextKind::reasoning : TextKind::text, out);
  if (item != nullptr) read_part(*item, event.part_number(), *event.part, stage, out);
}

void OpenAiResponses::read_annotation_event(const Event& event, Deltas& out) {
  if (!is_present(event.annotation)) return;
  ResponseItem* const item = item_of_text(event, TextKind::text, out);
  if (item == nullptr) return;
  ResponseText* const text = text_at(*item, TextKind::text, event.part_number(), out);
  if (text == nullptr) return;
  ++text->annotations;
  Delta& delta = add(DeltaKind::annotation, out);
  delta.index = text->key;
  delta.text = own(event.annotation->json(), owned_);
}

void OpenAiResponses::read_item_event(const Event& event, ItemStage stage, Deltas& out) {
  if (!is_object(event.item)) return wrong_type("item", out);
  ResponseItem* const item = items_.of_event(event.index(), *event.item, stage);
  if (item == nullptr) return note_limit(out);
  (stage == ItemStage::added ? item->added : item->done) = true;
  read_item(*item, *event.item, stage, out);
}

// The output of the final response: first the items whose ids are known, then the rest by type,
// because some routers give them other ids than in the stream.
void OpenAiResponses::read_output(const JsonView& output, Deltas& out) {
  if (!output.is_array()) {
    if (!output.is_null()) wrong_type("response.output", out);
    return;
  }
  std::vector<std::pair<JsonView, ResponseItem*>> found;
  output.each_element([&](const JsonView& view) {
    ResponseItem* const item = items_.in_output(view, false);
    if (item != nullptr) item->in_output = true;
    found.emplace_back(view, item);
  });
  std::int64_t position = 0;
  for (const auto& [view, known] : found) {
    ResponseItem* item = known;
    if (item == nullptr) item = items_.in_output(view, true);
    if (item == nullptr) item = items_.add(position);
    if (item == nullptr) return note_limit(out);
    item->in_output = true;
    read_item(*item, view, ItemStage::final, out);
    ++position;
  }
}

void OpenAiResponses::read_item(ResponseItem& item, const JsonView& view, ItemStage stage,
                                Deltas& out) {
  if (!ResponseItems::identify(item, view)) note(Anomaly::unknown_event, item.type, out);
  switch (item.kind) {
    case ItemKind::message:
    case ItemKind::reasoning:
      read_parts(item, view.find("summary"), stage, out);
      return read_parts(item, view.find("content"), stage, out);
    case ItemKind::call: return read_call(item, view, stage, out);
    case ItemKind::provider_tool: return read_provider_tool(item, view, stage, out);
    case ItemKind::result: return read_result(item, out);
    case ItemKind::silent:
    case ItemKind::unknown: return;
  }
}

void OpenAiResponses::read_call(ResponseItem& item, const JsonView& view, ItemStage stage,
                                Deltas& out) {
  const std::string_view name = text_of(view.find("name"), "item.name", out);
  const bool is_nameless = name.empty() && item.object_action;
  announce_call(item, is_nameless ? bare_name(item.type) : name, stage, out);
  if (item.object_action && stage == ItemStage::added) return;  // its action is still empty
  Member arguments = view.find(arguments_member(item.type));
  if (!arguments && item.type == "computer_call") arguments = view.find("actions");
  if (!is_present(arguments)) return;
  const bool is_odd = !item.object_action && !arguments->is_string();
  if (is_odd) note(Anomaly::tool_arguments_not_text, {}, out);
  const std::string_view all = scalar_text(arguments, owned_);
  ResponseText* const text = text_at(item, TextKind::arguments, 0, out);
  if (text != nullptr) add_text_at(item, *text, all, stage, out);
}

// Names the call as soon as it can be named. One without a call_id is known by its item's id, but
// only once it is sure that no call_id comes.
void OpenAiResponses::announce_call(ResponseItem& item, std::string_view name, ItemStage stage,
                                    Deltas& out) {
  if (stage != ItemStage::added && item.call_id.empty()) item.call_id = item.id;
  const bool name_is_new = !name.empty() && name != item.name;
  const bool id_is_new = !item.call_id.empty() && !item.id_announced;
  if (item.announced && !name_is_new && !id_is_new) return;
  if (name_is_new) item.name = name;
  item.announced = true;
  item.id_announced |= id_is_new;
  Delta& delta = add(DeltaKind::tool_call, out);
  delta.index = item.index.value_or(item.ordinal);
  delta.id = item.call_id;
  delta.tool_is_free_text = item.free_text;
  if (name_is_new) delta.name = item.name;
}

void OpenAiResponses::read_provider_tool(ResponseItem& item, const JsonView& view, ItemStage stage,
                                         Deltas& out) {
  if (item.announced) return;
  item.name = view.text_at("name");
  if (item.name.empty() && item.type == "mcp_call" && stage == ItemStage::added) return;
  if (item.name.empty()) item.name = bare_name(item.type);
  item.announced = true;
  Delta& delta = add(DeltaKind::provider_tool, out);
  delta.id = item.id;
  delta.name = item.name;
}

void OpenAiResponses::read_result(ResponseItem& item, Deltas& out) {
  if (item.call_id.empty() && item.type == "local_shell_call_output") item.call_id = item.id;
  if (item.call_id.empty() || std::exchange(item.announced, true)) return;
  add(DeltaKind::provider_result, out).id = item.call_id;
}

void OpenAiResponses::read_parts(ResponseItem& item, const Member& parts, ItemStage stage,
                                 Deltas& out) {
  if (!is_present(parts)) return;
  if (!parts->is_array()) return wrong_type("item.content", out);
  std::int64_t index = 0;
  parts->each_element([&](const JsonView& part) { read_part(item, index++, part, stage, out); });
}

void OpenAiResponses::read_part(ResponseItem& item, std::int64_t index, const JsonView& part,
                                ItemStage stage, Deltas& out) {
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
  ResponseText* const text = text_at(item, kind, index, out);
  if (text == nullptr) return;
  add_text_at(item, *text, text_of(part.find(member), "part.text", out), stage, out);
  if (kind == TextKind::text) read_annotations(*text, part.find("annotations"), out);
}

// Those that have not come as events of their own.
void OpenAiResponses::read_annotations(ResponseText& text, const Member& annotations, Deltas& out) {
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

// The text of a part or the arguments of a call, as an item or a part shows them.
void OpenAiResponses::add_text_at(const ResponseItem& item, ResponseText& text,
                                  std::string_view all, ItemStage stage, Deltas& out) {
  if (stage != ItemStage::added) {
    return add_whole(item, text, all, stage == ItemStage::final, out);
  }
  if (!all.empty() && !text.has_pieces) add_piece(item, text, all, out);
}

void OpenAiResponses::add_piece(const ResponseItem& item, ResponseText& text,
                                std::string_view piece, Deltas& out) {
  text.has_pieces = true;
  if (text.kind == TextKind::arguments) return add_arguments(item, piece, false, out);
  const bool is_refusal = text.kind == TextKind::refusal;
  const bool is_text = text.kind == TextKind::text;
  Delta& delta = add(is_refusal ? DeltaKind::refusal
                     : is_text  ? DeltaKind::text
                                : DeltaKind::reasoning,
                     out);
  delta.index = text.key;
  delta.text = piece;
  if (!is_text) append_joined(piece, text.sent);
}

void OpenAiResponses::add_whole(const ResponseItem& item, ResponseText& text,
                                std::string_view whole, bool is_final, Deltas& out) {
  if (whole.empty()) {  // some routers leave it out there; it takes nothing away
    if (text.has_pieces) note_mismatch(text, "empty", out);
    return;
  }
  if (text.kind != TextKind::text && text.kind != TextKind::arguments) {
    return add_rest(item, text, whole, out);
  }
  const std::uint64_t hash = hash64(whole);
  if (text.is_whole && text.whole_hash == hash) return;
  if (text.is_whole && is_final) return note_mismatch(text, "response.output", out);
  text.has_pieces = true;
  text.is_whole = true;
  text.whole_hash = hash;
  if (text.kind == TextKind::arguments) return add_arguments(item, whole, true, out);
  Delta& delta = add(DeltaKind::text_final, out);
  delta.index = text.key;
  delta.text = whole;
}

// Reasoning and refusals are not replaced: what is missing at their end is added.
void OpenAiResponses::add_rest(const ResponseItem& item, ResponseText& text, std::string_view whole,
                               Deltas& out) {
  if (whole == text.sent) return;
  const bool is_refusal = text.kind == TextKind::refusal;
  if (text.has_pieces) note_mismatch(text, is_refusal ? "refusal" : "reasoning", out);
  if (whole.starts_with(text.sent)) add_piece(item, text, whole.substr(text.sent.size()), out);
}

void OpenAiResponses::add_arguments(const ResponseItem& item, std::string_view arguments,
                                    bool is_whole, Deltas& out) {
  Delta& delta = add(DeltaKind::tool_call, out);
  delta.index = item.index.value_or(item.ordinal);
  delta.id = item.call_id;
  delta.text = arguments;
  delta.tool_has_arguments = true;
  delta.tool_arguments_final = is_whole;
  delta.tool_arguments_object = item.object_action;
  delta.tool_is_free_text = item.free_text;
}

void OpenAiResponses::note_mismatch(ResponseText& text, std::string_view where, Deltas& out) {
  if (!std::exchange(text.mismatch_noted, true)) note(Anomaly::done_mismatch, where, out);
}

void OpenAiResponses::note_open_items(Deltas& out) {
  for (const ResponseItem& item : items_.all()) {
    if (!item.added || item.done) continue;
    note(Anomaly::block_not_closed, own("item " + std::to_string(item.ordinal), owned_), out);
  }
}

// Notes once that the item was not opened before its pieces came.
ResponseItem* OpenAiResponses::item_of_text(const Event& event, TextKind kind, Deltas& out) {
  ResponseItem* const item = items_.of_text(event.index(), event.item_id_text(), kind);
  if (item == nullptr) {
    note_limit(out);
  } else if (!item->added && !std::exchange(item->disorder_noted, true)) {
    note(Anomaly::block_out_of_order, own("item " + std::to_string(item->ordinal), owned_), out);
  }
  return item;
}

ResponseText* OpenAiResponses::text_at(const ResponseItem& item, TextKind kind, std::int64_t part,
                                       Deltas& out) {
  ResponseText* const text = items_.text(item, kind, part);
  if (text == nullptr) note_limit(out);
  return text;
}

void OpenAiResponses::note_limit(Deltas& out) {
  if (!std::exchange(limit_noted_, true)) note(Anomaly::tool_limit, "output item", out);
}

}  // namespace playhead::provider
