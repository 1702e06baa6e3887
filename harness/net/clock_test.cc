#include "net/clock.h"

#include <gtest/gtest.h>

#include <string>

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

TEST(Clock, WallTimeIsUtcToTheSecond) {
  const std::string text = wall_now_rfc3339();
  std::string shape = text;
  for (char& c : shape) c = c >= '0' && c <= '9' ? '0' : c;
  EXPECT_EQ(shape, "0000-00-00T00:00:00Z") << text;
}

}  // namespace
}  // namespace playhead::net
