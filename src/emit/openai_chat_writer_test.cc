// The bytes of SPEC 9.1, exactly.
#include "emit/openai_chat_writer.h"

#include <gtest/gtest.h>

#include <string>

namespace playhead::emit {
namespace {

const std::string kHead =
    R"(data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,)"
    R"("model":"m","choices":[{"index":0,"delta":)";
const std::string kTail = ",\"finish_reason\":null}]}\n\n";

OpenAiChatWriter writer(std::string reasoning_field = "") {
  return OpenAiChatWriter({"chatcmpl-1", "m", 1'700'000'000, std::move(reasoning_field)});
}

const ToolRecord kCall{"call_1", "read_file", "{}", 1};

std::string finished(const TurnEnd& end) {
  std::string out;
  writer().finish(end, out);
  return out;
}

TEST(OpenAiChatWriter, BeginsWithTheRole) {
  std::string out;
  writer().begin(out);
  EXPECT_EQ(out, kHead + R"({"role":"assistant","content":""})" + kTail);
}

TEST(OpenAiChatWriter, WritesAContentChunkForText) {
  std::string out;
  writer().text("a\n\"\xC3\xA9", out);
  EXPECT_EQ(out, kHead + R"({"content":"a\n\")" "\xC3\xA9" R"("})" + kTail);
}

TEST(OpenAiChatWriter, EscapesWhatTheEnvelopeNeeds) {
  std::string out;
  OpenAiChatWriter({"\"1\"", "a\\b", 0, ""}).text("x", out);
  EXPECT_EQ(out,
            R"(data: {"id":"\"1\"","object":"chat.completion.chunk","created":0,"model":"a\\b",)"
            R"("choices":[{"index":0,"delta":{"content":"x"},"finish_reason":null}]})"
            "\n\n");
}

TEST(OpenAiChatWriter, WritesReasoningOnlyUnderTheFieldThatIsNamed) {
  std::string out;
  writer().reasoning("hm", out);
  EXPECT_EQ(out, "");
  writer("reasoning_content").reasoning("hm", out);
  EXPECT_EQ(out, kHead + R"({"reasoning_content":"hm"})" + kTail);
}

TEST(OpenAiChatWriter, WritesToolProgressAsNamedEvents) {
  std::string out;
  writer().tool_running(kCall, out);
  writer().tool_completed(kCall, "the result", out);
  EXPECT_EQ(out,
            "event: tool.progress\n"
            R"(data: {"tool":"read_file","tool_call_id":"call_1","status":"running"})"
            "\n\nevent: tool.progress\n"
            R"(data: {"tool":"read_file","tool_call_id":"call_1","status":"completed"})"
            "\n\n");
}

TEST(OpenAiChatWriter, WritesANoticeAsANamedEvent) {
  std::string out;
  writer().notice("a\nb", out);
  EXPECT_EQ(out, "event: playhead.notice\ndata: {\"message\":\"a\\nb\"}\n\n");
}

TEST(OpenAiChatWriter, CompletedEndsWithStopUsageAndDone) {
  const std::optional<TurnError> none;
  EXPECT_EQ(finished({true, false, false, "stop", &none, {.input_tokens = 5, .output_tokens = 3}}),
            kHead + R"({},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,)"
                    R"("completion_tokens":3,"total_tokens":8}})"
                    "\n\ndata: [DONE]\n\n");
}

TEST(OpenAiChatWriter, TotalTokensAreTheProvidersWhereItNamedThem) {
  const std::optional<TurnError> none;
  const std::string out =
      finished({true, false, false, "stop", &none,
                {.input_tokens = 5, .output_tokens = 3, .total_tokens = 9}});
  EXPECT_NE(out.find(R"("total_tokens":9})"), std::string::npos) << out;
}

TEST(OpenAiChatWriter, PartialEndsWithLengthAndTheExtension) {
  const std::optional<TurnError> error = TurnError{"still_truncated", "cut \"off\""};
  EXPECT_EQ(finished({false, true, false, "length", &error, {}}),
            kHead + R"({},"finish_reason":"length"}],"usage":{"prompt_tokens":0,)"
                    R"("completion_tokens":0,"total_tokens":0},"playhead":{"completed":false,)"
                    R"("partial":true,"failed":false,"error":"cut \"off\"",)"
                    R"("error_code":"output_truncated"}})"
                    "\n\ndata: [DONE]\n\n");
}

TEST(OpenAiChatWriter, FailedEndsWithErrorAndTheExtension) {
  const std::optional<TurnError> error = TurnError{"http_503", "overloaded"};
  EXPECT_EQ(finished({false, false, true, "error", &error, {}}),
            kHead + R"({},"finish_reason":"error"}],"usage":{"prompt_tokens":0,)"
                    R"("completion_tokens":0,"total_tokens":0},)"
                    R"("error":{"message":"overloaded","type":"http_503"},)"
                    R"("playhead":{"completed":false,"partial":false,"failed":true,)"
                    R"("error":"overloaded","error_code":"http_503"}})"
                    "\n\ndata: [DONE]\n\n");
}

// What writes after the finish; each must be caught.
using Write = void (*)(OpenAiChatWriter& writer, std::string& out);

TEST(OpenAiChatWriterDeathTest, WritingAfterTheFinishIsABug) {
  const std::optional<TurnError> none;
  const TurnEnd end{true, false, false, "stop", &none, {}};
  const Write writes[] = {
      [](OpenAiChatWriter& w, std::string& out) { w.begin(out); },
      [](OpenAiChatWriter& w, std::string& out) { w.text("x", out); },
      [](OpenAiChatWriter& w, std::string& out) { w.reasoning("x", out); },
      [](OpenAiChatWriter& w, std::string& out) { w.tool_running(kCall, out); },
      [](OpenAiChatWriter& w, std::string& out) { w.tool_completed(kCall, "ok", out); },
      [](OpenAiChatWriter& w, std::string& out) { w.notice("x", out); },
      [](OpenAiChatWriter& w, std::string& out) {
        const std::optional<TurnError> no_error;
        w.finish({true, false, false, "stop", &no_error, {}}, out);
      },
  };
  for (const Write write : writes) {
    OpenAiChatWriter ended = writer("reasoning_content");
    std::string out;
    ended.finish(end, out);
    EXPECT_DEATH(write(ended, out), "check failed: !finished_");
  }
}

}  // namespace
}  // namespace playhead::emit
