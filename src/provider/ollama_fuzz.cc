// Ollama: any bytes become deltas that can be read, are sane, and are the same on every run.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "provider/ollama.h"
#include "provider/testing.h"

namespace {

using playhead::Delta;
using playhead::DeltaKind;
using playhead::FrameKind;
using playhead::provider::CheckedStream;
using playhead::provider::frame_of;
using playhead::provider::lines_of;
using playhead::provider::Ollama;

std::string run(std::string_view body) {
  CheckedStream<Ollama> stream;
  for (const std::string_view line : lines_of(body)) {
    for (const Delta& delta : stream.translate(frame_of(line, FrameKind::line))) {
      PLAYHEAD_CHECK(delta.kind != DeltaKind::tool_call || delta.index.has_value());
    }
  }
  return stream.finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return playhead::provider::check_repeats(run, data, size);
}
