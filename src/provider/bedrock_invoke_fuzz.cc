// Bedrock InvokeModel streams: any bytes, in and as envelopes, become deltas that can be read, are
// sane, and are the same on every run.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "provider/bedrock_invoke.h"
#include "provider/testing.h"

namespace {

using playhead::FrameKind;
using playhead::provider::BedrockInvoke;
using playhead::provider::CheckedStream;
using playhead::provider::frame_of;
using playhead::provider::lines_of;

// All lines as one stream, each as the payload of an envelope and as an envelope itself.
std::string run(std::string_view body) {
  CheckedStream<BedrockInvoke> stream;
  for (const std::string_view line : lines_of(body)) {
    std::string base64 = playhead::base64(line);
    while (base64.ends_with('=')) base64.pop_back();
    const std::string envelope = R"({"bytes":")" + base64 + "\"}";
    stream.translate(frame_of(envelope, FrameKind::message, "chunk"));
    stream.translate(frame_of(line, FrameKind::message, "chunk"));
  }
  return stream.finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return playhead::provider::check_repeats(run, data, size);
}
