// Lines of messages about JSON blocks, down to the member that is wrong.
#include "check/block_line.h"

#include <gtest/gtest.h>

#include <string>

namespace playhead::check {
namespace {

constexpr int kFence = 10;

int line_of(std::string_view text, std::string_view path) {
  return line_in_block(text, kFence, path);
}

const std::string kRun =
    "{\n"                                      // 11
    "  \"seed\": -1,\n"                        // 12
    "  \"tools\": {\n"                         // 13
    "    \"a\": {\"returns\": \"}\\\"]\"},\n"  // 14
    "    \"a.b\": {\n"                         // 15
    "      \"takes_ms\":\n"                    // 16
    "        \"x\" }\n"                        // 17
    "  }, \"none\": {}, \"list\": [ ],\n"      // 18
    "  \"last\": [1, {\"at\": 2},\n"           // 19
    "    {\"at\": 3, \"c/d\": 4}]\n"           // 20
    "}\n";

TEST(BlockLine, IsThatOfTheMember) {
  EXPECT_EQ(line_of(kRun, ".seed: wants a whole number"), 12);
  EXPECT_EQ(line_of(kRun, ".tools: wants"), 13);
  EXPECT_EQ(line_of(kRun, ".tools.a.returns: wants"), 14);
  EXPECT_EQ(line_of(kRun, ".tools.a.b.takes_ms: wants"), 16) << "a name with a dot";
  EXPECT_EQ(line_of(kRun, ".list: wants"), 18);
  EXPECT_EQ(line_of(kRun, ".last[0]: wants"), 19);
  EXPECT_EQ(line_of(kRun, ".last[2].at: wants"), 20);
  EXPECT_EQ(line_of(kRun, "/last/2/c~1d: wants"), 20) << "a JSON pointer";
}

TEST(BlockLine, IsThatOfWhatIsThere) {
  EXPECT_EQ(line_of(kRun, ".tools.a.none: wants"), 14);
  EXPECT_EQ(line_of(kRun, ".last[7]: wants"), 19);
  EXPECT_EQ(line_of(kRun, ".see: wants"), kFence);
  EXPECT_EQ(line_of(kRun, ": wants a JSON object"), kFence);
  EXPECT_EQ(line_of("{}", ".seed: wants"), kFence);
  EXPECT_EQ(line_of("7", ".seed: wants"), kFence);
}

TEST(BlockLine, CountsBlankLinesAndCrlf) {
  EXPECT_EQ(line_of("\r\n\r\n[\r\n1,\r\n2]\r\n", "[1]: wants"), 15);
  EXPECT_EQ(line_of("[[], {}, [3\n,4]]", "[2][1]: wants"), 12);
}

TEST(BlockLine, OfACaseIsInTheBlockThatTheMessageNames) {
  Case c;
  c.line = 3;
  c.session = JsonBlock{.text = "[]\n", .line = 5};
  c.run = JsonBlock{.text = "{\n\"seed\": -1}\n", .line = 9};
  EXPECT_EQ(line_in_case(c, "run.seed: wants"), 11);
  EXPECT_EQ(line_in_case(c, "session: wants"), 5);
  EXPECT_EQ(line_in_case(c, "session[0].event: wants"), 5);
  EXPECT_EQ(line_in_case(c, "request.model: wants"), 3) << "there is no such block";
  EXPECT_EQ(line_in_case(c, "runs are wrong"), 3);
}

}  // namespace
}  // namespace playhead::check
