// The protocols a provider may speak: public names.
#ifndef PLAYHEAD_MODEL_PROTOCOL_H_
#define PLAYHEAD_MODEL_PROTOCOL_H_

#include <cstdint>

#include "base/name_table.h"

namespace playhead {

enum class Protocol : std::uint8_t {
  openai_chat,
  openai_responses,
  anthropic_messages,
  gemini,
  bedrock_converse,
  bedrock_invoke,
  ollama,
  mistral,
  cohere,
  openai_completions,
};

inline constexpr NameTable<Protocol, 10> kProtocols = {{
    {Protocol::openai_chat, "openai-chat", "OpenAI chat completions and all who imitate them"},
    {Protocol::openai_responses, "openai-responses", "OpenAI Responses"},
    {Protocol::anthropic_messages, "anthropic-messages", "Anthropic Messages"},
    {Protocol::gemini, "gemini", "Gemini generateContent"},
    {Protocol::bedrock_converse, "bedrock-converse", "AWS Bedrock ConverseStream"},
    {Protocol::bedrock_invoke, "bedrock-invoke", "AWS Bedrock InvokeModelWithResponseStream"},
    {Protocol::ollama, "ollama", "Ollama chat and generate"},
    {Protocol::mistral, "mistral", "Mistral chat completions"},
    {Protocol::cohere, "cohere", "Cohere chat, versions 1 and 2"},
    {Protocol::openai_completions, "openai-completions", "OpenAI legacy completions"},
}};
static_assert(covers_enum(kProtocols, Protocol::openai_completions));

constexpr std::string_view name_of(Protocol protocol) { return name_in(kProtocols, protocol); }
constexpr std::optional<Protocol> protocol_named(std::string_view name) {
  return find_in(kProtocols, name);
}

}  // namespace playhead

#endif  // PLAYHEAD_MODEL_PROTOCOL_H_
