// OpenAI Responses: what each event and each deviation of WIRE 4 means, one row each.
#include "provider/openai_responses.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "provider/testing.h"

namespace playhead::provider {
namespace {

using Lines = DeltaLines;

Lines read(const std::vector<std::string>& payloads) {
  return read_stream<OpenAiResponses>(payloads);
}

// An event of that type (without `response.`) with those members.
std::string event(std::string_view type, std::string_view members = {}) {
  std::string text = R"({"type":"response.)" + std::string(type) + "\"";
  if (!members.empty()) text += "," + std::string(members);
  return text + "}";
}
std::string added(int index, std::string_view item) {
  return event("output_item.added", R"("output_index":)" + std::to_string(index) + R"(,"item":{)" +
                                        std::string(item) + "}");
}
std::string done(int index, std::string_view item) {
  return event("output_item.done", R"("output_index":)" + std::to_string(index) + R"(,"item":{)" +
                                       std::string(item) + "}");
}
std::string ended(std::string_view type, std::string_view members) {
  return event(type, R"("response":{)" + std::string(members) + "}");
}
const std::string kCompleted = ended("completed", R"("status":"completed","output":[])");
const std::string kMessage = R"("type":"message","id":"m1","content":[])";

struct Row {
  std::string law;
  std::vector<std::string> payloads;
  Lines deltas;
};

void expect_rows(const std::vector<Row>& rows) {
  for (const Row& row : rows) EXPECT_EQ(read(row.payloads), row.deltas) << row.law;
}

TEST(OpenAiResponses, ReadsAPlainStream) {
  const std::string part = R"("item_id":"m1","output_index":0,"content_index":0,)";
  const std::string whole = R"({"type":"output_text","text":"Hi","annotations":[{"a":1}]})";
  const std::string item = R"("type":"message","id":"m1","content":[)" + whole + "]";
  EXPECT_EQ(
      read({ended("created", R"("id":"r1","model":"m","status":"in_progress","output":[])"),
            ended("in_progress", R"("id":"r1","model":"m","status":"in_progress")"),
            added(0, kMessage),
            event("content_part.added", part + R"("part":{"type":"output_text","text":""})"),
            event("output_text.delta", part + R"("delta":"H","obfuscation":"xx")"),
            event("output_text.delta", part + R"("delta":"i","logprobs":[])"),
            event("output_text.annotation.added", part + R"("annotation":{"a":1})"),
            event("output_text.done", part + R"("text":"Hi")"),
            event("content_part.done", part + R"("part":)" + whole), done(0, item),
            ended("completed", R"("id":"r1","model":"m","status":"completed","output":[{)" + item +
                                   R"(}],"usage":{"input_tokens":3,"output_tokens":5,
                "total_tokens":8,"input_tokens_details":{"cached_tokens":2},
                "output_tokens_details":{"reasoning_tokens":4}})")}),
      (Lines{"start r1/m", "text 1 H", "text 1 i", R"(annotation 1 {"a":1})", "text_final 1 Hi",
             "usage 3 5 4 2 8", "finish completed=stop", "done"}));
}

TEST(OpenAiResponses, WholeTextsStandOverPieces) {
  const std::string delta = event("output_text.delta", R"("output_index":0,"delta":"ab")");
  const std::string differs = R"("type":"message","content":[{"type":"output_text","text":"xy"}])";
  expect_rows({
      {"done differs",
       {added(0, kMessage), delta, event("output_text.done", R"("output_index":0,"text":"abc")")},
       {"text 1 ab", "text_final 1 abc"}},
      {"done stands over the final response",
       {added(0, kMessage), delta, event("output_text.done", R"("output_index":0,"text":"ab")"),
        done(0, R"("type":"message","content":[{"type":"output_text","text":"ab"}])"),
        ended("completed", R"("output":[{)" + differs + "}]")},
       {"text 1 ab", "text_final 1 ab", "!done_mismatch response.output", "finish completed=stop",
        "done"}},
      {"the final response stands over pieces",
       {added(0, kMessage), delta, ended("incomplete", R"("output":[{)" + differs + "}]")},
       {"text 1 ab", "text_final 1 xy", "finish incomplete=other", "done"}},
      {"what never came",
       {ended("completed", R"("output":[{)" + differs + "}]")},
       {"text_final 1 xy", "finish completed=stop", "done"}},
      {"an empty final output takes nothing away",
       {added(0, kMessage), delta, done(0, kMessage), kCompleted},
       {"text 1 ab", "finish completed=stop", "done"}},
      {"an empty whole text takes nothing away",
       {added(0, kMessage), delta, event("output_text.done", R"("output_index":0,"text":"")")},
       {"text 1 ab", "!done_mismatch empty"}},
  });
}

TEST(OpenAiResponses, ReadsReasoningAndRefusals) {
  const std::string reasoning = R"("type":"reasoning","id":"r1","summary":[])";
  expect_rows({
      {"summary parts and text",
       {added(0, reasoning),
        event("reasoning_summary_part.added",
              R"("output_index":0,"summary_index":0,"part":{"type":"summary_text","text":""})"),
        event("reasoning_summary_text.delta", R"("output_index":0,"summary_index":0,"delta":"a")"),
        event("reasoning_summary_text.done", R"("output_index":0,"summary_index":0,"text":"a")"),
        event("reasoning_summary_text.delta", R"("output_index":0,"summary_index":1,"delta":"b")"),
        event("reasoning_text.delta", R"("output_index":0,"content_index":0,"delta":"c")"),
        done(0, R"("type":"reasoning","summary":[{"type":"summary_text","text":"a"},
                {"type":"summary_text","text":"b"}],
                "content":[{"type":"reasoning_text","text":"cd"}])")},
       {"reasoning 1 a", "reasoning 2 b", "reasoning 3 c", "!done_mismatch reasoning",
        "reasoning 3 d"}},
      {"only in the item",
       {done(0, R"("type":"reasoning","summary":[{"type":"summary_text","text":"a"}])")},
       {"reasoning 1 a"}},
      {"refusal",
       {added(0, kMessage), event("refusal.delta", R"("output_index":0,"delta":"No")"),
        event("refusal.done", R"("output_index":0,"refusal":"No")"),
        done(0, R"("type":"message","content":[{"type":"refusal","refusal":"No"}])"), kCompleted},
       {"refusal No", "finish completed=stop", "done"}},
      {"another refusal",
       {added(0, kMessage), event("refusal.delta", R"("output_index":0,"delta":"No")"),
        event("refusal.done", R"("output_index":0,"refusal":"Yes")")},
       {"refusal No", "!done_mismatch refusal"}},
  });
}

TEST(OpenAiResponses, ReadsCalls) {
  const std::string head = R"("type":"function_call","id":"fc_1","call_id":"c1","name":"f",)";
  const std::string custom = R"("type":"custom_tool_call","id":"ct","call_id":"c1","name":"g",)";
  expect_rows({
      {"pieces",
       {added(0, head + R"("arguments":"")"),
        event("function_call_arguments.delta", R"("output_index":0,"delta":"{")"),
        event("function_call_arguments.delta", R"("output_index":0,"delta":"}")"),
        event("function_call_arguments.done", R"("output_index":0,"arguments":"{}")"),
        done(0, head + R"("arguments":"{}")"),
        ended("completed", R"("output":[{)" + head + R"("arguments":"{}"}])")},
       {"call 0 #c1 f", "call 0 #c1 ({)", "call 0 #c1 (})", "call 0 #c1 all ({})",
        "finish completed=tool_calls", "done"}},
      {"only in the final response",
       {ended("completed", R"("output":[{)" + head + R"("arguments":"{}"}])")},
       {"call 0 #c1 f", "call 0 #c1 all ({})", "finish completed=tool_calls", "done"}},
      {"not opened, named late",
       {event("function_call_arguments.delta", R"("delta":"{")"),
        event("output_item.done", R"("item":{)" + head + R"("arguments":"{}"})")},
       {"!block_out_of_order item 0", "call 0 ({)", "call 0 #c1 f", "call 0 #c1 all ({})"}},
      {"without call_id",
       {done(0, R"("type":"function_call","id":"fc_1","name":"f","arguments":"{}")")},
       {"call 0 #fc_1 f", "call 0 #fc_1 all ({})"}},
      {"arguments as an object",
       {done(0, head + R"("arguments":{"x":1})")},
       {"call 0 #c1 f", "!tool_arguments_not_text", R"(call 0 #c1 all ({"x":1}))"}},
      {"custom: free text",
       {added(0, custom + R"("input":"")"),
        event("custom_tool_call_input.delta", R"("output_index":0,"delta":"ra")"),
        event("custom_tool_call_input.done", R"("output_index":0,"input":"raw")"), kCompleted},
       {"call 0 #c1 g free", "call 0 #c1 free (ra)", "call 0 #c1 free all (raw)",
        "!block_not_closed item 0", "finish completed=tool_calls", "done"}},
      {"cut by the limit",
       {added(0, head + R"("arguments":"")"),
        event("function_call_arguments.delta", R"("output_index":0,"delta":"{")"),
        ended("incomplete", R"("status":"incomplete",
              "incomplete_details":{"reason":"max_output_tokens"},"output":[])")},
       {"call 0 #c1 f", "call 0 #c1 ({)", "finish max_output_tokens=length", "done"}},
  });
}

TEST(OpenAiResponses, ReadsToolsThatTheCallerRuns) {
  const auto lines = [](std::string_view item) { return read({done(2, item)}); };
  EXPECT_EQ(lines(R"("type":"local_shell_call","id":"l","call_id":"c","action":{"a":1})"),
            (Lines{"call 2 #c local_shell", R"(call 2 #c all json({"a":1}))"}));
  EXPECT_EQ(lines(R"("type":"shell_call","id":"l","call_id":"c","action":{"a":1})"),
            (Lines{"call 2 #c shell", R"(call 2 #c all json({"a":1}))"}));
  EXPECT_EQ(lines(R"("type":"apply_patch_call","id":"l","call_id":"c","operation":{"a":1})"),
            (Lines{"call 2 #c apply_patch", R"(call 2 #c all json({"a":1}))"}));
  EXPECT_EQ(lines(R"("type":"computer_call","id":"l","call_id":"c","action":{"a":1})"),
            (Lines{"call 2 #c computer", R"(call 2 #c all json({"a":1}))"}));
  EXPECT_EQ(lines(R"("type":"computer_call","id":"l","call_id":"c","actions":[1])"),
            (Lines{"call 2 #c computer", "call 2 #c all json([1])"}));
  EXPECT_EQ(lines(R"("type":"tool_search_call","execution":"client","call_id":"c",
                     "arguments":{"q":1})"),
            (Lines{"call 2 #c tool_search", R"(call 2 #c all json({"q":1}))"}));
  EXPECT_EQ(read({added(0, R"("type":"shell_call","call_id":"c","action":{"commands":[]})"),
                  done(0, R"("type":"shell_call","call_id":"c","action":{"commands":["ls"]})"),
                  kCompleted}),
            (Lines{"call 0 #c shell", R"(call 0 #c all json({"commands":["ls"]}))",
                   "finish completed=tool_calls", "done"}));
}

TEST(OpenAiResponses, TellsToolsOfTheProviderApart) {
  const std::string shell = R"("type":"shell_call","call_id":"c","action":{})";
  expect_rows({
      {"once per call",
       {added(0, R"("type":"web_search_call","id":"w")"),
        event("web_search_call.in_progress", R"("output_index":0)"),
        done(0, R"("type":"web_search_call","id":"w")"),
        ended("completed", R"("output":[{"type":"web_search_call","id":"w"}])")},
       {"provider_tool #w web_search", "finish completed=stop", "done"}},
      {"by the wire's name",
       {added(0, R"("type":"mcp_call","id":"p","name":"ask")")},
       {"provider_tool #p ask"}},
      {"others",
       {added(0, R"("type":"file_search_call","id":"a")"),
        added(1, R"("type":"code_interpreter_call","id":"b")"),
        added(2, R"("type":"image_generation_call","id":"c")"),
        added(3, R"("type":"tool_search_call","id":"d","execution":"server")"),
        added(4, R"("type":"program","id":"e")")},
       {"provider_tool #a file_search", "provider_tool #b code_interpreter",
        "provider_tool #c image_generation", "provider_tool #d tool_search",
        "provider_tool #e program"}},
      {"listings and requests are none",
       {added(0, R"("type":"mcp_list_tools")"), added(1, R"("type":"mcp_approval_request")"),
        added(2, R"("type":"compaction")")},
       {}},
      {"a result in the reply",
       {done(0, shell), done(1, R"("type":"shell_call_output","call_id":"c","output":[])"),
        kCompleted},
       {"call 0 #c shell", "call 0 #c all json({})", "provider_result #c", "finish completed=stop",
        "done"}},
      {"unknown", {added(0, R"("type":"future_item")")}, {"!unknown_event future_item"}},
  });
}

TEST(OpenAiResponses, FindsItemsWithoutOutputIndex) {
  const auto message = [](std::string_view text) {
    return event("output_item.done", R"("item":{"type":"message","id":"m1","content":[{
        "type":"output_text","text":")" + std::string(text) +
                                         R"("}]})");
  };
  const std::string delta = event("output_text.delta", R"("delta":"a")");
  expect_rows({
      {"a piece, then its item",
       {delta, message("a")},
       {"!block_out_of_order item 0", "text 1 a", "text_final 1 a"}},
      {"two items of one id", {message("a"), message("b")}, {"text_final 1 a", "text_final 2 b"}},
      {"by item_id",
       {added(0, R"("type":"message","id":"x")"), added(1, R"("type":"message","id":"y")"),
        event("output_text.delta", R"("item_id":"x","delta":"a")")},
       {"text 1 a"}},
      {"one index for all",
       {added(0, R"("type":"reasoning","id":"x")"), added(0, R"("type":"message","id":"y")"),
        event("reasoning_text.delta", R"("output_index":0,"delta":"r")"),
        event("output_text.delta", R"("output_index":0,"delta":"t")")},
       {"reasoning 1 r", "text 2 t"}},
      {"ids that change with each event",
       {added(0, R"("type":"message","id":"x")"),
        event("output_text.delta", R"("output_index":0,"item_id":"y","delta":"a")"),
        ended("completed", R"("output":[{"type":"message","id":"z","content":[
              {"type":"output_text","text":"a"}]}])")},
       {"text 1 a", "text_final 1 a", "!block_not_closed item 0", "finish completed=stop", "done"}},
  });
}

TEST(OpenAiResponses, ReadsEnds) {
  const auto end = [](std::string_view type, std::string_view members) {
    return read({ended(type, members)});
  };
  EXPECT_EQ(end("completed", R"("status":"completed")"), (Lines{"finish completed=stop", "done"}));
  EXPECT_EQ(end("incomplete", R"("incomplete_details":{"reason":"content_filter"})"),
            (Lines{"finish content_filter=content_filter", "done"}));
  EXPECT_EQ(end("incomplete", R"("incomplete_details":{"reason":"max_messages"})"),
            (Lines{"finish max_messages=other", "done"}));
  EXPECT_EQ(end("incomplete", R"("incomplete_details":null)"),
            (Lines{"finish incomplete=other", "done"}));
  EXPECT_EQ(end("failed", R"("status":"failed","error":{"code":"server_error","message":"m"})"),
            (Lines{"error [server_error] [] m", "finish failed=error", "done"}));
  EXPECT_EQ(end("failed", R"("error":null,"usage":null)"),
            (Lines{"error [] [failed] ", "finish failed=error", "done"}));
  EXPECT_EQ(end("completed", R"("status":"cancelled")"),
            (Lines{"error [] [cancelled] ", "finish cancelled=error", "done"}));
  EXPECT_EQ(read({event("completed")}), (Lines{"finish completed=stop", "done"}));
  EXPECT_EQ(read({kCompleted, event("output_text.delta", R"("delta":"a")")}),
            (Lines{"finish completed=stop", "done", "!data_after_done"}));
  EXPECT_EQ(read({"[DONE]"}), Lines{"!unknown_event [DONE]"});
}

TEST(OpenAiResponses, ReadsErrors) {
  const std::string flat =
      R"({"type":"error","code":"c","message":"m","param":null,"sequence_number":2})";
  const std::string nested =
      R"({"type":"error","sequence_number":2,"error":{"type":"t","code":"c","message":"m"}})";
  expect_rows({
      {"flat", {flat}, {"error [c] [] m"}},
      {"nested", {nested}, {"error [c] [t] m"}},
      {"nothing said", {R"({"type":"error"})"}, {"error [] [] "}},
      {"a document", {R"({"error":{"message":"m","type":"t","code":null}})"}, {"error [] [t] m"}},
      {"once with the response that failed",
       {nested, ended("failed", R"("error":{"code":"c","message":"m"})")},
       {"error [c] [t] m", "finish failed=error", "done"}},
  });
}

TEST(OpenAiResponses, NotesGapsInTheSequence) {
  const auto numbered = [](std::string_view number) {
    return R"({"type":"keepalive","sequence_number":)" + std::string(number) + "}";
  };
  EXPECT_EQ(read({numbered("0"), numbered("1"), numbered("3"), numbered("3"), numbered("4")}),
            (Lines{"!sequence_gap 1 -> 3", "!sequence_gap 3 -> 3"}));
  EXPECT_EQ(read({numbered("7"), numbered("null"), numbered("8")}), Lines{});
  EXPECT_EQ(read({numbered("9223372036854775807"), numbered("-9223372036854775808")}),
            Lines{"!sequence_gap 9223372036854775807 -> -9223372036854775808"});
}

TEST(OpenAiResponses, ReadsAWholeResponse) {
  OpenAiResponses adapter;
  const std::string whole = R"({"id":"r1","object":"response","model":"m","status":"completed",
      "output":[{"type":"message","id":"m1","content":[{"type":"output_text","text":"a"}]}],
      "error":null,"usage":{"input_tokens":1,"output_tokens":2,"total_tokens":3}})";
  EXPECT_EQ(translate_in(adapter, whole, FrameKind::line),
            (Lines{"!not_a_stream", "start r1/m", "text_final 1 a", "usage 1 2 - - 3",
                   "finish completed=stop", "done"}));
}

TEST(OpenAiResponses, NotesWhatItCannotRead) {
  expect_rows({
      {"no JSON", {"{\"type\":"}, {"!bad_json {\"type\":"}},
      {"no object", {"[]"}, {"!wrong_type data"}},
      {"no type", {"{}"}, {"!unknown_event"}},
      {"unknown", {event("future.delta")}, {"!unknown_event response.future.delta"}},
      {"item", {event("output_item.added")}, {"!wrong_type item"}},
      {"part", {event("content_part.added", R"("part":1)")}, {"!wrong_type part"}},
      {"delta", {event("output_text.delta", R"("delta":{})")}, {"!wrong_type delta"}},
      {"response", {event("created", R"("response":1)")}, {"!wrong_type response"}},
  });
  OpenAiResponses adapter;
  EXPECT_EQ(translate_in(adapter, "{}", FrameKind::event, "keepalive"), Lines{});
}

TEST(OpenAiResponses, KnowsAllDocumentedTypes) {
  const std::vector<std::string> types = {"created",
                                          "queued",
                                          "in_progress",
                                          "completed",
                                          "failed",
                                          "incomplete",
                                          "output_item.added",
                                          "output_item.done",
                                          "content_part.added",
                                          "content_part.done",
                                          "output_text.delta",
                                          "output_text.done",
                                          "output_text.annotation.added",
                                          "refusal.delta",
                                          "refusal.done",
                                          "reasoning_text.delta",
                                          "reasoning_text.done",
                                          "reasoning_summary_part.added",
                                          "reasoning_summary_part.done",
                                          "reasoning_summary_text.delta",
                                          "reasoning_summary_text.done",
                                          "function_call_arguments.delta",
                                          "function_call_arguments.done",
                                          "custom_tool_call_input.delta",
                                          "custom_tool_call_input.done",
                                          "mcp_call_arguments.delta",
                                          "mcp_call_arguments.done",
                                          "mcp_call.in_progress",
                                          "mcp_call.completed",
                                          "mcp_call.failed",
                                          "mcp_list_tools.in_progress",
                                          "mcp_list_tools.completed",
                                          "mcp_list_tools.failed",
                                          "web_search_call.in_progress",
                                          "web_search_call.searching",
                                          "web_search_call.completed",
                                          "file_search_call.in_progress",
                                          "file_search_call.searching",
                                          "file_search_call.completed",
                                          "code_interpreter_call.in_progress",
                                          "code_interpreter_call.interpreting",
                                          "code_interpreter_call.completed",
                                          "code_interpreter_call_code.delta",
                                          "code_interpreter_call_code.done",
                                          "image_generation_call.in_progress",
                                          "image_generation_call.generating",
                                          "image_generation_call.partial_image",
                                          "image_generation_call.completed",
                                          "shell_call_command.added",
                                          "shell_call_command.delta",
                                          "shell_call_command.done",
                                          "shell_call_output_content.delta",
                                          "shell_call_output_content.done",
                                          "compaction.compacting",
                                          "audio.delta",
                                          "audio.done",
                                          "audio.transcript.delta",
                                          "audio.transcript.done"};
  EXPECT_EQ(types.size() + 1, 59U);
  for (const std::string& type : types) {
    EXPECT_TRUE(response_event("response." + type)) << type;
  }
  EXPECT_TRUE(response_event("error"));
  EXPECT_FALSE(response_event("response.future"));
  EXPECT_FALSE(response_event(""));
}

TEST(OpenAiResponses, DropsItemsBeyondTheLimit) {
  OpenAiResponses adapter;
  for (std::size_t i = 0; i < kResponseItemsMax; ++i) {
    EXPECT_EQ(translate_in(adapter, added(static_cast<int>(i), R"("type":"compaction")")), Lines{});
  }
  EXPECT_EQ(translate_in(adapter, added(4096, kMessage)), Lines{"!tool_limit output item"});
  EXPECT_EQ(translate_in(adapter, event("output_text.delta", R"("output_index":4096,"delta":"a")")),
            Lines{});
}

TEST(OpenAiResponses, DropsTextsBeyondTheLimit) {
  OpenAiResponses adapter;
  const auto delta = [](std::size_t part) {
    return event("output_text.delta",
                 R"("output_index":0,"content_index":)" + std::to_string(part) + R"(,"delta":"a")");
  };
  translate_in(adapter, added(0, kMessage));
  for (std::size_t i = 0; i < kResponseTextsMax; ++i) translate_in(adapter, delta(i));
  EXPECT_EQ(translate_in(adapter, delta(kResponseTextsMax)), Lines{"!tool_limit output item"});
  EXPECT_EQ(translate_in(adapter, delta(0)), Lines{"text 1 a"});
}

}  // namespace
}  // namespace playhead::provider
