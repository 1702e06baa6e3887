// Bedrock ConverseStream: any bytes become deltas that can be read, are sane, and are the same on
// every run.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "provider/bedrock_converse.h"
#include "provider/testing.h"

namespace {

using playhead::Frame;
using playhead::FrameKind;
using playhead::provider::BedrockConverse;
using playhead::provider::CheckedStream;
using playhead::provider::frame_of;
using playhead::provider::lines_of;

Frame message(std::string_view name, std::string_view data, std::string_view type) {
  Frame frame = frame_of(data, FrameKind::message, name);
  frame.headers = {{":message-type", type}, {":error-message", name}};
  return frame;
}

// All lines as one stream: an event's name, then its payload from the first brace on. Each as an
// event, as an exception and as a document.
std::string run(std::string_view body) {
  CheckedStream<BedrockConverse> stream;
  for (const std::string_view line : lines_of(body)) {
    const std::size_t brace = std::min(line.find('{'), line.size());
    const std::string_view name = line.substr(0, brace);
    const std::string_view data = line.substr(brace);
    stream.translate(message(name, data, "event"));
    if (line.ends_with('!')) stream.translate(message(name, data, "exception"));
    if (line.ends_with('?')) stream.translate(message(name, data, "error"));
    if (name.empty()) stream.translate(frame_of(line, FrameKind::line));
  }
  return stream.finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return playhead::provider::check_repeats(run, data, size);
}
