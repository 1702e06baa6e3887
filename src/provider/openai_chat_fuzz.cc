// OpenAI chat: any bytes become deltas that can be read, are sane, and are the same on every run.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "provider/openai_chat.h"
#include "provider/testing.h"

namespace {

using playhead::Delta;
using playhead::DeltaKind;
using playhead::Frame;
using playhead::FrameKind;
using playhead::provider::CheckedStream;
using playhead::provider::frame_of;
using playhead::provider::lines_of;
using playhead::provider::OpenAiChat;

// A replacement character has three bytes and may stand for one.
constexpr std::size_t kGrowthMax = 3;

bool is_read_text(DeltaKind kind) {
  return kind == DeltaKind::text || kind == DeltaKind::reasoning || kind == DeltaKind::refusal;
}

void translate(const Frame& frame, CheckedStream<OpenAiChat>& stream) {
  std::size_t text_bytes = 0;
  for (const Delta& delta : stream.translate(frame)) {
    if (is_read_text(delta.kind)) text_bytes += delta.text.size();
  }
  PLAYHEAD_CHECK(text_bytes <= frame.data.size() * kGrowthMax);
}

// All lines as one stream, each in both kinds and as an error event.
std::string run(std::string_view body) {
  CheckedStream<OpenAiChat> stream;
  for (const std::string_view line : lines_of(body)) {
    translate(frame_of(line, FrameKind::line), stream);
    translate(frame_of(line, FrameKind::event), stream);
    translate(frame_of(line, FrameKind::event, "error"), stream);
  }
  return stream.finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return playhead::provider::check_repeats(run, data, size);
}
