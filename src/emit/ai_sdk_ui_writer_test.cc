// The bytes of SPEC 9.3, exactly. That real clients read them, ci/conformance shows.
#include "emit/ai_sdk_ui_writer.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "base/json.h"

namespace playhead::emit {
namespace {

using Lines = std::vector<std::string>;

// What is written, one frame a line, without `data: `.
class Written {
 public:
  explicit Written(std::string reasoning_field = "")
      : writer_({"msg-1", "m", 1'700'000'000, std::move(reasoning_field)}) {}

  AiSdkUiWriter& writer() { return writer_; }
  std::string out;

  Lines lines() const {
    Lines lines;
    std::string_view rest = out;
    while (!rest.empty()) {
      const std::size_t end = rest.find("\n\n");
      EXPECT_NE(end, std::string_view::npos) << rest;
      EXPECT_TRUE(rest.starts_with("data: ")) << rest;
      lines.emplace_back(rest.substr(6, end - 6));
      rest.remove_prefix(end + 2);
    }
    return lines;
  }

 private:
  AiSdkUiWriter writer_;
};

const std::optional<TurnError> kNoError;
const ToolRecord kCall{"c1", "read_file", R"({"path":"a"})", 1};

Lines called(const std::string& arguments) {
  Written w;
  w.writer().tool_running({"c1", "f", arguments, 1}, w.out);
  return w.lines();
}

std::string input_of(const std::string& arguments) {
  const std::string last = called(arguments).back();
  const std::string head =
      R"({"type":"tool-input-available","toolCallId":"c1","toolName":"f","input":)";
  EXPECT_TRUE(last.starts_with(head)) << last;
  return last.substr(head.size(), last.size() - head.size() - 1);
}

TEST(AiSdkUiWriter, BeginsWithTheIdOfTheMessage) {
  Written w;
  w.writer().begin(w.out);
  EXPECT_EQ(w.out, "data: {\"type\":\"start\",\"messageId\":\"msg-1\"}\n\n");
}

TEST(AiSdkUiWriter, OpensStepAndBlockWithTheFirstText) {
  Written w;
  w.writer().text("a\n\"\xC3\xA9", w.out);
  w.writer().text("b", w.out);
  EXPECT_EQ(w.lines(), (Lines{R"({"type":"start-step"})", R"({"type":"text-start","id":"t1"})",
                              R"({"type":"text-delta","id":"t1","delta":"a\n\")"
                              "\xC3\xA9"
                              R"("})",
                              R"({"type":"text-delta","id":"t1","delta":"b"})"}));
}

TEST(AiSdkUiWriter, ClosesOneKindBeforeTheOtherAndCountsOverTheMessage) {
  Written w("any");
  w.writer().reasoning("hm", w.out);
  w.writer().text("a", w.out);
  w.writer().next_reply(w.out);
  w.writer().reasoning("so", w.out);
  EXPECT_EQ(w.lines(),
            (Lines{R"({"type":"start-step"})", R"({"type":"reasoning-start","id":"r1"})",
                   R"({"type":"reasoning-delta","id":"r1","delta":"hm"})",
                   R"({"type":"reasoning-end","id":"r1"})", R"({"type":"text-start","id":"t1"})",
                   R"({"type":"text-delta","id":"t1","delta":"a"})",
                   R"({"type":"text-end","id":"t1"})", R"({"type":"finish-step"})",
                   R"({"type":"start-step"})", R"({"type":"reasoning-start","id":"r2"})",
                   R"({"type":"reasoning-delta","id":"r2","delta":"so"})"}));
}

TEST(AiSdkUiWriter, SendsNoReasoningWithoutTheFieldsName) {
  Written w;
  w.writer().reasoning("hm", w.out);
  EXPECT_EQ(w.out, "");
}

TEST(AiSdkUiWriter, RepliesThatGaveNothingLeaveNoStep) {
  Written w;
  w.writer().next_reply(w.out);
  w.writer().next_reply(w.out);
  EXPECT_EQ(w.out, "");
}

TEST(AiSdkUiWriter, WritesACallWithItsWholeInputThenItsResult) {
  Written w;
  w.writer().text("a", w.out);
  w.out.clear();
  w.writer().tool_running(kCall, w.out);
  w.writer().tool_completed(kCall, "{\"ok\":true}\n", w.out);
  w.writer().next_reply(w.out);
  EXPECT_EQ(
      w.lines(),
      (Lines{R"({"type":"text-end","id":"t1"})",
             R"({"type":"tool-input-start","toolCallId":"c1","toolName":"read_file"})",
             R"({"type":"tool-input-delta","toolCallId":"c1","inputTextDelta":"{\"path\":\"a\"}"})",
             R"({"type":"tool-input-available","toolCallId":"c1","toolName":"read_file",)"
             R"("input":{"path":"a"}})",
             R"({"type":"tool-output-available","toolCallId":"c1","output":"{\"ok\":true}\n"})",
             R"({"type":"finish-step"})"}));
}

TEST(AiSdkUiWriter, AFailedToolSaysWhatWentWrong) {
  Written w;
  w.writer().tool_running(kCall, w.out);
  w.out.clear();
  w.writer().tool_failed(kCall, "no such file", w.out);
  EXPECT_EQ(w.lines(), (Lines{R"({"type":"tool-output-error","toolCallId":"c1",)"
                              R"("errorText":"no such file"})"}));
}

TEST(AiSdkUiWriter, ARefusedCallIsShownWithItsTextAndTheError) {
  Written w;
  w.writer().tool_refused({"c1", "f", "{\"path\":", 1}, "not JSON", w.out);
  EXPECT_EQ(w.lines(),
            (Lines{R"({"type":"start-step"})",
                   R"({"type":"tool-input-start","toolCallId":"c1","toolName":"f"})",
                   R"({"type":"tool-input-available","toolCallId":"c1","toolName":"f",)"
                   R"("input":"{\"path\":"})",
                   R"({"type":"tool-output-error","toolCallId":"c1","errorText":"not JSON"})"}));
}

TEST(AiSdkUiWriter, InputIsTheObjectAsSentOnOneLine) {
  EXPECT_EQ(input_of(R"({"n": 1.0, "big": 12345678901234567890123})"),
            R"({"n": 1.0, "big": 12345678901234567890123})");
  EXPECT_EQ(input_of("{\n  \"a\":\r\n [1,\n2]\n}\n"), "{  \"a\": [1,2]}");
  EXPECT_EQ(input_of(" \n"), "{}");
  EXPECT_EQ(called("").at(2),
            R"({"type":"tool-input-delta","toolCallId":"c1","inputTextDelta":"{}"})");
}

TEST(AiSdkUiWriter, InputThatIsNoObjectIsText) {
  EXPECT_EQ(input_of("*** Begin Patch\n"), R"("*** Begin Patch\n")");
  EXPECT_EQ(input_of("[1]"), R"("[1]")");
  EXPECT_EQ(input_of("null"), R"("null")");
  EXPECT_EQ(input_of("{\"a\":1} x"), R"("{\"a\":1} x")");
  EXPECT_EQ(input_of("{},{}"), R"("{},{}")");
  EXPECT_EQ(input_of("\xEF\xBB\xBF{}"), "\"\xEF\xBB\xBF{}\"") << "a byte order mark is no JSON";
  EXPECT_EQ(input_of("{\"a\":\"\xFF\"}"), "\"{\\\"a\\\":\\\"\xEF\xBF\xBD\\\"}\"");
}

TEST(AiSdkUiWriter, InputThatWouldMakeTheChunkTooDeepIsText) {
  const auto nested = [](std::size_t depth) {
    return "{\"a\":" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
  };
  EXPECT_EQ(input_of(nested(kJsonDepthMax - 1)).front(), '{');
  EXPECT_EQ(input_of(nested(kJsonDepthMax)).front(), '"');
}

TEST(AiSdkUiWriter, InputThatClientsRefuseIsText) {
  EXPECT_EQ(input_of(R"({"__proto__":1})"), R"("{\"__proto__\":1}")");
  EXPECT_EQ(input_of(R"({"a":[{"\u005f_proto__":1}]})").front(), '"');
  EXPECT_EQ(input_of(R"({"a":{"constructor":{"prototype":1}}})").front(), '"');
  EXPECT_EQ(input_of(R"({"constructor":null})").front(), '"');
  EXPECT_EQ(input_of(R"({"constructor":"x","prototype":"__proto__"})").front(), '{');
}

TEST(AiSdkUiWriter, ACallWithTheIdOfAnEarlierOneGetsItsOwn) {
  Written w;
  for (const std::string_view id : {"c1", "c1#2", "c1#3"}) {
    w.out.clear();
    w.writer().tool_running(kCall, w.out);
    w.writer().tool_completed(kCall, "ok", w.out);
    for (const std::string& line : w.lines()) {
      if (line == R"({"type":"start-step"})") continue;
      EXPECT_NE(line.find("\"toolCallId\":\"" + std::string(id) + "\""), std::string::npos) << line;
    }
  }
}

TEST(AiSdkUiWriter, ANoticeIsTransientAndLeavesTheBlockOpen) {
  Written w;
  w.writer().text("a", w.out);
  w.out.clear();
  w.writer().notice("a\nb", w.out);
  w.writer().text("b", w.out);
  EXPECT_EQ(w.lines(),
            (Lines{R"({"type":"data-notice","data":{"message":"a\nb"},"transient":true})",
                   R"({"type":"text-delta","id":"t1","delta":"b"})"}));
}

TEST(AiSdkUiWriter, CompletedEndsWithUsageInTheMetadata) {
  Written w;
  w.writer().text("a", w.out);
  w.out.clear();
  w.writer().finish(
      {true, false, false, "stop", &kNoError, {.input_tokens = 5, .output_tokens = 3}}, w.out);
  EXPECT_EQ(w.lines(),
            (Lines{R"({"type":"text-end","id":"t1"})", R"({"type":"finish-step"})",
                   R"({"type":"finish","messageMetadata":{"finishReason":"stop","usage":)"
                   R"({"inputTokens":5,"outputTokens":3,"totalTokens":8}}})",
                   "[DONE]"}));
}

TEST(AiSdkUiWriter, PartialEndsWithLengthAndTheExtension) {
  Written w;
  const std::optional<TurnError> error = TurnError{"still_truncated", "cut \"off\""};
  w.writer().finish({false, true, false, "length", &error, {}}, w.out);
  EXPECT_EQ(w.lines(),
            (Lines{R"({"type":"finish","messageMetadata":{"finishReason":"length","usage":)"
                   R"({"inputTokens":0,"outputTokens":0,"totalTokens":0},"playhead":)"
                   R"({"completed":false,"partial":true,"failed":false,"error":"cut \"off\"",)"
                   R"("error_code":"output_truncated"}}})",
                   "[DONE]"}));
}

TEST(AiSdkUiWriter, FailedTellsTheErrorBeforeItsFinish) {
  Written w;
  const std::optional<TurnError> error = TurnError{"http_503", "overloaded"};
  w.writer().text("a", w.out);
  w.out.clear();
  w.writer().finish({false, false, true, "error", &error, {}}, w.out);
  EXPECT_EQ(w.lines(),
            (Lines{R"({"type":"text-end","id":"t1"})", R"({"type":"finish-step"})",
                   R"({"type":"error","errorText":"overloaded"})",
                   R"({"type":"finish","messageMetadata":{"finishReason":"error","usage":)"
                   R"({"inputTokens":0,"outputTokens":0,"totalTokens":0},"playhead":)"
                   R"({"completed":false,"partial":false,"failed":true,"error":"overloaded",)"
                   R"("error_code":"http_503"}}})",
                   "[DONE]"}));
}

TEST(AiSdkUiWriter, StoppedAnswersOpenCallsThenAborts) {
  Written w;
  w.writer().tool_running(kCall, w.out);
  w.writer().tool_completed(kCall, "ok", w.out);
  w.writer().tool_running({"c2", "f", "{}", 1}, w.out);
  w.out.clear();
  w.writer().stopped({"stopped", "The turn was stopped"}, w.out);
  EXPECT_EQ(w.lines(),
            (Lines{R"({"type":"tool-output-error","toolCallId":"c2",)"
                   R"("errorText":"The turn was stopped"})",
                   R"({"type":"finish-step"})", R"({"type":"abort"})",
                   R"({"type":"finish","messageMetadata":{"playhead":{"completed":false,)"
                   R"("partial":false,"failed":false,"error":"The turn was stopped",)"
                   R"("error_code":"stopped"}}})",
                   "[DONE]"}));
}

// What writes after the end; each must be caught.
using Write = std::function<void(AiSdkUiWriter& writer, std::string& out)>;

TEST(AiSdkUiWriterDeathTest, WritingAfterTheEndIsABug) {
  const Write writes[] = {
      [](AiSdkUiWriter& w, std::string& out) { w.begin(out); },
      [](AiSdkUiWriter& w, std::string& out) { w.next_reply(out); },
      [](AiSdkUiWriter& w, std::string& out) { w.text("x", out); },
      [](AiSdkUiWriter& w, std::string& out) { w.reasoning("x", out); },
      [](AiSdkUiWriter& w, std::string& out) { w.tool_running(kCall, out); },
      [](AiSdkUiWriter& w, std::string& out) { w.tool_completed(kCall, "ok", out); },
      [](AiSdkUiWriter& w, std::string& out) { w.tool_failed(kCall, "no", out); },
      [](AiSdkUiWriter& w, std::string& out) { w.tool_refused(kCall, "no", out); },
      [](AiSdkUiWriter& w, std::string& out) { w.notice("x", out); },
      [](AiSdkUiWriter& w, std::string& out) {
        w.finish({true, false, false, "stop", &kNoError, {}}, out);
      },
      [](AiSdkUiWriter& w, std::string& out) {
        w.stopped({"stopped", "x"}, out);
      },
  };
  for (const Write& write : writes) {
    Written finished("any");
    finished.writer().finish({true, false, false, "stop", &kNoError, {}}, finished.out);
    EXPECT_DEATH(write(finished.writer(), finished.out), "check failed: !finished_");
    Written stopped("any");
    stopped.writer().stopped({"stopped", "x"}, stopped.out);
    EXPECT_DEATH(write(stopped.writer(), stopped.out), "check failed: !finished_");
  }
}

}  // namespace
}  // namespace playhead::emit
