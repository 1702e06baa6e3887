// Seeded pseudo-random numbers (SplitMix64). Integers only, so that every platform and compiler
// draws the same sequence from one seed.
#ifndef PLAYHEAD_BASE_PRNG_H_
#define PLAYHEAD_BASE_PRNG_H_

#include <cstdint>

#include "base/check.h"

namespace playhead {

class Prng {
 public:
  explicit Prng(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

  // Uniform in [0, bound). The bias of the modulo is below 2^-32 for bounds below 2^32.
  std::uint64_t below(std::uint64_t bound) {
    PLAYHEAD_CHECK(bound > 0);
    return next() % bound;
  }

  // True with chance numerator / denominator.
  bool chance(std::uint64_t numerator, std::uint64_t denominator) {
    return below(denominator) < numerator;
  }

 private:
  std::uint64_t state_;
};

}  // namespace playhead

#endif  // PLAYHEAD_BASE_PRNG_H_
