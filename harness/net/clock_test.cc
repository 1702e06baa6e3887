#include "net/clock.h"

#include <gtest/gtest.h>

namespace playhead::net {
namespace {

TEST(Clock, NeverRunsBackwards) {
  Instant last = monotonic_now();
  for (int i = 0; i < 1000; ++i) {
    const Instant now = monotonic_now();
    ASSERT_GE(now, last);
    last = now;
  }
}

}  // namespace
}  // namespace playhead::net
