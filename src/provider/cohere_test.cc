// Cohere: what each event of both versions means, one row each.
#include "provider/cohere.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "provider/testing.h"

namespace playhead::provider {
namespace {

using Lines = DeltaLines;

struct Row {
  std::string law;
  std::vector<std::string> frames;
  Lines deltas;
};

void expect_rows(const std::vector<Row>& rows, FrameKind kind = FrameKind::event) {
  for (const Row& row : rows) {
    EXPECT_EQ(read_stream<Cohere>(row.frames, kind), row.deltas) << row.law;
  }
}

// An event of version 2 for block 0.
std::string event(std::string_view type, std::string_view message) {
  return R"({"type":")" + std::string(type) + R"(","index":0,"delta":{"message":)" +
         std::string(message) + "}}";
}

std::string end_with(std::string_view delta) {
  return R"({"type":"message-end","delta":)" + std::string(delta) + "}";
}

TEST(Cohere, ReadsVersion2) {
  expect_rows({
      {"text",
       {R"({"type":"message-start","id":"i","delta":{"message":{"role":"assistant"}}})",
        event("content-start", R"({"content":{"type":"text","text":""}})"),
        event("content-delta", R"({"content":{"text":"a"}})"),
        R"({"type":"content-end","index":0})",
        end_with(R"({"finish_reason":"COMPLETE","usage":{"billed_units":{"input_tokens":1},)"
                 R"("tokens":{"input_tokens":3,"output_tokens":5},"cached_tokens":2}})"),
        "[DONE]"},
       {"start i/", "text a", "finish COMPLETE=stop", "usage 3 5 - 2 -", "done"}},
      {"thinking",
       {event("content-start", R"({"content":{"type":"thinking","thinking":"a"}})"),
        event("content-delta", R"({"content":{"thinking":"b"}})"),
        event("content-delta", R"({"content":{"text":"c"}})")},
       {"reasoning 0 a", "reasoning 0 b", "reasoning 0 c"}},
      {"a plan", {event("tool-plan-delta", R"({"tool_plan":"a"})")}, {"reasoning a"}},
      {"a call",
       {event("tool-call-start", R"({"tool_calls":{"id":"c","type":"function",)"
                                 R"("function":{"name":"f","arguments":""}}})"),
        event("tool-call-delta", R"({"tool_calls":{"function":{"arguments":"{}"}}})"),
        R"({"type":"tool-call-end","index":0})", end_with(R"({"finish_reason":"TOOL_CALL"})")},
       {"call 0 #c f ()", "call 0 ({})", "finish TOOL_CALL=tool_calls"}},
      {"citations",
       {event("citation-start", R"({"citations":{"start":1,"text":"a"}})"),
        R"({"type":"citation-end","index":0})"},
       {R"(annotation {"start":1,"text":"a"})"}},
      {"billed units where there are no tokens",
       {end_with(R"({"finish_reason":"MAX_TOKENS","usage":{"billed_units":{"input_tokens":1}}})")},
       {"finish MAX_TOKENS=length", "usage 1 - - - -"}},
      {"a failure",
       {end_with(R"({"finish_reason":"ERROR","error":"boom"})")},
       {"error [] [] boom", "finish ERROR=error"}},
      {"words to come", {end_with(R"({"finish_reason":"TIMEOUT"})")}, {"finish TIMEOUT=other"}},
  });
}

TEST(Cohere, ReadsVersion1) {
  expect_rows(
      {
          {"text",
           {R"({"event_type":"stream-start","generation_id":"g"})",
            R"({"event_type":"text-generation","text":"a"})",
            R"({"event_type":"citation-generation","citations":[{"start":0}]})",
            R"({"event_type":"search-results"})",
            R"({"event_type":"stream-end","finish_reason":"COMPLETE","response":{"text":"a",)"
            R"("generation_id":"g","meta":{"tokens":{"input_tokens":3,"output_tokens":5}}}})"},
           {"start g/", "text a", R"(annotation {"start":0})", "usage 3 5 - - -",
            "finish COMPLETE=stop", "done"}},
          {"calls in pieces; whole they say nothing new",
           {R"({"event_type":"tool-calls-chunk","text":"p"})",
            R"({"event_type":"tool-calls-chunk","tool_call_delta":{"index":0,"name":"f"}})",
            R"({"event_type":"tool-calls-chunk","tool_call_delta":{"index":0,"parameters":"{}"}})",
            R"({"event_type":"tool-calls-generation","text":"p",)"
            R"("tool_calls":[{"name":"f","parameters":{}}]})"},
           {"reasoning p", "call 0 f", "call 0 ({})"}},
          {"calls whole",
           {R"({"event_type":"tool-calls-generation","text":"p",)"
            R"("tool_calls":[{"name":"f","parameters":{"a":1}},{"name":"f","parameters":{}}]})",
            R"({"event_type":"stream-end","finish_reason":"COMPLETE","response":{"text":"p",)"
            R"("tool_calls":[{"name":"f","parameters":{"a":1}},{"name":"f","parameters":{}}]}})"},
           {"reasoning p", R"(call 0 f json({"a":1}))", "call 1 f json({})", "finish COMPLETE=stop",
            "done"}},
          {"all in the end",
           {R"({"event_type":"stream-end","response":{"generation_id":"g","text":"a",)"
            R"("finish_reason":"MAX_TOKENS"}})"},
           {"start g/", "text a", "finish MAX_TOKENS=length", "done"}},
      },
      FrameKind::line);
}

TEST(Cohere, ReadsWholeReplies) {
  expect_rows(
      {
          {"version 2",
           {R"({"id":"i","message":{"role":"assistant","tool_plan":"p","content":[)"
            R"({"type":"thinking","thinking":"t"},{"type":"text","text":"a"}],"tool_calls":[)"
            R"({"id":"c","function":{"name":"f","arguments":"{}"}}],"citations":[{"start":0}]},)"
            R"("finish_reason":"COMPLETE","usage":{"tokens":{"input_tokens":3}}})"},
           {"!not_a_stream", "start i/", "reasoning p", "reasoning 0 t", "text a",
            "call 0 #c f ({})", R"(annotation {"start":0})", "usage 3 - - - -",
            "finish COMPLETE=stop", "done"}},
          {"version 1",
           {R"({"generation_id":"g","text":"a","finish_reason":"COMPLETE"})"},
           {"!not_a_stream", "start g/", "text a", "finish COMPLETE=stop", "done"}},
      },
      FrameKind::line);
}

TEST(Cohere, ReadsErrors) {
  expect_rows({{"a message alone", {R"({"message":"boom"})"}, {"error [] [] boom"}},
               {"a member", {R"({"error":{"code":"c","message":"m"}})"}, {"error [c] [] m"}}},
              FrameKind::line);
}

TEST(Cohere, NotesWhatIsOdd) {
  expect_rows({
      {"no JSON", {"x"}, {"!bad_json x"}},
      {"no object", {"1"}, {"!wrong_type event"}},
      {"another event", {R"({"type":"new"})"}, {"!unknown_event new"}},
      {"pieces without a beginning",
       {event("content-delta", R"({"content":{"text":"a"}})"),
        event("content-delta", R"({"content":{"text":"b"}})"),
        event("tool-call-delta", R"({"tool_calls":{"function":{"arguments":"{"}}})")},
       {"!block_out_of_order index 0", "text a", "text b", "!block_out_of_order index 0",
        "call 0 ({)"}},
      {"blocks without an end",
       {event("content-start", R"({"content":{"type":"text"}})"),
        end_with(R"({"finish_reason":"COMPLETE"})")},
       {"!block_not_closed index 0", "finish COMPLETE=stop"}},
      {"arguments that are no text",
       {event("tool-call-start",
              R"({"tool_calls":{"function":{"name":"f","arguments":{"a":1}}}})")},
       {"!tool_arguments_not_text", R"(call 0 f json({"a":1}))"}},
      {"wrong types",
       {R"({"type":"content-delta","index":0,"delta":{}})",
        R"({"type":"content-delta","delta":{"message":{"content":{"text":1}}}})", end_with("1"),
        end_with(R"({"finish_reason":1,"usage":1})")},
       {"!wrong_type delta.message", "!wrong_type content", "!wrong_type index",
        "!block_out_of_order index 0", "!wrong_type content.text", "!block_not_closed index 0",
        "!wrong_type delta", "!wrong_type finish_reason", "!wrong_type usage"}},
  });
}

}  // namespace
}  // namespace playhead::provider
