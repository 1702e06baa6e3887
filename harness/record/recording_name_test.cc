// Names that come from requests, and where output goes.
#include "record/recording_name.h"

#include <gtest/gtest.h>

namespace playhead::record {
namespace {

TEST(RecordingName, TakesPlainNames) {
  for (const std::string name : {"a", "0", "agent-7_x.y", "con"}) {
    EXPECT_TRUE(check_name(name).ok()) << name;
  }
  EXPECT_TRUE(check_name(std::string(kNameBytesMax, 'a')).ok());
}

TEST(RecordingName, RefusesWhatCouldLeaveTheFolder) {
  for (const std::string name : {"", ".", "..", "../a", "/a", "a/b", "a\\b", "a..b", ".a", "-a",
                                 "_a", "A", "a b", "a%2f", "a\n", "\xc3\xa4", "a:b", "~", "a*"}) {
    EXPECT_FALSE(check_name(name).ok()) << name;
  }
  EXPECT_FALSE(check_name(std::string("a\0b", 3)).ok());
  EXPECT_FALSE(check_name(std::string(kNameBytesMax + 1, 'a')).ok());
  EXPECT_EQ(check_name("sk-KEY").error().message.find("sk-KEY"), std::string::npos);
}

TEST(RecordingName, NumbersBeforeTheEnding) {
  EXPECT_EQ(numbered("x/a.rec.zst", 1), "x/a.rec.zst");
  EXPECT_EQ(numbered("x/a.rec.zst", 2), "x/a-2.rec.zst");
  EXPECT_EQ(numbered("a.rec", 10), "a-10.rec");
}

TEST(Output, IsARecordingByItsEnding) {
  EXPECT_FALSE(output_of("a.rec", "").folder);
  EXPECT_FALSE(output_of("b/a.rec.zst", "").folder);
  EXPECT_TRUE(output_of("b/", "").folder);
  EXPECT_EQ(output_of("b//", "").path, "b");
  EXPECT_EQ(output_of("/", "").path, "/");
  EXPECT_EQ(output_of("", "2026-04-11T12:00:01Z").path, "recording-2026-04-11T12-00-01Z.rec.zst");
}

}  // namespace
}  // namespace playhead::record
