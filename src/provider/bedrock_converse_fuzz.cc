// Bedrock ConverseStream: any bytes become deltas that can be read, are sane, and are the same on
// every run.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "provider/bedrock_converse.h"
#include "provider/testing.h"

namespace {

using playhead::Delta;
using playhead::Frame;
using playhead::FrameKind;
using playhead::provider::BedrockConverse;
using playhead::provider::checked;

// All lines as one stream: an event's name, then its payload from the first brace on. Each as an
// event, as an exception and as a document.
std::string run(std::string_view body) {
  BedrockConverse adapter;
  std::string shown;
  std::vector<Delta> deltas;
  const auto translate = [&](std::string_view name, std::string_view data, std::string_view type) {
    Frame frame;
    frame.kind = type.empty() ? FrameKind::line : FrameKind::message;
    frame.event = name;
    frame.data = data;
    if (!type.empty()) frame.headers = {{":message-type", type}, {":error-message", name}};
    deltas.clear();
    adapter.translate(frame, deltas);
    shown += checked(deltas);
  };
  for (std::size_t at = 0; at <= body.size();) {
    const std::size_t end = std::min(body.find('\n', at), body.size());
    const std::string_view line = body.substr(at, end - at);
    const std::size_t brace = std::min(line.find('{'), line.size());
    const std::string_view name = line.substr(0, brace);
    translate(name, line.substr(brace), "event");
    if (line.ends_with('!')) translate(name, line.substr(brace), "exception");
    if (line.ends_with('?')) translate(name, line.substr(brace), "error");
    if (name.empty()) translate(name, line, {});
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
