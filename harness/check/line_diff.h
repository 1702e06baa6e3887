// Where two lists of lines differ: the fewest runs of lines to replace.
#ifndef PLAYHEAD_CHECK_LINE_DIFF_H_
#define PLAYHEAD_CHECK_LINE_DIFF_H_

#include <cstddef>
#include <string>
#include <vector>

namespace playhead::check {

// Our choice: lists that differ over more lines than this are told apart as one run, because the
// search takes time and memory in proportion to the square.
inline constexpr std::size_t kDiffLinesMax = 2000;

// Lines [expected_begin, expected_end) stand where [actual_begin, actual_end) are. One may be
// empty.
struct LineRun {
  std::size_t expected_begin = 0;
  std::size_t expected_end = 0;
  std::size_t actual_begin = 0;
  std::size_t actual_end = 0;

  bool operator==(const LineRun&) const = default;
};

// In order; empty where the lists are equal.
std::vector<LineRun> diff_lines(const std::vector<std::string>& expected,
                                const std::vector<std::string>& actual);

}  // namespace playhead::check

#endif  // PLAYHEAD_CHECK_LINE_DIFF_H_
