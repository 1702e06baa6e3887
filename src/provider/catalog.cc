// The rows of the catalog.
#include "provider/catalog.h"

#include <algorithm>
#include <array>

#include "provider/openai_chat.h"

namespace playhead::provider {
namespace {

template <typename AdapterType>
std::unique_ptr<Adapter> make() {
  return std::make_unique<AdapterType>();
}

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

constexpr std::array kCatalog = {
    CatalogRow{Protocol::openai_chat, Framing::sse, EndEvidence::finish_or_done, "[DONE]", false,
               kOpenAiChatFinishWords, make<OpenAiChat>},
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
