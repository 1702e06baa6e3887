// When a keepalive is due (SPEC 9.2).
#include "emit/keepalive.h"

#include <gtest/gtest.h>

namespace playhead::emit {
namespace {

TEST(Keepalive, IsAnSseComment) { EXPECT_EQ(kKeepalive, ": keepalive\n\n"); }

TEST(Keepalive, IsNotDueBeforeTheHeaders) {
  EXPECT_EQ(Keepalive(seconds(30)).due(), std::nullopt);
}

TEST(Keepalive, IsDueAnIntervalAfterTheLastWrite) {
  Keepalive keepalive(seconds(30));
  keepalive.written(Instant{7});
  EXPECT_EQ(keepalive.due(), Instant{30'000'007});
  keepalive.written(Instant{1'000'000});
  EXPECT_EQ(keepalive.due(), Instant{31'000'000}) << "every write starts the clock anew";
}

TEST(Keepalive, RepeatsEachInterval) {
  Keepalive keepalive(seconds(30));
  keepalive.written(Instant{});
  for (int i = 1; i <= 5; ++i) {
    ASSERT_EQ(keepalive.due(), Instant{} + seconds(30) * i);
    keepalive.written(*keepalive.due());
  }
}

TEST(Keepalive, IsNeverDueAfterTheEnd) {
  Keepalive keepalive(seconds(30));
  keepalive.written(Instant{});
  keepalive.stop();
  EXPECT_EQ(keepalive.due(), std::nullopt);
}

TEST(Keepalive, IntervalOfZeroIsOff) {
  Keepalive keepalive{Duration{}};
  keepalive.written(Instant{});
  EXPECT_EQ(keepalive.due(), std::nullopt);
}

}  // namespace
}  // namespace playhead::emit
