// Rewrites of a recording that move only chunk borders, which carry no meaning: whatever is made of
// the stream must stay the same.
//
// Two families. Flattened: all bytes of an exchange come at the time of its last chunk, cut in
// every way; they are compared with number 0, the uncut one. Timed: every byte keeps the time of
// its chunk, and chunks are cut; they are compared with the original recording.
#ifndef PLAYHEAD_CHECK_RECHUNKING_H_
#define PLAYHEAD_CHECK_RECHUNKING_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "recording/recording.h"

namespace playhead::check {

// Our choice: a body up to this size is cut in two at every place.
inline constexpr std::size_t kSplitBytesMax = 4096;
// Our choice: how many random cuts a recording with a larger body gets.
inline constexpr std::size_t kRandomCuts = 64;
// Our choice: how many random cuts within chunks every recording gets.
inline constexpr std::size_t kTimedCuts = 16;

struct Rechunking {
  std::string name;        // whole, bytes, split@17, random#3, timed-bytes, timed-random#2
  bool flattened = false;  // otherwise timed
};

// How many rewrites there are; number 0 is the flattened whole.
std::size_t rechunking_count(const Recording& recording);

// What rewrite `i` is called. CHECKs that i < rechunking_count().
Rechunking rechunking(const Recording& recording, std::size_t i);

// Rewrite `i`: a pure function of its arguments. Only chunks differ from the original.
Recording rechunk(const Recording& recording, std::size_t i, std::uint64_t seed);

}  // namespace playhead::check

#endif  // PLAYHEAD_CHECK_RECHUNKING_H_
