// The response headers of each downstream format (SPEC 9.1, 9.3, WIRE 10).
#ifndef PLAYHEAD_EMIT_HEADERS_H_
#define PLAYHEAD_EMIT_HEADERS_H_

#include <array>
#include <span>
#include <string_view>

#include "model/turn.h"

namespace playhead::emit {

struct Header {
  std::string_view name;  // lower case
  std::string_view value;
};

// The OpenAI chat stream has the first three.
inline constexpr std::array<Header, 5> kStreamHeaders = {{
    {"content-type", "text/event-stream"},
    {"cache-control", "no-cache"},
    {"x-accel-buffering", "no"},
    {"connection", "keep-alive"},
    {"x-vercel-ai-ui-message-stream", "v1"},
}};

constexpr std::span<const Header> headers_of(DownstreamFormat format) {
  const std::span<const Header> all(kStreamHeaders);
  switch (format) {
    case DownstreamFormat::openai_chat: return all.first(3);
    case DownstreamFormat::ai_sdk_ui: return all;
    case DownstreamFormat::none: break;
  }
  return {};
}

}  // namespace playhead::emit

#endif  // PLAYHEAD_EMIT_HEADERS_H_
