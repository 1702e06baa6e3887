#include "check/bless.h"

#include <gtest/gtest.h>

#include "check/verdict.h"

namespace playhead::check {
namespace {

const std::string kHead = "# t\n\n## a\n\n```session\n[]\n```\n\n";

// Blesses a file of one case and checks that it passes from then on, and that blessing it again
// changes nothing.
std::string blessed(const std::string& blocks, std::string_view actual,
                    const std::vector<LogLine>& lines = {}) {
  const auto file = parse_case_file("f.md", kHead + blocks);
  EXPECT_TRUE(file) << file.error().message;
  const auto replay = parse_json(actual);
  const std::vector<CaseRun> runs{{&*replay, lines}};
  const auto text = bless(*file, runs);
  EXPECT_TRUE(text) << text.error().message;
  const auto again = parse_case_file("f.md", *text);
  EXPECT_TRUE(again) << again.error().message;
  EXPECT_EQ(judge(again->cases[0], *replay, lines).kind, VerdictKind::passed) << *text;
  EXPECT_EQ(*bless(*again, runs), *text);
  EXPECT_TRUE(text->starts_with(kHead));
  return text->substr(kHead.size());
}

TEST(Bless, LeavesWhatHoldsByteForByte) {
  const std::string blocks =
      "```expect\n{ \"a\" : {\"$any\":true},\n\n \"b\":[ 1 , 2.0 ]}\n```\nend";
  EXPECT_EQ(blessed(blocks, R"({"a":1,"b":[1,2]})"), blocks);
}

TEST(Bless, ReplacesOnlyTheValuesThatChanged) {
  EXPECT_EQ(blessed("```expect\n{\n  \"a\": {\"x\": 1,   \"y\\\"]\": [1, \"]}\"]},\n"
                    "  \"b\": {\"$prefix\": \"h\"}, \"c\":null\n}\n```\n",
                    R"({"a":{"x":2,"y\"]":[1,"]}"],"z":0},"b":"hello","c":true})"),
            "```expect\n{\n  \"a\": {\"x\": 2,   \"y\\\"]\": [1, \"]}\"]},\n"
            "  \"b\": {\"$prefix\": \"h\"}, \"c\":true\n}\n```\n");
}

TEST(Bless, ReplacesMatchersThatNoLongerHold) {
  EXPECT_EQ(
      blessed("```expect\n{\"a\":{\"$prefix\":\"x\"},\"b\":{\"$absent\":true},\"c\":1}\n```\n",
              R"({"a":"hello","b":[]})"),
      "```expect\n{\"a\":\"hello\",\"b\":[],\"c\":{\"$absent\": true}}\n```\n");
}

TEST(Bless, KeepsMatchersInsideArrays) {
  EXPECT_EQ(blessed("```expect\n{\"a\":[{\"n\":{\"$any\":true},\"m\":1},2]}\n```\n",
                    R"({"a":[{"n":7,"m":3,"o":4},2]})"),
            "```expect\n{\"a\":[{\"n\":{\"$any\":true},\"m\":3},2]}\n```\n");
  EXPECT_EQ(blessed("```expect\n{\"a\":[{\"$any\":true}]}\n```\n", R"({"a":[1,2]})"),
            "```expect\n{\"a\":[{\"$any\":true},2]}\n```\n");
}

TEST(Bless, ReplacesElementsNamedByTheirPlace) {
  EXPECT_EQ(blessed("```expect\n{\"requests\":{\"1\":{\"n\":1}}}\n```\n",
                    R"({"outcome":{"requests":[{"n":3},{"n":4}]}})"),
            "```expect\n{\"requests\":{\"1\":{\"n\":4}}}\n```\n");
}

TEST(Bless, WritesLargeValuesOverSeveralLinesWithTheirIndent) {
  const std::string text(70, 'x');
  EXPECT_EQ(blessed("```expect\n{\n  \"a\": 1\n}\n```\n", "{\"a\":{\"b\":\"" + text + "\"}}"),
            "```expect\n{\n  \"a\": {\n    \"b\": \"" + text + "\"\n  }\n}\n```\n");
}

TEST(Bless, HandlesOtherTypesAndEmptyExpectations) {
  EXPECT_EQ(blessed("```expect\n{}\n```\n", "{\"a\":1}"), "```expect\n{}\n```\n");
  EXPECT_EQ(blessed("```expect\n{\"a\":{},\"b\":[],\"c\":{\"d\":1}}\n```\n", R"({"a":[],"b":{}})"),
            "```expect\n{\"a\":[],\"b\":{},\"c\":{\"$absent\": true}}\n```\n");
}

TEST(Bless, WritesLogLines) {
  const std::vector<LogLine> lines{{FactKind::end, "e"}, {FactKind::text, "t"}};
  EXPECT_EQ(blessed("```log end\nold\n\n```\n~~~ log text\n~~~\nprose", "{}", lines),
            "```log end\ne\n```\n~~~ log text\nt\n~~~\nprose");
  const std::string holds = "```log end\n\ne\n\n```\n";
  EXPECT_EQ(blessed(holds, "{}", lines), holds);
}

TEST(Bless, KeepsCrlf) {
  EXPECT_EQ(blessed("```expect\r\n{\"a\":1}\r\n```\r\n```log end\r\n```\r\n", "{\"a\":2}",
                    {{FactKind::end, "e"}}),
            "```expect\r\n{\"a\":2}\r\n```\r\n```log end\r\ne\r\n```\r\n");
}

TEST(Bless, LeavesCasesThatDidNotRun) {
  const auto file = parse_case_file("f.md", kHead + "```expect\n{\"a\":1}\n```\n");
  EXPECT_EQ(*bless(*file, {{}}), file->text);
}

TEST(Bless, RefusesALineThatWouldEndItsBlock) {
  const auto file = parse_case_file("f.md", kHead + "```log end\n```\n");
  const auto replay = parse_json("{}");
  EXPECT_FALSE(bless(*file, {{&*replay, {{FactKind::end, "````"}}}}));
  EXPECT_FALSE(bless(*file, {{&*replay, {{FactKind::end, "a\nb"}}}}));
}

}  // namespace
}  // namespace playhead::check
