// InvokeModelWithResponseStream: payloads are told apart by their members alone, for the stream
// does not name the model.
#include "provider/bedrock_invoke.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

#include "provider/anthropic_messages.h"
#include "provider/bedrock_converse.h"
#include "provider/bedrock_payload.h"
#include "provider/catalog.h"
#include "provider/deltas.h"
#include "provider/openai_chat.h"

namespace playhead::provider {
namespace {

constexpr std::string_view kMetrics = "amazon-bedrock-invocationMetrics";
// Its rarest beginning, by which payloads are searched for it.
constexpr std::string_view kMetricsEnd = "-invocationMetrics\"";
constexpr std::string_view kStopReason = "stop_reason";
constexpr std::uint8_t kNoDigit = 0xFF;

constexpr std::array<std::uint8_t, 256> make_digits() {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<std::uint8_t, 256> digits{};
  digits.fill(kNoDigit);
  for (std::size_t i = 0; i < kDigits.size(); ++i) {
    digits[static_cast<unsigned char>(kDigits[i])] = static_cast<std::uint8_t>(i);
  }
  return digits;
}

constexpr std::array<std::uint8_t, 256> kDigitValues = make_digits();

// Replaces `out` by the bytes of `text`. False: it is no base64.
bool decode_base64(std::string_view text, std::string& out) {
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  if (text.size() % 4 == 1) return false;
  const std::size_t rest = text.size() % 4;
  out.resize(text.size() / 4 * 3 + rest * 3 / 4);
  std::size_t written = 0;
  unsigned wrong = 0;
  const auto digit = [&](std::size_t at) {
    const unsigned value = kDigitValues[static_cast<unsigned char>(text[at])];
    wrong |= value;
    return value;
  };
  const auto write = [&](unsigned bits) { out[written++] = static_cast<char>(bits & 0xFFU); };
  for (std::size_t at = 0; at + 4 <= text.size(); at += 4) {
    const unsigned bits =
        digit(at) << 18U | digit(at + 1) << 12U | digit(at + 2) << 6U | digit(at + 3);
    write(bits >> 16U);
    write(bits >> 8U);
    write(bits);
  }
  const std::size_t last = text.size() - rest;
  if (rest >= 2) write(digit(last) << 2U | digit(last + 1) >> 4U);
  if (rest == 3) write(digit(last + 1) << 4U | digit(last + 2) >> 2U);
  return (wrong & 0xC0U) == 0;
}

// The bytes of an envelope as Bedrock writes it, which needs no parser. Empty where it differs.
std::string_view plain_envelope(std::string_view data) {
  constexpr std::string_view kBegin = R"({"bytes":")";
  constexpr std::string_view kPadding = R"(,"p":")";
  constexpr std::string_view kEnd = R"("})";
  if (!data.starts_with(kBegin)) return {};
  data.remove_prefix(kBegin.size());
  const std::size_t size = std::min(data.find('"'), data.size());
  const std::string_view bytes = data.substr(0, size);
  std::string_view rest = data.substr(size);
  if (rest == kEnd) return bytes;
  rest.remove_prefix(std::min<std::size_t>(1, rest.size()));
  if (!rest.starts_with(kPadding) || !rest.ends_with(kEnd)) return {};
  rest.remove_prefix(kPadding.size());
  if (rest.size() < kEnd.size()) return {};
  rest.remove_suffix(kEnd.size());
  const bool is_plain = std::all_of(rest.begin(), rest.end(), [](char c) {
    return kDigitValues[static_cast<unsigned char>(c)] != kNoDigit;
  });
  return is_plain ? bytes : std::string_view();
}

std::int32_t choice_of(const Member& index) {
  using Limits = std::numeric_limits<std::int32_t>;
  if (!index) return 0;
  return static_cast<std::int32_t>(
      std::clamp<std::int64_t>(index->integer().value_or(0), 0, Limits::max()));
}

// Types of Anthropic's events.
bool is_anthropic_event(std::string_view type) {
  return type.starts_with("message_") || type.starts_with("content_block_") || type == "ping" ||
         type == "error";
}

// Names of Nova's events, which stand around each of them.
bool is_converse_event(std::string_view name) {
  return name == "messageStart" || name == "contentBlockStart" || name == "contentBlockDelta" ||
         name == "contentBlockStop" || name == "messageStop" || name == "metadata";
}

}  // namespace

// The members by which payloads are told apart, and those of the plain ones.
struct BedrockInvoke::Plain {
  Member type, choices, outputs, index, error;
  Member generation, output_text, completion, cohere_text;  // Llama, Titan, old Claude, Cohere
  Member event_type, tool_calls;                            // Cohere
  Member stop_reason, completion_reason, finish_reason;
  Member input_count, output_count;
  Member guardrail_action;
  bool is_converse = false;
  bool is_titan_end = false;

  explicit Plain(const JsonView& root) {
    root.each_member([this](std::string_view name, const JsonView& value) { put(name, value); });
  }

  bool is_known() const {
    return generation || output_text || completion || cohere_text || event_type || outputs ||
           stop_reason || completion_reason || finish_reason || error;
  }

 private:
  void put(std::string_view name, const JsonView& value) {
    static constexpr std::pair<std::string_view, Member Plain::*> kSlots[] = {
        {"type", &Plain::type},
        {"choices", &Plain::choices},
        {"outputs", &Plain::outputs},
        {"index", &Plain::index},
        {"error", &Plain::error},
        {"generation", &Plain::generation},
        {"outputText", &Plain::output_text},
        {"completion", &Plain::completion},
        {"text", &Plain::cohere_text},
        {"event_type", &Plain::event_type},
        {"tool_calls", &Plain::tool_calls},
        {kStopReason, &Plain::stop_reason},
        {"completionReason", &Plain::completion_reason},
        {"finish_reason", &Plain::finish_reason},
        {"prompt_token_count", &Plain::input_count},
        {"inputTextTokenCount", &Plain::input_count},
        {"generation_token_count", &Plain::output_count},
        {"totalOutputTextTokenCount", &Plain::output_count},
        {"amazon-bedrock-guardrailAction", &Plain::guardrail_action},
    };
    for (const auto& [known, slot] : kSlots) {
      if (known == name) this->*slot = value;
    }
    is_converse |= value.is_object() && is_converse_event(name);
    is_titan_end |= name == "totalOutputTextTokenCount" && value.is_number();
  }
};

void BedrockInvoke::translate(const Frame& frame, Deltas& out) {
  owned_.clear();
  if (frame.kind == FrameKind::comment) return;
  if (read_bedrock_failure(frame, reader_, owned_, out) || !open_envelope(frame, out)) return;
  const std::size_t first = out.size();
  read_payload(out);
  for (std::size_t i = first; i < out.size(); ++i) {
    if (out[i].kind == DeltaKind::usage) sent_.merge(out[i].usage);
  }
  read_additions(out);
}

void BedrockInvoke::finish(Deltas& out) {
  if (delegate_ != nullptr) delegate_->finish(out);
}

// False: there is no payload; what is odd has been said.
bool BedrockInvoke::open_envelope(const Frame& frame, Deltas& out) {
  const std::string_view plain = plain_envelope(frame.data);
  if (!plain.empty() && decode_base64(plain, payload_)) return true;
  const auto root = read_bedrock_object(frame.data, reader_, owned_, out);
  if (!root) return false;
  const Member bytes = root->find("bytes");
  if (!bytes) {
    const bool is_document = frame.event.empty() && read_bedrock_document(*root, out);
    const std::string_view what = frame.event.empty() ? frame.data : frame.event;
    if (!is_document) note(Anomaly::unknown_event, own(quoted(what), owned_), out);
    return false;
  }
  if (!bytes->is_string()) {
    wrong_type("bytes", out);
    return false;
  }
  if (decode_base64(bytes->text(), payload_)) return true;
  note(Anomaly::bad_json, "bytes: no base64", out);
  return false;
}

void BedrockInvoke::read_payload(Deltas& out) {
  if (delegate_ != nullptr) return delegate(out);
  const auto root = read_bedrock_object(payload_, reader_, owned_, out);
  if (!root) return;
  const Plain plain(*root);
  if (plain.type && is_anthropic_event(plain.type->text())) {
    delegate_ = std::make_unique<AnthropicMessages>();
  } else if (plain.choices) {
    delegate_ = std::make_unique<OpenAiChat>();
    delegate_is_openai_ = true;
  } else if (plain.is_converse) {
    delegate_ = std::make_unique<BedrockConverse>();
  } else {
    return read_plain(plain, out);
  }
  delegate(out);
}

void BedrockInvoke::delegate(Deltas& out) {
  Frame inner;
  inner.kind = FrameKind::event;
  inner.data = payload_;
  delegate_->translate(inner, out);
}

void BedrockInvoke::read_plain(const Plain& plain, Deltas& out) {
  if (!plain.is_known()) {
    return note(Anomaly::unknown_event, own(quoted(std::string_view(payload_)), owned_), out);
  }
  const std::size_t first = out.size();
  if (is_present(plain.error)) out.push_back(read_error(*plain.error, owned_));
  add_text(DeltaKind::text, text_of(plain.generation, "generation", out), out);
  add_text(DeltaKind::text, text_of(plain.output_text, "outputText", out), out);
  add_text(DeltaKind::text, text_of(plain.completion, "completion", out), out);
  const bool is_tool_plan = plain.event_type && plain.event_type->text().starts_with("tool-calls");
  add_text(is_tool_plan ? DeltaKind::reasoning : DeltaKind::text,
           text_of(plain.cohere_text, "text", out), out);
  if (is_present(plain.outputs)) read_outputs(*plain.outputs, out);
  if (is_present(plain.tool_calls)) read_tool_calls(*plain.tool_calls, out);
  read_finish(plain, out);
  const std::int32_t choice = choice_of(plain.index);
  for (std::size_t i = first; i < out.size(); ++i) out[i].choice = choice;
  Usage usage;
  if (plain.input_count) usage.input_tokens = plain.input_count->integer();
  if (plain.output_count) usage.output_tokens = plain.output_count->integer();
  const bool any = usage.input_tokens.value_or(0) != 0 || usage.output_tokens.value_or(0) != 0;
  if (any) add(DeltaKind::usage, out).usage = usage;
}

// Mistral's older payload.
void BedrockInvoke::read_outputs(const JsonView& outputs, Deltas& out) {
  if (!outputs.is_array()) return wrong_type("outputs", out);
  outputs.each_element([&](const JsonView& output) {
    add_text(DeltaKind::text, text_of(output.find("text"), "outputs[].text", out), out);
    add_finish(text_of(output.find("stop_reason"), "outputs[].stop_reason", out), out);
  });
}

// Cohere's, which are whole.
void BedrockInvoke::read_tool_calls(const JsonView& calls, Deltas& out) {
  if (!calls.is_array()) return wrong_type("tool_calls", out);
  calls.each_element([&](const JsonView& call) {
    Delta delta;
    delta.kind = DeltaKind::tool_call;
    delta.index = tool_calls_++;
    delta.name = text_of(call.find("name"), "tool_calls[].name", out);
    if (const Member parameters = call.find("parameters")) {
      delta.tool_has_arguments = true;
      delta.tool_arguments_object = true;
      delta.text = scalar_text(parameters, owned_);
    }
    out.push_back(delta);
  });
}

// Where a guardrail has replaced the whole reply, Titan's last payload gives no reason of its own.
void BedrockInvoke::read_finish(const Plain& plain, Deltas& out) {
  const std::size_t before = out.size();
  add_finish(text_of(plain.stop_reason, "stop_reason", out), out);
  add_finish(text_of(plain.completion_reason, "completionReason", out), out);
  add_finish(text_of(plain.finish_reason, "finish_reason", out), out);
  const bool is_replaced = plain.is_titan_end && plain.guardrail_action &&
                           plain.guardrail_action->text() == "INTERVENED";
  if (is_replaced && out.size() == before) add_finish(plain.guardrail_action->text(), out);
}

void BedrockInvoke::read_additions(Deltas& out) {
  const bool may_have_reasons =
      delegate_is_openai_ && payload_.find(kStopReason) != std::string::npos;
  const bool may_have_metrics = payload_.find(kMetricsEnd) != std::string::npos;
  if (!may_have_reasons && !may_have_metrics) return;
  const auto root = additions_reader_.read(payload_);
  if (!root) return;
  const Member choices = root->find("choices");
  if (may_have_reasons && choices) read_choices(*choices, out);
  const Member metrics = root->find(kMetrics);
  if (is_object(metrics)) read_metrics(*metrics, out);
}

// A choice's reason as Mistral and DeepSeek name it.
void BedrockInvoke::read_choices(const JsonView& choices, Deltas& out) {
  choices.each_element([&](const JsonView& choice) {
    if (!choice.text_at("finish_reason").empty()) return;
    const std::size_t before = out.size();
    add_finish(choice.text_at(kStopReason), out);
    if (out.size() > before) out.back().choice = choice_of(choice.find("index"));
  });
}

void BedrockInvoke::read_metrics(const JsonView& metrics, Deltas& out) {
  BedrockCounts counts;
  counts.read(metrics);
  Usage usage = counts.usage();
  const auto keep_if_missing = [](auto& mine, const auto& sent) {
    if (sent) mine.reset();
  };
  keep_if_missing(usage.input_tokens, sent_.input_tokens);
  keep_if_missing(usage.output_tokens, sent_.output_tokens);
  keep_if_missing(usage.cached_input_tokens, sent_.cached_input_tokens);
  if (usage.empty()) return;
  Delta delta;
  delta.kind = DeltaKind::usage;
  delta.usage = usage;
  const bool is_done = !out.empty() && out.back().kind == DeltaKind::done;
  out.insert(is_done ? out.end() - 1 : out.end(), delta);  // nothing comes after the end
}

void BedrockInvoke::add_finish(std::string_view word, Deltas& out) {
  if (!add_text(DeltaKind::finish, word, out)) return;
  out.back().finish = finish_reason_of(Protocol::bedrock_invoke, word);
}

}  // namespace playhead::provider
