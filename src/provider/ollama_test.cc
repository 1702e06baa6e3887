// Ollama: what each form of WIRE 8 means, one row each.
#include "provider/ollama.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "provider/testing.h"

namespace playhead::provider {
namespace {

using Lines = DeltaLines;

Lines translate(const std::vector<std::string_view>& rows) {
  return read_stream<Ollama>(rows, FrameKind::line);
}

struct Row {
  std::string law;
  std::vector<std::string_view> lines;
  Lines deltas;
};

void expect_rows(const std::vector<Row>& rows) {
  for (const Row& row : rows) EXPECT_EQ(translate(row.lines), row.deltas) << row.law;
}

TEST(Ollama, ReadsChat) {
  expect_rows({
      {"the model, once",
       {R"({"model":"m","message":{"role":"assistant","content":"a"},"done":false})",
        R"({"model":"m","message":{"role":"assistant","content":"b"},"done":false})"},
       {"start /m", "text a", "text b"}},
      {"thinking before content",
       {R"({"message":{"content":"a","thinking":"t"},"done":false})"},
       {"reasoning t", "text a"}},
      {"the end",
       {R"({"message":{"content":""},"done":true,"done_reason":"stop","prompt_eval_count":3,)"
        R"("eval_count":5})"},
       {"finish stop=stop", "usage 3 5 - - -", "done"}},
      {"content in the last line",
       {R"({"message":{"content":"a"},"done":true,"done_reason":"length"})"},
       {"text a", "finish length=length", "done"}},
      {"counts may be missing, or zero",
       {R"({"message":{},"done":true,"done_reason":"stop","eval_count":5})",
        R"({"message":{},"done":true,"eval_count":0})"},
       {"finish stop=stop", "usage - 5 - - -", "done", "done"}},
      {"a model that was loaded, and one that was unloaded",
       {R"({"message":{},"done":true,"done_reason":"load"})",
        R"({"message":{},"done":true,"done_reason":"unload"})"},
       {"finish load=other", "done", "finish unload=other", "done"}},
      {"no reason", {R"({"message":{},"done":true,"done_reason":""})"}, {"done"}},
  });
}

TEST(Ollama, ReadsGenerate) {
  expect_rows({
      {"a piece", {R"({"response":"a","done":false})"}, {"text a"}},
      {"thinking", {R"({"response":"","thinking":"t","done":false})"}, {"reasoning t"}},
      {"the end",
       {R"({"response":"","done":true,"done_reason":"stop","context":[1,2]})"},
       {"finish stop=stop", "done"}},
  });
}

TEST(Ollama, ReadsToolCalls) {
  expect_rows({
      {"whole, with an object",
       {R"({"message":{"tool_calls":[{"id":"c","function":{"index":2,"name":"f",)"
        R"("arguments":{"a":1}}}]}})"},
       {R"(call 2 #c f json({"a":1}))"}},
      {"without ids and indexes each is a call of its own",
       {R"({"message":{"tool_calls":[{"function":{"name":"f","arguments":{"a":1}}},)"
        R"({"function":{"name":"f","arguments":{"a":2}}}]}})",
        R"({"message":{"tool_calls":[{"function":{"index":2,"name":"f","arguments":{}}}]}})"},
       {R"(call 0 f json({"a":1}))", R"(call 1 f json({"a":2}))", "call 2 f json({})"}},
      {"an index used again",
       {R"({"message":{"tool_calls":[{"function":{"index":0,"name":"f"}}]}})",
        R"({"message":{"tool_calls":[{"function":{"index":0,"name":"f"}}]}})"},
       {"call 0 f", "!tool_index_reused index 0", "call 1 f"}},
      {"content may follow",
       {R"({"message":{"content":"a","tool_calls":[{"function":{"name":"f"}}]}})",
        R"({"message":{"content":"b"}})"},
       {"text a", "call 0 f", "text b"}},
      {"arguments that are no object",
       {R"({"message":{"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}})"},
       {"!wrong_type message.tool_calls[].function.arguments", "call 0 f json({})"}},
      {"no calls", {R"({"message":{"tool_calls":null}})", R"({"message":{"tool_calls":[]}})"}, {}},
  });
}

TEST(Ollama, ReadsErrors) {
  expect_rows({
      {"a text", {R"({"error":"boom"})"}, {"error [] [] boom"}},
      {"with more beside it",
       {R"({"error":"sign in","signin_url":"https://example.com"})"},
       {"error [] [] sign in"}},
      {"an object", {R"({"error":{"message":"m","code":"c","type":"t"}})"}, {"error [c] [t] m"}},
      {"none", {R"({"error":null})", R"({"error":""})"}, {}},
  });
}

TEST(Ollama, NotesWhatIsOdd) {
  expect_rows({
      {"no JSON", {"not json"}, {"!bad_json not json"}},
      {"nothing", {" "}, {"!empty_data"}},
      {"no object", {"[]"}, {"!wrong_type line"}},
      {"a line of another kind",
       {R"({"status":"pulling"})"},
       {R"(!unknown_event {"status":"pulling"})"}},
      {"wrong types",
       {R"({"model":1,"message":"a","done":"yes"})"},
       {"!wrong_type model", "!wrong_type message", "!wrong_type done"}},
      {"wrong types in a message",
       {R"({"message":{"content":1,"thinking":2,"tool_calls":{}}})"},
       {"!wrong_type message.thinking", "!wrong_type message.content",
        "!wrong_type message.tool_calls"}},
      {"wrong types in a call",
       {R"({"message":{"tool_calls":[1,{"function":{"index":"0","name":1}},{}]}})"},
       {"!wrong_type message.tool_calls[]", "!wrong_type message.tool_calls[].function.name",
        "!wrong_type message.tool_calls[].function.index", "call 0",
        "!wrong_type message.tool_calls[].function", "call 1"}},
      {"wrong types at the end",
       {R"({"done":true,"done_reason":1,"eval_count":"5"})"},
       {"!wrong_type done_reason", "!wrong_type eval_count", "done"}},
      {"bytes that are no UTF-8", {"{\"response\":\"\xFF\"}"}, {"!bad_utf8", "text \xEF\xBF\xBD"}},
      {"half a surrogate pair",
       {"{\"response\":\"\\ud83d\"}"},
       {"!lone_surrogate", "text \xED\xA0\xBD"}},
  });
}

}  // namespace
}  // namespace playhead::provider
