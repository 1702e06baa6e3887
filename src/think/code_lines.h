// Follows fenced code blocks and code spans through the text outside think blocks.
//
// A code span is known only at its closing run, but its text is shown as it comes. So the lines
// keep the runs of backticks that may still open a span; where a tag stands behind such a run,
// look_ahead() reads on until the tag's place is known.
#ifndef PLAYHEAD_THINK_CODE_LINES_H_
#define PLAYHEAD_THINK_CODE_LINES_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace playhead::think {

enum class Place : std::uint8_t { text, code, undecided };

class CodeLines {
 public:
  // Moves on through `text`.
  void pass(std::string_view text);

  // A run of backticks or tildes ends here, because something else than text follows.
  void end_run();

  // Whether the text here is inside a fenced block. Exact only after end_run().
  bool in_fence() const { return fence_length_ > 0; }

  // Where the first byte of `ahead` stands, outside fences and after end_run(). `at` is its offset
  // in the content, `ahead` the text from there on, as far as it is known; `ended`: no more will
  // come. A place still open after `bytes_max` bytes counts as code: nothing is taken out there.
  Place look_ahead(std::string_view ahead, std::uint64_t at, std::size_t bytes_max, bool ended);

  // look_ahead() said text: no run seen so far on this line opens a span or a fence.
  void settle();

 private:
  void step(char c);
  void begin_run(char c);
  void end_line();
  bool may_open_fence() const { return line_start_ && indent_ <= kFenceIndentMax; }
  Place at_line_end() const;
  std::size_t skip_plain(std::string_view text, std::size_t from) const;

  static constexpr int kFenceIndentMax = 3;
  static constexpr std::size_t kFenceLengthMin = 3;

  // The line so far.
  bool line_start_ = true;  // nothing but blanks
  int indent_ = 0;          // how many blanks, while line_start_
  char run_char_ = '`';
  std::size_t run_length_ = 0;  // of the run that the text ends in
  bool run_may_fence_ = false;
  // Runs that may still open a span, outermost first. Lengths differ, so their number is below the
  // square root of twice the line's length.
  std::vector<std::size_t> open_runs_;
  std::size_t fence_run_ = 0;  // the line is an opening fence unless another backtick comes

  // The fence around the line.
  char fence_char_ = '`';
  std::size_t fence_length_ = 0;
  bool closing_fence_ = false;  // the line closes it unless something else than blanks comes

  // What look_ahead() has read: no run of searched_runs_ ends a span before searched_until_.
  std::vector<std::size_t> searched_runs_;
  std::uint64_t searched_until_ = 0;
  bool searched_run_ = false;     // some run stood there
  std::uint64_t code_until_ = 0;  // where a span found by look_ahead() ends
};

}  // namespace playhead::think

#endif  // PLAYHEAD_THINK_CODE_LINES_H_
