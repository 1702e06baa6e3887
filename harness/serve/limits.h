// The limits of a mock provider. Each is our choice; the README lists them.
#ifndef PLAYHEAD_SERVE_LIMITS_H_
#define PLAYHEAD_SERVE_LIMITS_H_

#include <cstddef>

#include "base/instant.h"
#include "net/http_server.h"

namespace playhead::serve {

struct ServeLimits {
  // Open at once; further requests get status 503. Less where the process may not open as many
  // files. Connections have room beside them, so that the control page answers then too.
  std::size_t streams = 4096;
  // A stream that fell silent is reset after so long. Longer than the 600 s that the official
  // clients wait (WIRE 11.3), so that they give up first.
  Duration silence_time = seconds(900);
  // A client that does not read: with so many bytes waiting its stream is held back.
  std::size_t held_back_bytes = 256u << 10;
  // Recorded reads above it, as of imported bodies, leave in pieces of that size.
  std::size_t piece_bytes = 256u << 10;
  // A stream that has more to write at once lets the others go first then.
  int writes_in_a_row = 64;

  // A client reads an answer to its end before it sees the reset behind it, if it takes no longer.
  // `connections` is set by `streams`.
  net::ServerLimits server = {.reset_time = seconds(30)};
};

// Connections and files that are no streams: the control page, clients between two requests, what
// the process itself has open.
inline constexpr std::size_t kOtherConnections = 256;
inline constexpr std::size_t kOtherFiles = 64;

}  // namespace playhead::serve

#endif  // PLAYHEAD_SERVE_LIMITS_H_
