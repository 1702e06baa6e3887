// Fuzzes the search for secrets by their shape: what is found stands in the text, in order and
// apart.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "recording/lint_shapes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace playhead;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::size_t end = 0;
  for (const recording::ShapeMatch& match : recording::find_secret_shapes(text)) {
    PLAYHEAD_CHECK(!match.what.empty());
    PLAYHEAD_CHECK(match.size > 0 && match.begin >= end);
    end = match.begin + match.size;
    PLAYHEAD_CHECK(end <= text.size());
  }
  return 0;
}
