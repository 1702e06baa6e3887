// Three tables, read from top to bottom: the first row whose mark is found decides.
#include "provider/detect.h"

#include <array>
#include <string>

namespace playhead::provider {
namespace {

struct Mark {
  std::string_view text;
  Protocol protocol;
};

// Marks of a body, the surest first. JSON is compared without its blanks.
constexpr std::array kBodyMarks = {
    Mark{":event-type\x07", Protocol::bedrock_converse},  // binary; which of the two is seen below
    Mark{"\"type\":\"message_start\"", Protocol::anthropic_messages},
    Mark{"\"type\":\"content_block_", Protocol::anthropic_messages},
    Mark{"event:response.", Protocol::openai_responses},
    Mark{"\"type\":\"response.", Protocol::openai_responses},
    Mark{"\"object\":\"response\"", Protocol::openai_responses},
    Mark{"\"object\":\"text_completion\"", Protocol::openai_completions},
    Mark{"\"event_type\":\"", Protocol::cohere},
    Mark{"\"type\":\"message-start\"", Protocol::cohere},
    Mark{"\"candidates\":[", Protocol::gemini},
    Mark{"\"promptFeedback\":{", Protocol::gemini},
    Mark{"\"usageMetadata\":{", Protocol::gemini},
    Mark{"\"object\":\"chat.completion", Protocol::openai_chat},
    Mark{"\"choices\":[", Protocol::openai_chat},
    Mark{"\"done\":false", Protocol::ollama},
    Mark{"\"done\":true", Protocol::ollama},
    Mark{"\"type\":\"message\",\"role\":\"assistant\"", Protocol::anthropic_messages},
};

constexpr std::array kPathMarks = {
    Mark{"/chat/completions", Protocol::openai_chat},
    Mark{"/converse-stream", Protocol::bedrock_converse},
    Mark{"/invoke-with-response-stream", Protocol::bedrock_invoke},
    Mark{"streamGenerateContent", Protocol::gemini},
    Mark{"generateContent", Protocol::gemini},
    Mark{"/api/chat", Protocol::ollama},
    Mark{"/api/generate", Protocol::ollama},
    Mark{"/messages", Protocol::anthropic_messages},
    Mark{"/responses", Protocol::openai_responses},
    Mark{"/completions", Protocol::openai_completions},
    Mark{"/v1/chat", Protocol::cohere},
    Mark{"/v2/chat", Protocol::cohere},
};

constexpr std::array kContentTypeMarks = {
    Mark{"application/vnd.amazon.eventstream", Protocol::bedrock_converse},
    Mark{"application/x-ndjson", Protocol::ollama},
    Mark{"application/stream+json", Protocol::cohere},
};

// `text` without blanks, so that marks match whatever a gateway's printer makes of a payload. Texts
// in quotes lose theirs too, which no mark minds.
std::string without_blanks(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' && c != '\t' && c != '\r' && c != '\n') out.push_back(c);
  }
  return out;
}

template <typename Marks>
std::optional<Protocol> first_mark(std::string_view text, const Marks& marks) {
  for (const Mark& mark : marks) {
    if (text.find(mark.text) != std::string_view::npos) return mark.protocol;
  }
  return std::nullopt;
}

// The AWS framing carries both APIs of Bedrock; InvokeModel wraps every payload in a `chunk` event.
Protocol of_event_stream(std::string_view body) {
  constexpr std::string_view kChunkEvent(
      ":event-type\x07\0\x05"
      "chunk",
      19);
  return body.find(kChunkEvent) != std::string_view::npos ? Protocol::bedrock_invoke
                                                          : Protocol::bedrock_converse;
}

}  // namespace

std::optional<Protocol> detect(const Traces& traces) {
  const std::string_view body = traces.body.substr(0, kDetectBytesMax);
  std::optional<Protocol> found = first_mark(without_blanks(body), kBodyMarks);
  if (found == Protocol::bedrock_converse) return of_event_stream(body);
  const std::optional<Protocol> by_path = first_mark(traces.path, kPathMarks);
  if (!found) found = by_path;
  if (!found) found = first_mark(traces.content_type, kContentTypeMarks);
  const bool is_mistral = traces.host.find("mistral.ai") != std::string_view::npos;
  if (found == Protocol::openai_chat && is_mistral) return Protocol::mistral;
  return found;
}

}  // namespace playhead::provider
