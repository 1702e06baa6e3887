// Ollama: any bytes become deltas that can be read, are sane, and are the same on every run.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "provider/ollama.h"
#include "provider/testing.h"

namespace {

using playhead::Delta;
using playhead::DeltaKind;
using playhead::Frame;
using playhead::FrameKind;
using playhead::provider::checked;
using playhead::provider::Ollama;

std::string run(std::string_view body) {
  Ollama adapter;
  std::string shown;
  std::vector<Delta> deltas;
  for (std::size_t at = 0; at <= body.size();) {
    const std::size_t end = std::min(body.find('\n', at), body.size());
    Frame frame;
    frame.kind = FrameKind::line;
    frame.data = body.substr(at, end - at);
    deltas.clear();
    adapter.translate(frame, deltas);
    shown += checked(deltas);
    for (const Delta& delta : deltas) {
      PLAYHEAD_CHECK(delta.kind != DeltaKind::tool_call || delta.index.has_value());
    }
    at = end + 1;
  }
  return shown;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  PLAYHEAD_CHECK(run(body) == run(body));
  return 0;
}
