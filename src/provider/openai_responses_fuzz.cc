// OpenAI Responses: any bytes become deltas that can be read, are sane, and are the same on every
// run.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "provider/openai_responses.h"
#include "provider/delta_testing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using playhead::provider::OpenAiResponses;
  using playhead::provider::testing::read_lines;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  PLAYHEAD_CHECK(read_lines<OpenAiResponses>(body) == read_lines<OpenAiResponses>(body));
  return 0;
}
