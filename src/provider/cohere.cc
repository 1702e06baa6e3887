// Cohere: one reader an event, of both versions.
#include "provider/cohere.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "provider/catalog.h"
#include "provider/deltas.h"
#include "provider/payload.h"

namespace playhead::provider {
namespace {

std::int64_t index_of(const JsonView& event, std::vector<Delta>& out) {
  const Member index = event.find("index");
  if (!index || !index->is_number()) wrong_type("index", out);
  return index ? index->integer().value_or(0) : 0;
}

// delta.message.NAME, or nothing.
Member in_message(const JsonView& event, std::string_view name, std::vector<Delta>& out) {
  const Member delta = event.find("delta");
  if (!is_object(delta)) {
    wrong_type("delta", out);
    return std::nullopt;
  }
  const Member message = delta->find("message");
  if (!is_object(message)) {
    wrong_type("delta.message", out);
    return std::nullopt;
  }
  return message->find(name);
}

// The object, or the first of an array of objects.
Member first_object(const Member& value, std::string_view path, std::vector<Delta>& out) {
  Member first;
  if (is_object(value)) first = value;
  if (value) {
    value->each_element([&first](const JsonView& element) {
      if (!first && element.is_object()) first = element;
    });
  }
  if (!first) wrong_type(path, out);
  return first;
}

void read_count(const JsonView& counts, std::string_view name, std::optional<std::int64_t>& slot,
                std::vector<Delta>& out) {
  const Member count = counts.find(name);
  if (!is_present(count)) return;
  if (!count->is_number()) return wrong_type(name, out);
  slot = count->integer();
}

void add_annotation(const JsonView& citation, OwnedTexts& owned, std::vector<Delta>& out) {
  if (citation.is_object()) add_text(DeltaKind::annotation, own(citation.json(), owned), out);
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

void Cohere::translate(const Frame& frame, Deltas& out) {
  owned_.clear();
  if (frame.kind == FrameKind::comment) return;
  if (frame.data.starts_with(kDoneMark)) {
    add(DeltaKind::done, out);
    return;
  }
  const auto root = reader_.read(frame.data);
  if (!root) {
    if (frame.kind != FrameKind::line) return read_unparsable(frame, owned_, out);
    if (is_blank(frame.data)) return note(Anomaly::empty_data, {}, out);
    return note(Anomaly::bad_json, own(quoted(frame.data), owned_), out);
  }
  if (reader_.repairs().bad_utf8) note(Anomaly::bad_utf8, {}, out);
  if (reader_.repairs().lone_surrogate) note(Anomaly::lone_surrogate, {}, out);
  std::string_view type = root->text_at("type");
  if (type.empty()) type = root->text_at("event_type");
  if (type.empty() && root->is_object() && frame.event != "error") type = frame.event;
  if (read_event(type, *root, out)) return;
  if (type.empty() && read_whole(*root, out)) return;
  if (const auto error = error_of(frame, *root)) {
    out.push_back(read_error(*error, owned_));
  } else if (!root->is_object()) {
    wrong_type("event", out);
  } else {
    const std::string_view what = type.empty() ? frame.data : type;
    note(Anomaly::unknown_event, own(quoted(what), owned_), out);
  }
}

// Whether the type is one that we know.
bool Cohere::read_event(std::string_view type, const JsonView& event, Deltas& out) {
  using Reader = void (Cohere::*)(const JsonView&, Deltas&);
  static constexpr std::pair<std::string_view, Reader> kReaders[] = {
      {"content-delta", &Cohere::read_content_delta},
      {"text-generation", &Cohere::read_text_generation},
      {"tool-call-delta", &Cohere::read_tool_delta},
      {"tool-plan-delta", &Cohere::read_tool_plan},
      {"tool-calls-chunk", &Cohere::read_calls_chunk},
      {"message-start", &Cohere::read_message_start},
      {"content-start", &Cohere::read_content_start},
      {"content-end", &Cohere::read_content_end},
      {"tool-call-start", &Cohere::read_tool_start},
      {"tool-call-end", &Cohere::read_tool_end},
      {"citation-start", &Cohere::read_citation_start},
      {"citation-end", &Cohere::skip},
      {"message-end", &Cohere::read_message_end},
      {"debug", &Cohere::skip},
      {"stream-start", &Cohere::read_stream_start},
      {"tool-calls-generation", &Cohere::read_calls_generation},
      {"citation-generation", &Cohere::read_citation_generation},
      {"search-queries-generation", &Cohere::skip},
      {"search-results", &Cohere::skip},
      {"stream-end", &Cohere::read_stream_end},
  };
  for (const auto& [known, reader] : kReaders) {
    if (known != type) continue;
    (this->*reader)(event, out);
    return true;
  }
  return false;
}

// Whether the document is a reply that was not streamed (SPEC 1).
bool Cohere::read_whole(const JsonView& root, Deltas& out) {
  const Member message = root.find("message");
  const bool is_second = is_object(message);
  if (!is_second && !(root.has("text") && root.has("finish_reason"))) return false;
  note(Anomaly::not_a_stream, {}, out);
  if (is_second) {
    read_id(text_of(root.find("id"), "id", out), out);
    read_whole_message(*message, out);
    if (const Member usage = root.find("usage")) read_usage(*usage, out);
  } else {
    read_whole_reply(root, out);
  }
  read_finish(root.find("finish_reason"), out);
  add(DeltaKind::done, out);
  return true;
}

void Cohere::read_message_start(const JsonView& event, Deltas& out) {
  read_id(text_of(event.find("id"), "id", out), out);
}

void Cohere::read_content_start(const JsonView& event, Deltas& out) {
  const std::int64_t index = index_of(event, out);
  const Member content = first_object(in_message(event, "content", out), "content", out);
  Block block{index, false, content && content->text_at("type") == "thinking"};
  open_block(block);
  if (content) read_content(index, *content, block.is_thinking, out);
}

void Cohere::read_content_delta(const JsonView& event, Deltas& out) {
  const std::int64_t index = index_of(event, out);
  const Member content = first_object(in_message(event, "content", out), "content", out);
  if (!content) return;
  expect_block({index, false, content->has("thinking")}, out);
  const Block* const block = find_block(index, false);
  read_content(index, *content, block != nullptr && block->is_thinking, out);
}

void Cohere::read_content_end(const JsonView& event, Deltas& out) {
  close_block(index_of(event, out), false);
}

void Cohere::read_content(std::int64_t index, const JsonView& content, bool is_thinking,
                          Deltas& out) {
  const std::string_view thinking = text_of(content.find("thinking"), "content.thinking", out);
  if (add_text(DeltaKind::reasoning, thinking, out)) out.back().index = index;
  const std::string_view text = text_of(content.find("text"), "content.text", out);
  if (!add_text(is_thinking ? DeltaKind::reasoning : DeltaKind::text, text, out)) return;
  if (is_thinking) out.back().index = index;
}

void Cohere::read_tool_plan(const JsonView& event, Deltas& out) {
  add_text(DeltaKind::reasoning, text_of(in_message(event, "tool_plan", out), "tool_plan", out),
           out);
}

void Cohere::read_tool_start(const JsonView& event, Deltas& out) {
  const std::int64_t index = index_of(event, out);
  const Member tool = first_object(in_message(event, "tool_calls", out), "tool_calls", out);
  open_block({index, true, false});
  if (tool) read_tool(index, *tool, out);
}

void Cohere::read_tool_delta(const JsonView& event, Deltas& out) {
  const std::int64_t index = index_of(event, out);
  const Member tool = first_object(in_message(event, "tool_calls", out), "tool_calls", out);
  if (!tool) return;
  expect_block({index, true, false}, out);
  read_tool(index, *tool, out);
}

void Cohere::read_tool_end(const JsonView& event, Deltas& out) {
  close_block(index_of(event, out), true);
}

void Cohere::read_tool(std::int64_t index, const JsonView& tool, Deltas& out) {
  Delta delta;
  delta.kind = DeltaKind::tool_call;
  delta.index = index;
  delta.id = text_of(tool.find("id"), "tool_calls.id", out);
  const Member function = tool.find("function");
  if (is_object(function)) {
    delta.name = text_of(function->find("name"), "tool_calls.function.name", out);
    const Member arguments = function->find("arguments");
    if (is_present(arguments)) {
      if (!arguments->is_string()) note(Anomaly::tool_arguments_not_text, {}, out);
      delta.tool_has_arguments = true;
      delta.tool_arguments_object = !arguments->is_string();
      delta.text = scalar_text(arguments, owned_);
    }
  } else {
    wrong_type("tool_calls.function", out);
  }
  out.push_back(delta);
}

void Cohere::read_citation_start(const JsonView& event, Deltas& out) {
  const Member citations = in_message(event, "citations", out);
  if (!is_present(citations)) return;
  if (!citations->is_array()) return add_annotation(*citations, owned_, out);
  citations->each_element([&](const JsonView& citation) { add_annotation(citation, owned_, out); });
}

void Cohere::read_message_end(const JsonView& event, Deltas& out) {
  for (const Block& block : std::exchange(open_, {})) {
    note(Anomaly::block_not_closed, own("index " + std::to_string(block.index), owned_), out);
  }
  const Member delta = event.find("delta");
  if (!is_object(delta)) return wrong_type("delta", out);
  const Member error = delta->find("error");
  if (is_present(error) && !scalar_text(error, owned_).empty()) {
    out.push_back(read_error(*error, owned_));
  }
  read_finish(delta->find("finish_reason"), out);
  if (const Member usage = delta->find("usage")) read_usage(*usage, out);
}

void Cohere::read_whole_message(const JsonView& message, Deltas& out) {
  const auto each = [](const Member& list, const auto& read) {
    std::int64_t index = 0;
    if (list) list->each_element([&](const JsonView& item) { read(index++, item); });
  };
  add_text(DeltaKind::reasoning, text_of(message.find("tool_plan"), "message.tool_plan", out), out);
  each(message.find("content"), [&](std::int64_t index, const JsonView& content) {
    read_content(index, content, content.text_at("type") == "thinking", out);
  });
  each(message.find("tool_calls"),
       [&](std::int64_t index, const JsonView& tool) { read_tool(index, tool, out); });
  each(message.find("citations"),
       [&](std::int64_t, const JsonView& citation) { add_annotation(citation, owned_, out); });
}

void Cohere::read_stream_start(const JsonView& event, Deltas& out) {
  read_id(text_of(event.find("generation_id"), "generation_id", out), out);
}

void Cohere::read_text_generation(const JsonView& event, Deltas& out) {
  if (add_text(DeltaKind::text, text_of(event.find("text"), "text", out), out)) text_seen_ = true;
}

// Pieces of the plan, and of the calls as text.
void Cohere::read_calls_chunk(const JsonView& event, Deltas& out) {
  const auto plan = text_of(event.find("text"), "text", out);
  if (add_text(DeltaKind::reasoning, plan, out)) plan_seen_ = true;
  const Member piece = event.find("tool_call_delta");
  if (!is_present(piece)) return;
  if (!piece->is_object()) return wrong_type("tool_call_delta", out);
  const auto inner_plan = text_of(piece->find("text"), "tool_call_delta.text", out);
  if (plan.empty() && add_text(DeltaKind::reasoning, inner_plan, out)) plan_seen_ = true;
  const Member index = piece->find("index");
  const Member parameters = piece->find("parameters");
  const auto name = text_of(piece->find("name"), "tool_call_delta.name", out);
  if (!is_present(parameters) && name.empty()) return;
  Delta delta;
  delta.kind = DeltaKind::tool_call;
  delta.index = index ? index->integer().value_or(0) : 0;
  delta.name = name;
  if (is_present(parameters)) {
    delta.tool_has_arguments = true;
    delta.tool_arguments_object = !parameters->is_string();
    delta.text = scalar_text(parameters, owned_);
  }
  const bool is_known = std::find(calls_.begin(), calls_.end(), *delta.index) != calls_.end();
  if (!is_known && calls_.size() < kCohereBlocksMax) calls_.push_back(*delta.index);
  out.push_back(delta);
}

// The plan and the calls, whole.
void Cohere::read_calls_generation(const JsonView& event, Deltas& out) {
  const auto plan = text_of(event.find("text"), "text", out);
  if (!plan_seen_ && add_text(DeltaKind::reasoning, plan, out)) plan_seen_ = true;
  if (const Member calls = event.find("tool_calls")) read_calls(*calls, out);
}

// Calls that have come before are left out.
void Cohere::read_calls(const JsonView& calls, Deltas& out) {
  if (!calls.is_array() && !calls.is_null()) wrong_type("tool_calls", out);
  std::int64_t index = -1;
  calls.each_element([&](const JsonView& call) {
    ++index;
    if (!call.is_object()) return wrong_type("tool_calls[]", out);
    if (std::find(calls_.begin(), calls_.end(), index) != calls_.end()) return;
    if (calls_.size() < kCohereBlocksMax) calls_.push_back(index);
    Delta delta;
    delta.kind = DeltaKind::tool_call;
    delta.index = index;
    delta.id = call.text_at("id");
    delta.name = text_of(call.find("name"), "tool_calls[].name", out);
    const Member parameters = call.find("parameters");
    delta.tool_has_arguments = is_present(parameters);
    delta.tool_arguments_object = delta.tool_has_arguments;
    delta.text = scalar_text(parameters, owned_);
    out.push_back(delta);
  });
}

void Cohere::read_citation_generation(const JsonView& event, Deltas& out) {
  const Member citations = event.find("citations");
  if (!is_present(citations)) return;
  if (!citations->is_array()) return wrong_type("citations", out);
  citations->each_element([&](const JsonView& citation) { add_annotation(citation, owned_, out); });
}

void Cohere::read_stream_end(const JsonView& event, Deltas& out) {
  const Member reply = event.find("response");
  if (is_present(reply)) {
    if (!reply->is_object()) wrong_type("response", out);
    read_whole_reply(*reply, out);
  }
  const Member reason = event.find("finish_reason");
  const bool is_outside = is_present(reason) || !reply;
  read_finish(is_outside ? reason : reply->find("finish_reason"), out);
  add(DeltaKind::done, out);
}

// Of a reply of version 1, what its pieces have not brought.
void Cohere::read_whole_reply(const JsonView& reply, Deltas& out) {
  if (!id_seen_) read_id(reply.text_at("generation_id"), out);
  if (!text_seen_ && calls_.empty()) {
    const bool has_calls = reply.has("tool_calls");
    const DeltaKind kind = has_calls ? DeltaKind::reasoning : DeltaKind::text;
    if (!has_calls || !plan_seen_) add_text(kind, reply.text_at("text"), out);
  }
  if (const Member calls = reply.find("tool_calls")) read_calls(*calls, out);
  const Member meta = reply.find("meta");
  if (is_object(meta)) read_usage(*meta, out);
}

void Cohere::read_id(std::string_view id, Deltas& out) {
  if (id.empty()) return;
  id_seen_ = true;
  add(DeltaKind::start, out).id = id;
}

void Cohere::read_finish(const Member& reason, Deltas& out) {
  const std::string_view word = text_of(reason, "finish_reason", out);
  if (!add_text(DeltaKind::finish, word, out)) return;
  out.back().finish = finish_reason_of(Protocol::cohere, word);
}

// What was counted, not what is billed, where both are told.
void Cohere::read_usage(const JsonView& usage, Deltas& out) {
  if (usage.is_null()) return;
  if (!usage.is_object()) return wrong_type("usage", out);
  Usage counts;
  for (const std::string_view name : {"tokens", "billed_units"}) {
    const Member member = usage.find(name);
    if (!is_present(member) || !counts.empty()) continue;
    if (!member->is_object()) wrong_type(name, out);
    read_count(*member, "input_tokens", counts.input_tokens, out);
    read_count(*member, "output_tokens", counts.output_tokens, out);
  }
  read_count(usage, "cached_tokens", counts.cached_input_tokens, out);
  const bool any = counts.input_tokens.value_or(0) != 0 || counts.output_tokens.value_or(0) != 0 ||
                   counts.cached_input_tokens.value_or(0) != 0;
  if (any) add(DeltaKind::usage, out).usage = counts;
}

Cohere::Block* Cohere::find_block(std::int64_t index, bool is_tool) {
  const auto block = std::find_if(open_.begin(), open_.end(), [&](const Block& known) {
    return known.index == index && known.is_tool == is_tool;
  });
  return block == open_.end() ? nullptr : &*block;
}

void Cohere::open_block(Block block) {
  if (Block* const known = find_block(block.index, block.is_tool)) {
    *known = block;
  } else if (open_.size() < kCohereBlocksMax) {
    open_.push_back(block);
  }
}

void Cohere::expect_block(Block block, Deltas& out) {
  if (find_block(block.index, block.is_tool) != nullptr) return;
  note(Anomaly::block_out_of_order, own("index " + std::to_string(block.index), owned_), out);
  open_block(block);
}

void Cohere::close_block(std::int64_t index, bool is_tool) {
  std::erase_if(
      open_, [&](const Block& block) { return block.index == index && block.is_tool == is_tool; });
}

}  // namespace playhead::provider
