// The rows of the catalog.
#include "provider/catalog.h"

#include <algorithm>
#include <array>

#include "provider/anthropic_messages.h"
#include "provider/bedrock_converse.h"
#include "provider/bedrock_invoke.h"
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

constexpr std::array kOllamaFinishWords = {
    FinishWord{"stop", FinishReason::stop},
    FinishWord{"length", FinishReason::length},
};

constexpr std::array kCatalog = {
    CatalogRow{Protocol::openai_chat, Framing::sse, std::nullopt, EndEvidence::finish_or_done,
               "[DONE]", false, kOpenAiChatFinishWords, make<OpenAiChat>},
    CatalogRow{Protocol::openai_responses, Framing::sse, std::nullopt, EndEvidence::finish_or_done,
               "response.completed", false, kResponsesFinishWords, make<OpenAiResponses>},
    CatalogRow{Protocol::anthropic_messages, Framing::sse, std::nullopt,
               EndEvidence::finish_or_done, "message_stop", true, kAnthropicFinishWords,
               make<AnthropicMessages>},
    CatalogRow{Protocol::bedrock_converse, Framing::aws_event_stream, kDocumentInstead,
               EndEvidence::finish_or_done, "metadata", true, kConverseFinishWords,
               make<BedrockConverse>},
    CatalogRow{Protocol::bedrock_invoke, Framing::aws_event_stream, kDocumentInstead,
               EndEvidence::finish, "", true, kInvokeFinishWords, make<BedrockInvoke>},
    CatalogRow{Protocol::ollama, Framing::ndjson, std::nullopt, EndEvidence::finish_or_done,
               "done:true", true, kOllamaFinishWords, make<Ollama>},
    CatalogRow{Protocol::mistral, Framing::sse, std::nullopt, EndEvidence::finish_or_done, "[DONE]",
               false, kOpenAiChatFinishWords, make<OpenAiChat>},
    CatalogRow{Protocol::openai_completions, Framing::sse, std::nullopt,
               EndEvidence::finish_or_done, "[DONE]", false, kOpenAiChatFinishWords,
               make<OpenAiChat>},
};

}  // namespace

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
