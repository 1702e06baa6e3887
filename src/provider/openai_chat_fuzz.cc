// OpenAI chat: any bytes become deltas that can be read, are sane, and are the same on every run.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "provider/openai_chat.h"

namespace {

using playhead::Delta;
using playhead::DeltaKind;
using playhead::Frame;
using playhead::FrameKind;
using playhead::provider::OpenAiChat;

// A replacement character has three bytes and may stand for one.
constexpr std::size_t kGrowthMax = 3;

// Every byte of a delta, so that a sanitizer sees views that dangle.
void append_shown(const Delta& delta, std::string& out) {
  out.append(std::to_string(static_cast<int>(delta.kind))).push_back(' ');
  out.append(std::to_string(delta.choice)).push_back(' ');
  out.append(delta.text).append(delta.id).append(delta.name).append(delta.type).push_back('\n');
}

void check_sane(const Frame& frame, const std::vector<Delta>& deltas) {
  std::size_t text_bytes = 0;
  for (const Delta& delta : deltas) {
    switch (delta.kind) {
      case DeltaKind::text:
      case DeltaKind::reasoning:
      case DeltaKind::refusal:
        PLAYHEAD_CHECK(!delta.text.empty());
        text_bytes += delta.text.size();
        break;
      case DeltaKind::finish: PLAYHEAD_CHECK(!delta.text.empty()); break;
      case DeltaKind::start: PLAYHEAD_CHECK(!delta.id.empty() || !delta.name.empty()); break;
      case DeltaKind::usage: PLAYHEAD_CHECK(!delta.usage.empty()); break;
      default: break;
    }
  }
  PLAYHEAD_CHECK(text_bytes <= frame.data.size() * kGrowthMax);
}

// All lines as one stream, each in both kinds and as an error event.
std::string run(std::string_view body) {
  OpenAiChat adapter;
  std::string shown;
  std::vector<Delta> deltas;
  const auto translate = [&](std::string_view data, FrameKind kind, std::string_view event) {
    Frame frame;
    frame.kind = kind;
    frame.data = data;
    frame.event = event;
    deltas.clear();
    adapter.translate(frame, deltas);
    check_sane(frame, deltas);
    for (const Delta& delta : deltas) append_shown(delta, shown);
  };
  for (std::size_t at = 0; at <= body.size();) {
    const std::size_t end = std::min(body.find('\n', at), body.size());
    const std::string_view line = body.substr(at, end - at);
    translate(line, FrameKind::line, {});
    translate(line, FrameKind::event, {});
    translate(line, FrameKind::event, "error");
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
