// Newline-delimited JSON: a line is copied only where a chunk border runs through it.
#include "wire/ndjson_decoder.h"

#include "base/check.h"

namespace playhead::wire {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlanks = " \t\r";

}  // namespace

void NdjsonDecoder::feed(std::string_view chunk) {
  PLAYHEAD_CHECK(drained_ && !finished_);
  chunk_offset_ += chunk_.size();
  chunk_ = chunk;
  position_ = 0;
  drained_ = false;
}

bool NdjsonDecoder::next(Frame& frame) {
  for (;;) {
    line_.release();
    const std::size_t end = chunk_.find('\n', position_);
    if (end == std::string_view::npos) {
      line_.hold(chunk_.substr(position_));
      position_ = chunk_.size();
      if (finished_) return line_.is_open() && hand_out({}, true, frame);
      drained_ = true;
      return false;
    }
    const std::string_view piece = chunk_.substr(position_, end - position_);
    position_ = end + 1;
    if (hand_out(piece, false, frame)) return true;
  }
}

// False: the line is blank.
bool NdjsonDecoder::hand_out(std::string_view last_piece, bool unterminated, Frame& frame) {
  std::string_view line = line_.take(last_piece);
  if (first_line_ && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  first_line_ = false;
  if (!unterminated && line.ends_with('\r')) line.remove_suffix(1);
  const bool is_blank = line.find_first_not_of(kBlanks) == std::string_view::npos;
  if (is_blank && !line_.is_oversized()) return false;
  set_line(frame_start_, here() - frame_start_, line, line_.is_oversized(), unterminated, frame);
  frame_start_ = here();
  return true;
}

}  // namespace playhead::wire
