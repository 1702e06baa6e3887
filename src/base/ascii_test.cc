#include "base/ascii.h"

#include <gtest/gtest.h>

#include "base/header.h"

namespace playhead {
namespace {

TEST(Ascii, KnowsNoOtherLetters) {
  EXPECT_EQ(lower_case("AZaz09@[\xC3\x84"), "azaz09@[\xC3\x84");
  EXPECT_TRUE(same_ignoring_case("Content-TYPE", "content-type"));
  EXPECT_FALSE(same_ignoring_case("a", "ab"));
  EXPECT_FALSE(same_ignoring_case("@", "`"));
}

TEST(Header, IsFoundInAnyCaseAndTheFirstCounts) {
  const std::vector<Header> headers = {{"A", "1"}, {"b", "2"}, {"B", "3"}};
  EXPECT_EQ(header_value(headers, "B"), "2");
  EXPECT_EQ(header_value(headers, "c"), "");
}

}  // namespace
}  // namespace playhead
