// Anthropic Messages: any bytes become deltas that can be read, are sane, and are the same on every
// run.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "provider/anthropic_messages.h"
#include "provider/delta_testing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using playhead::provider::AnthropicMessages;
  using playhead::provider::testing::read_lines;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  PLAYHEAD_CHECK(read_lines<AnthropicMessages>(body) == read_lines<AnthropicMessages>(body));
  return 0;
}
