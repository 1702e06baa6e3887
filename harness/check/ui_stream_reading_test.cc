#include "check/ui_stream_reading.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

namespace playhead::check {
namespace {

using Parts = std::initializer_list<std::string_view>;

constexpr std::string_view kStep = R"({"type":"start-step"})";
constexpr std::string_view kStepEnd = R"({"type":"finish-step"})";
constexpr std::string_view kText = R"({"type":"text-start","id":"t1"})";
constexpr std::string_view kDelta = R"({"type":"text-delta","id":"t1","delta":"x"})";
constexpr std::string_view kTextEnd = R"({"type":"text-end","id":"t1"})";
constexpr std::string_view kCall = R"({"type":"tool-input-start","toolCallId":"c","toolName":"f"})";
constexpr std::string_view kPiece =
    R"({"type":"tool-input-delta","toolCallId":"c","inputTextDelta":"{}"})";
constexpr std::string_view kInput =
    R"({"type":"tool-input-available","toolCallId":"c","toolName":"f","input":{}})";
constexpr std::string_view kOutput =
    R"({"type":"tool-output-available","toolCallId":"c","output":"x"})";
constexpr std::string_view kFailure =
    R"({"type":"tool-output-error","toolCallId":"c","errorText":"x"})";

std::string breach_of(Parts parts) {
  UiStreamReading reading;
  for (const std::string_view part : parts) {
    const auto json = parse_json(part);
    if (json) {
      reading.part(*json);
    } else {
      reading.part(JsonValue());
    }
  }
  return reading.breach();
}

TEST(UiStreamReading, AWholeStreamHasNoBreach) {
  EXPECT_EQ(breach_of({R"({"type":"start","messageId":"m"})",
                       kStep,
                       kText,
                       kDelta,
                       R"({"type":"data-notice","data":{"a":null},"transient":true})",
                       kTextEnd,
                       kCall,
                       kPiece,
                       kInput,
                       kOutput,
                       kInput,
                       kFailure,
                       kStepEnd,
                       kStep,
                       kText,
                       kTextEnd,
                       kStepEnd,
                       R"({"type":"error","errorText":"x"})",
                       R"({"type":"abort"})",
                       R"({"type":"finish","messageMetadata":{}})"}),
            "");
}

TEST(UiStreamReading, BlocksAreOpenWhileTheyAreWritten) {
  EXPECT_EQ(breach_of({kStep, kDelta}), "`text-delta`: no block `t1` is open in this step");
  EXPECT_EQ(breach_of({kStep, kText, kTextEnd, kDelta}).substr(0, 14), "`text-delta`: ");
  EXPECT_EQ(breach_of({kStep, kText, kText}), "`text-start`: block `t1` is open already");
  EXPECT_EQ(breach_of({kStep, R"({"type":"reasoning-end","id":"t1"})"}),
            "`reasoning-end`: no block `t1` is open in this step");
}

TEST(UiStreamReading, AStepEndsWithItsBlocksClosed) {
  EXPECT_EQ(breach_of({kStep, kText, kStepEnd, kDelta}), "`finish-step`: block `t1` is still open");
  EXPECT_EQ(breach_of({kStep, kStep}), "`start-step`: a step is open");
  EXPECT_EQ(breach_of({kStepEnd}), "`finish-step`: no step is open");
  EXPECT_EQ(breach_of({kStep, R"({"type":"finish"})"}), "`finish`: a step is open");
}

TEST(UiStreamReading, ResultsBelongToCalls) {
  EXPECT_EQ(breach_of({kStep, kPiece}), "`tool-input-delta`: no input of call `c` came before");
  EXPECT_EQ(breach_of({kStep, kOutput}).substr(0, 24), "`tool-output-available`:");
  EXPECT_EQ(breach_of({kStep, kCall, kFailure}).substr(0, 20), "`tool-output-error`:");
}

TEST(UiStreamReading, OnlyPortablePartsAndMembersStandInIt) {
  EXPECT_EQ(breach_of({R"({"type":"start","sessionId":"s"})"}),
            "`start`: member `sessionId` is not portable");
  EXPECT_EQ(breach_of({R"({"type":"finish","finishReason":"stop"})"}),
            "`finish`: member `finishReason` is not portable");
  EXPECT_EQ(breach_of({R"({"type":"start","messageId":null})"}),
            "`start`: member `messageId` is null");
  EXPECT_EQ(breach_of({R"({"type":"error","errorText":"x","code":"y"})"}),
            "`error`: member `code` is not portable");
  EXPECT_EQ(breach_of({R"({"type":"tool-input-available","toolCallId":"c","toolName":"f"})"}),
            "`tool-input-available`: wants the members toolCallId toolName input ");
  EXPECT_EQ(breach_of({R"({"type":"usage"})"}), "`usage`: not every client knows this type");
  EXPECT_EQ(breach_of({"[1]"}), "`?`: a part that is no JSON object with a type");
  EXPECT_EQ(breach_of({"{"}), "`?`: a part that is no JSON object with a type");
}

TEST(UiStreamReading, KeepsTheFirstBreach) {
  EXPECT_EQ(breach_of({kStepEnd, kDelta}), "`finish-step`: no step is open");
}

}  // namespace
}  // namespace playhead::check
