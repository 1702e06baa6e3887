#include "check/verdict.h"

#include <gtest/gtest.h>

#include "check/laws.h"

namespace playhead::check {
namespace {

Case case_of(const std::string& blocks) {
  const auto file = parse_case_file("f.md", "## a\n```session\n[]\n```\n" + blocks);
  EXPECT_TRUE(file) << file.error().message;
  return file->cases.at(0);
}

JsonDocument json(std::string_view text) { return std::move(parse_json(text)).value(); }

const std::vector<LogLine> kLines = {
    {FactKind::request, "t=0 request"}, {FactKind::chunk, "t=1 chunk"}, {FactKind::end, "t=2 end"}};

TEST(Verdict, PassesWhereAllHolds) {
  const Case c =
      case_of("```expect\n{\"a\":1}\n```\n```log end request\nt=0 request\nt=2 end\n```\n");
  const Verdict verdict = judge(c, json(R"({"a":1,"b":2})"), kLines);
  EXPECT_EQ(verdict.kind, VerdictKind::passed);
  EXPECT_TRUE(verdict.differences.empty());
  EXPECT_FALSE(verdict.no_expectation);
  EXPECT_EQ(verdict.file, "f.md");
  EXPECT_EQ(verdict.name, "a");
  EXPECT_EQ(verdict.line, 1);
}

TEST(Verdict, SaysThatNothingWasExpected) {
  const Verdict verdict = judge(case_of(""), json("{}"), kLines);
  EXPECT_EQ(verdict.kind, VerdictKind::passed);
  EXPECT_TRUE(verdict.no_expectation);
}

TEST(Verdict, FailsWithEachDifference) {
  const Case c = case_of("```expect\n{\"a\":1}\n```\n```log end\n```\n```log request\nt=9\n```\n");
  const Verdict verdict = judge(c, json("{}"), kLines);
  EXPECT_EQ(verdict.kind, VerdictKind::failed);
  EXPECT_EQ(verdict.differences,
            (std::vector<Difference>{{"/a", "1", "absent"},
                                     {"/log/0", "absent", "line 1: t=2 end"},
                                     {"/log/1", "line 1: t=9", "line 1: t=0 request"}}));
}

TEST(Verdict, LimitsTheRunsOfOneLog) {
  std::vector<LogLine> lines;
  std::string log = "```log text\n";
  for (std::size_t i = 0; i < kLogDifferencesMax + 2; ++i) {
    log += "same\nold\n";
    lines.push_back({FactKind::text, "same"});
    lines.push_back({FactKind::text, "new"});
  }
  const Verdict verdict = judge(case_of(log + "```\n"), json("{}"), lines);
  ASSERT_EQ(verdict.differences.size(), kLogDifferencesMax + 1);
  EXPECT_EQ(verdict.differences.back().actual, "2 more places differ");
}

TEST(Verdict, IsBrokenByAnExpectationThatCannotBeUsed) {
  Case c = case_of("");
  c.expect = JsonBlock{.text = R"({"$like":1})"};
  EXPECT_EQ(judge(c, json("{}"), {}).kind, VerdictKind::broken);
  c.expect->text = "{";
  EXPECT_EQ(judge(c, json("{}"), {}).kind, VerdictKind::broken);
  EXPECT_EQ(broken_verdict(c, "why").message, "why");
  EXPECT_EQ(skipped_verdict(c, "why").kind, VerdictKind::skipped);
}

TEST(Verdict, FailsByABrokenLaw) {
  Verdict verdict = judge(case_of(""), json("{}"), {});
  add_law_breaks({}, verdict);
  EXPECT_EQ(verdict.kind, VerdictKind::passed);
  add_law_breaks({{Law::finish, "two"}}, verdict);
  EXPECT_EQ(verdict.kind, VerdictKind::failed);
  EXPECT_EQ(verdict.differences.at(0).at, "/laws/finish");
  EXPECT_EQ(verdict.differences.at(0).actual, "two");
}

}  // namespace
}  // namespace playhead::check
