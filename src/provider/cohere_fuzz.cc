// Cohere: any bytes become deltas that can be read, are sane, and are the same on every run.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "provider/cohere.h"
#include "provider/testing.h"

namespace {

using playhead::Delta;
using playhead::Frame;
using playhead::FrameKind;
using playhead::provider::checked;
using playhead::provider::Cohere;

// All lines as one reply, each in both kinds.
std::string run(std::string_view body) {
  Cohere adapter;
  std::string shown;
  std::vector<Delta> deltas;
  for (std::size_t at = 0; at <= body.size();) {
    const std::size_t end = std::min(body.find('\n', at), body.size());
    for (const FrameKind kind : {FrameKind::event, FrameKind::line}) {
      Frame frame;
      frame.kind = kind;
      frame.data = body.substr(at, end - at);
      deltas.clear();
      adapter.translate(frame, deltas);
      shown += checked(deltas);
    }
    at = end + 1;
  }
  deltas.clear();
  adapter.finish(deltas);
  return shown + checked(deltas);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  PLAYHEAD_CHECK(run(body) == run(body));
  return 0;
}
