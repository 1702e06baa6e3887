#include "check/line_diff.h"

#include <gtest/gtest.h>

#include "base/prng.h"

namespace playhead::check {
namespace {

using Lines = std::vector<std::string>;

Lines letters(std::string_view text) {
  Lines lines;
  for (const char c : text) lines.emplace_back(1, c);
  return lines;
}

TEST(LineDiff, IsEmptyForEqualLists) {
  EXPECT_TRUE(diff_lines({}, {}).empty());
  EXPECT_TRUE(diff_lines(letters("abc"), letters("abc")).empty());
}

TEST(LineDiff, FindsSmallestRuns) {
  EXPECT_EQ(diff_lines(letters("abcde"), letters("axcdy")),
            (std::vector<LineRun>{{1, 2, 1, 2}, {4, 5, 4, 5}}));
  EXPECT_EQ(diff_lines(letters("ab"), letters("aab")), (std::vector<LineRun>{{1, 1, 1, 2}}));
  EXPECT_EQ(diff_lines(letters("abc"), {}), (std::vector<LineRun>{{0, 3, 0, 0}}));
}

TEST(LineDiff, RunsRebuildTheActualList) {
  Prng prng(1);
  for (int round = 0; round < 500; ++round) {
    Lines expected;
    Lines actual;
    for (auto n = prng.below(12); n > 0; --n) expected.emplace_back(1, "abc"[prng.below(3)]);
    for (auto n = prng.below(12); n > 0; --n) actual.emplace_back(1, "abc"[prng.below(3)]);
    Lines rebuilt;
    std::size_t at = 0;
    for (const LineRun& run : diff_lines(expected, actual)) {
      ASSERT_LE(at, run.expected_begin);
      for (; at < run.expected_begin; ++at) rebuilt.push_back(expected[at]);
      for (auto i = run.actual_begin; i < run.actual_end; ++i) rebuilt.push_back(actual[i]);
      at = run.expected_end;
    }
    for (; at < expected.size(); ++at) rebuilt.push_back(expected[at]);
    EXPECT_EQ(rebuilt, actual);
  }
}

TEST(LineDiff, TakesVeryLongDifferencesAsOne) {
  Lines expected(kDiffLinesMax, "a");
  const Lines actual{"b", "a", "c"};
  EXPECT_EQ(diff_lines(expected, actual).size(), 2u);
  expected.emplace_back("a");
  EXPECT_EQ(diff_lines(expected, actual).size(), 1u);
}

}  // namespace
}  // namespace playhead::check
