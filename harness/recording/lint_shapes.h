// What secrets of known kinds look like, wherever they stand: for recordings whose credentials
// nobody knows any more.
#ifndef PLAYHEAD_RECORDING_LINT_SHAPES_H_
#define PLAYHEAD_RECORDING_LINT_SHAPES_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace playhead::recording {

struct ShapeMatch {
  std::string_view what;  // e.g. "an API key of OpenAI"
  std::size_t begin = 0;
  std::size_t size = 0;  // of the secret
};

// All of them in the text, in order, none overlapping; masked values and stand-ins ("sk-xxxx",
// "sk-your-key-here") are none. Secrets within base64 of at least 24 characters are found too: the
// span is then that of the base64.
std::vector<ShapeMatch> find_secret_shapes(std::string_view text);

// Whether a value has been masked: it consists of x or *, or says "redacted" or "masked".
bool is_masked(std::string_view value);

// The first four characters and how long it is: fit to be shown.
std::string shortened_secret(std::string_view secret);

}  // namespace playhead::recording

#endif  // PLAYHEAD_RECORDING_LINT_SHAPES_H_
