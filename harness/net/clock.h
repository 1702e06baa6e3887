// The real clock: the one place of the project that reads it. Everything else is given its time.
#ifndef PLAYHEAD_NET_CLOCK_H_
#define PLAYHEAD_NET_CLOCK_H_

#include <string>

#include "base/instant.h"

namespace playhead::net {

// Monotonic time since an arbitrary origin.
Instant monotonic_now();

// The date and time of day in UTC, to the second: "2026-04-11T12:00:00Z".
std::string wall_now_rfc3339();

}  // namespace playhead::net

#endif  // PLAYHEAD_NET_CLOCK_H_
