// The states of a line: runs of backticks, fences.
#include "think/code_lines.h"

#include <algorithm>

#include "think/tag.h"

namespace playhead::think {

void CodeLines::pass(std::string_view text) {
  std::size_t i = 0;
  while ((i = skip_plain(text, i)) < text.size()) step(text[i++]);
}

// Where the next byte stands that changes the state: in the middle of a line only few do.
std::size_t CodeLines::skip_plain(std::string_view text, std::size_t from) const {
  if (line_start_ || run_length_ > 0 || closing_fence_) return from;
  if (in_fence()) return std::min(text.find('\n', from), text.size());
  while (from < text.size() && text[from] != '`' && text[from] != '\n') ++from;
  return from;
}

void CodeLines::step(char c) {
  if (run_length_ > 0 && c == run_char_) {
    ++run_length_;
    return;
  }
  end_run();
  if (c == '\n') {
    end_line();
  } else if (in_fence()) {
    if (c == fence_char_ && may_open_fence()) {
      begin_run(c);
    } else if (!is_blank(c)) {
      line_start_ = false;
      if (c != '\r') closing_fence_ = false;
    } else if (line_start_) {
      indent_ = std::min(indent_ + 1, kFenceIndentMax + 1);
    }
  } else if (c == '`' || (c == '~' && may_open_fence())) {
    begin_run(c);
  } else if (line_start_ && is_blank(c)) {
    indent_ = std::min(indent_ + 1, kFenceIndentMax + 1);
  } else {
    line_start_ = false;
  }
}

void CodeLines::begin_run(char c) {
  run_char_ = c;
  run_length_ = 1;
  run_may_fence_ = may_open_fence();
  line_start_ = false;
}

void CodeLines::end_run() {
  if (run_length_ == 0) return;
  const std::size_t length = run_length_;
  run_length_ = 0;
  const bool fence = run_may_fence_ && length >= kFenceLengthMin;
  if (in_fence()) {
    closing_fence_ = length >= fence_length_;
    return;
  }
  if (run_char_ == '~') {
    if (!fence) return;
    fence_char_ = '~';
    fence_length_ = length;
    return;
  }
  fence_run_ = fence ? length : 0;
  const auto opened = std::find(open_runs_.begin(), open_runs_.end(), length);
  if (opened == open_runs_.end()) {
    open_runs_.push_back(length);
  } else {
    // The runs behind the opening one stood inside this span; those before it stay open.
    open_runs_.erase(opened, open_runs_.end());
  }
}

void CodeLines::end_line() {
  if (closing_fence_) fence_length_ = 0;
  if (fence_run_ > 0) {
    fence_char_ = '`';
    fence_length_ = fence_run_;
  }
  settle();
  closing_fence_ = false;
  line_start_ = true;
  indent_ = 0;
}

void CodeLines::settle() {
  open_runs_.clear();
  fence_run_ = 0;
}

Place CodeLines::at_line_end() const {
  return fence_run_ > 0 && !searched_run_ ? Place::code : Place::text;
}

Place CodeLines::look_ahead(std::string_view ahead, std::uint64_t at, std::size_t bytes_max,
                            bool ended) {
  if (open_runs_.empty()) return Place::text;
  if (at < code_until_) return Place::code;
  if (searched_until_ < at || searched_runs_ != open_runs_) {
    searched_runs_ = open_runs_;
    searched_until_ = at;
    searched_run_ = false;
  }
  const bool whole = ahead.size() >= bytes_max;
  ahead = ahead.substr(0, bytes_max);
  std::size_t i = static_cast<std::size_t>(searched_until_ - at);
  while (i < ahead.size()) {
    if (ahead[i] == '\n') {
      searched_until_ = at + i;
      return at_line_end();
    }
    if (ahead[i] != '`') {
      ++i;
      continue;
    }
    const std::size_t end = std::min(ahead.find_first_not_of('`', i), ahead.size());
    if (end == ahead.size() && (whole || !ended)) break;  // the run may go on
    searched_run_ = true;
    if (std::find(open_runs_.begin(), open_runs_.end(), end - i) != open_runs_.end()) {
      code_until_ = at + end;
      return Place::code;
    }
    i = end;
  }
  searched_until_ = at + i;
  if (whole) return Place::code;
  return ended ? at_line_end() : Place::undecided;
}

}  // namespace playhead::think
