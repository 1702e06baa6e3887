// The rows of the catalog.
#include "provider/catalog.h"

#include <algorithm>
#include <array>

#include "provider/anthropic_messages.h"
#include "provider/bedrock_converse.h"
#include "provider/bedrock_invoke.h"
#include "provider/cohere.h"
#include "provider/gemini.h"
#include "provider/ollama.h"
#include "provider/openai_chat.h"
#include "provider/openai_responses.h"

namespace playhead::provider {
namespace {

template <typename AdapterType>
std::unique_ptr<Adapter> make() {
  return std::make_unique<AdapterType>();
}

// A body that is a JSON document where binary messages are due: the SSE decoder hands such a
// document out as one frame.
constexpr OtherFraming kDocumentInstead = {'{', Framing::sse};

// WIRE 0 and 3, all imitators together. STOP and its like are what some routers make of the words
// of others (WIRE 3.19); MAX_TOKENS is Gemini's, passed through.
constexpr std::array kOpenAiChatFinishWords = {
    FinishWord{"stop", FinishReason::stop},
    FinishWord{"STOP", FinishReason::stop},
    FinishWord{"eos", FinishReason::stop},
    FinishWord{"length", FinishReason::length},
    FinishWord{"LENGTH", FinishReason::length},
    FinishWord{"MAX_TOKENS", FinishReason::length},
    FinishWord{"model_length", FinishReason::length},
    FinishWord{"tool_calls", FinishReason::tool_calls},
    FinishWord{"TOOL_CALLS", FinishReason::tool_calls},
    FinishWord{"function_call", FinishReason::tool_calls},
    FinishWord{"content_filter", FinishReason::content_filter},
    FinishWord{"CONTENT_FILTER", FinishReason::content_filter},
    FinishWord{"sensitive", FinishReason::content_filter},
    FinishWord{"error", FinishReason::error},
    FinishWord{"network_error", FinishReason::error},
    FinishWord{"insufficient_system_resource", FinishReason::error},
};

// The status of a response, or the reason why it is incomplete (WIRE 4.3).
constexpr std::array kResponsesFinishWords = {
    FinishWord{"completed", FinishReason::stop},
    FinishWord{"max_output_tokens", FinishReason::length},
    FinishWord{"content_filter", FinishReason::content_filter},
    FinishWord{"failed", FinishReason::error},
    FinishWord{"cancelled", FinishReason::error},
};

constexpr std::array kAnthropicFinishWords = {
    FinishWord{"end_turn", FinishReason::stop},
    FinishWord{"stop_sequence", FinishReason::stop},
    FinishWord{"max_tokens", FinishReason::length},
    FinishWord{"model_context_window_exceeded", FinishReason::length},
    FinishWord{"tool_use", FinishReason::tool_calls},
    FinishWord{"refusal", FinishReason::content_filter},
    FinishWord{"pause_turn", FinishReason::pause},
};

constexpr std::array kConverseFinishWords = {
    FinishWord{"end_turn", FinishReason::stop},
    FinishWord{"stop_sequence", FinishReason::stop},
    FinishWord{"max_tokens", FinishReason::length},
    FinishWord{"model_context_window_exceeded", FinishReason::length},
    FinishWord{"tool_use", FinishReason::tool_calls},
    FinishWord{"guardrail_intervened", FinishReason::content_filter},
    FinishWord{"content_filtered", FinishReason::content_filter},
    FinishWord{"malformed_model_output", FinishReason::error},
    FinishWord{"malformed_tool_use", FinishReason::error},
};

// The words of all payload families, which tell them apart by themselves (WIRE, small decisions).
constexpr std::array kInvokeFinishWords = {
    FinishWord{"stop", FinishReason::stop},
    FinishWord{"FINISH", FinishReason::stop},
    FinishWord{"FINISHED", FinishReason::stop},
    FinishWord{"STOP_CRITERIA_MET", FinishReason::stop},
    FinishWord{"COMPLETE", FinishReason::stop},
    FinishWord{"STOP_SEQUENCE", FinishReason::stop},
    FinishWord{"end_turn", FinishReason::stop},
    FinishWord{"stop_sequence", FinishReason::stop},
    FinishWord{"endoftext", FinishReason::stop},
    FinishWord{"length", FinishReason::length},
    FinishWord{"model_length", FinishReason::length},
    FinishWord{"LENGTH", FinishReason::length},
    FinishWord{"MAX_TOKENS", FinishReason::length},
    FinishWord{"max_tokens", FinishReason::length},
    FinishWord{"model_context_window_exceeded", FinishReason::length},
    FinishWord{"ERROR_LIMIT", FinishReason::length},
    FinishWord{"tool_use", FinishReason::tool_calls},
    FinishWord{"tool_calls", FinishReason::tool_calls},
    FinishWord{"TOOL_CALL", FinishReason::tool_calls},
    FinishWord{"refusal", FinishReason::content_filter},
    FinishWord{"content_filtered", FinishReason::content_filter},
    FinishWord{"guardrail_intervened", FinishReason::content_filter},
    FinishWord{"CONTENT_FILTERED", FinishReason::content_filter},
    FinishWord{"ERROR_TOXIC", FinishReason::content_filter},
    FinishWord{"INTERVENED", FinishReason::content_filter},
    FinishWord{"pause_turn", FinishReason::pause},
    FinishWord{"ERROR", FinishReason::error},
    FinishWord{"malformed_model_output", FinishReason::error},
    FinishWord{"malformed_tool_use", FinishReason::error},
};

// WIRE 6.4. A blocked prompt has its block reason as finish.
constexpr std::array kGeminiFinishWords = {
    FinishWord{"1", FinishReason::stop},  // the enum's numbers, which some gateways send
    FinishWord{"2", FinishReason::length},
    FinishWord{"3", FinishReason::content_filter},
    FinishWord{"4", FinishReason::content_filter},
    FinishWord{"STOP", FinishReason::stop},
    FinishWord{"MAX_TOKENS", FinishReason::length},
    FinishWord{"SAFETY", FinishReason::content_filter},
    FinishWord{"RECITATION", FinishReason::content_filter},
    FinishWord{"BLOCKLIST", FinishReason::content_filter},
    FinishWord{"PROHIBITED_CONTENT", FinishReason::content_filter},
    FinishWord{"SPII", FinishReason::content_filter},
    FinishWord{"LANGUAGE", FinishReason::content_filter},
    FinishWord{"IMAGE_SAFETY", FinishReason::content_filter},
    FinishWord{"IMAGE_PROHIBITED_CONTENT", FinishReason::content_filter},
    FinishWord{"IMAGE_RECITATION", FinishReason::content_filter},
    FinishWord{"MODEL_ARMOR", FinishReason::content_filter},
    FinishWord{"JAILBREAK", FinishReason::content_filter},
    FinishWord{"MALFORMED_FUNCTION_CALL", FinishReason::error},
    FinishWord{"UNEXPECTED_TOOL_CALL", FinishReason::error},
    FinishWord{"TOO_MANY_TOOL_CALLS", FinishReason::error},
    FinishWord{"MALFORMED_RESPONSE", FinishReason::error},
};

constexpr std::array kCohereFinishWords = {
    FinishWord{"COMPLETE", FinishReason::stop},
    FinishWord{"STOP_SEQUENCE", FinishReason::stop},
    FinishWord{"MAX_TOKENS", FinishReason::length},
    FinishWord{"TOOL_CALL", FinishReason::tool_calls},
    FinishWord{"ERROR", FinishReason::error},
    FinishWord{"ERROR_TOXIC", FinishReason::content_filter},
};

constexpr std::array kOllamaFinishWords = {
    FinishWord{"stop", FinishReason::stop},
    FinishWord{"length", FinishReason::length},
};

constexpr std::array kCatalog = {
    CatalogRow{.protocol = Protocol::openai_chat,
               .framing = Framing::sse,
               .other_framing = std::nullopt,
               .end_evidence = EndEvidence::finish_or_done,
               .end_mark = "[DONE]",
               .object_arguments = false,
               .usage = "usage; choices[].usage; x_groq.usage",
               .errors = "error member; event or field line named error; finish error",
               .finish_words = kOpenAiChatFinishWords,
               .make = make<OpenAiChat>},
    CatalogRow{.protocol = Protocol::openai_responses,
               .framing = Framing::sse,
               .other_framing = std::nullopt,
               .end_evidence = EndEvidence::finish_or_done,
               .end_mark = "response.completed, .incomplete, .failed",
               .object_arguments = false,
               .usage = "response.usage of the last event",
               .errors = "error event, flat or nested; response.error",
               .finish_words = kResponsesFinishWords,
               .make = make<OpenAiResponses>},
    CatalogRow{
        .protocol = Protocol::anthropic_messages,
        .framing = Framing::sse,
        .other_framing = std::nullopt,
        .end_evidence = EndEvidence::finish_or_done,
        .end_mark = "message_stop",
        .object_arguments = true,
        .usage =
            "message.usage of message_start, usage of message_delta; input adds the cached parts",
        .errors = "error event",
        .finish_words = kAnthropicFinishWords,
        .make = make<AnthropicMessages>},
    CatalogRow{.protocol = Protocol::gemini,
               .framing = Framing::sse,
               .other_framing = OtherFraming{'[', Framing::json_array},
               .end_evidence = EndEvidence::finish,
               .end_mark = "",
               .object_arguments = true,
               .usage = "usageMetadata; output adds the thoughts",
               .errors = "error member, framed or not",
               .finish_words = kGeminiFinishWords,
               .make = make<Gemini>},
    CatalogRow{.protocol = Protocol::bedrock_converse,
               .framing = Framing::aws_event_stream,
               .other_framing = kDocumentInstead,
               .end_evidence = EndEvidence::finish_or_done,
               .end_mark = "metadata after messageStop",
               .object_arguments = true,
               .usage = "usage of metadata; input adds the cached parts",
               .errors = "exception and error messages",
               .finish_words = kConverseFinishWords,
               .make = make<BedrockConverse>},
    CatalogRow{.protocol = Protocol::bedrock_invoke,
               .framing = Framing::aws_event_stream,
               .other_framing = kDocumentInstead,
               .end_evidence = EndEvidence::finish,
               .end_mark = "",
               .object_arguments = true,
               .usage = "of the payload; amazon-bedrock-invocationMetrics where it has none",
               .errors = "exception and error messages; of the payload",
               .finish_words = kInvokeFinishWords,
               .make = make<BedrockInvoke>},
    CatalogRow{.protocol = Protocol::ollama,
               .framing = Framing::ndjson,
               .other_framing = std::nullopt,
               .end_evidence = EndEvidence::finish_or_done,
               .end_mark = "done: true",
               .object_arguments = true,
               .usage = "prompt_eval_count, eval_count of the last line",
               .errors = "line with error",
               .finish_words = kOllamaFinishWords,
               .make = make<Ollama>},
    CatalogRow{.protocol = Protocol::mistral,
               .framing = Framing::sse,
               .other_framing = std::nullopt,
               .end_evidence = EndEvidence::finish_or_done,
               .end_mark = "[DONE]",
               .object_arguments = false,
               .usage = "usage",
               .errors = "error member; finish error",
               .finish_words = kOpenAiChatFinishWords,
               .make = make<OpenAiChat>},
    CatalogRow{
        .protocol = Protocol::cohere,
        .framing = Framing::sse,
        .other_framing = OtherFraming{'{', Framing::ndjson},
        .end_evidence = EndEvidence::finish_or_done,
        .end_mark = "[DONE], stream-end",
        .object_arguments = false,
        .usage = "delta.usage.tokens, response.meta.tokens; billed_units where there are none",
        .errors = "finish ERROR; error member",
        .finish_words = kCohereFinishWords,
        .make = make<Cohere>},
    CatalogRow{.protocol = Protocol::openai_completions,
               .framing = Framing::sse,
               .other_framing = std::nullopt,
               .end_evidence = EndEvidence::finish_or_done,
               .end_mark = "[DONE]",
               .object_arguments = false,
               .usage = "usage",
               .errors = "error member",
               .finish_words = kOpenAiChatFinishWords,
               .make = make<OpenAiChat>},
};

}  // namespace

std::span<const CatalogRow> catalog() { return kCatalog; }

const CatalogRow* find_row(Protocol protocol) {
  const auto* const row = std::find_if(
      kCatalog.begin(), kCatalog.end(),
      [protocol](const CatalogRow& candidate) { return candidate.protocol == protocol; });
  return row == kCatalog.end() ? nullptr : row;
}

std::unique_ptr<Adapter> make_adapter(Protocol protocol) {
  const CatalogRow* const row = find_row(protocol);
  return row == nullptr ? nullptr : row->make();
}

FinishReason finish_reason_of(Protocol protocol, std::string_view word) {
  const CatalogRow* const row = find_row(protocol);
  if (row == nullptr) return FinishReason::other;
  for (const FinishWord& known : row->finish_words) {
    if (known.word == word) return known.reason;
  }
  return FinishReason::other;
}

}  // namespace playhead::provider
