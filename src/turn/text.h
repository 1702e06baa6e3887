// Small text rules of a turn: blanks, halves of characters, and the printed form of usage.
#ifndef PLAYHEAD_TURN_TEXT_H_
#define PLAYHEAD_TURN_TEXT_H_

#include <string>
#include <string_view>

#include "model/usage.h"

namespace playhead::turn {

// Blanks of SPEC 3.
inline constexpr std::string_view kBlanks = " \t\n";

inline std::string_view without_leading_blanks(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}

// Without blanks at both ends.
inline std::string_view trimmed(std::string_view text) {
  text = without_leading_blanks(text);
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

// Pieces of one text as UTF-8: the two halves of a surrogate pair in consecutive pieces join, a
// half that stays alone becomes U+FFFD (SPEC 11).
class PieceJoiner {
 public:
  // The piece as it may be shown now; a high surrogate at its end waits for the next. Borrowed from
  // the joiner or from `piece`.
  std::string_view add(std::string_view piece);
  // What waits can only be half a character.
  std::string_view finish();

 private:
  std::string half_;
  std::string joined_;
};

// "input=5 output=3 total=8", members that are not known left out.
std::string usage_text(const Usage& usage);

}  // namespace playhead::turn

#endif  // PLAYHEAD_TURN_TEXT_H_
