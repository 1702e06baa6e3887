// The real clock: the one place of the project that reads it. Everything else is given its time.
#ifndef PLAYHEAD_NET_CLOCK_H_
#define PLAYHEAD_NET_CLOCK_H_

#include "base/instant.h"

namespace playhead::net {

// Monotonic time since an arbitrary origin.
Instant monotonic_now();

}  // namespace playhead::net

#endif  // PLAYHEAD_NET_CLOCK_H_
