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

// All of them in the text, in order, none overlapping: keys and tokens by their beginnings, Basic
// credentials, and what looks random behind a name that says what it is ("api_key":, ?token=).
// Masked values and stand-ins ("sk-xxxx", "sk-your-key-here") are none. They are found behind JSON
// and percent escapes, up to three times over, and within base64 and hex: the span is then that of
// what stands in the text.
std::vector<ShapeMatch> find_secret_shapes(std::string_view text);

// The first four characters and how long it is: fit to be shown.
std::string shortened_secret(std::string_view secret);

}  // namespace playhead::recording

#endif  // PLAYHEAD_RECORDING_LINT_SHAPES_H_
