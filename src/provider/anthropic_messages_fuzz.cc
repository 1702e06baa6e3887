// Anthropic Messages: any bytes become deltas that can be read, are sane, and are the same on every
// run.
#include <cstddef>
#include <cstdint>

#include "provider/anthropic_messages.h"
#include "provider/testing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using playhead::provider::AnthropicMessages;
  return playhead::provider::check_repeats(playhead::provider::read_lines<AnthropicMessages>, data,
                                           size);
}
