// Cohere: any bytes become deltas that can be read, are sane, and are the same on every run.
#include <cstddef>
#include <cstdint>

#include "provider/cohere.h"
#include "provider/testing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using playhead::provider::Cohere;
  return playhead::provider::check_repeats(playhead::provider::read_lines<Cohere>, data, size);
}
