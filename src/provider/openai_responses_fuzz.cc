// OpenAI Responses: any bytes become deltas that can be read, are sane, and are the same on every
// run.
#include <cstddef>
#include <cstdint>

#include "provider/openai_responses.h"
#include "provider/testing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using playhead::provider::OpenAiResponses;
  return playhead::provider::check_repeats(playhead::provider::read_lines<OpenAiResponses>, data,
                                           size);
}
