// Details of `client_closed`: what is written is read, and anything else tells nothing.
#include "recording/client_left.h"

#include <gtest/gtest.h>

namespace playhead::recording {
namespace {

EndReason rest_of(const std::string& detail) {
  return end_of_rest({Instant{}, EndReason::client_closed, detail});
}

// The words stand in recordings: a change would make liars of those that exist.
TEST(ClientLeft, IsSaidInTheseWords) {
  EXPECT_EQ(client_left_text(9), "the client closed after 9 bytes of the body");
  EXPECT_EQ(rest_text(EndReason::complete, ""), "; the rest was received whole");
  EXPECT_EQ(rest_text(EndReason::eof_early, ""), "; then upstream: eof_early");
  EXPECT_EQ(rest_text(EndReason::reset, "ECONNRESET"), "; then upstream: reset: ECONNRESET");
}

TEST(ClientLeft, IsReadAsItWasWritten) {
  for (const auto& row : kEndReasons) {
    for (const std::string detail : {"", "a: b; the rest was received whole"}) {
      EXPECT_EQ(rest_of(client_left_text(12) + rest_text(row.value, detail)), row.value)
          << row.name;
    }
  }
}

TEST(ClientLeft, TellsNothingOtherwise) {
  const std::string left = client_left_text(12);
  const std::string whole = rest_text(EndReason::complete, "");
  for (const std::string& detail :
       {std::string(), left, whole, left + "; the recorder was stopped",
        left + "; of the rest more came than is kept", left + "; the rest was not there 30 s later",
        left + whole + "?", left + "; then upstream: ", left + "; then upstream: nothing",
        "so " + left + whole, "the client closed after some bytes of the body" + whole,
        std::string("the client read nothing for 300 s and was reset")}) {
    EXPECT_EQ(rest_of(detail), EndReason::client_closed) << detail;
  }
  EXPECT_EQ(end_of_rest({Instant{}, EndReason::reset, left + whole}), EndReason::client_closed);
}

}  // namespace
}  // namespace playhead::recording
