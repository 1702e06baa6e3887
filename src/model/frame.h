// One framed unit of a response body: what a decoder makes of chunks.
#ifndef PLAYHEAD_MODEL_FRAME_H_
#define PLAYHEAD_MODEL_FRAME_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/name_table.h"

namespace playhead {

enum class FrameKind : std::uint8_t { event, comment, line, message };

inline constexpr NameTable<FrameKind, 4> kFrameKinds = {{
    {FrameKind::event, "event", "an SSE event"},
    {FrameKind::comment, "comment", "an SSE comment line"},
    {FrameKind::line, "line", "an NDJSON line, or an unframed JSON document in another framing"},
    {FrameKind::message, "message", "an AWS event-stream message"},
}};
static_assert(covers_enum(kFrameKinds, FrameKind::message));

constexpr std::string_view name_of(FrameKind kind) { return name_in(kFrameKinds, kind); }

// All views are borrowed from the decoder (or the chunk) until its next call.
struct Frame {
  FrameKind kind = FrameKind::event;
  std::uint64_t offset = 0;  // of its first byte in the response body
  std::uint64_t size = 0;    // bytes of the body that belong to it
  std::string_view
      event;            // SSE event type as sent, empty when the stream named none; AWS event type
  std::string_view id;  // SSE last event id at dispatch
  std::optional<std::uint64_t> retry;  // SSE reconnection time in ms, when this block set it
  std::string_view data;               // raw bytes, possibly not UTF-8
  bool unterminated = false;           // the body ended before the frame did
  std::vector<std::pair<std::string_view, std::string_view>> headers;  // AWS: name -> value as text
  std::string_view error;  // why the framing is broken here, empty where it is not
};

}  // namespace playhead

#endif  // PLAYHEAD_MODEL_FRAME_H_
