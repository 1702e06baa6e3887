// Gemini: what each form of WIRE 6 means, one row each.
#include "provider/gemini.h"

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

Lines translate(const std::vector<std::string>& frames, FrameKind kind) {
  return read_stream<Gemini>(frames, kind);
}

void expect_rows(const std::vector<Row>& rows, FrameKind kind = FrameKind::event) {
  for (const Row& row : rows) EXPECT_EQ(translate(row.frames, kind), row.deltas) << row.law;
}

// A response with one candidate of those parts.
std::string parts(std::string_view list) {
  return R"({"candidates":[{"content":{"role":"model","parts":[)" + std::string(list) + "]}}]}";
}

std::string call(std::string_view function_call) {
  return parts(R"({"functionCall":)" + std::string(function_call) + "}");
}

TEST(Gemini, ReadsTextAndCandidates) {
  expect_rows({
      {"text, empty text, no text",
       {parts(R"({"text":"a"},{"text":""},{"text":null})"), parts(R"({"text":"b"})")},
       {"text a", "text b"}},
      {"candidates by index, a missing one is 0",
       {R"({"candidates":[{"content":{"parts":[{"text":"a"}]},"index":1},)"
        R"({"content":{"parts":[{"text":"b"}]}}]})"},
       {"1: text a", "text b"}},
      {"id and model, once",
       {R"({"responseId":"r","modelVersion":"m","candidates":[]})", R"({"responseId":"r"})",
        R"({"responseId":"s"})"},
       {"start r/m", "start s/"}},
      {"no content", {R"({"candidates":[{"content":{"role":"model"}},{},{"content":null}]})"}, {}},
      {"media is left out", {parts(R"({"inlineData":{"mimeType":"image/png","data":"AA"}})")}, {}},
      {"end mark of others", {"[DONE]"}, {"done"}},
  });
}

TEST(Gemini, ReadsThoughtsInBlocks) {
  expect_rows({
      {"a run is a block",
       {parts(R"({"text":"a","thought":true},{"text":"b","thought":true})"),
        parts(R"({"text":"c","thought":true})")},
       {"reasoning 0 a", "reasoning 0 b", "reasoning 0 c"}},
      {"a run after other parts is another",
       {parts(R"({"text":"a","thought":true},{"text":"x"},{"text":"b","thought":true})"),
        call(R"({"name":"f"})"), parts(R"({"text":"c","thought":true})")},
       {"reasoning 0 a", "text x", "reasoning 1 b", "call 0 f", "reasoning 2 c"}},
      {"an empty part ends no run",
       {parts(R"({"text":"a","thought":true},{"text":""},{"text":"b","thought":true})")},
       {"reasoning 0 a", "reasoning 0 b"}},
      {"signatures of a thought, a call, an empty text",
       {parts(R"({"text":"a","thought":true,"thoughtSignature":"s"})"),
        parts(R"({"functionCall":{"name":"f"},"thoughtSignature":"t"})"),
        parts(R"({"text":"","thoughtSignature":"u"})")},
       {"reasoning 0 a", "signature 0 s", "signature t", "call 0 f", "signature u"}},
      {"no thought", {parts(R"({"text":"a","thought":false})")}, {"text a"}},
  });
}

TEST(Gemini, ReadsWholeCalls) {
  expect_rows({
      {"an object, with and without id",
       {call(R"({"id":"c","name":"f","args":{"a":1}})"), call(R"({"name":"g","args":{}})")},
       {R"(call 0 #c f json({"a":1}))", "call 1 g json({})"}},
      {"two calls of one name are two calls",
       {call(R"({"name":"f","args":{"a":1}})"), call(R"({"name":"f","args":{"a":1}})")},
       {R"(call 0 f json({"a":1}))", R"(call 1 f json({"a":1}))"}},
      {"no arguments",
       {call(R"({"name":"f"})"), call(R"({"name":"g","args":null})")},
       {"call 0 f", "call 1 g"}},
      {"arguments that are no object",
       {call(R"({"name":"f","args":"x"})")},
       {"call 0 f json(x)", "!wrong_type parts[].functionCall.args"}},
      {"an end without a call", {call("{}")}, {"!block_out_of_order functionCall"}},
      {"its result stands in the reply",
       {parts(R"({"functionResponse":{"id":"c","name":"f","response":{}}})")},
       {"provider_result #c"}},
  });
}

TEST(Gemini, AssemblesStreamedArguments) {
  const std::string begin = call(R"({"name":"f","willContinue":true})");
  const auto piece = [](std::string_view value) {
    return call(R"({"partialArgs":[)" + std::string(value) + R"(],"willContinue":true})");
  };
  expect_rows({
      {"strings of one path append; an empty object ends the call",
       {begin, piece(R"({"jsonPath":"$.a","stringValue":"x","willContinue":true})"),
        piece(R"({"jsonPath":"$.a","stringValue":"\"y"})"), call("{}")},
       {"call 0 f", R"(call 0 json({"a":"x\"y"}))"}},
      {"numbers, truths and nulls, in objects and arrays",
       {begin,
        piece(R"({"jsonPath":"$.a[1].b","numberValue":0.5},)"
              R"({"jsonPath":"$.a[0]","boolValue":true})"),
        piece(R"({"jsonPath":"$['c d']","nullValue":"NULL_VALUE"})"), call("{}")},
       {"call 0 f", R"(call 0 json({"a":[true,{"b":0.5}],"c d":null}))"}},
      {"the last piece ends the call",
       {begin, call(R"({"partialArgs":[{"jsonPath":"$.a","numberValue":1}]})"),
        parts(R"({"text":"x"})")},
       {"call 0 f", R"(call 0 json({"a":1}))", "text x"}},
      {"all in one part",
       {call(R"({"name":"f","partialArgs":[{"jsonPath":"$.a","numberValue":1}]})")},
       {"call 0 f", R"(call 0 json({"a":1}))"}},
      {"the end is missing: the finish gives what there is",
       {begin, piece(R"({"jsonPath":"$.a","stringValue":"x"})"),
        R"({"candidates":[{"finishReason":"STOP"}]})"},
       {"call 0 f", R"(call 0 json({"a":"x"}))", "finish STOP=stop",
        "!block_not_closed functionCall f"}},
      {"the finish comes within a text: so does the end of the arguments",
       {begin, piece(R"({"jsonPath":"$.a","stringValue":"x","willContinue":true})"),
        R"({"candidates":[{"finishReason":"STOP"}]})"},
       {"call 0 f", R"(call 0 json({"a":"x))", "finish STOP=stop", R"(call 0 json({"a":"x))",
        "!block_not_closed functionCall f"}},
      {"the same, but its end comes still",
       {begin, piece(R"({"jsonPath":"$.a","stringValue":"x","willContinue":true})"),
        R"({"candidates":[{"finishReason":"STOP"}]})", call("{}")},
       {"call 0 f", R"(call 0 json({"a":"x))", "finish STOP=stop", R"(call 0 json({"a":"x"}))"}},
      {"the end and the finish are missing",
       {begin, piece(R"({"jsonPath":"$.a","stringValue":"x"})")},
       {"call 0 f", R"(call 0 json({"a":"x"}))", "!block_not_closed functionCall f"}},
      {"another call ends it",
       {begin, call(R"({"name":"f","willContinue":true})"), call("{}")},
       {"call 0 f", "call 0 json({})", "!block_not_closed functionCall f", "call 1 f",
        "call 1 json({})"}},
      {"paths that are none",
       {begin,
        piece(R"({"jsonPath":"a","numberValue":1},{"jsonPath":"$","numberValue":1},)"
              R"({"jsonPath":"$.a"},7)"),
        call("{}")},
       {"call 0 f", "!wrong_type parts[].functionCall.partialArgs[]",
        "!wrong_type parts[].functionCall.partialArgs[]",
        "!wrong_type parts[].functionCall.partialArgs[]",
        "!wrong_type parts[].functionCall.partialArgs[]", "call 0 json({})"}},
  });
}

TEST(Gemini, ReadsToolsOfTheProvider) {
  expect_rows({
      {"code and its result are one",
       {parts(R"({"executableCode":{"language":"PYTHON","code":"1"}})"),
        parts(R"({"codeExecutionResult":{"outcome":"OUTCOME_OK"}})")},
       {"provider_tool # code_execution"}},
      {"a result alone",
       {parts(R"({"codeExecutionResult":{}})")},
       {"provider_tool # code_execution"}},
      {"other tools",
       {parts(R"({"toolCall":{"toolType":"FILE_SEARCH","id":"t"}})"),
        parts(R"({"toolResponse":{"toolType":"FILE_SEARCH","id":"t"}})")},
       {"provider_tool #t file_search"}},
      {"grounding and citations are annotations",
       {R"({"candidates":[{"groundingMetadata":{"a":[1]},"citationMetadata":{"b":2}}]})",
        R"({"candidates":[{"groundingMetadata":{},"citationMetadata":null}]})"},
       {R"(annotation {"a":[1]})", R"(annotation {"b":2})"}},
  });
}

TEST(Gemini, ReadsFinish) {
  const auto finish = [](std::string_view reason) {
    return R"({"candidates":[{"finishReason":)" + std::string(reason) + "}]}";
  };
  expect_rows({
      {"words",
       {finish(R"("STOP")"), finish(R"("MAX_TOKENS")"), finish(R"("SPII")")},
       {"finish STOP=stop", "finish MAX_TOKENS=length", "finish SPII=content_filter"}},
      {"a broken call is an error",
       {finish(R"("MALFORMED_FUNCTION_CALL")")},
       {"finish MALFORMED_FUNCTION_CALL=error"}},
      {"numbers of the enum",
       {finish("1"), finish("2"), finish("3"), finish("5")},
       {"finish 1=stop", "finish 2=length", "finish 3=content_filter", "finish 5=other"}},
      {"words to come", {finish(R"("FAKE_ENUM")")}, {"finish FAKE_ENUM=other"}},
      {"none", {finish("null"), finish(R"("")")}, {}},
      {"a blocked prompt",
       {R"({"promptFeedback":{"blockReason":"JAILBREAK"}})"},
       {"finish JAILBREAK=content_filter"}},
      {"feedback without a block", {R"({"promptFeedback":{"safetyRatings":[]}})"}, {}},
  });
}

TEST(Gemini, ReadsUsage) {
  expect_rows({
      {"thoughts are output, the tools' prompt is input; the last of each stands",
       {R"({"usageMetadata":{"promptTokenCount":10,"totalTokenCount":10}})",
        R"({"usageMetadata":{"candidatesTokenCount":3,"thoughtsTokenCount":4,)"
        R"("toolUsePromptTokenCount":2,"cachedContentTokenCount":5,"totalTokenCount":19}})"},
       {"usage 10 - - - 10", "usage 12 7 4 5 19"}},
      {"the same again",
       {R"({"usageMetadata":{"promptTokenCount":1}})",
        R"({"usageMetadata":{"promptTokenCount":1}})"},
       {"usage 1 - - - -"}},
      {"none", {R"({"usageMetadata":{"trafficType":"ON_DEMAND"}})"}, {}},
  });
}

TEST(Gemini, ReadsErrors) {
  const std::string error = R"({"error":{"code":499,"message":"m","status":"CANCELLED"}})";
  expect_rows({{"framed", {error}, {"error [499] [CANCELLED] m"}},
               {"in an array", {"[" + error + "]"}, {"error [499] [CANCELLED] m"}}});
  expect_rows(
      {{"unframed", {error}, {"error [499] [CANCELLED] m"}},
       {"an element", {parts(R"({"text":"a"})"), error}, {"text a", "error [499] [CANCELLED] m"}}},
      FrameKind::line);
}

TEST(Gemini, NotesUnframedJsonBesideEvents) {
  Gemini adapter;
  Frame frame;
  frame.data = R"({"candidates":[]})";
  EXPECT_EQ(translate_in(adapter, frame), Lines{});
  frame.kind = FrameKind::line;
  EXPECT_EQ(translate_in(adapter, frame), Lines{"!unframed_json"});
  frame.kind = FrameKind::comment;
  EXPECT_EQ(translate_in(adapter, frame), Lines{});
}

TEST(Gemini, NotesWhatIsOdd) {
  expect_rows({
      {"no JSON", {"x"}, {"!bad_json x"}},
      {"no object", {"1"}, {"!wrong_type response"}},
      {"another document", {R"({"a":1})"}, {R"(!unknown_event {"a":1})"}},
      {"wrong types of a response",
       {R"({"responseId":1,"candidates":{},"promptFeedback":1,"usageMetadata":[]})",
        R"({"usageMetadata":{"promptTokenCount":"1"},"candidates":[1,null]})"},
       {"!wrong_type responseId", "!wrong_type candidates", "!wrong_type promptFeedback",
        "!wrong_type usageMetadata", "!wrong_type candidates[]", "!wrong_type promptTokenCount"}},
      {"wrong types of a candidate",
       {R"({"candidates":[{"index":"0","content":1,"finishReason":{},"groundingMetadata":1}]})",
        R"({"candidates":[{"content":{"parts":{}}},{"content":{"parts":[1,{"text":1}]}}]})"},
       {"!wrong_type candidates[].index", "!wrong_type candidates[].content",
        "!wrong_type candidates[].groundingMetadata", "!wrong_type candidates[].finishReason",
        "!wrong_type candidates[].content.parts", "!wrong_type candidates[].content.parts[]",
        "!wrong_type parts[].text"}},
      {"half a surrogate pair",
       {parts("{\"text\":\"\\ud83d\"}")},
       {"!lone_surrogate", "text \xED\xA0\xBD"}},
  });
}

}  // namespace
}  // namespace playhead::provider
