// OpenAI chat: what each form of WIRE 2 and each deviation of WIRE 3 means, one row each.
#include "provider/openai_chat.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/testing.h"
#include "model/completion.h"
#include "provider/testing.h"

namespace playhead::provider {
namespace {

using Lines = DeltaLines;

Lines translate(std::string_view data, FrameKind kind = FrameKind::event,
                std::string_view event = {}) {
  OpenAiChat adapter;
  return translate_in(adapter, data, kind, event);
}

std::string with_delta(std::string_view members) {
  return R"({"choices":[{"index":0,"delta":{)" + std::string(members) + "}}]}";
}

struct Row {
  std::string law;
  std::string data;
  Lines deltas;
};

void expect_rows(const std::vector<Row>& rows) {
  for (const Row& row : rows) EXPECT_EQ(translate(row.data), row.deltas) << row.law;
}

void expect_delta_rows(const std::vector<Row>& rows) {
  for (const Row& row : rows) EXPECT_EQ(translate(with_delta(row.data)), row.deltas) << row.law;
}

TEST(OpenAiChat, ReadsAPlainChunk) {
  expect_rows({
      {"text",
       R"({"id":"c1","object":"chat.completion.chunk","model":"m","choices":[{"index":0,
          "delta":{"role":"assistant","content":"Hi"},"logprobs":null,"finish_reason":null}]})",
       {"start c1/m", "text Hi"}},
      {"finish",
       R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})",
       {"finish stop=stop"}},
      {"usage",
       R"({"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,
          "total_tokens":5}})",
       {"usage 3 2 - - 5"}},
      {"end mark", "[DONE]", {"done"}},
      {"end mark with more", "[DONE] trailing", {"done"}},
  });
}

TEST(OpenAiChat, NamesIdAndModelOnce) {
  OpenAiChat adapter;
  EXPECT_EQ(translate_in(adapter, R"({"id":"","model":"","choices":[]})"), Lines{});
  EXPECT_EQ(translate_in(adapter, R"({"id":"a","choices":[]})"), Lines{"start a/"});
  EXPECT_EQ(translate_in(adapter, R"({"id":"a","model":"m"})"), Lines{"start a/m"});
  EXPECT_EQ(translate_in(adapter, R"({"id":"a","model":"m"})"), Lines{});
  EXPECT_EQ(translate_in(adapter, R"({"id":"a","model":"n"})"), Lines{"start a/n"});
}

TEST(OpenAiChat, TakesChoicesByIndex) {
  expect_rows({
      {"order",
       R"({"choices":[{"index":1,"delta":{"content":"b"}},{"index":0,
          "delta":{"content":"a"}}]})",
       {"1: text b", "text a"}},
      {"index behind the delta",
       R"({"choices":[{"delta":{"content":"b"},"index":2}]})",
       {"2: text b"}},
      {"missing",
       R"({"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]})",
       {"text a", "finish stop=stop"}},
      {"odd, kept", R"({"choices":[{"index":-3,"delta":{"content":"a"}}]})", {"-3: text a"}},
      {"huge",
       R"({"choices":[{"index":99999999999999999999,"delta":{"content":"a"}}]})",
       {"2147483647: text a"}},
  });
}

TEST(OpenAiChat, AcceptsWhatIsMissingOrNull) {
  expect_rows({
      {"no choices", R"({"id":"a"})", {"start a/"}},
      {"choices null", R"({"choices":null,"usage":null})", {}},
      {"choice null", R"({"choices":[null]})", {}},
      {"delta null", R"({"choices":[{"index":0,"delta":null}]})", {}},
      {"Azure's first chunk",
       R"({"id":"","model":"","created":0,"choices":[],
          "prompt_filter_results":[{"prompt_index":0}]})",
       {}},
      {"Azure's filter chunk",
       R"({"choices":[{"index":0,"content_filter_results":{},
          "content_filter_offsets":{},"finish_reason":null}]})",
       {}},
      {"SGLang's nulls",
       with_delta(R"("role":null,"content":null,"tool_calls":null,
          "reasoning_content":null,"function_call":null,"refusal":null)"),
       {}},
      {"empty texts", with_delta(R"("role":"","content":"","reasoning":"","refusal":"")"), {}},
      {"unknown members", R"({"obfuscation":"x","provider":"p","timings":{},"cost":1})", {}},
  });
}

TEST(OpenAiChat, ReadsReasoningFieldsInOrder) {
  expect_delta_rows({
      {"first", R"("reasoning":"b","reasoning_content":"a")", {"reasoning a"}},
      {"second", R"("reasoning_content":"","reasoning":"b")", {"reasoning b"}},
      {"details",
       R"("reasoning":null,"reasoning_details":[{"type":"reasoning.summary",
          "summary":"s","index":0},{"type":"reasoning.text","text":"t","index":1},
          {"type":"reasoning.encrypted","data":"x"}])",
       {"reasoning 0 s", "reasoning 1 t"}},
      {"details repeat", R"("reasoning":"a","reasoning_details":[{"text":"a"}])", {"reasoning a"}},
      {"thinking", R"("thinking":"t")", {"reasoning t"}},
      {"before text", R"("content":"c","reasoning":"r")", {"reasoning r", "text c"}},
  });
}

TEST(OpenAiChat, ReadsContentParts) {
  expect_delta_rows({
      {"Mistral",
       R"("content":[{"type":"thinking","thinking":[{"type":"text","text":"t"}]},
          {"type":"text","text":"a"},{"type":"reference","reference_ids":[1]},"b",null])",
       {"reasoning t", "text a", "text b"}},
      {"thinking as text", R"("content":[{"type":"thinking","thinking":"t"}])", {"reasoning t"}},
      {"not twice",
       R"("reasoning":"r","content":[{"type":"thinking","thinking":"t"}])",
       {"reasoning r"}},
      {"refusal",
       R"("content":[{"type":"refusal","refusal":"no"}],"refusal":"No")",
       {"refusal no", "refusal No"}},
      {"image", R"("content":[{"type":"image_url","image_url":{"url":"x"}}])", {}},
  });
}

TEST(OpenAiChat, ReadsToolCallPieces) {
  expect_delta_rows({
      {"head",
       R"("tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f",
          "arguments":""}}])",
       {"call 0 #a f ()"}},
      {"piece",
       R"("tool_calls":[{"index":1,"function":{"arguments":"{\"x\""}}])",
       {"call 1 ({\"x\")"}},
      {"two",
       R"("tool_calls":[{"index":0,"id":"a"},{"index":1,"id":"b"}])",
       {"call 0 #a", "call 1 #b"}},
      {"nulls",
       R"("tool_calls":[{"index":2,"id":null,"type":null,"function":{"name":null,
          "arguments":null}}])",
       {"call 2"}},
      {"empty names",
       R"("tool_calls":[{"index":0,"id":"","function":{"name":"",
          "arguments":"1"}}])",
       {"call 0 (1)"}},
      {"index in the function",
       R"("tool_calls":[{"function":{"index":3,"name":"f"}}])",
       {"call 3 f"}},
      {"arguments behind",
       R"("tool_calls":[{"function":{"arguments":"{}","name":"f"},"id":"a",
          "index":-1}])",
       {"call -1 #a f ({})"}},
      {"an object",
       R"("tool_calls":[{"index":0,"function":{"name":"f",
          "arguments":{"a": [1, 2]}}}])",
       {"!tool_arguments_not_text", "call 0 f json({\"a\":[1,2]})"}},
      {"custom",
       R"("tool_calls":[{"index":0,"id":"a","type":"custom","custom":{"name":"f",
          "input":"raw"}}])",
       {"call 0 #a f free (raw)"}},
      {"null and extra",
       R"("tool_calls":[null,{"index":0,"extra_content":{"google":{}}}])",
       {"call 0"}},
      {"legacy", R"("function_call":{"name":"f","arguments":"{"})", {"call 0 f ({)"}},
      {"legacy null", R"("function_call":null)", {}},
  });
}

TEST(OpenAiChat, NotesAMissingToolIndexOnce) {
  OpenAiChat adapter;
  const std::string piece = with_delta(R"("tool_calls":[{"index":null,"id":"a"}])");
  EXPECT_EQ(translate_in(adapter, piece), (Lines{"!tool_index_missing", "call - #a"}));
  EXPECT_EQ(translate_in(adapter, piece), Lines{"call - #a"});
}

TEST(OpenAiChat, ReadsFinishWords) {
  const auto finish = [](std::string_view word) {
    return translate(R"({"choices":[{"delta":{},"finish_reason":)" + std::string(word) + "}]}");
  };
  EXPECT_EQ(finish(R"("length")"), Lines{"finish length=length"});
  EXPECT_EQ(finish(R"("STOP")"), Lines{"finish STOP=stop"});
  EXPECT_EQ(finish(R"("eos")"), Lines{"finish eos=stop"});
  EXPECT_EQ(finish(R"("function_call")"), Lines{"finish function_call=tool_calls"});
  EXPECT_EQ(finish(R"("sensitive")"), Lines{"finish sensitive=content_filter"});
  EXPECT_EQ(finish(R"("network_error")"), Lines{"finish network_error=error"});
  EXPECT_EQ(finish(R"("abort")"), Lines{"finish abort=other"});
  EXPECT_EQ(finish(R"("")"), Lines{});
  EXPECT_EQ(finish("null"), Lines{});
  EXPECT_EQ(finish("7"), (Lines{"!wrong_type choices[].finish_reason", "finish 7=other"}));
}

TEST(OpenAiChat, ReadsUsageWhereverItStands) {
  expect_rows({
      {"in the choice",
       R"({"choices":[{"index":0,"delta":{},"usage":{"prompt_tokens":1}}]})",
       {"usage 1 - - - -"}},
      {"Groq",
       R"({"x_groq":{"id":"r","usage":{"prompt_tokens":1,"completion_tokens":2}}})",
       {"usage 1 2 - - -"}},
      {"details",
       R"({"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,
          "prompt_tokens_details":{"cached_tokens":4,"audio_tokens":0},
          "completion_tokens_details":{"reasoning_tokens":3}}})",
       {"usage 10 5 3 4 15"}},
      {"xAI counts reasoning apart",
       R"({"usage":{"prompt_tokens":10,"completion_tokens":5,
          "total_tokens":18,"completion_tokens_details":{"reasoning_tokens":3}}})",
       {"usage 10 8 3 - 18"}},
      {"DeepSeek",
       R"({"usage":{"prompt_tokens":9,"prompt_cache_hit_tokens":8}})",
       {"usage 9 - - 8 -"}},
      {"Mistral", R"({"usage":{"prompt_tokens":9,"num_cached_tokens":7}})", {"usage 9 - - 7 -"}},
      {"Kimi", R"({"usage":{"prompt_tokens":9,"cached_tokens":6}})", {"usage 9 - - 6 -"}},
      {"the details win",
       R"({"usage":{"prompt_tokens":9,"cached_tokens":6,
          "prompt_tokens_details":{"cached_tokens":0}}})",
       {"usage 9 - - 0 -"}},
      {"details null",
       R"({"usage":{"prompt_tokens":9,"prompt_tokens_details":null,
          "reasoning_tokens":2}})",
       {"usage 9 - 2 - -"}},
      {"a zero counts",
       R"({"usage":{"prompt_tokens":9,"completion_tokens":0}})",
       {"usage 9 0 - - -"}},
      {"all zero is nothing", R"({"usage":{"prompt_tokens":0,"completion_tokens":0}})", {}},
      {"wrong types",
       R"({"usage":{"prompt_tokens":"9","completion_tokens":1}})",
       {"!wrong_type usage.prompt_tokens", "usage - 1 - - -"}},
      {"no object", R"({"usage":7})", {"!wrong_type usage"}},
  });
}

TEST(OpenAiChat, ReadsErrors) {
  expect_rows({
      {"object",
       R"({"error":{"message":"m","type":"t","code":"c","param":null}})",
       {"error [c] [t] m"}},
      {"numeric code", R"({"error":{"message":"m","code":502}})", {"error [502] [] m"}},
      {"text", R"({"error":"m"})", {"error [] [] m"}},
      {"xAI", R"({"code":"c","error":"m"})", {"error [c] [] m"}},
      {"status",
       R"({"error":{"message":"m","code":429,"status":"RESOURCE_EXHAUSTED"}})",
       {"error [429] [RESOURCE_EXHAUSTED] m"}},
      {"OpenRouter",
       R"({"id":"g","error":{"code":502,"message":"m","metadata":{
          "error_type":"e"}},"choices":[{"index":0,"delta":{"content":"a"},
          "finish_reason":"error"}]})",
       {"start g/", "text a", "finish error=error", "error [502] [e] m"}},
      {"in the choice",
       R"({"choices":[{"index":1,"error":{"message":"m"}}]})",
       {"1: error [] [] m"}},
      {"Groq", R"({"x_groq":{"error":"m"}})", {"error [] [] m"}},
      {"an error object as the whole",
       R"({"object":"error","message":"m","type":"t","code":400})",
       {"error [400] [t] m"}},
      {"a flag", R"({"error":true,"message":"m"})", {"error [] [] m"}},
      {"none", R"({"error":null,"choices":[]})", {}},
      {"none, empty", R"({"error":{}})", {}},
  });
  EXPECT_EQ(translate(R"({"message":"m"})", FrameKind::event, "error"), Lines{"error [] [] m"});
  EXPECT_EQ(translate(R"({"error":{"message":"m"}})", FrameKind::event, "error"),
            Lines{"error [] [] m"});
  EXPECT_EQ(translate(R"("m")", FrameKind::event, "error"), Lines{"error [] [] m"});
  EXPECT_EQ(translate("overloaded", FrameKind::event, "error"), Lines{"error [] [] overloaded"});
  EXPECT_EQ(translate(R"({"code":500,"message":"m"})", FrameKind::line, "error"),
            Lines{"error [500] [] m"});
}

TEST(OpenAiChat, ReadsUnframedDocuments) {
  const auto line = [](std::string_view data) { return translate(data, FrameKind::line); };
  EXPECT_EQ(line(R"({"error":{"message":"m"}})"), (Lines{"!unframed_json", "error [] [] m"}));
  EXPECT_EQ(line(R"([{"error":{"message":"m"}}])"), (Lines{"!unframed_json", "error [] [] m"}));
  EXPECT_EQ(line(R"({"detail":"m"})"), (Lines{"!unframed_json", "error [] [] m"}));
  EXPECT_EQ(line("{bad}"), (Lines{"!unframed_json", "!bad_json {bad}"}));
  EXPECT_EQ(line(R"({"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,
      "message":{"role":"assistant","content":"a","reasoning_content":"r","tool_calls":[
      {"id":"x","type":"function","function":{"name":"f","arguments":"{}"}},
      {"id":"y","type":"function","function":{"name":"g","arguments":"{}"}}]},
      "finish_reason":"tool_calls"}],"usage":{"prompt_tokens":1,"completion_tokens":2}})"),
            (Lines{"!not_a_stream", "start c/m", "reasoning r", "text a", "call 0 #x f ({})",
                   "call 1 #y g ({})", "finish tool_calls=tool_calls", "usage 1 2 - - -"}));
}

TEST(OpenAiChat, ReadsMessageAndTextOnlyWithoutDeltas) {
  OpenAiChat adapter;
  const std::string message = R"({"choices":[{"message":{"content":"m"},"text":"t"}]})";
  EXPECT_EQ(translate_in(adapter, message), Lines{"text m"});
  EXPECT_EQ(translate_in(adapter, R"({"choices":[{"text":"t"}]})"), Lines{"text t"});
  EXPECT_EQ(translate_in(adapter, with_delta(R"("content":"d")")), Lines{"text d"});
  EXPECT_EQ(translate_in(adapter, message), Lines{});
  EXPECT_EQ(translate(R"({"choices":[{"delta":{"content":"d"},"message":{"content":"m"}}]})"),
            Lines{"text d"});
}

TEST(OpenAiChat, NotesWhatIsNoPayload) {
  expect_rows({
      {"empty", "", {"!empty_data"}},
      {"blank", " ", {"!empty_data"}},
      {"no JSON", "{\"a\":", {"!bad_json {\"a\":"}},
      {"long",
       std::string(99, 'x') + "\xC3\xA9\xC3\xA9",
       {"!bad_json " + std::string(99, 'x') + "..."}},
      {"no object", "7", {"!wrong_type data"}},
  });
  EXPECT_EQ(translate("ping", FrameKind::comment), Lines{});
  EXPECT_EQ(translate(R"({"type":"ping"})", FrameKind::event, "ping"),
            Lines{"!unknown_event ping"});
  EXPECT_EQ(translate(R"({"choices":[]})", FrameKind::event, "ping"), Lines{});
  EXPECT_EQ(translate(R"({"type":"ping"})"), Lines{});
}

TEST(OpenAiChat, NotesWrongTypesAndKeepsTheRest) {
  expect_rows({
      {"id", R"({"id":7,"model":"m"})", {"!wrong_type id", "start /m"}},
      {"choices", R"({"choices":{}})", {"!wrong_type choices"}},
      {"choice", R"({"choices":["x"]})", {"!wrong_type choices[]"}},
      {"index",
       R"({"choices":[{"index":"1","delta":{"content":"a"}}]})",
       {"!wrong_type choices[].index", "text a"}},
      {"delta",
       R"({"choices":[{"delta":"x","finish_reason":"stop"}]})",
       {"!wrong_type choices[].delta", "finish stop=stop"}},
      {"content",
       with_delta(R"("content":7,"reasoning":true,"refusal":[])"),
       {"!wrong_type reasoning", "!wrong_type content", "!wrong_type refusal"}},
      {"calls",
       with_delta(R"("tool_calls":{},"function_call":"f")"),
       {"!wrong_type tool_calls", "!wrong_type tool_calls[].function"}},
      {"call",
       with_delta(R"("tool_calls":[7,{"index":"0","id":5,"function":"f"}])"),
       {"!wrong_type tool_calls[]", "!wrong_type tool_calls[].index", "!wrong_type tool_calls[].id",
        "!wrong_type tool_calls[].function", "!tool_index_missing", "call -"}},
  });
}

TEST(OpenAiChat, KeepsHalvesOfCharacters) {
  EXPECT_EQ(translate(with_delta(R"("content":"\ud83d")")),
            (Lines{"!lone_surrogate", "text \xED\xA0\xBD"}));
  EXPECT_EQ(translate(with_delta("\"content\":\"a\xFF\"")),
            (Lines{"!bad_utf8", "text a\xEF\xBF\xBD"}));
}

TEST(OpenAiChat, AllocatesNothingOnceWarm) {
  const std::string text =
      R"({"id":"chatcmpl-a-long-identifier","model":"a-model-of-a-long-name",)"
      R"("choices":[{"index":0,)"
      R"("delta":{"content":"hello","tool_calls":[{"index":0,"id":"a","function":{"name":"f",)"
      R"("arguments":"{\"a"}}]},"finish_reason":null}],"usage":{"prompt_tokens":1}})";
  OpenAiChat adapter;
  Frame frame;
  frame.data = text;
  std::vector<Delta> deltas;
  const auto run = [&] {
    deltas.clear();
    adapter.translate(frame, deltas);
  };
  run();
  run();
  const std::size_t before = allocations();
  run();
  EXPECT_EQ(allocations(), before);
  EXPECT_EQ(deltas.size(), 3U);
}

}  // namespace
}  // namespace playhead::provider
