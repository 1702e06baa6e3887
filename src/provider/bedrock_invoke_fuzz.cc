// Bedrock InvokeModel streams: any bytes, in and as envelopes, become deltas that can be read, are
// sane, and are the same on every run.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "provider/bedrock_invoke.h"
#include "provider/testing.h"

namespace {

using playhead::Delta;
using playhead::Frame;
using playhead::FrameKind;
using playhead::provider::BedrockInvoke;
using playhead::provider::checked;

std::string envelope(std::string_view payload) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text = R"({"bytes":")";
  unsigned bits = 0;
  unsigned count = 0;
  for (const char c : payload) {
    bits = bits << 8U | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) text += kDigits[bits >> (count - 6) & 63U];
  }
  if (count > 0) text += kDigits[bits << (6 - count) & 63U];
  return text + "\"}";
}

// All lines as one stream, each as the payload of an envelope and as an envelope itself.
std::string run(std::string_view body) {
  BedrockInvoke adapter;
  std::string shown;
  std::vector<Delta> deltas;
  const auto translate = [&](std::string_view data) {
    Frame frame;
    frame.kind = FrameKind::message;
    frame.event = "chunk";
    frame.data = data;
    deltas.clear();
    adapter.translate(frame, deltas);
    shown += checked(deltas);
  };
  for (std::size_t at = 0; at <= body.size();) {
    const std::size_t end = std::min(body.find('\n', at), body.size());
    const std::string_view line = body.substr(at, end - at);
    const std::string enveloped = envelope(line);
    translate(enveloped);
    translate(line);
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
