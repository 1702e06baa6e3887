// Gemini: any bytes become deltas that can be read, are sane, and are the same on every run.
#include <cstddef>
#include <cstdint>

#include "provider/gemini.h"
#include "provider/testing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using playhead::provider::Gemini;
  return playhead::provider::check_repeats(playhead::provider::read_lines<Gemini>, data, size);
}
