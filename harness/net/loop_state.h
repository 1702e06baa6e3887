// Loop::Shared: what all streams and timers of one loop share. Of this room only.
#ifndef PLAYHEAD_NET_LOOP_STATE_H_
#define PLAYHEAD_NET_LOOP_STATE_H_

#include <uv.h>

#include <array>
#include <cstddef>

#include "base/check.h"
#include "net/loop.h"
#include "net/timer_queue.h"

namespace playhead::net {

// Our choice: one read(2) takes at most so much.
inline constexpr std::size_t kReadBytesMax = 64 * 1024;

// A libuv loop that is ready for use.
struct OpenLoop : uv_loop_t {
  OpenLoop() : uv_loop_t{} { PLAYHEAD_CHECK(uv_loop_init(this) == 0); }
};

struct Loop::Shared {
  OpenLoop loop;
  TimerQueue timers{loop};
  // Bytes on their way from the socket to the owner of a stream. One for all: events never nest,
  // and what they hand over is borrowed for the call only.
  std::array<char, kReadBytesMax> read_buffer;
};

}  // namespace playhead::net

#endif  // PLAYHEAD_NET_LOOP_STATE_H_
