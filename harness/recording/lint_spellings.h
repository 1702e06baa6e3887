// Texts in which a secret may hide behind escapes, base64 or hex, made plain for lint.
#ifndef PLAYHEAD_RECORDING_LINT_SPELLINGS_H_
#define PLAYHEAD_RECORDING_LINT_SPELLINGS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace playhead::recording {

// A text with one layer of escapes undone.
struct UnescapedText {
  std::string text;
  // Where the text does not go on as before: its offset, and that of what it was made of.
  std::vector<std::pair<std::size_t, std::size_t>> jumps;

  // Where in the escaped text the byte at `at` came from; at the end of the text, its size.
  std::size_t origin(std::size_t at) const;
};

// Undoes JSON's escapes of characters of ASCII (\" \/ \\ \n \u0041) and `%hh` of printable ones.
// Nothing where there is none.
std::optional<UnescapedText> unescaped(std::string_view text);

// A piece of a text and what it decodes to.
struct EncodedRun {
  std::size_t begin = 0;
  std::size_t size = 0;
  std::string decoded;
};

// All runs that could be base64 or base64url, or hex, and are long enough for a key.
std::vector<EncodedRun> base64_runs(std::string_view text);
std::vector<EncodedRun> hex_runs(std::string_view text);

}  // namespace playhead::recording

#endif  // PLAYHEAD_RECORDING_LINT_SPELLINGS_H_
