#include "check/laws.h"

#include <gtest/gtest.h>

namespace playhead::check {
namespace {

JsonDocument json(std::string_view text) {
  auto document = parse_json(text);
  EXPECT_TRUE(document) << text;
  return std::move(document).value();
}

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(text, out);
  return out;
}

std::string content(std::string_view text) {
  return "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":" + json_string(text) +
         "},\"finish_reason\":null}]}\n\n";
}

const std::string kFinish = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
const std::string kDone = "data: [DONE]\n\n";

JsonDocument replay(const std::string& downstream, const std::vector<std::string>& visible,
                    std::string_view final_response = "", bool interrupted = false,
                    std::string_view format = "openai-chat") {
  std::string exchanges;
  for (const std::string& text : visible) {
    if (!exchanges.empty()) exchanges += ",";
    exchanges += R"({"message":{"visible":)" + json_string(text) + "}}";
  }
  return json(R"({"outcome":{"interrupted":)" + std::string(interrupted ? "true" : "false") +
              R"(,"final_response":)" + json_string(final_response) +
              R"(},"downstream":{"format":)" + json_string(format) +
              R"(,"longest_silence_us":30000000,"text":)" + json_string(downstream) +
              R"(},"exchanges":[)" + exchanges + "]}");
}

TEST(Laws, RechunkLooksAtAllButChunks) {
  const std::vector<LogLine> a{{FactKind::chunk, "c1"}, {FactKind::text, "t"}};
  const std::vector<LogLine> b{{FactKind::text, "t"}, {FactKind::chunk, "c2"}};
  const std::vector<LogLine> c{{FactKind::text, "u"}};
  EXPECT_TRUE(check_rechunk("bytes", a, b).empty());
  EXPECT_EQ(check_rechunk("bytes", a, c).at(0).message, "bytes: fact 1 was `t` and is `u`");
  EXPECT_EQ(check_rechunk("bytes", a, {}).at(0).message,
            "bytes: fact 1 was `t` and is `nothing more`");
  EXPECT_EQ(check_repeat(a, b).at(0).message, "second run: fact 1 was `c1` and is `t`");
  EXPECT_TRUE(check_repeat(a, a).empty());
}

TEST(Laws, KeepaliveBoundsSilence) {
  EXPECT_TRUE(check_keepalive(replay("", {}), seconds(30)).empty());
  EXPECT_EQ(check_keepalive(replay("", {}), microseconds(29'999'999)).size(), 1u);
  EXPECT_TRUE(check_keepalive(replay("", {}), {}).empty());
  EXPECT_TRUE(check_keepalive(replay("", {}, "", false, "none"), seconds(1)).empty());
  EXPECT_TRUE(check_keepalive(json("{}"), seconds(1)).empty());
}

std::vector<LawBreak> tools(const std::string& finish, const std::string& state, int exchange = 1) {
  return check_tools(
      json(R"({"outcome":{"tools":{"executed":[{"id":"i","name":"n","exchange":)" +
           std::to_string(exchange) + R"(}]}},"exchanges":[{"index":1,"completion":)" +
           R"({"finish_reason":")" + finish + R"("},"message":{"tool_calls":)" +
           R"([{"id":"h","name":"n","state":"valid"},{"id":"i","name":"n","state":")" + state +
           R"("}]}}]})"));
}

TEST(Laws, ToolsOfTruncatedRepliesAreNotRun) {
  EXPECT_TRUE(tools("tool_calls", "valid").empty());
  EXPECT_TRUE(tools("tool_calls", "repaired").empty());
  EXPECT_EQ(tools("length", "valid").at(0).message,
            "`n` (i) of exchange 1 was run, but its reply was truncated");
  EXPECT_EQ(tools("tool_calls", "truncated").at(0).message,
            "`n` (i) of exchange 1 was run, but its arguments are truncated");
  EXPECT_EQ(tools("tool_calls", "invalid").size(), 1u);
  EXPECT_EQ(tools("tool_calls", "valid", 2).size(), 1u);
  EXPECT_TRUE(check_tools(json("{}")).empty());
}

TEST(Laws, ThinkAllowsOnlyVisibleText) {
  EXPECT_TRUE(
      check_think(replay(content("a b") + content(" c\n") + kFinish, {"a", "b c"})).empty());
  EXPECT_EQ(check_think(replay(content("<think>x</think>a"), {"a"})).at(0).message,
            "sent downstream, but not visible text, blanks apart: `<think>x</think>a`");
  EXPECT_EQ(check_think(replay(content("a"), {"ab"})).at(0).message,
            "visible text was never sent downstream, blanks apart: `b`");
}

TEST(Laws, ThinkAllowsAFinalResponseThatWasNotStreamed) {
  EXPECT_TRUE(check_think(replay(content("a") + content("sorry"), {"a"}, "sorry")).empty());
  EXPECT_TRUE(check_think(replay(content("a"), {"a"}, "a")).empty());
  EXPECT_EQ(check_think(replay(content("a") + content("sorry!"), {"a"}, "sorry")).size(), 1u);
}

TEST(Laws, ThinkAllowsABeginningOfAnInterruptedTurn) {
  EXPECT_TRUE(check_think(replay(content("a"), {"abc"}, "", true)).empty());
  EXPECT_EQ(check_think(replay(content("ax"), {"abc"}, "", true)).size(), 1u);
}

TEST(Laws, ThinkIgnoresNamedEvents) {
  const std::string notice = "event: playhead.notice\n" + content("dropped");
  EXPECT_TRUE(check_think(replay(notice + content("a"), {"a"})).empty());
}

TEST(Laws, FinishIsWrittenOnceThenDone) {
  EXPECT_TRUE(check_finish(replay(content("a") + kFinish + kDone, {"a"})).empty());
  EXPECT_EQ(check_finish(replay(kFinish + kFinish + kDone, {})).size(), 1u);
  EXPECT_EQ(check_finish(replay(kDone, {})).size(), 1u);
  EXPECT_EQ(check_finish(replay(kFinish, {})).size(), 1u);
  EXPECT_EQ(check_finish(replay(kFinish + kDone + ": keepalive\n\n", {})).size(), 1u);
  EXPECT_EQ(check_finish(replay(kFinish + kDone + kDone, {})).size(), 2u);
}

TEST(Laws, FinishIsNotWrittenWhenInterrupted) {
  EXPECT_TRUE(check_finish(replay(content("a"), {"a"}, "", true)).empty());
  EXPECT_EQ(check_finish(replay(kFinish + kDone, {}, "", true)).size(), 2u);
  EXPECT_TRUE(check_finish(replay("", {}, "", false, "none")).empty());
}

std::string ui(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) {
    text.append("data: ").append(part).append("\n\n");
  }
  return text;
}

const std::string kUiText =
    ui({R"({"type":"start","messageId":"m"})", R"({"type":"start-step"})",
        R"({"type":"text-start","id":"t1"})", R"({"type":"text-delta","id":"t1","delta":"ab"})"});
const std::string kUiEnd = ui({R"({"type":"text-end","id":"t1"})", R"({"type":"finish-step"})",
                               R"({"type":"finish"})", "[DONE]"});

std::vector<LawBreak> ui_breaks(const std::string& text, bool interrupted = false) {
  return check_document(replay(text, {"ab"}, "", interrupted, "ai-sdk-ui"), seconds(30));
}

TEST(Laws, ReadUiMessageStreams) {
  const std::string reasoning = ui({R"({"type":"reasoning-start","id":"r1"})",
                                    R"({"type":"reasoning-delta","id":"r1","delta":"hidden"})",
                                    R"({"type":"reasoning-end","id":"r1"})"});
  EXPECT_TRUE(ui_breaks(kUiText + reasoning + kUiEnd).empty());
  EXPECT_EQ(ui_breaks(kUiText + kUiEnd + kUiText + kUiEnd).size(), 4u);
}

TEST(Laws, FinishKnowsWhatUiClientsFailOn) {
  const auto breaks = ui_breaks(kUiText + ui({R"({"type":"finish"})", "[DONE]"}));
  ASSERT_EQ(breaks.size(), 1u);
  EXPECT_EQ(breaks[0].law, Law::finish);
  EXPECT_EQ(breaks[0].message, "clients fail on what was sent: `finish`: block `t1` is still open");
}

TEST(Laws, AUiClientIsToldThatItsTurnWasStopped) {
  const auto breaks_of = [](const std::string& text, std::string_view code) {
    JsonDocument document = replay(text, {"ab"}, "", true, "ai-sdk-ui");
    JsonDocument error = json(R"({"code":)" + json_string(code) + "}");
    document["outcome"].AddMember("error", error, document.GetAllocator());
    return check_finish(document).size();
  };
  EXPECT_EQ(breaks_of(kUiText + kUiEnd, "stopped"), 0u);
  EXPECT_EQ(breaks_of(kUiText + kUiEnd, "interrupted"), 0u);
  EXPECT_EQ(breaks_of(kUiText, "stopped"), 2u);
  EXPECT_EQ(breaks_of(kUiText, "client_disconnected"), 0u);
  EXPECT_EQ(breaks_of(kUiText + kUiEnd, "client_disconnected"), 2u);
  EXPECT_EQ(breaks_of(kUiText + kUiEnd, "recording_exhausted"), 2u);
}

TEST(Laws, SayNothingOfMissingParts) {
  EXPECT_TRUE(check_document(json("{}"), seconds(1)).empty());
  EXPECT_TRUE(check_document(json(R"({"outcome":null,"downstream":{}})"), seconds(1)).empty());
}

TEST(Laws, ATurnEndsOnceAndNothingIsWrittenBehindIt) {
  Facts facts;
  facts.add({.kind = FactKind::downstream, .text = "a"});
  facts.add_outcome(Instant{1}, {});
  EXPECT_TRUE(check_outcome(facts).empty());
  facts.add({.at = Instant{1}, .kind = FactKind::end});
  EXPECT_TRUE(check_outcome(facts).empty());
  facts.add({.at = Instant{2}, .kind = FactKind::keepalive});
  ASSERT_EQ(check_outcome(facts).size(), 1U);
  EXPECT_EQ(check_outcome(facts).front().message, "keepalive behind the end, at 2 us");
}

TEST(Laws, ASecondEndBreaksTheLaw) {
  Facts facts;
  facts.add_outcome(Instant{1}, {});
  facts.add_outcome(Instant{3}, {});
  ASSERT_EQ(check_outcome(facts).size(), 1U);
  EXPECT_EQ(check_outcome(facts).front().message, "a second end at 3 us");
}

}  // namespace
}  // namespace playhead::check
