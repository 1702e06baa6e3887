// Which values are worth looking for: keys and passwords, not words that a text has anyway.
#ifndef PLAYHEAD_RECORDING_REDACTION_WORDS_H_
#define PLAYHEAD_RECORDING_REDACTION_WORDS_H_

#include <cstddef>
#include <string_view>

namespace playhead::recording {

// Our choice: no text has a value of that length by chance, whatever it consists of.
inline constexpr std::size_t kLongSecretBytes = 20;

// Whether a value is a stand-in that clients document for a key that they must have and need not
// ("dummy-key", "lm-studio"), or a mask: no secret, though a client sent it where one belongs.
bool is_stand_in(std::string_view value);

// Whether the value of a credential variable may stand in any text: a stand-in or, below
// kLongSecretBytes, one mere word ("postgres", "Localhost") or mere digits ("12345678",
// "127.0.0.1"). A capital letter within a word makes it none.
bool is_mere_word(std::string_view value);

// The same, of words and digits with blanks and - _ . between: too little to tell a secret by where
// nobody knows it to be one.
bool is_ordinary(std::string_view value);

// Random, as keys are: many different characters, and not of one kind only.
bool looks_random(std::string_view value);

// What a secret is made of where nobody knows it to be one: it looks random, or mixes letters and
// digits as a weak password does, and is neither ordinary nor masked.
bool looks_secret(std::string_view value);

// Whether a value has been masked: it consists of x or *, or says "redacted" or "masked".
bool is_masked(std::string_view value);

}  // namespace playhead::recording

#endif  // PLAYHEAD_RECORDING_REDACTION_WORDS_H_
