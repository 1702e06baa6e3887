// OpenAI chat completions: each object's members are walked once and sorted into a struct; what
// they mean is read from there, so that the order in which a provider sends them does not matter.
#include "provider/openai_chat.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/utf8.h"
#include "provider/catalog.h"
#include "provider/deltas.h"
#include "provider/openai_usage.h"
#include "provider/payload.h"

namespace playhead::provider {
namespace {

std::int32_t clamped(std::int64_t index) {
  using Limits = std::numeric_limits<std::int32_t>;
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(index, Limits::min(), Limits::max()));
}

void read_usage(const Member& usage, std::vector<Delta>& out) {
  if (!is_present(usage)) return;
  const UsageReading reading = read_openai_usage(*usage);
  if (!reading.wrong_type.empty()) wrong_type(reading.wrong_type, out);
  if (!reading.usage.empty()) add(DeltaKind::usage, out).usage = reading.usage;
}

// Text of a reasoning detail, or of a thinking part: the first of these members that has some.
std::string_view detail_text(const JsonView& detail) {
  for (const std::string_view name : {"text", "summary", "thinking", "content"}) {
    const std::string_view text = detail.text_at(name);
    if (!text.empty()) return text;
  }
  return {};
}

// Mistral's `thinking`: a text, or an array of parts with text (WIRE 3.14).
bool read_thinking(const JsonView& thinking, std::vector<Delta>& out) {
  if (thinking.is_string()) return add_text(DeltaKind::reasoning, thinking.text(), out);
  if (!thinking.is_array() && !thinking.is_null()) wrong_type("thinking", out);
  bool any = false;
  thinking.each_element([&](const JsonView& part) {
    any |=
        add_text(DeltaKind::reasoning, part.is_string() ? part.text() : part.text_at("text"), out);
  });
  return any;
}

bool read_reasoning_details(const JsonView& details, bool whole, std::vector<Delta>& out) {
  if (!details.is_array() && !details.is_null()) wrong_type("reasoning_details", out);
  bool any = false;
  std::int64_t position = 0;
  details.each_element([&](const JsonView& detail) {
    if (!detail.is_object() && !detail.is_null()) wrong_type("reasoning_details[]", out);
    if (add_text(DeltaKind::reasoning, detail_text(detail), out)) {
      any = true;
      out.back().index = detail.integer_at("index");
      if (!out.back().index && whole) out.back().index = position;
    }
    ++position;
  });
  return any;
}

// One element of a content array (WIRE 3.14). Kinds without text (references, images) mean nothing
// here.
void read_part(const JsonView& part, bool has_reasoning, std::vector<Delta>& out) {
  if (part.is_string()) {
    add_text(DeltaKind::text, part.text(), out);
    return;
  }
  if (!part.is_object()) {
    if (!part.is_null()) wrong_type("content[]", out);
    return;
  }
  if (const Member thinking = part.find("thinking")) {
    if (!has_reasoning) read_thinking(*thinking, out);
    return;
  }
  add_text(DeltaKind::refusal, part.text_at("refusal"), out);
  const std::string_view type = part.text_at("type");
  const bool is_reasoning = type == "thinking" || type == "reasoning";
  if (is_reasoning && has_reasoning) return;
  add_text(is_reasoning ? DeltaKind::reasoning : DeltaKind::text,
           text_of(part.find("text"), "content[].text", out), out);
}

void read_content(const JsonView& content, bool has_reasoning, std::vector<Delta>& out) {
  if (content.is_string()) {
    add_text(DeltaKind::text, content.text(), out);
  } else if (content.is_array()) {
    content.each_element([&](const JsonView& part) { read_part(part, has_reasoning, out); });
  } else if (!content.is_null()) {
    wrong_type("content", out);
  }
}

// Whether the document is a reply that was not streamed (SPEC 1).
bool is_whole_reply(const JsonView& root) {
  const Member choices = root.find("choices");
  if (!choices || !choices->is_array()) return false;
  const std::string_view object = root.text_at("object");
  bool whole = object == "chat.completion" || object == "text_completion";
  choices->each_element([&whole](const JsonView& choice) {
    whole |= is_object(choice.find("message")) && !is_object(choice.find("delta"));
  });
  return whole;
}

}  // namespace

struct OpenAiChat::Chunk {
  Member id, model, object, choices, usage, error, code, message, detail, x_groq, citations;

  explicit Chunk(const JsonView& root) {
    root.each_member([this](std::string_view name, const JsonView& value) { put(name, value); });
  }

 private:
  void put(std::string_view name, const JsonView& value) {
    switch (name.size()) {
      case 2:
        if (name == "id") id = value;
        return;
      case 4:
        if (name == "code") code = value;
        return;
      case 5:
        if (name == "model") model = value;
        if (name == "usage") usage = value;
        if (name == "error") error = value;
        return;
      case 6:
        if (name == "object") object = value;
        if (name == "detail") detail = value;
        if (name == "x_groq") x_groq = value;
        return;
      case 7:
        if (name == "choices") choices = value;
        if (name == "message") message = value;
        return;
      case 9:
        if (name == "citations") citations = value;
        return;
      default: return;
    }
  }
};

struct OpenAiChat::Choice {
  Member index, delta, message, text, error, finish_reason, usage;

  explicit Choice(const JsonView& choice) {
    choice.each_member([this](std::string_view name, const JsonView& value) { put(name, value); });
  }

 private:
  void put(std::string_view name, const JsonView& value) {
    switch (name.size()) {
      case 4:
        if (name == "text") text = value;
        return;
      case 5:
        if (name == "index") index = value;
        if (name == "delta") delta = value;
        if (name == "usage") usage = value;
        if (name == "error") error = value;
        return;
      case 7:
        if (name == "message") message = value;
        return;
      case 13:
        if (name == "finish_reason") finish_reason = value;
        return;
      default: return;
    }
  }
};

struct OpenAiChat::Message {
  Member content, refusal, reasoning_content, reasoning, reasoning_details, thinking, tool_calls,
      function_call, annotations;

  explicit Message(const JsonView& message) {
    message.each_member([this](std::string_view name, const JsonView& value) { put(name, value); });
  }

 private:
  void put(std::string_view name, const JsonView& value) {
    switch (name.size()) {
      case 7:
        if (name == "content") content = value;
        if (name == "refusal") refusal = value;
        return;
      case 8:
        if (name == "thinking") thinking = value;
        return;
      case 9:
        if (name == "reasoning") reasoning = value;
        return;
      case 10:
        if (name == "tool_calls") tool_calls = value;
        return;
      case 11:
        if (name == "annotations") annotations = value;
        return;
      case 13:
        if (name == "function_call") function_call = value;
        return;
      case 17:
        if (name == "reasoning_content") reasoning_content = value;
        if (name == "reasoning_details") reasoning_details = value;
        return;
      default: return;
    }
  }
};

void OpenAiChat::translate(const Frame& frame, Deltas& out) {
  owned_.clear();
  if (frame.kind == FrameKind::comment) return;
  if (frame.data.starts_with(kDoneMark)) {
    if (frame.kind == FrameKind::line) note(Anomaly::unframed_json, {}, out);
    add(DeltaKind::done, out);
    return;
  }
  const auto root = reader_.read(frame.data);
  if (!root) return read_unparsable(frame, owned_, out);
  if (reader_.repairs().bad_utf8) note(Anomaly::bad_utf8, {}, out);
  if (reader_.repairs().lone_surrogate) note(Anomaly::lone_surrogate, {}, out);
  read_root(frame, *root, out);
}

void OpenAiChat::read_root(const Frame& frame, const JsonView& root, Deltas& out) {
  if (frame.kind == FrameKind::line && frame.event.empty()) {
    note(is_whole_reply(root) ? Anomaly::not_a_stream : Anomaly::unframed_json, {}, out);
  }
  if (root.is_array()) {  // Gemini's imitation wraps its error documents so
    root.each_element([&](const JsonView& element) { read_chunk(frame, element, out); });
    return;
  }
  read_chunk(frame, root, out);
}

void OpenAiChat::read_chunk(const Frame& frame, const JsonView& root, Deltas& out) {
  if (!root.is_object()) {
    if (frame.event == "error") return read_error(root, std::nullopt, out);
    return wrong_type("data", out);
  }
  const Chunk chunk(root);
  const std::size_t before = out.size();
  read_start(chunk, out);
  if (is_present(chunk.choices)) read_choices(*chunk.choices, out);
  read_usage(chunk.usage, out);
  if (is_present(chunk.citations)) read_citations(*chunk.citations, out);
  if (is_object(chunk.x_groq)) read_usage(chunk.x_groq->find("usage"), out);
  read_errors(frame, root, chunk, out);
  const bool named = !frame.event.empty() && frame.event != "message";
  if (named && out.size() == before && !chunk.choices) {
    note(Anomaly::unknown_event, own(to_utf8(frame.event), owned_), out);
  }
}

void OpenAiChat::read_start(const Chunk& chunk, Deltas& out) {
  const std::string_view id = text_of(chunk.id, "id", out);
  const std::string_view model = text_of(chunk.model, "model", out);
  const bool id_is_new = !id.empty() && id != last_id_;
  const bool model_is_new = !model.empty() && model != last_model_;
  if (!id_is_new && !model_is_new) return;
  if (id_is_new) last_id_.assign(id);
  if (model_is_new) last_model_.assign(model);
  Delta& delta = add(DeltaKind::start, out);
  delta.id = id;
  delta.name = model;
}

void OpenAiChat::read_choices(const JsonView& choices, Deltas& out) {
  if (!choices.is_array()) return wrong_type("choices", out);
  choices.each_element([&](const JsonView& choice) {
    if (choice.is_object()) {
      read_choice(choice, out);
    } else if (!choice.is_null()) {
      wrong_type("choices[]", out);
    }
  });
}

void OpenAiChat::read_choice(const JsonView& view, Deltas& out) {
  const Choice choice(view);
  const std::size_t first = out.size();
  std::int32_t index = 0;
  if (is_present(choice.index)) {
    if (!choice.index->is_number()) wrong_type("choices[].index", out);
    index = clamped(choice.index->integer().value_or(0));
  }
  read_choice_content(choice, out);
  if (says_error(choice.error)) read_error(*choice.error, std::nullopt, out);
  if (is_present(choice.finish_reason)) read_finish(*choice.finish_reason, out);
  read_usage(choice.usage, out);
  for (std::size_t i = first; i < out.size(); ++i) out[i].choice = index;
}

void OpenAiChat::read_choice_content(const Choice& choice, Deltas& out) {
  if (is_object(choice.delta)) {
    delta_seen_ = true;
    return read_message(*choice.delta, false, out);
  }
  if (is_present(choice.delta)) wrong_type("choices[].delta", out);
  if (delta_seen_) return;
  if (is_object(choice.message)) return read_message(*choice.message, true, out);
  if (is_present(choice.message)) wrong_type("choices[].message", out);
  add_text(DeltaKind::text, text_of(choice.text, "choices[].text", out), out);
}

void OpenAiChat::read_message(const JsonView& view, bool whole, Deltas& out) {
  const Message message(view);
  bool has_reasoning = add_text(DeltaKind::reasoning,
                                text_of(message.reasoning_content, "reasoning_content", out), out);
  if (!has_reasoning) {
    has_reasoning =
        add_text(DeltaKind::reasoning, text_of(message.reasoning, "reasoning", out), out);
  }
  if (!has_reasoning && message.reasoning_details) {
    has_reasoning = read_reasoning_details(*message.reasoning_details, whole, out);
  }
  if (!has_reasoning && message.thinking) has_reasoning = read_thinking(*message.thinking, out);
  if (message.content) read_content(*message.content, has_reasoning, out);
  add_text(DeltaKind::refusal, text_of(message.refusal, "refusal", out), out);
  if (is_present(message.tool_calls)) read_tool_calls(*message.tool_calls, whole, out);
  if (is_present(message.function_call)) read_legacy_call(*message.function_call, out);
  if (is_present(message.annotations)) read_annotations(*message.annotations, out);
}

void OpenAiChat::read_annotations(const JsonView& annotations, Deltas& out) {
  annotations.each_element([&](const JsonView& annotation) {
    add(DeltaKind::annotation, out).text = own(annotation.json(), owned_);
  });
}

// Sources of the whole reply; some providers repeat them in each chunk (WIRE 3.18).
void OpenAiChat::read_citations(const JsonView& citations, Deltas& out) {
  std::string text = citations.json();
  if (text == last_citations_) return;
  last_citations_ = std::move(text);
  read_annotations(citations, out);
}

void OpenAiChat::read_tool_calls(const JsonView& calls, bool whole, Deltas& out) {
  if (!calls.is_array()) return wrong_type("tool_calls", out);
  std::int64_t position = 0;
  calls.each_element([&](const JsonView& call) {
    const auto own_position = whole ? std::optional<std::int64_t>(position) : std::nullopt;
    ++position;
    if (call.is_object()) {
      read_tool_call(call, own_position, out);
    } else if (!call.is_null()) {
      wrong_type("tool_calls[]", out);
    }
  });
}

// `position` stands in for an index in a reply that was not streamed: such calls have none.
void OpenAiChat::read_tool_call(const JsonView& call, std::optional<std::int64_t> position,
                                Deltas& out) {
  Delta delta;
  delta.kind = DeltaKind::tool_call;
  Member function;
  call.each_member([&](std::string_view name, const JsonView& value) {
    if (value.is_null()) return;
    if (name == "index") {
      delta.index = value.integer();
      if (!delta.index) wrong_type("tool_calls[].index", out);
    } else if (name == "id") {
      delta.id = text_of(value, "tool_calls[].id", out);
    } else if (name == "type") {
      delta.tool_is_free_text |= value.text() == "custom";
    } else if (name == "function") {
      function = value;
    } else if (name == "custom") {
      function = value;
      delta.tool_is_free_text = true;
    }
  });
  if (function) read_function(*function, delta, out);
  if (!delta.index) delta.index = position;
  if (!delta.index && !std::exchange(tool_index_missing_noted_, true)) {
    note(Anomaly::tool_index_missing, {}, out);
  }
  out.push_back(delta);
}

// The `function` or `custom` of a call, or a legacy `function_call`.
void OpenAiChat::read_function(const JsonView& function, Delta& delta, Deltas& out) {
  if (!function.is_object()) return wrong_type("tool_calls[].function", out);
  function.each_member([&](std::string_view name, const JsonView& value) {
    if (value.is_null()) return;
    if (name == "name") {
      delta.name = text_of(value, "tool_calls[].function.name", out);
    } else if (name == "index") {
      if (!delta.index) delta.index = value.integer();
    } else if (name == "arguments" || name == "input") {
      delta.tool_has_arguments = true;
      delta.tool_arguments_object = !value.is_string();
      if (!value.is_string()) note(Anomaly::tool_arguments_not_text, {}, out);
      delta.text = value.is_string() ? value.text() : own(value.json(), owned_);
    }
  });
}

void OpenAiChat::read_legacy_call(const JsonView& call, Deltas& out) {
  Delta delta;
  delta.kind = DeltaKind::tool_call;
  delta.index = 0;  // there is only ever one
  read_function(call, delta, out);
  if (call.is_object()) out.push_back(delta);
}

void OpenAiChat::read_finish(const JsonView& word, Deltas& out) {
  if (!word.is_string()) wrong_type("choices[].finish_reason", out);
  const std::string_view text = scalar_text(word, owned_);
  if (text.empty()) return;
  Delta& delta = add(DeltaKind::finish, out);
  delta.text = text;
  delta.finish = finish_reason_of(Protocol::openai_chat, text);
}

// Where an error may stand (WIRE 2.6): a member, Groq's own member, or the whole object.
void OpenAiChat::read_errors(const Frame& frame, const JsonView& root, const Chunk& chunk,
                             Deltas& out) {
  if (says_error(chunk.error)) {
    const bool is_flag = !chunk.error->is_string() && !chunk.error->is_object();
    return read_error(is_flag ? root : *chunk.error, chunk.code, out);
  }
  if (is_object(chunk.x_groq)) {
    const Member groq_error = chunk.x_groq->find("error");
    if (says_error(groq_error)) return read_error(*groq_error, std::nullopt, out);
  }
  const bool is_document = frame.kind == FrameKind::line && !is_present(chunk.choices) &&
                           (is_present(chunk.message) || is_present(chunk.detail));
  const bool is_error =
      frame.event == "error" || is_document || (chunk.object && chunk.object->text() == "error");
  if (is_error) read_error(root, std::nullopt, out);
}

// `code` is the one that stands beside the error, used where the error has none.
void OpenAiChat::read_error(const JsonView& error, const Member& code, Deltas& out) {
  Delta delta;
  delta.kind = DeltaKind::error;
  delta.name = scalar_text(code, owned_);
  if (!error.is_object()) {
    delta.text = scalar_text(error, owned_);
    out.push_back(delta);
    return;
  }
  const std::string_view own_code = scalar_text(error.find("code"), owned_);
  if (!own_code.empty()) delta.name = own_code;
  delta.type = error.text_at("type");
  if (delta.type.empty()) delta.type = scalar_text(error.find("status"), owned_);
  if (delta.type.empty()) {
    if (const Member metadata = error.find("metadata"))
      delta.type = metadata->text_at("error_type");
  }
  for (const std::string_view name : {"message", "detail", "error"}) {
    if (delta.text.empty() && says_error(error.find(name))) {
      delta.text = scalar_text(error.find(name), owned_);
    }
  }
  out.push_back(delta);
}

}  // namespace playhead::provider
