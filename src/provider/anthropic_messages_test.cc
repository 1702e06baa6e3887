// Anthropic Messages: what each event and each deviation of WIRE 5 means, one row each.
#include "provider/anthropic_messages.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "provider/testing.h"

namespace playhead::provider {
namespace {

using Lines = DeltaLines;

Lines read(const std::vector<std::string>& payloads) {
  return read_stream<AnthropicMessages>(payloads);
}

const std::string kStart = R"({"type":"message_start","message":{"id":"m1","model":"c",
    "content":[],"stop_reason":null,"usage":{"input_tokens":3,"output_tokens":1}}})";
const std::string kStop = R"({"type":"message_stop"})";

std::string block_start(int index, std::string_view members) {
  return R"({"type":"content_block_start","index":)" + std::to_string(index) +
         R"(,"content_block":{)" + std::string(members) + "}}";
}
std::string block_delta(int index, std::string_view members) {
  return R"({"type":"content_block_delta","index":)" + std::to_string(index) + R"(,"delta":{)" +
         std::string(members) + "}}";
}
std::string text_delta(int index, std::string_view text) {
  return block_delta(index, R"("type":"text_delta","text":")" + std::string(text) + "\"");
}
std::string json_delta(int index, std::string_view json) {
  return block_delta(index,
                     R"("type":"input_json_delta","partial_json":")" + std::string(json) + "\"");
}
std::string block_stop(int index) {
  return R"({"type":"content_block_stop","index":)" + std::to_string(index) + "}";
}
std::string message_delta(std::string_view reason, std::string_view more = {}) {
  return R"({"type":"message_delta","delta":{"stop_reason":")" + std::string(reason) + "\"" +
         std::string(more) + R"(},"usage":{"output_tokens":5}})";
}

const std::string kTextBlock = R"("type":"text","text":"")";
const std::string kTool = R"("type":"tool_use","id":"t1","name":"f","input":{})";

struct Row {
  std::string law;
  std::vector<std::string> blocks;
  Lines deltas;
};

// Each row's blocks stand in a message that is whole otherwise.
void expect_rows(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    std::vector<std::string> payloads = {kStart};
    payloads.insert(payloads.end(), row.blocks.begin(), row.blocks.end());
    payloads.push_back(message_delta("end_turn"));
    payloads.push_back(kStop);
    Lines lines = {"start m1/c", "usage 3 1 - - -"};
    lines.insert(lines.end(), row.deltas.begin(), row.deltas.end());
    Lines end = {"usage - 5 - - -", "finish end_turn=stop", "done"};
    const bool is_late = !row.deltas.empty() && row.deltas.back().starts_with("!block_not_closed");
    if (is_late) {
      end = {"usage - 5 - - -", "finish end_turn=stop", lines.back(), "done"};
      lines.pop_back();
    }
    lines.insert(lines.end(), end.begin(), end.end());
    EXPECT_EQ(read(payloads), lines) << row.law;
  }
}

TEST(AnthropicMessages, ReadsBlocks) {
  expect_rows({
      {"text",
       {block_start(0, kTextBlock), text_delta(0, "H"), R"({"type":"ping"})", text_delta(0, ""),
        text_delta(0, "i"), block_stop(0)},
       {"text 1 H", "text 1 i"}},
      {"text in the start counts",
       {block_start(0, R"("type":"text","text":"He")"), text_delta(0, "y"), block_stop(0)},
       {"text 1 He", "text 1 y"}},
      {"two texts",
       {block_start(0, kTextBlock), text_delta(0, "a"), block_stop(0), block_start(1, kTextBlock),
        text_delta(1, "b"), block_stop(1)},
       {"text 1 a", "text 2 b"}},
      {"thinking, the last signature stands",
       {block_start(0, R"("type":"thinking","thinking":"h","signature":"s0")"),
        block_delta(0, R"("type":"thinking_delta","thinking":"m","estimated_tokens":1)"),
        block_delta(0, R"("type":"signature_delta","signature":"s1")"),
        block_delta(0, R"("type":"signature_delta","signature":"s2")"), block_stop(0)},
       {"reasoning 1 h", "reasoning 1 m", "signature 1 s2"}},
      {"citations",
       {block_start(0, R"("type":"text","text":"","citations":[{"a":1}])"),
        block_delta(0, R"("type":"citations_delta","citation":{"type":"page_location"})"),
        block_stop(0)},
       {"annotation 1 {\"a\":1}", "annotation 1 {\"type\":\"page_location\"}"}},
      {"no content",
       {block_start(0, R"("type":"redacted_thinking","data":"zz")"), block_stop(0),
        block_start(1, R"("type":"compaction","content":null)"),
        block_delta(1, R"("type":"compaction_delta","content":"sum")"), block_stop(1),
        block_start(2, R"("type":"fallback","from":{},"to":{})"), block_stop(2),
        block_start(3, R"("type":"container_upload","file_id":"x")"), block_stop(3)},
       {}},
  });
}

TEST(AnthropicMessages, ReadsToolCalls) {
  expect_rows({
      {"pieces",
       {block_start(1, kTool), json_delta(1, ""), json_delta(1, R"({\"a\":)"), json_delta(1, "1}"),
        block_stop(1)},
       {"call 1 #t1 f", R"(call 1 #t1 ({"a":))", "call 1 #t1 (1})"}},
      {"none at all", {block_start(0, kTool), block_stop(0)}, {"call 0 #t1 f"}},
      {"input in the start",
       {block_start(0, R"("type":"tool_use","id":"t1","name":"f","input":{"x": 1})"),
        json_delta(0, ""), block_stop(0)},
       {"call 0 #t1 f", R"(call 0 #t1 json({"x":1}))"}},
      {"pieces stand over the start's input",
       {block_start(0, R"("type":"tool_use","id":"t1","name":"f","input":{"x":1})"),
        json_delta(0, "{}"), block_stop(0)},
       {"call 0 #t1 f", "call 0 #t1 ({})"}},
      {"input as text",
       {block_start(0, R"("type":"tool_use","id":"t1","name":"f","input":"{}")"), block_stop(0)},
       {"!wrong_type content_block.input", "call 0 #t1 f", "call 0 #t1 ({})"}},
      {"an object as a piece",
       {block_start(0, kTool),
        block_delta(0, R"("type":"input_json_delta","partial_json":{"x":1})"), block_stop(0)},
       {"call 0 #t1 f", "!tool_arguments_not_text", R"(call 0 #t1 json({"x":1}))"}},
      {"interleaved",
       {block_start(0, kTool), block_start(1, R"("type":"tool_use","id":"t2","name":"g")"),
        json_delta(1, "{}"), json_delta(0, "{}"), block_stop(1), block_stop(0)},
       {"call 0 #t1 f", "call 1 #t2 g", "call 1 #t2 ({})", "call 0 #t1 ({})"}},
  });
}

TEST(AnthropicMessages, TellsToolsOfTheProviderApart) {
  expect_rows({
      {"server tool, its input is not ours",
       {block_start(0, R"("type":"server_tool_use","id":"s1","name":"web_search","input":{})"),
        json_delta(0, "{}"), block_stop(0),
        block_start(1, R"("type":"web_search_tool_result","tool_use_id":"s1","content":[])"),
        block_stop(1)},
       {"provider_tool #s1 web_search", "provider_result #s1"}},
      {"MCP",
       {block_start(0, R"("type":"mcp_tool_use","id":"u1","name":"ask","server_name":"w")"),
        block_stop(0), block_start(1, R"("type":"mcp_tool_result","tool_use_id":"u1")"),
        block_stop(1)},
       {"provider_tool #u1 ask", "provider_result #u1"}},
      {"once per call",
       {block_start(0, R"("type":"server_tool_use","id":"s1","name":"web_search")"), block_stop(0),
        block_start(0, R"("type":"server_tool_use","id":"s1","name":"web_search")"), block_stop(0)},
       {"provider_tool #s1 web_search"}},
      {"result of a tool_use",
       {block_start(0, kTool), block_stop(0),
        block_start(1, R"("type":"tool_result","tool_use_id":"t1")"), block_stop(1)},
       {"call 0 #t1 f", "provider_result #t1"}},
      {"result without an id",
       {block_start(0, R"("type":"code_execution_tool_result")"), block_stop(0)},
       {}},
  });
}

TEST(AnthropicMessages, KeepsWhatIsOutOfOrder) {
  expect_rows({
      {"no block start",
       {text_delta(0, "H"), text_delta(0, "i"), block_stop(0)},
       {"!block_out_of_order index 0", "text 1 H", "text 1 i"}},
      {"the start comes late",
       {json_delta(0, "{"), block_start(0, kTool), json_delta(0, "}"), block_stop(0)},
       {"!block_out_of_order index 0", "call 0 ({)", "call 0 #t1 f", "call 0 #t1 (})"}},
      {"after the stop",
       {block_start(0, kTextBlock), block_stop(0), text_delta(0, "a"), text_delta(0, "b")},
       {"!block_out_of_order index 0", "text 1 a", "text 1 b"}},
      {"a stop of nothing", {block_stop(3)}, {"!block_out_of_order content_block_stop"}},
      {"not closed",
       {block_start(0, kTextBlock), text_delta(0, "a")},
       {"text 1 a", "!block_not_closed index 0"}},
      {"without index",
       {block_start(0, kTextBlock),
        R"({"type":"content_block_delta","delta":{"type":"text_delta","text":"a"}})",
        block_stop(0)},
       {"!wrong_type index", "text 1 a"}},
      {"unknown block, its text is text",
       {block_start(0, R"("type":"future_block","x":1)"), text_delta(0, "a"), block_stop(0)},
       {"!unknown_event future_block", "text 1 a"}},
      {"unknown delta",
       {block_start(0, kTextBlock), block_delta(0, R"("type":"future_delta")"), block_stop(0)},
       {"!unknown_event future_delta"}},
      {"unknown event", {R"({"type":"future_event","x":1})"}, {"!unknown_event future_event"}},
      {"the same start again", {kStart}, {"usage 3 1 - - -"}},
  });
}

TEST(AnthropicMessages, FlushesBlocksThatAreNeverClosedBeforeTheFinish) {
  EXPECT_EQ(
      read({kStart, block_start(0, R"("type":"tool_use","id":"t","name":"f","input":{"x":1})"),
            message_delta("tool_use"), kStop}),
      (Lines{"start m1/c", "usage 3 1 - - -", "call 0 #t f", "usage - 5 - - -",
             R"(call 0 #t json({"x":1}))", "finish tool_use=tool_calls",
             "!block_not_closed index 0", "done"}));
}

TEST(AnthropicMessages, SaysSoWhenTheEndMarkIsMissing) {
  EXPECT_EQ(read({kStart, message_delta("end_turn")}).back(), "!end_mark_missing message_stop");
  EXPECT_EQ(read({kStart, message_delta("end_turn"), kStop}).back(), "done");
  EXPECT_EQ(read({kStart, block_start(0, kTextBlock), text_delta(0, "a")}).back(), "text 1 a");
}

TEST(AnthropicMessages, AnotherMessageEndsThisOne) {
  const std::string other = R"({"type":"message_start","message":{"id":"m2","model":"c"}})";
  EXPECT_EQ(read({kStart, other, text_delta(0, "a")}),
            (Lines{"start m1/c", "usage 3 1 - - -", "!id_changed m2", "!data_after_done"}));
  EXPECT_EQ(read({kStart, message_delta("end_turn"), kStop, other}).back(), "!data_after_done");
}

TEST(AnthropicMessages, AnotherProvidersEndMarkEndsTheReplyOnlyAfterAStopReason) {
  EXPECT_EQ(read({kStart, "[DONE]"}).back(), "!unknown_event [DONE]");
  EXPECT_EQ(
      read({message_delta("end_turn"), "[DONE]"}),
      (Lines{"usage - 5 - - -", "finish end_turn=stop", "done", "!end_mark_missing message_stop"}));
}

TEST(AnthropicMessages, ReadsStopReasons) {
  const auto finish = [](std::string_view word) { return read({message_delta(word), kStop})[1]; };
  EXPECT_EQ(finish("end_turn"), "finish end_turn=stop");
  EXPECT_EQ(finish("stop_sequence"), "finish stop_sequence=stop");
  EXPECT_EQ(finish("tool_use"), "finish tool_use=tool_calls");
  EXPECT_EQ(finish("max_tokens"), "finish max_tokens=length");
  EXPECT_EQ(finish("model_context_window_exceeded"), "finish model_context_window_exceeded=length");
  EXPECT_EQ(finish("pause_turn"), "finish pause_turn=pause");
  EXPECT_EQ(finish("refusal"), "finish refusal=content_filter");
  EXPECT_EQ(finish("compaction"), "finish compaction=other");
  EXPECT_EQ(read({message_delta("refusal", R"(,"stop_details":{"type":"refusal",
                      "category":"bio","explanation":"No."})"),
                  kStop}),
            (Lines{"usage - 5 - - -", "refusal No.", "finish refusal=content_filter", "done"}));
}

TEST(AnthropicMessages, AddsUpAllInputAndOverwritesCounts) {
  const auto usage = [](std::string_view members) {
    return R"({"type":"message_delta","delta":{},"usage":{)" + std::string(members) + "}}";
  };
  AnthropicMessages adapter;
  EXPECT_EQ(translate_in(adapter, usage(R"("input_tokens":0,"output_tokens":0)")), Lines{});
  EXPECT_EQ(translate_in(adapter, usage(R"("input_tokens":10,"cache_read_input_tokens":2,
                "cache_creation_input_tokens":3,"output_tokens":1)")),
            Lines{"usage 15 1 - 2 -"});
  EXPECT_EQ(translate_in(adapter, usage(R"("output_tokens":7,"input_tokens":null,
                "output_tokens_details":{"thinking_tokens":4})")),
            Lines{"usage - 7 4 - -"});
  EXPECT_EQ(translate_in(adapter, usage(R"("input_tokens":20,"output_tokens":8)")),
            Lines{"usage 25 8 - - -"});
  EXPECT_EQ(translate_in(adapter, usage(R"("output_tokens":"9")")),
            Lines{"!wrong_type usage.output_tokens"});
  EXPECT_EQ(translate_in(adapter, usage(R"("input_tokens":9223372036854775807,"output_tokens":1)")),
            Lines{"usage 1152921504606846981 1 - - -"});
}

TEST(AnthropicMessages, ReadsErrors) {
  const std::string error = R"({"type":"error","error":{"type":"overloaded_error",
      "message":"Overloaded","details":null},"request_id":"r"})";
  AnthropicMessages adapter;
  EXPECT_EQ(translate_in(adapter, error), Lines{"error [] [overloaded_error] Overloaded"});
  EXPECT_EQ(translate_in(adapter, error, FrameKind::line),
            (Lines{"!unframed_json", "error [] [overloaded_error] Overloaded"}));
  EXPECT_EQ(translate_in(adapter, R"({"type":"error","error":{"type":"billing_error",
                "message":"m","details":{"error_code":"e"}}})"),
            Lines{"error [e] [billing_error] m"});
  EXPECT_EQ(translate_in(adapter, R"({"error":"text"})"), Lines{"error [] [] text"});
  EXPECT_EQ(translate_in(adapter, R"({"message":"m","status":503})", FrameKind::line),
            (Lines{"!unframed_json", "error [] [503] m"}));
  EXPECT_EQ(translate_in(adapter, "plain", FrameKind::event, "error"), Lines{"error [] [] plain"});
}

TEST(AnthropicMessages, ReadsAWholeMessage) {
  AnthropicMessages adapter;
  const std::string whole = R"({"type":"message","id":"m1","model":"c","role":"assistant",
      "content":[{"type":"thinking","thinking":"h","signature":"s"},{"type":"text","text":"a"},
      {"type":"tool_use","id":"t","name":"f","input":{"x":1}}],"stop_reason":"tool_use",
      "usage":{"input_tokens":3,"output_tokens":5}})";
  EXPECT_EQ(translate_in(adapter, whole, FrameKind::line),
            (Lines{"!not_a_stream", "start m1/c", "reasoning 1 h", "signature 1 s", "text 2 a",
                   "call 2 #t f", R"(call 2 #t json({"x":1}))", "usage 3 5 - - -",
                   "finish tool_use=tool_calls", "done"}));
}

TEST(AnthropicMessages, ReadsDeferredCallsInTheStart) {
  EXPECT_EQ(read({R"({"type":"message_start","message":{"id":"m1","content":[{"type":"tool_use",
                      "id":"t","name":"f","input":{"x":1}}],"stop_reason":"tool_use"}})",
                  kStop}),
            (Lines{"start m1/", "call 0 #t f", R"(call 0 #t json({"x":1}))",
                   "finish tool_use=tool_calls", "done"}));
}

TEST(AnthropicMessages, NotesWhatItCannotRead) {
  AnthropicMessages adapter;
  EXPECT_EQ(translate_in(adapter, "{\"type\":\"pi"), Lines{"!bad_json {\"type\":\"pi"});
  EXPECT_EQ(translate_in(adapter, " "), Lines{"!empty_data"});
  EXPECT_EQ(translate_in(adapter, "12"), Lines{"!wrong_type data"});
  EXPECT_EQ(translate_in(adapter, R"({"type":7})"), (Lines{"!wrong_type type", "!unknown_event"}));
  EXPECT_EQ(translate_in(adapter, R"({"type":"content_block_delta","index":0})"),
            Lines{"!wrong_type delta"});
  EXPECT_EQ(translate_in(adapter, R"({"type":"content_block_start","index":0})"),
            Lines{"!wrong_type content_block"});
  EXPECT_EQ(translate_in(adapter, R"({"type":"message_start","message":[]})"),
            Lines{"!wrong_type message"});
  EXPECT_EQ(translate_in(adapter, R"({})", FrameKind::event, "ping"), Lines{});
  EXPECT_EQ(translate_in(adapter, "x", FrameKind::comment), Lines{});
}

TEST(AnthropicMessages, DropsBlocksBeyondTheLimit) {
  AnthropicMessages adapter;
  for (std::size_t i = 0; i < kAnthropicBlocksMax; ++i) {
    EXPECT_EQ(translate_in(adapter, block_start(static_cast<int>(i), kTextBlock)), Lines{});
  }
  EXPECT_EQ(translate_in(adapter, block_start(4096, R"("type":"text","text":"a")")),
            Lines{"!tool_limit content block"});
  EXPECT_EQ(translate_in(adapter, text_delta(4096, "a")), Lines{});
  EXPECT_EQ(translate_in(adapter, text_delta(4095, "a")), Lines{"text 4096 a"});
}

}  // namespace
}  // namespace playhead::provider
