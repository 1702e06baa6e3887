#include "assemble/accumulator.h"

#include <algorithm>
#include <utility>

#include "assemble/tool_identity.h"
#include "base/hash.h"
#include "base/utf8.h"

namespace playhead::assemble {
namespace {

void note(std::vector<Oddity>& oddities, Anomaly anomaly, std::string detail = {}) {
  oddities.push_back({anomaly, std::move(detail)});
}

// Takes the first non-empty value; says whether a later one differs.
bool take_first(std::string_view value, std::string& slot) {
  if (value.empty()) return false;
  if (slot.empty()) {
    slot = value;
    return false;
  }
  return slot != value;
}

void set_name(const Delta& delta, ToolCall& call, std::vector<bool>::reference resent,
              std::vector<Oddity>& oddities) {
  if (delta.name.empty()) return;
  if (call.name == delta.name) {
    if (!resent) note(oddities, Anomaly::tool_name_resent, call.name);
    resent = true;
  } else if (!call.name.empty()) {
    note(oddities, Anomaly::tool_name_changed, call.name + " -> " + std::string(delta.name));
  }
  call.name = delta.name;
}

void add_arguments(const Delta& delta, ToolCall& call, std::vector<Oddity>& oddities) {
  if (delta.tool_arguments_object || delta.tool_arguments_final) {
    const bool changes = !call.arguments.empty() && call.arguments != delta.text;
    if (changes) note(oddities, Anomaly::done_mismatch, call.name);
    call.arguments = delta.text;
    return;
  }
  append_joined(delta.text, call.arguments);
}

// The id of a call that came without one: the same for the same call on every run.
std::string made_id(const ToolCall& call, std::size_t position) {
  std::string key = call.name;
  key.append(1, '\0').append(call.arguments).append(1, '\0').append(std::to_string(position));
  return "call_" + hash64_hex(key);
}

// Calls whose result stands in the reply were run by the provider (SPEC 2).
void move_provider_calls(const std::vector<std::string>& ids, Message& message) {
  std::erase_if(message.tool_calls, [&](const ToolCall& call) {
    if (std::find(ids.begin(), ids.end(), call.id) == ids.end()) return false;
    message.provider_tools.push_back(call.name);
    return true;
  });
}

// Halves of surrogate pairs that stayed alone become U+FFFD (SPEC 11).
void repair(std::string& text, std::string_view what, std::vector<Oddity>& oddities) {
  if (is_utf8(text)) return;
  note(oddities, Anomaly::lone_surrogate, std::string(what));
  text = to_utf8(text);
}

}  // namespace

ChoiceState* Accumulator::choice_at(std::int32_t index, std::vector<Oddity>& oddities) {
  for (ChoiceState& choice : choices_) {
    if (choice.index == index) return &choice;
  }
  if (choices_.size() >= kChoicesMax) {
    if (!std::exchange(limit_noted_, true)) {
      note(oddities, Anomaly::tool_limit, "choice " + std::to_string(index));
    }
    return nullptr;
  }
  choices_.emplace_back().index = index;
  return &choices_.back();
}

void Accumulator::start(const Delta& delta, std::vector<Oddity>& oddities) {
  Message& message = choices_.front().message;
  if (take_first(delta.id, message.id) && !std::exchange(id_changed_, true)) {
    note(oddities, Anomaly::id_changed, std::string(delta.id));
  }
  if (take_first(delta.name, message.model) && !std::exchange(model_changed_, true)) {
    note(oddities, Anomaly::model_changed, std::string(delta.name));
  }
}

void Accumulator::tool_piece(const Delta& delta, ChoiceState& choice,
                             std::vector<Oddity>& oddities) {
  std::vector<ToolCall>& calls = choice.message.tool_calls;
  const Identity identity = identify(delta, calls, choice.last_pieces);
  if (identity.call == calls.size()) {
    if (calls.size() >= kToolCallsMax) {
      if (!std::exchange(limit_noted_, true)) note(oddities, Anomaly::tool_limit, "tool call");
      return;
    }
    calls.emplace_back().index = delta.index.value_or(0);
    choice.last_pieces.push_back(0);
    choice.name_resent.push_back(false);
    choice.id_changed.push_back(false);
  }
  const bool noted =
      identity.oddity == Anomaly::tool_id_changed && choice.id_changed[identity.call];
  if (identity.oddity && !noted) note(oddities, *identity.oddity, std::string(delta.id));
  if (identity.oddity == Anomaly::tool_id_changed) choice.id_changed[identity.call] = true;
  choice.last_pieces[identity.call] = ++choice.pieces;
  ToolCall& call = calls[identity.call];
  if (call.id.empty()) call.id = delta.id;
  call.free_text = call.free_text || delta.tool_is_free_text;
  set_name(delta, call, choice.name_resent[identity.call], oddities);
  if (delta.tool_has_arguments) add_arguments(delta, call, oddities);
}

void Accumulator::finish(const Delta& delta, ChoiceState& choice, std::vector<Oddity>& oddities) {
  if (delta.text.empty()) return;
  if (choice.finish_word && *choice.finish_word != delta.text) {
    note(oddities, Anomaly::finish_changed, *choice.finish_word + " -> " + std::string(delta.text));
  } else if (choice.finish_word && !std::exchange(choice.finish_repeated, true)) {
    note(oddities, Anomaly::finish_repeated, std::string(delta.text));
  }
  choice.finish_word = std::string(delta.text);
  choice.finish = delta.finish;
}

void Accumulator::apply(const Delta& delta, std::vector<Oddity>& oddities) {
  appended_ = {};
  switch (delta.kind) {
    case DeltaKind::start: return start(delta, oddities);
    case DeltaKind::usage: return choices_.front().message.usage.merge(delta.usage);
    case DeltaKind::done: done_ = true; return;
    case DeltaKind::anomaly: return note(oddities, delta.anomaly, std::string(delta.text));
    case DeltaKind::error:
      note(oddities, Anomaly::error_in_stream, std::string(delta.text));
      if (!error_) {
        const std::string_view code = !delta.name.empty()   ? delta.name
                                      : !delta.type.empty() ? delta.type
                                                            : std::string_view("error");
        error_ = {std::string(code), std::string(delta.type), std::string(delta.text)};
      }
      return;
    default: break;
  }
  ChoiceState* choice = choice_at(delta.choice, oddities);
  if (choice == nullptr) return;
  const bool is_content = delta.kind == DeltaKind::tool_call ||
                          (delta.kind != DeltaKind::finish && !delta.text.empty());
  if (is_content) choice->received = true;
  if (is_content && choice->finish && !std::exchange(choice->late_content, true)) {
    note(oddities, Anomaly::content_after_finish);
  }
  content(delta, *choice, oddities);
}

void Accumulator::content(const Delta& delta, ChoiceState& choice, std::vector<Oddity>& oddities) {
  Message& message = choice.message;
  switch (delta.kind) {
    case DeltaKind::text: return add_text(delta, choice, oddities);
    case DeltaKind::text_final: return set_text(delta, choice, oddities);
    case DeltaKind::reasoning: return reasoning(delta, choice);
    case DeltaKind::refusal: return append_joined(delta.text, message.refusal);
    case DeltaKind::tool_call: return tool_piece(delta, choice, oddities);
    case DeltaKind::provider_tool: message.provider_tools.emplace_back(delta.name); return;
    case DeltaKind::provider_result: choice.provider_results.emplace_back(delta.id); return;
    case DeltaKind::annotation: return annotate(delta.text, message, oddities);
    case DeltaKind::signature: message.signatures.emplace_back(delta.text); return;
    case DeltaKind::finish: return finish(delta, choice, oddities);
    default: return;
  }
}

// Providers send annotations again with later pieces; each value counts once (WIRE 2.2).
void Accumulator::annotate(std::string_view json, Message& message, std::vector<Oddity>& oddities) {
  std::vector<std::string>& known = message.annotations;
  if (std::find(known.begin(), known.end(), json) != known.end()) return;
  if (known.size() < kAnnotationsMax) {
    known.emplace_back(json);
  } else if (!std::exchange(limit_noted_, true)) {
    note(oddities, Anomaly::tool_limit, "annotations");
  }
}

void Accumulator::reasoning(const Delta& delta, ChoiceState& choice) {
  if (delta.text.empty()) return;
  std::string& text = choice.message.reasoning;
  if (!text.empty() && delta.index != choice.reasoning_block) text.append("\n\n");
  choice.reasoning_block = delta.index;
  append_joined(delta.text, text);
}

void Accumulator::add_text(const Delta& delta, ChoiceState& choice, std::vector<Oddity>& oddities) {
  std::string& content = choice.message.content;
  appended_ = delta.text;
  if (!delta.index) return append_joined(delta.text, content);
  std::vector<ChoiceState::TextPart>& parts = choice.parts;
  auto part = std::find_if(parts.begin(), parts.end(),
                           [&delta](const auto& known) { return known.index == *delta.index; });
  if (part == parts.end()) part = parts.insert(parts.end(), {*delta.index, content.size(), 0});
  if (part + 1 == parts.end()) {
    append_joined(delta.text, content);
    part->size = content.size() - part->begin;
    return;
  }
  if (!choice.content_rewritten) note(oddities, Anomaly::blocks_interleaved, {});
  choice.content_rewritten = true;  // the piece belongs before later blocks
  content.insert(part->begin + part->size, delta.text);
  part->size += delta.text.size();
  for (++part; part != parts.end(); ++part) part->begin += delta.text.size();
}

// The whole text of a block: what its pieces lack is added, what differs replaces them.
void Accumulator::set_text(const Delta& delta, ChoiceState& choice, std::vector<Oddity>& oddities) {
  std::string& content = choice.message.content;
  std::vector<ChoiceState::TextPart>& parts = choice.parts;
  const auto part = std::find_if(parts.begin(), parts.end(), [&delta](const auto& known) {
    return known.index == delta.index.value_or(0);
  });
  Delta rest = delta;
  rest.index = delta.index.value_or(0);
  if (part == parts.end()) return add_text(rest, choice, oddities);
  const std::string_view known = std::string_view(content).substr(part->begin, part->size);
  if (delta.text == known) return;
  note(oddities, Anomaly::done_mismatch, "text");
  if (delta.text.starts_with(known)) {
    rest.text.remove_prefix(known.size());
    return add_text(rest, choice, oddities);
  }
  choice.content_rewritten = true;
  content.replace(part->begin, part->size, delta.text);
  const std::size_t old_size = std::exchange(part->size, delta.text.size());
  for (auto later = part + 1; later != parts.end(); ++later) {
    later->begin = later->begin - old_size + delta.text.size();
  }
}

void Accumulator::close(bool object_arguments, std::vector<Oddity>& oddities) {
  std::stable_sort(choices_.begin() + 1, choices_.end(),
                   [](const ChoiceState& a, const ChoiceState& b) { return a.index < b.index; });
  for (ChoiceState& choice : choices_) {
    Message& message = choice.message;
    move_provider_calls(choice.provider_results, message);
    repair(message.content, "content", oddities);
    repair(message.reasoning, "reasoning", oddities);
    repair(message.refusal, "refusal", oddities);
    std::stable_sort(message.tool_calls.begin(), message.tool_calls.end(),
                     [](const ToolCall& a, const ToolCall& b) { return a.index < b.index; });
    std::size_t position = 0;
    for (ToolCall& call : message.tool_calls) {
      repair(call.arguments, "arguments", oddities);
      if (call.arguments.empty() && object_arguments) call.arguments = "{}";
      if (call.name.empty()) note(oddities, Anomaly::tool_name_missing, call.id);
      if (call.id.empty()) {
        call.id = made_id(call, position);
        note(oddities, Anomaly::tool_id_missing, call.name);
      }
      ++position;
    }
  }
}

bool Accumulator::received() const {
  return std::any_of(choices_.begin(), choices_.end(), [](const ChoiceState& choice) {
    return choice.received || choice.finish.has_value();
  });
}

}  // namespace playhead::assemble
