#include "base/utf8.h"

#include <gtest/gtest.h>

namespace playhead {
namespace {

TEST(Utf8, RepairsMaximalIllFormedParts) {
  std::string out;
  EXPECT_EQ(append_utf8_repaired("a\xFFz\xE2\x82|\xF0\x9F\x98|\xC3", out), 4u);
  EXPECT_EQ(out, "a\uFFFDz\uFFFD|\uFFFD|\uFFFD");
}

TEST(Utf8, RawSurrogateBytesAreThreeIllFormedParts) {
  std::string out;
  EXPECT_EQ(append_utf8_repaired("\xED\xA0\x80", out), 3u);
}

TEST(Utf8, RefusesOverlongAndTooLarge) {
  for (const char* text : {"\xC0\xAF", "\xE0\x80\xAF", "\xF4\x90\x80\x80", "\xED\xA0\x80"}) {
    EXPECT_FALSE(is_utf8(text)) << text;
  }
  EXPECT_TRUE(is_utf8("gr\u00FC\u00DFe \U0001F600"));
}

TEST(Utf8, JoinsSurrogateHalvesOfTwoPieces) {
  std::string text;
  append_code_point(0xD83D, text);
  EXPECT_TRUE(ends_in_high_surrogate(text));
  std::string low;
  append_code_point(0xDE00, low);
  append_joined(low + "!", text);
  EXPECT_EQ(text, "\U0001F600!");
}

TEST(Utf8, LoneHalfBecomesOneReplacement) {
  std::string text = "a";
  append_code_point(0xD83D, text);
  EXPECT_EQ(to_utf8(text + "b"), "a\uFFFDb");
}

}  // namespace
}  // namespace playhead
