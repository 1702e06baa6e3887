// What generated text is made of: pieces cut like tokens.
#ifndef PLAYHEAD_BENCH_TOKENS_H_
#define PLAYHEAD_BENCH_TOKENS_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "base/prng.h"

namespace playhead::bench {

// Frames of one generated stream, about.
inline constexpr std::size_t kFramesPerStream = 4000;

// Words with their blank in front, ends of words, punctuation, some not ASCII.
std::string_view token(Prng& random);

// Letters and digits, as in ids and padding.
std::string letters(Prng& random, std::size_t count);

}  // namespace playhead::bench

#endif  // PLAYHEAD_BENCH_TOKENS_H_
