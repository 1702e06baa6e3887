// Gemini: each object's members are walked once and sorted; what they mean is read from there.
#include "provider/gemini.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/ascii.h"
#include "provider/catalog.h"
#include "provider/deltas.h"
#include "provider/payload.h"

namespace playhead::provider {
namespace {

std::int32_t clamped(std::int64_t index) {
  using Limits = std::numeric_limits<std::int32_t>;
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(index, Limits::min(), Limits::max()));
}

// No reply counts beyond it; sums of such counts cannot overflow.
constexpr std::int64_t kCountMax = std::int64_t{1} << 60;

std::optional<std::int64_t> sum(std::optional<std::int64_t> first,
                                std::optional<std::int64_t> second) {
  if (!first || !second) return first ? first : second;
  return std::clamp(*first, -kCountMax, kCountMax) + std::clamp(*second, -kCountMax, kCountMax);
}

bool is_all_zero(const Usage& usage) {
  return usage.input_tokens.value_or(0) == 0 && usage.output_tokens.value_or(0) == 0 &&
         usage.reasoning_tokens.value_or(0) == 0 && usage.cached_input_tokens.value_or(0) == 0 &&
         usage.total_tokens.value_or(0) == 0;
}

void add_piece(DeltaKind kind, std::int32_t choice, std::optional<std::int64_t> block,
               std::string_view text, std::vector<Delta>& out) {
  if (!add_text(kind, text, out)) return;
  out.back().choice = choice;
  out.back().index = block;
}

}  // namespace

struct Gemini::Response {
  Member candidates, prompt_feedback, usage, model, id;
  bool known = false;  // it has a member that a response has

  explicit Response(const JsonView& root) {
    root.each_member([this](std::string_view name, const JsonView& value) { put(name, value); });
  }

 private:
  void put(std::string_view name, const JsonView& value) {
    if (name == "candidates") return take(value, candidates);
    if (name == "usageMetadata") return take(value, usage);
    if (name == "modelVersion") return take(value, model);
    if (name == "responseId") return take(value, id);
    if (name == "promptFeedback") return take(value, prompt_feedback);
    if (name == "createTime" || name == "modelStatus") known = true;
  }

  void take(const JsonView& value, Member& slot) {
    slot = value;
    known = true;
  }
};

struct Gemini::Candidate {
  Member content, finish_reason, index, grounding, citations;

  explicit Candidate(const JsonView& value) {
    value.each_member([this](std::string_view name, const JsonView& member) {
      if (name == "content") content = member;
      if (name == "finishReason") finish_reason = member;
      if (name == "index") index = member;
      if (name == "groundingMetadata") grounding = member;
      if (name == "citationMetadata") citations = member;
    });
  }
};

struct Gemini::Part {
  Member text, thought, signature, function_call, function_response, code, code_result, tool_call,
      tool_response;
  bool other = false;  // it has a member that we do not read: media, files

  explicit Part(const JsonView& value) {
    value.each_member([this](std::string_view name, const JsonView& member) {
      if (!member.is_null()) put(name, member);
    });
  }

 private:
  void put(std::string_view name, const JsonView& value) {
    if (name == "text") {
      text = value;
    } else if (name == "thought") {
      thought = value;
    } else if (name == "thoughtSignature") {
      signature = value;
    } else if (name == "functionCall") {
      function_call = value;
    } else if (name == "functionResponse") {
      function_response = value;
    } else if (name == "executableCode") {
      code = value;
    } else if (name == "codeExecutionResult") {
      code_result = value;
    } else if (name == "toolCall") {
      tool_call = value;
    } else if (name == "toolResponse") {
      tool_response = value;
    } else if (name == "inlineData" || name == "fileData") {
      other = true;
    }
  }
};

void Gemini::translate(const Frame& frame, Deltas& out) {
  owned_.clear();
  if (frame.kind == FrameKind::comment) return;
  if (frame.data.starts_with(kDoneMark)) {
    add(DeltaKind::done, out);
    return;
  }
  const auto root = reader_.read(frame.data);
  if (!root) return read_unparsable(frame, owned_, out);
  if (reader_.repairs().bad_utf8) note(Anomaly::bad_utf8, {}, out);
  if (reader_.repairs().lone_surrogate) note(Anomaly::lone_surrogate, {}, out);
  // Elements of a JSON array are lines too; beside events a line is one that has lost its framing.
  if (frame.kind == FrameKind::event) event_seen_ = true;
  if (frame.kind == FrameKind::line && event_seen_) note(Anomaly::unframed_json, {}, out);
  if (!root->is_array()) return read_response(frame, *root, out);
  root->each_element([&](const JsonView& element) { read_response(frame, element, out); });
}

void Gemini::finish(Deltas& out) {
  owned_.clear();
  for (Choice& choice : choices_) drop_open_call(choice, out);
}

void Gemini::read_response(const Frame& frame, const JsonView& root, Deltas& out) {
  const auto error = error_of(frame, root);
  if (error) out.push_back(read_error(*error, owned_));
  if (!root.is_object()) {
    if (!error) wrong_type("response", out);
    return;
  }
  const Response response(root);
  if (!response.known && !error) {
    return note(Anomaly::unknown_event, own(quoted(frame.data), owned_), out);
  }
  read_start(response, out);
  if (is_present(response.candidates)) {
    if (!response.candidates->is_array()) wrong_type("candidates", out);
    response.candidates->each_element([&](const JsonView& value) { read_candidate(value, out); });
  }
  if (is_present(response.prompt_feedback)) read_prompt_feedback(*response.prompt_feedback, out);
  if (is_present(response.usage)) read_usage(*response.usage, out);
}

// Every response names both; only what is new is said.
void Gemini::read_start(const Response& response, Deltas& out) {
  const std::string_view id = text_of(response.id, "responseId", out);
  const std::string_view model = text_of(response.model, "modelVersion", out);
  const bool is_new = (!id.empty() && id != last_id_) || (!model.empty() && model != last_model_);
  if (!is_new) return;
  if (!id.empty()) last_id_.assign(id);
  if (!model.empty()) last_model_.assign(model);
  Delta& delta = add(DeltaKind::start, out);
  delta.id = id;
  delta.name = model;
}

void Gemini::read_candidate(const JsonView& value, Deltas& out) {
  if (!value.is_object()) {
    if (!value.is_null()) wrong_type("candidates[]", out);
    return;
  }
  const Candidate candidate(value);
  if (is_present(candidate.index) && !candidate.index->is_number()) {
    wrong_type("candidates[].index", out);
  }
  const std::int64_t index = candidate.index ? candidate.index->integer().value_or(0) : 0;
  Choice* const choice = choice_at(clamped(index), out);
  if (choice == nullptr) return;
  if (is_present(candidate.content)) read_content(*candidate.content, *choice, out);
  read_annotation(candidate.grounding, "candidates[].groundingMetadata", *choice, out);
  read_annotation(candidate.citations, "candidates[].citationMetadata", *choice, out);
  read_finish(candidate.finish_reason, *choice, out);
}

void Gemini::read_content(const JsonView& content, Choice& choice, Deltas& out) {
  if (!content.is_object()) return wrong_type("candidates[].content", out);
  const Member parts = content.find("parts");
  if (!is_present(parts)) return;
  if (!parts->is_array()) return wrong_type("candidates[].content.parts", out);
  parts->each_element([&](const JsonView& part) {
    if (part.is_object()) {
      read_part(Part(part), choice, out);
    } else if (!part.is_null()) {
      wrong_type("candidates[].content.parts[]", out);
    }
  });
}

// Anything but a thought ends a run of thoughts, except a part that has but a signature.
void Gemini::read_part(const Part& part, Choice& choice, Deltas& out) {
  const std::string_view text = text_of(part.text, "parts[].text", out);
  const bool is_thought = part.thought && part.thought->is_true();
  const bool has_more = part.function_call || part.function_response || part.code ||
                        part.code_result || part.tool_call || part.tool_response || part.other;
  const bool ends_block = has_more || (!is_thought && !text.empty());
  if (ends_block && std::exchange(choice.in_block, false)) ++choice.block;
  if (is_thought && !text.empty()) {
    choice.in_block = !has_more;
    add_piece(DeltaKind::reasoning, choice.index, choice.block, text, out);
    if (has_more) ++choice.block;
  } else {
    add_piece(DeltaKind::text, choice.index, std::nullopt, text, out);
  }
  const auto block = is_thought ? std::optional(choice.block) : std::nullopt;
  const std::string_view signature = text_of(part.signature, "parts[].thoughtSignature", out);
  add_piece(DeltaKind::signature, choice.index, block, signature, out);
  if (part.function_call) read_call(*part.function_call, choice, out);
  if (has_more) read_provider_parts(part, choice, out);
}

// A result belongs to the call before it; one without a call stands for both.
void Gemini::read_provider_parts(const Part& part, Choice& choice, Deltas& out) {
  const auto read = [&](const Member& call, const Member& result, std::int64_t& open,
                        bool is_code) {
    const auto name = [&](const JsonView& value) -> std::string_view {
      return is_code ? "code_execution" : own(lower_case(value.text_at("toolType")), owned_);
    };
    const auto run = [&](const JsonView& value) {
      Delta& delta = add(DeltaKind::provider_tool, out);
      delta.choice = choice.index;
      delta.id = value.text_at("id");
      delta.name = name(value);
    };
    if (call) {
      run(*call);
      ++open;
    }
    if (result && open == 0) run(*result);
    if (result && open > 0) --open;
  };
  read(part.code, part.code_result, choice.open_code, true);
  read(part.tool_call, part.tool_response, choice.open_tools, false);
  if (!part.function_response) return;
  const std::string_view id = part.function_response->text_at("id");
  if (id.empty()) return;
  Delta& delta = add(DeltaKind::provider_result, out);
  delta.choice = choice.index;
  delta.id = id;
}

// A name begins a call, an empty object ends it; between them, pieces have neither name nor id.
void Gemini::read_call(const JsonView& call, Choice& choice, Deltas& out) {
  if (!call.is_object()) return wrong_type("parts[].functionCall", out);
  const std::string_view name = text_of(call.find("name"), "parts[].functionCall.name", out);
  const Member more = call.find("willContinue");
  const bool streamed = call.has("partialArgs") || (more && more->is_true());
  if (choice.call) {
    const std::string_view id = call.text_at("id");
    const bool is_same =
        name.empty() || (name == choice.call->name && !id.empty() && id == choice.call->id);
    if (!is_same) drop_open_call(choice, out);
  } else if (name.empty() && !streamed && !call.has("args")) {
    return note(Anomaly::block_out_of_order, "functionCall", out);
  }
  if (!choice.call) begin_call(call, streamed, choice, out);
  if (choice.call) go_on(call, choice, out);
}

void Gemini::begin_call(const JsonView& call, bool streamed, Choice& choice, Deltas& out) {
  Delta& delta = add(DeltaKind::tool_call, out);
  delta.choice = choice.index;
  delta.index = choice.next_call++;
  delta.id = call.text_at("id");
  delta.name = call.text_at("name");
  if (streamed) {
    choice.call = OpenCall{*delta.index, std::string(delta.name), std::string(delta.id), {}, true};
    return;
  }
  const Member arguments = call.find("args");
  if (!is_present(arguments)) return;
  delta.tool_has_arguments = true;
  delta.tool_arguments_object = true;
  delta.text = scalar_text(arguments, owned_);
  if (!arguments->is_object()) wrong_type("parts[].functionCall.args", out);
}

void Gemini::go_on(const JsonView& call, Choice& choice, Deltas& out) {
  OpenCall& open = *choice.call;
  const Member arguments = call.find("args");
  if (is_present(arguments)) {
    if (!arguments->is_object()) wrong_type("parts[].functionCall.args", out);
    open.arguments.set(*arguments);
    open.changed = true;
  }
  const Member pieces = call.find("partialArgs");
  if (is_present(pieces)) {
    if (!pieces->is_array()) wrong_type("parts[].functionCall.partialArgs", out);
    open.changed = true;
    pieces->each_element([&](const JsonView& piece) {
      if (!open.arguments.add(piece)) wrong_type("parts[].functionCall.partialArgs[]", out);
    });
  }
  const Member more = call.find("willContinue");
  if (more && more->is_true()) return;
  give_arguments(choice, true, out);
  choice.call.reset();
}

// A call that nothing has ended may have been cut within a text: what it has so far must not pass
// for whole arguments. Should its end still come, they are given again.
void Gemini::give_arguments(Choice& choice, bool ended, Deltas& out) {
  if (!choice.call->changed) return;
  const std::string whole = choice.call->arguments.json();
  const std::string given = ended ? whole : choice.call->arguments.json_so_far();
  choice.call->changed = given != whole;
  Delta& delta = add(DeltaKind::tool_call, out);
  delta.choice = choice.index;
  delta.index = choice.call->index;
  delta.text = own(given, owned_);
  delta.tool_has_arguments = true;
  delta.tool_arguments_object = true;
}

// The part that ends a call may be missing (WIRE 6.3).
void Gemini::drop_open_call(Choice& choice, Deltas& out) {
  if (!choice.call) return;
  give_arguments(choice, false, out);
  note(Anomaly::block_not_closed, own("functionCall " + choice.call->name, owned_), out);
  choice.call.reset();
}

void Gemini::read_annotation(const Member& annotation, std::string_view path, const Choice& choice,
                             Deltas& out) {
  if (!is_present(annotation)) return;
  if (!annotation->is_object()) return wrong_type(path, out);
  const std::string_view json = own(annotation->json(), owned_);
  if (json != "{}") add_piece(DeltaKind::annotation, choice.index, std::nullopt, json, out);
}

// Some gateways finish with every chunk: pieces of an open call may still come.
void Gemini::read_finish(const Member& reason, Choice& choice, Deltas& out) {
  if (!is_present(reason)) return;
  if (!reason->is_string() && !reason->is_number()) {
    return wrong_type("candidates[].finishReason", out);
  }
  const std::string_view word = scalar_text(reason, owned_);
  if (word.empty()) return;
  if (choice.call) give_arguments(choice, false, out);
  Delta& delta = add(DeltaKind::finish, out);
  delta.choice = choice.index;
  delta.text = word;
  delta.finish = finish_reason_of(Protocol::gemini, word);
}

void Gemini::read_prompt_feedback(const JsonView& feedback, Deltas& out) {
  if (!feedback.is_object()) return wrong_type("promptFeedback", out);
  const Member reason = feedback.find("blockReason");
  if (!is_present(reason)) return;
  if (!reason->is_string() && !reason->is_number()) {
    return wrong_type("promptFeedback.blockReason", out);
  }
  if (add_text(DeltaKind::finish, scalar_text(reason, owned_), out)) {
    out.back().finish = FinishReason::content_filter;
  }
}

// Counts are cumulative and come again with every response; the last of each stands.
void Gemini::read_usage(const JsonView& usage, Deltas& out) {
  static constexpr std::array<std::string_view, 6> kNames = {
      "promptTokenCount",   "toolUsePromptTokenCount", "candidatesTokenCount",
      "thoughtsTokenCount", "cachedContentTokenCount", "totalTokenCount"};
  if (!usage.is_object()) return wrong_type("usageMetadata", out);
  usage.each_member([&](std::string_view name, const JsonView& value) {
    const auto known = std::find(kNames.begin(), kNames.end(), name);
    if (known == kNames.end() || value.is_null()) return;
    if (!value.is_number()) return wrong_type(*known, out);
    counts_[static_cast<std::size_t>(known - kNames.begin())] = value.integer();
  });
  Usage now;
  now.input_tokens = sum(counts_[kPrompt], counts_[kToolPrompt]);
  now.output_tokens = sum(counts_[kCandidates], counts_[kThoughts]);
  now.reasoning_tokens = counts_[kThoughts];
  now.cached_input_tokens = counts_[kCached];
  now.total_tokens = counts_[kTotal];
  if (is_all_zero(now) || now == last_usage_) return;
  last_usage_ = now;
  add(DeltaKind::usage, out).usage = now;
}

Gemini::Choice* Gemini::choice_at(std::int32_t index, Deltas& out) {
  for (Choice& choice : choices_) {
    if (choice.index == index) return &choice;
  }
  if (choices_.size() >= kGeminiCandidatesMax) {
    if (!std::exchange(limit_noted_, true)) note(Anomaly::tool_limit, "candidate", out);
    return nullptr;
  }
  choices_.emplace_back().index = index;
  return &choices_.back();
}

}  // namespace playhead::provider
