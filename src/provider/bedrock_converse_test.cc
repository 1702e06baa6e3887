// Bedrock ConverseStream: what each event of WIRE 7.2 means, one row each.
#include "provider/bedrock_converse.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "provider/testing.h"

namespace playhead::provider {
namespace {

using Lines = DeltaLines;

Frame message(std::string_view event, std::string_view payload) {
  Frame frame;
  frame.kind = FrameKind::message;
  frame.event = event;
  frame.data = payload;
  frame.headers = {{":event-type", event}, {":message-type", "event"}};
  return frame;
}

struct Step {
  std::string_view event;
  std::string_view payload;
};

Lines translate(const std::vector<Step>& steps) {
  std::vector<Frame> frames;
  for (const Step& step : steps) frames.push_back(message(step.event, step.payload));
  return read_frames<BedrockConverse>(frames);
}

struct Row {
  std::string law;
  std::vector<Step> steps;
  Lines deltas;
};

void expect_rows(const std::vector<Row>& rows) {
  for (const Row& row : rows) EXPECT_EQ(translate(row.steps), row.deltas) << row.law;
}

TEST(BedrockConverse, ReadsBlocks) {
  expect_rows({
      {"the start says nothing", {{"messageStart", R"({"role":"assistant","p":"ab"})"}}, {}},
      {"text needs no start",
       {{"contentBlockDelta", R"({"delta":{"text":"Hi"},"contentBlockIndex":0,"p":"a"})"}},
       {"text 0 Hi"}},
      {"an empty block, then reasoning in the next",
       {{"contentBlockDelta", R"({"delta":{"text":""},"contentBlockIndex":0})"},
        {"contentBlockStop", R"({"contentBlockIndex":0})"},
        {"contentBlockDelta",
         R"({"delta":{"reasoningContent":{"text":"Hm"}},"contentBlockIndex":1})"},
        {"contentBlockDelta",
         R"({"delta":{"reasoningContent":{"signature":"S"}},"contentBlockIndex":1})"},
        {"contentBlockStop", R"({"contentBlockIndex":1})"}},
       {"reasoning 1 Hm", "signature 1 S"}},
      {"redacted reasoning",
       {{"contentBlockDelta",
         R"({"delta":{"reasoningContent":{"redactedContent":"YQ=="}},"contentBlockIndex":1})"}},
       {}},
      {"a citation",
       {{"contentBlockDelta", R"({"delta":{"citation":{"title":"T"}},"contentBlockIndex":1})"}},
       {R"(annotation 1 {"title":"T"})"}},
      {"an image", {{"contentBlockDelta", R"({"delta":{"image":{}},"contentBlockIndex":0})"}}, {}},
      {"a piece of a kind we do not know",
       {{"contentBlockDelta", R"({"delta":{"video":{}},"contentBlockIndex":0})"}},
       {"!unknown_event video"}},
  });
}

TEST(BedrockConverse, ReadsTools) {
  const Step start = {
      "contentBlockStart",
      R"({"start":{"toolUse":{"toolUseId":"t1","name":"f"}},"contentBlockIndex":3})"};
  const Step piece = {"contentBlockDelta",
                      R"({"delta":{"toolUse":{"input":"{\"a\":"}},"contentBlockIndex":3})"};
  expect_rows({
      {"a call by its block", {start, piece}, {"call 3 #t1 f", R"(call 3 ({"a":))"}},
      {"empty pieces say nothing",
       {start,
        {"contentBlockDelta", R"({"delta":{"toolUse":{"input":""}},"contentBlockIndex":3})"}},
       {"call 3 #t1 f"}},
      {"input that is no text",
       {start,
        {"contentBlockDelta", R"({"delta":{"toolUse":{"input":{"a":1}}},"contentBlockIndex":3})"}},
       {"call 3 #t1 f", "!tool_arguments_not_text", R"(call 3 json({"a":1}))"}},
      {"a piece without a start, noted once",
       {piece, piece},
       {"!block_out_of_order index 3", R"(call 3 ({"a":))", R"(call 3 ({"a":))"}},
      {"a piece behind the stop",
       {start, {"contentBlockStop", R"({"contentBlockIndex":3})"}, piece},
       {"call 3 #t1 f", "!block_out_of_order index 3", R"(call 3 ({"a":))"}},
      {"a tool that the provider runs",
       {{"contentBlockStart",
         R"({"start":{"toolUse":{"toolUseId":"t1","name":"code","type":"server_tool_use"}},)"
         R"("contentBlockIndex":0})"},
        {"contentBlockDelta", R"({"delta":{"toolUse":{"input":"{}"}},"contentBlockIndex":0})"},
        {"contentBlockStart",
         R"({"start":{"toolResult":{"toolUseId":"t1","status":"success"}},"contentBlockIndex":1})"},
        {"contentBlockDelta", R"({"delta":{"toolResult":[{"json":{}}]},"contentBlockIndex":1})"}},
       {"provider_tool #t1 code", "provider_result #t1"}},
  });
}

TEST(BedrockConverse, EndsWithTheMetadata) {
  const Step stop = {"messageStop", R"({"stopReason":"end_turn"})"};
  const Step metadata = {
      "metadata",
      R"({"usage":{"inputTokens":5,"outputTokens":7,"totalTokens":12},"metrics":{"latencyMs":1}})"};
  expect_rows({
      {"in the usual order",
       {stop, metadata},
       {"finish end_turn=stop", "usage 5 7 - - 12", "done"}},
      {"metadata first", {metadata, stop}, {"usage 5 7 - - 12", "finish end_turn=stop", "done"}},
      {"no metadata", {stop}, {"finish end_turn=stop", "!end_mark_missing metadata"}},
      {"metadata alone ends nothing", {metadata}, {"usage 5 7 - - 12"}},
      {"cached input is counted in",
       {stop,
        {"metadata", R"({"usage":{"inputTokens":5,"outputTokens":7,"totalTokens":42,)"
                     R"("cacheReadInputTokens":10,"cacheWriteInputTokens":20}})"}},
       {"finish end_turn=stop", "usage 35 7 - 10 42", "done"}},
      {"zeros alone are no usage",
       {stop, {"metadata", R"({"usage":{"inputTokens":0,"outputTokens":0}})"}},
       {"finish end_turn=stop", "done"}},
      {"no reason", {{"messageStop", "{}"}, metadata}, {"usage 5 7 - - 12", "done"}},
      {"a block that is still open",
       {{"contentBlockDelta", R"({"delta":{"text":"a"},"contentBlockIndex":2})"}, stop, metadata},
       {"text 2 a", "!block_not_closed index 2", "finish end_turn=stop", "usage 5 7 - - 12",
        "done"}},
  });
}

TEST(BedrockConverse, KnowsTheStopReasons) {
  const std::vector<std::pair<std::string, std::string>> reasons = {
      {"end_turn", "stop"},
      {"stop_sequence", "stop"},
      {"max_tokens", "length"},
      {"model_context_window_exceeded", "length"},
      {"tool_use", "tool_calls"},
      {"guardrail_intervened", "content_filter"},
      {"content_filtered", "content_filter"},
      {"malformed_model_output", "error"},
      {"malformed_tool_use", "error"},
      {"something_new", "other"},
  };
  for (const auto& [word, reason] : reasons) {
    BedrockConverse adapter;
    const std::string payload = R"({"stopReason":")" + word + R"("})";
    EXPECT_EQ(translate_in(adapter, message("messageStop", payload)),
              Lines{"finish " + word + "=" + reason});
  }
}

TEST(BedrockConverse, ReadsFailures) {
  BedrockConverse adapter;
  Frame exception = message("throttlingException", R"({"message":"slow down"})");
  exception.headers = {{":exception-type", "throttlingException"}, {":message-type", "exception"}};
  EXPECT_EQ(translate_in(adapter, exception), Lines{"error [throttlingException] [] slow down"});
  exception.data = R"({"message":"m","originalStatusCode":503,"originalMessage":"o"})";
  EXPECT_EQ(translate_in(adapter, exception), Lines{"error [throttlingException] [503] m"});
  exception.data = "no JSON";
  EXPECT_EQ(translate_in(adapter, exception), Lines{"error [throttlingException] [] no JSON"});

  Frame error = message("500", "");
  error.headers = {{":error-code", "500"}, {":error-message", "broke"}, {":message-type", "error"}};
  EXPECT_EQ(translate_in(adapter, error), Lines{"error [500] [] broke"});

  Frame body;
  body.kind = FrameKind::line;
  body.data = R"({"message":"no such model"})";
  EXPECT_EQ(translate_in(adapter, body), Lines{"error [] [] no such model"});
  body.data = R"({"__type":"AccessDeniedException","Message":"no"})";
  EXPECT_EQ(translate_in(adapter, body), Lines{"error [] [AccessDeniedException] no"});
}

TEST(BedrockConverse, ReadsDocumentsThatNameTheirEvent) {
  BedrockConverse adapter;
  Frame line;
  line.kind = FrameKind::line;
  line.data = R"({"contentBlockDelta":{"delta":{"text":"a"},"contentBlockIndex":0}})";
  EXPECT_EQ(translate_in(adapter, line), Lines{"text 0 a"});
  line.data = R"({"modelStreamErrorException":{"message":"m"}})";
  EXPECT_EQ(translate_in(adapter, line), Lines{"error [modelStreamErrorException] [] m"});
}

TEST(BedrockConverse, NotesWhatIsOdd) {
  expect_rows({
      {"an event we do not know", {{"newEvent", R"({"a":1})"}}, {"!unknown_event newEvent"}},
      {"its message is no error",
       {{"newEvent", R"({"message":"a"})"}},
       {"!unknown_event newEvent"}},
      {"no JSON", {{"messageStop", "{"}}, {"!bad_json {"}},
      {"nothing", {{"messageStop", ""}}, {"!empty_data"}},
      {"no object", {{"messageStop", "[]"}}, {"!wrong_type payload"}},
      {"no index", {{"contentBlockStop", "{}"}}, {"!wrong_type contentBlockIndex"}},
      {"no delta", {{"contentBlockDelta", R"({"contentBlockIndex":0})"}}, {"!wrong_type delta"}},
      {"text that is none",
       {{"contentBlockDelta", R"({"delta":{"text":1},"contentBlockIndex":0})"}},
       {"!wrong_type delta.text"}},
      {"a start that is none",
       {{"contentBlockStart", R"({"start":1,"contentBlockIndex":0})"}},
       {"!wrong_type start"}},
      {"a tool that is none",
       {{"contentBlockStart", R"({"start":{"toolUse":1},"contentBlockIndex":0})"}},
       {"!wrong_type start.toolUse", "call 0"}},
      {"usage that is none", {{"metadata", R"({"usage":[]})"}}, {"!wrong_type usage"}},
      {"bytes that are no UTF-8",
       {{"contentBlockDelta", "{\"delta\":{\"text\":\"\xFF\"},\"contentBlockIndex\":0}"}},
       {"!bad_utf8", "text 0 \xEF\xBF\xBD"}},
  });
  BedrockConverse adapter;
  Frame comment;
  comment.kind = FrameKind::comment;
  EXPECT_EQ(translate_in(adapter, comment), Lines{});
}

}  // namespace
}  // namespace playhead::provider
