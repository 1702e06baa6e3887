// Longest common subsequence between the common beginning and the common end.
#include "check/line_diff.h"

#include <algorithm>
#include <cstdint>

namespace playhead::check {
namespace {

using Lines = std::vector<std::string>;

// lengths[i][j]: of the longest common subsequence of the lines from i and j on, within a run.
class CommonLengths {
 public:
  CommonLengths(const Lines& expected, const Lines& actual, const LineRun& run)
      : width_(run.actual_end - run.actual_begin + 1),
        lengths_((run.expected_end - run.expected_begin + 1) * width_, 0) {
    for (std::size_t i = run.expected_end - run.expected_begin; i-- > 0;) {
      for (std::size_t j = width_ - 1; j-- > 0;) {
        const bool same = expected[run.expected_begin + i] == actual[run.actual_begin + j];
        const int length = same ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
        lengths_[i * width_ + j] = static_cast<std::uint16_t>(length);
      }
    }
  }

  int at(std::size_t i, std::size_t j) const { return lengths_[i * width_ + j]; }

 private:
  std::size_t width_;
  std::vector<std::uint16_t> lengths_;  // kDiffLinesMax fits
};

std::vector<LineRun> runs_within(const Lines& expected, const Lines& actual, const LineRun& run) {
  const CommonLengths lengths(expected, actual, run);
  std::vector<LineRun> runs;
  std::size_t i = run.expected_begin;
  std::size_t j = run.actual_begin;
  LineRun open{i, i, j, j};
  const auto close = [&] {
    open.expected_end = i;
    open.actual_end = j;
    if (open.expected_begin < i || open.actual_begin < j) runs.push_back(open);
  };
  while (i < run.expected_end && j < run.actual_end) {
    if (expected[i] == actual[j]) {
      close();
      ++i;
      ++j;
      open = {i, i, j, j};
    } else if (lengths.at(i + 1 - run.expected_begin, j - run.actual_begin) >=
               lengths.at(i - run.expected_begin, j + 1 - run.actual_begin)) {
      ++i;
    } else {
      ++j;
    }
  }
  i = run.expected_end;
  j = run.actual_end;
  close();
  return runs;
}

}  // namespace

std::vector<LineRun> diff_lines(const Lines& expected, const Lines& actual) {
  const std::size_t shorter = std::min(expected.size(), actual.size());
  LineRun run{0, expected.size(), 0, actual.size()};
  while (run.expected_begin < shorter && expected[run.expected_begin] == actual[run.actual_begin]) {
    ++run.expected_begin;
    ++run.actual_begin;
  }
  while (run.expected_end > run.expected_begin && run.actual_end > run.actual_begin &&
         expected[run.expected_end - 1] == actual[run.actual_end - 1]) {
    --run.expected_end;
    --run.actual_end;
  }
  const std::size_t wide = run.expected_end - run.expected_begin;
  const std::size_t high = run.actual_end - run.actual_begin;
  if (wide == 0 && high == 0) return {};
  if (wide == 0 || high == 0 || wide > kDiffLinesMax || high > kDiffLinesMax) return {run};
  return runs_within(expected, actual, run);
}

}  // namespace playhead::check
