#include "provider/detect.h"

#include <gtest/gtest.h>

namespace playhead::provider {
namespace {

struct Row {
  Traces traces;
  std::optional<Protocol> wanted;
};

TEST(Detect, ReadsBodyThenPathThenContentType) {
  constexpr std::string_view kConverse(":event-type\x07\0\x0cmessageStart", 26);
  constexpr std::string_view kInvoke(
      ":event-type\x07\0\x05"
      "chunk",
      19);
  const Row rows[] = {
      {{.body = "data: {\"id\":\"x\",\"object\": \"chat.completion.chunk\"}"},
       Protocol::openai_chat},
      {{.path = "/v1/chat/completions", .body = ": keep-alive\n\n"}, Protocol::openai_chat},
      {{.path = "/v1/chat/completions", .host = "api.mistral.ai"}, Protocol::mistral},
      {{.body = "event: message_start\ndata: {\"type\": \"message_start\"}"},
       Protocol::anthropic_messages},
      {{.path = "/v1/messages"}, Protocol::anthropic_messages},
      {{.body = "event: response.created\ndata: {}"}, Protocol::openai_responses},
      {{.path = "/v1/responses"}, Protocol::openai_responses},
      {{.body = "[{\n  \"candidates\": [\n"}, Protocol::gemini},
      {{.path = "/v1beta/models/m:streamGenerateContent?alt=sse"}, Protocol::gemini},
      {{.body = kConverse}, Protocol::bedrock_converse},
      {{.body = kInvoke}, Protocol::bedrock_invoke},
      {{.path = "/model/a%3Ab/converse-stream"}, Protocol::bedrock_converse},
      {{.path = "/model/a/invoke-with-response-stream"}, Protocol::bedrock_invoke},
      {{.body = "{\"model\":\"m\",\"message\":{},\"done\":false}\n"}, Protocol::ollama},
      {{.path = "/api/chat"}, Protocol::ollama},
      {{.content_type = "application/x-ndjson"}, Protocol::ollama},
      {{.path = "/v2/chat"}, Protocol::cohere},
      {{.body = "{\"is_finished\":false,\"event_type\":\"stream-start\"}"}, Protocol::cohere},
      {{.body = "event: message-start\ndata: {\"type\":\"message-start\"}"}, Protocol::cohere},
      {{.body = "data: {\"object\":\"text_completion\"}"}, Protocol::openai_completions},
      {{.path = "/v1/completions"}, Protocol::openai_completions},
      {{.content_type = "text/event-stream", .body = "data: hello\n\n"}, std::nullopt},
      {{}, std::nullopt},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(detect(row.traces), row.wanted) << row.traces.path << " " << row.traces.body;
  }
}

// Gateways answer one protocol under the path of another.
TEST(Detect, BodyWinsOverPath) {
  EXPECT_EQ(detect({.path = "/v1/chat/completions", .body = "data: {\"type\":\"message_start\"}"}),
            Protocol::anthropic_messages);
}

}  // namespace
}  // namespace playhead::provider
