// UTF-8 as providers really send it: validation, repair to U+FFFD, and surrogate halves.
//
// Text inside the runtime is UTF-8, except that a lone surrogate of a JSON escape travels as its
// three WTF-8 bytes until its other half arrives in the next delta (SPEC 11).
#ifndef PLAYHEAD_BASE_UTF8_H_
#define PLAYHEAD_BASE_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace playhead {

inline constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

bool is_utf8(std::string_view text);

// Appends bytes that came from outside with each maximal ill-formed part replaced by U+FFFD
// (WHATWG, Unicode 3.9). Returns how many parts were replaced.
std::size_t append_utf8_repaired(std::string_view bytes, std::string& out);

// Text of the runtime as UTF-8: a surrogate half that stayed alone becomes one U+FFFD.
std::string to_utf8(std::string_view text);

// Appends the UTF-8 of a code point; a surrogate is written in its WTF-8 form.
void append_code_point(std::uint32_t code_point, std::string& out);

// Appends `piece` to `text`. A high surrogate half at the end of `text` and a low one at the start
// of `piece` become one character.
void append_joined(std::string_view piece, std::string& text);

// Whether `text` ends in a high surrogate half that the next piece may complete.
bool ends_in_high_surrogate(std::string_view text);

}  // namespace playhead

#endif  // PLAYHEAD_BASE_UTF8_H_
