#include "net/clock.h"

#include <chrono>

namespace playhead::net {

Instant monotonic_now() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return Instant{std::chrono::duration_cast<std::chrono::microseconds>(now).count()};
}

}  // namespace playhead::net
