// Bedrock InvokeModel streams: each provider's payloads, one row each.
#include "provider/bedrock_invoke.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "provider/testing.h"

namespace playhead::provider {
namespace {

using Lines = DeltaLines;

Frame chunk(std::string_view data) {
  Frame frame = frame_of(data, FrameKind::message, "chunk");
  frame.headers = {{":event-type", "chunk"}, {":message-type", "event"}};
  return frame;
}

Lines translate_raw(BedrockInvoke& adapter, std::string_view data) {
  return translate_in(adapter, chunk(data));
}

Lines translate(const std::vector<std::string_view>& payloads) {
  std::vector<std::string> envelopes;
  for (const std::string_view payload : payloads) {
    envelopes.push_back(R"({"bytes":")" + base64(payload) + R"(","p":"abc"})");
  }
  std::vector<Frame> frames;
  for (const std::string& envelope : envelopes) frames.push_back(chunk(envelope));
  return read_frames<BedrockInvoke>(frames);
}

struct Row {
  std::string law;
  std::vector<std::string_view> payloads;
  Lines deltas;
};

void expect_rows(const std::vector<Row>& rows) {
  for (const Row& row : rows) EXPECT_EQ(translate(row.payloads), row.deltas) << row.law;
}

TEST(BedrockInvoke, ReadsPlainPayloads) {
  expect_rows({
      {"Llama",
       {R"({"generation":"Hi","prompt_token_count":10,"generation_token_count":1,)"
        R"("stop_reason":null})",
        R"({"generation":"","prompt_token_count":null,"generation_token_count":2,)"
        R"("stop_reason":"length"})"},
       {"text Hi", "usage 10 1 - - -", "finish length=length", "usage - 2 - - -"}},
      {"Titan",
       {R"({"outputText":"Hi","index":0.0,"totalOutputTextTokenCount":2,)"
        R"("completionReason":"FINISH",)"
        R"("inputTextTokenCount":5})"},
       {"text Hi", "finish FINISH=stop", "usage 5 2 - - -"}},
      {"Titan, replaced by a guardrail",
       {R"({"outputText":"No","index":0.0,"totalOutputTextTokenCount":3.0,)"
        R"("inputTextTokenCount":6.0,)"
        R"("amazon-bedrock-guardrailAction":"INTERVENED"})"},
       {"text No", "finish INTERVENED=content_filter", "usage 6 3 - - -"}},
      {"Titan, changed by a guardrail, in the middle",
       {R"({"outputText":"a","index":0.0,"amazon-bedrock-guardrailAction":"INTERVENED"})"},
       {"text a"}},
      {"Cohere, two answers",
       {R"({"index":0,"is_finished":false,"text":" a"})",
        R"({"index":1,"is_finished":false,"text":" b"})",
        R"({"index":1,"finish_reason":"MAX_TOKENS","is_finished":true})"},
       {"text  a", "1: text  b", "1: finish MAX_TOKENS=length"}},
      {"Cohere chat",
       {R"({"event_type":"text-generation","is_finished":false,"text":"a"})",
        R"({"event_type":"tool-calls-generation","text":"plan","tool_calls":[{"name":"f",)"
        R"("parameters":{"a":1}},)"
        R"({"name":"f"}]})",
        R"({"event_type":"stream-end","is_finished":true,"finish_reason":"COMPLETE",)"
        R"("response":{"text":"a"}})"},
       {"text a", "reasoning plan", R"(call 0 f json({"a":1}))", "call 1 f",
        "finish COMPLETE=stop"}},
      {"old Claude",
       {R"({"completion":" The","stop_reason":null,"stop":null})",
        R"({"completion":"","stop_reason":"stop_sequence","stop":"\n\nHuman:"})"},
       {"text  The", "finish stop_sequence=stop"}},
      {"old Mistral",
       {R"({"outputs":[{"text":"a","stop_reason":null}]})",
        R"({"outputs":[{"text":"","stop_reason":"stop"}]})"},
       {"text a", "finish stop=stop"}},
  });
}

TEST(BedrockInvoke, HandsPayloadsToTheirAdapters) {
  expect_rows({
      {"Nova",
       {R"({"messageStart":{"role":"assistant"}})",
        R"({"contentBlockDelta":{"delta":{"text":"a"},"contentBlockIndex":0}})",
        R"({"contentBlockStop":{"contentBlockIndex":0}})",
        R"({"messageStop":{"stopReason":"end_turn"}})",
        R"({"metadata":{"usage":{"inputTokens":1,"outputTokens":2,)"
        R"("cacheReadInputTokenCount":4}}})"},
       {"text 0 a", "finish end_turn=stop", "usage 5 2 - 4 -", "done"}},
      {"Nova without its end",
       {R"({"messageStop":{"stopReason":"end_turn"}})"},
       {"finish end_turn=stop", "!end_mark_missing metadata"}},
      {"OpenAI",
       {R"({"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"a"},)"
        R"("finish_reason":null}]})",
        R"({"id":"c","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"},
       {"start c/m", "text a", "finish stop=stop"}},
      {"Mistral",
       {R"({"choices":[{"index":0,"message":{"role":"assistant","content":"a"},)"
        R"("stop_reason":null}]})",
        R"({"choices":[{"index":0,"message":{"content":"b"},"stop_reason":"length"}]})"},
       {"text a", "text b", "finish length=length"}},
      {"DeepSeek",
       {R"({"choices":[{"index":0,"text":"a","stop_reason":null}]})",
        R"({"choices":[{"index":0,"text":"","stop_reason":"stop"}]})"},
       {"text a", "finish stop=stop"}},
  });
}

TEST(BedrockInvoke, ReadsAnthropic) {
  const Lines lines = translate({
      R"({"type":"message_start","message":{"id":"m","model":"claude","content":[],)"
      R"("usage":{"input_tokens":3,"output_tokens":1}}})",
      R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})",
      R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}})",
      R"({"type":"content_block_stop","index":0})",
      R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9}})",
      R"({"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":8,)"
      R"("outputTokenCount":8}})",
  });
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines.front(), "start m/claude");
  EXPECT_EQ(lines.back(), "done");
  EXPECT_EQ(std::count_if(lines.begin(), lines.end(),
                          [](const std::string& line) {
                            return line.starts_with("text ") && line.ends_with(" a");
                          }),
            1);
  EXPECT_EQ(std::count(lines.begin(), lines.end(), "finish end_turn=stop"), 1);
  EXPECT_EQ(std::count_if(lines.begin(), lines.end(),
                          [](const std::string& line) { return line.starts_with("usage 8"); }),
            0);
}

TEST(BedrockInvoke, MetricsFillWhatTheModelDidNotSend) {
  expect_rows({
      {"all",
       {R"({"is_finished":true,"finish_reason":"COMPLETE","amazon-bedrock-invocationMetrics":)"
        R"({"inputTokenCount":40,"outputTokenCount":20,"invocationLatency":1,"firstByteLatency":1,)"
        R"("cacheReadInputTokenCount":2,"cacheWriteInputTokenCount":1}})"},
       {"finish COMPLETE=stop", "usage 43 20 - 2 -"}},
      {"some",
       {R"({"generation":"a","prompt_token_count":7})",
        R"({"generation":"","stop_reason":"stop","amazon-bedrock-invocationMetrics":)"
        R"({"inputTokenCount":40,"outputTokenCount":20}})"},
       {"text a", "usage 7 - - - -", "finish stop=stop", "usage - 20 - - -"}},
      {"none",
       {R"({"generation":"a","prompt_token_count":7,"generation_token_count":1,)"
        R"("amazon-bedrock-invocationMetrics":{"inputTokenCount":40,"outputTokenCount":20}})"},
       {"text a", "usage 7 1 - - -"}},
      {"before the end of the reply",
       {R"({"messageStop":{"stopReason":"end_turn"}})",
        R"({"metadata":{},"amazon-bedrock-invocationMetrics":{"inputTokenCount":4,)"
        R"("outputTokenCount":2}})"},
       {"finish end_turn=stop", "usage 4 2 - - -", "done"}},
      {"their name in a text means nothing",
       {R"({"generation":"amazon-bedrock-invocationMetrics"})"},
       {"text amazon-bedrock-invocationMetrics"}},
  });
}

TEST(BedrockInvoke, NotesWhatIsOdd) {
  BedrockInvoke adapter;
  EXPECT_EQ(translate_raw(adapter, "{"), Lines{"!bad_json {"});
  EXPECT_EQ(translate_raw(adapter, R"({"bytes":1})"), Lines{"!wrong_type bytes"});
  EXPECT_EQ(translate_raw(adapter, R"({"p":""})"), Lines{"!unknown_event chunk"});
  for (const std::string_view text : {"A", "AA=A", "A===", "AA\xC3\xA9", "AAAAA"}) {
    EXPECT_EQ(translate_raw(adapter, R"({"bytes":")" + std::string(text) + R"("})"),
              Lines{"!bad_json bytes: no base64"})
        << text;
  }
  EXPECT_EQ(translate_raw(adapter, R"({"bytes":""})"), Lines{"!empty_data"});
  EXPECT_EQ(translate_raw(adapter, R"({"bytes":"e30"})"), Lines{"!unknown_event {}"});
  EXPECT_EQ(translate_raw(adapter, R"({"bytes":"W10="})"), Lines{"!wrong_type payload"});
}

TEST(BedrockInvoke, ReadsEnvelopesHoweverTheyAreWritten) {
  const std::string bytes = base64(R"({"outputText":"?\u003f"})");
  const std::string escaped = "\\u0065" + bytes.substr(1);  // an escape is no base64 by itself
  ASSERT_EQ(bytes.front(), 'e');
  const std::string rows[] = {
      R"({"bytes":")" + bytes + R"("})",           R"({"bytes":")" + bytes + R"(","p":""})",
      R"({"bytes":")" + bytes + R"(","p":"aB9"})", R"({"bytes":")" + bytes + R"(","p":"a\"}"})",
      R"({"bytes":")" + bytes + R"(","q":1})",     R"({"p":"a","bytes":")" + bytes + R"("})",
      R"( { "bytes" : ")" + bytes + R"(" } )",     R"({"bytes":")" + escaped + R"("})",
  };
  for (const std::string& row : rows) {
    BedrockInvoke adapter;
    EXPECT_EQ(translate_raw(adapter, row), Lines{"text ??"}) << row;
  }
  BedrockInvoke adapter;
  for (const std::string_view end : {"", "\"", "\",", "\",\"p\":\"", "\",\"p\":\"a\""}) {
    const std::string cut = R"({"bytes":")" + bytes + std::string(end);
    const Lines lines = translate_raw(adapter, cut);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_TRUE(lines[0].starts_with("!bad_json")) << cut;
  }
}

TEST(BedrockInvoke, ReadsFailures) {
  BedrockInvoke adapter;
  Frame exception;
  exception.kind = FrameKind::message;
  exception.event = "modelTimeoutException";
  exception.data = R"({"message":"late"})";
  exception.headers = {{":exception-type", exception.event}, {":message-type", "exception"}};
  EXPECT_EQ(translate_in(adapter, exception), Lines{"error [modelTimeoutException] [] late"});
  Frame body;
  body.kind = FrameKind::line;
  body.data = R"({"message":"no such model"})";
  EXPECT_EQ(translate_in(adapter, body), Lines{"error [] [] no such model"});
}

}  // namespace
}  // namespace playhead::provider
