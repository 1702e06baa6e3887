#include "serve/speed.h"

#include <gtest/gtest.h>

#include "recording/record.h"

namespace playhead::serve {
namespace {

TEST(Speed, DividesRecordedTimes) {
  EXPECT_EQ(Speed{}.played(milliseconds(30)), milliseconds(30));
  EXPECT_EQ((Speed{10, false}.played(milliseconds(30))), milliseconds(3));
  EXPECT_EQ((Speed{0.5, false}.played(milliseconds(30))), milliseconds(60));
  EXPECT_EQ((Speed{3, false}.played(microseconds(5))), microseconds(2));
  EXPECT_EQ((Speed{1, true}.played(seconds(30))), Duration{0});
}

TEST(Speed, HoldsAtTheEdges) {
  EXPECT_EQ(Speed{}.played(microseconds(-5)), Duration{0});
  const Duration longest{recording::kAtMaxUs};
  EXPECT_EQ((Speed{kSpeedMin, false}.played(longest)), longest * 1000);
  EXPECT_EQ((Speed{kSpeedMax, false}.played(microseconds(1))), Duration{0});
}

TEST(Speed, IsRead) {
  EXPECT_EQ(parse_speed("1")->factor, 1);
  EXPECT_EQ(parse_speed("2.5")->factor, 2.5);
  EXPECT_EQ(parse_speed("0.001")->factor, kSpeedMin);
  EXPECT_EQ(parse_speed("1000000")->factor, kSpeedMax);
  EXPECT_FALSE(parse_speed("1")->instant);
  EXPECT_TRUE(parse_speed("instant")->instant);
}

TEST(Speed, IsRefusedWhereItIsNone) {
  for (const char* text : {"", "0", "-1", "fast", "1x", " 1", "1e3", "nan", "inf", "0.0009",
                           "1000001", "Instant", "0x10"}) {
    const auto speed = parse_speed(text);
    ASSERT_FALSE(speed.ok()) << text;
    EXPECT_NE(speed.error().message.find("or instant"), std::string::npos);
  }
}

}  // namespace
}  // namespace playhead::serve
