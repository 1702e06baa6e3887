#include "check/stream_block.h"

#include <gtest/gtest.h>

namespace playhead::check {
namespace {

Result<RecordedExchange> parse(const std::string& text, Instant requested_at = {}) {
  Block block;
  block.line = 10;
  block.text = text;
  return parse_stream_block("f.md", block, 1, requested_at);
}

std::string error_of(const std::string& text) {
  const auto exchange = parse(text);
  return exchange ? "" : exchange.error().message;
}

TEST(StreamBlock, AddsUpTimesToTheMicrosecond) {
  const auto exchange = parse("+1.5ms a\n\n+0.001ms b\n+3us c\n+2s d\n= complete +1ms\n", {100});
  ASSERT_TRUE(exchange) << exchange.error().message;
  ASSERT_EQ(exchange->chunks.size(), 4u);
  EXPECT_EQ(exchange->chunks[0].at.us, 1'600);
  EXPECT_EQ(exchange->chunks[1].at.us, 1'601);
  EXPECT_EQ(exchange->chunks[2].at.us, 1'604);
  EXPECT_EQ(exchange->chunks[3].at.us, 2'001'604);
  EXPECT_EQ(exchange->end.at.us, 2'002'604);
  EXPECT_EQ(exchange->requested_at.us, 100);
  EXPECT_EQ(exchange->responded_at->us, 1'600);
  EXPECT_EQ(exchange->chunks[3].offset, 3u);
}

TEST(StreamBlock, ReadsEscapesAndKeepsBlanks) {
  const auto exchange = parse("+0ms  a\\n\\r\\t\\\\n\\x00\\xFfz \n");
  ASSERT_TRUE(exchange) << exchange.error().message;
  EXPECT_EQ(exchange->body, std::string(" a\n\r\t\\n\0\xFFz ", 11));
}

TEST(StreamBlock, EndsCompleteAtTheLastLineByDefault) {
  const auto exchange = parse("+5ms a\n");
  ASSERT_TRUE(exchange);
  EXPECT_EQ(exchange->status, 200);
  EXPECT_EQ(exchange->end.reason, EndReason::complete);
  EXPECT_EQ(exchange->end.at.us, 5'000);
}

TEST(StreamBlock, ReadsStatusAndHeaders) {
  const auto exchange = parse("status 429\nheader retry-after: 5\nheader x:\n= complete +7ms\n");
  ASSERT_TRUE(exchange) << exchange.error().message;
  EXPECT_EQ(exchange->status, 429);
  EXPECT_EQ(exchange->response_headers, (std::vector<Header>{{"retry-after", "5"}, {"x", ""}}));
  EXPECT_EQ(exchange->responded_at->us, 7'000);
}

TEST(StreamBlock, HasNoResponseWhereNothingCameBeforeAFailure) {
  const auto refused = parse("= reset +3ms\n");
  ASSERT_TRUE(refused);
  EXPECT_FALSE(refused->responded_at);
  EXPECT_EQ(refused->status, 0);
  EXPECT_EQ(refused->end.at.us, 3'000);
  EXPECT_EQ(parse("status 200\n= reset\n")->status, 200);
  EXPECT_EQ(parse("header a: b\n= reset\n")->status, 200);
  EXPECT_EQ(parse("")->status, 200);
  EXPECT_EQ(parse("= torn\n")->end.reason, EndReason::torn);
}

TEST(StreamBlock, SaysWhatIsWrongInALine) {
  EXPECT_EQ(error_of("+1ms a\n+1ms\n"),
            "f.md:12: a chunk needs one space behind its time and some text; write a chunk as "
            "`+<ms>ms <text>`, e.g. `+12.5ms data: {}\\n\\n`");
  EXPECT_NE(error_of("+1ms "), "");
  EXPECT_NE(error_of("+1ms\ta"), "");
  EXPECT_TRUE(error_of("data: {}\n").starts_with("f.md:11: neither `status`"));
  EXPECT_EQ(error_of("+1ms a\\q\n"),
            "f.md:11: unknown escape `\\q`; known are \\n \\r \\t \\\\ and \\xHH, and a backslash "
            "itself is written \\\\");
  EXPECT_NE(error_of("+1ms a\\"), "");
  EXPECT_NE(error_of("+1ms \\x4"), "");
  EXPECT_NE(error_of("+1ms \\xg0"), "");
  EXPECT_EQ(error_of("= dead\n"),
            "f.md:11: unknown end reason `dead`; known: complete eof_early reset idle_timeout "
            "client_closed tls_error size_cap recorder_stopped torn");
  EXPECT_TRUE(error_of("= reset\n+1ms a\n").starts_with("f.md:12: nothing may follow the end"));
  EXPECT_TRUE(error_of("+1ms a\nstatus 200\n").starts_with("f.md:12: `status` stands behind"));
  EXPECT_NE(error_of("status 200\nstatus 200\n"), "");
  EXPECT_NE(error_of("header a b\n"), "");
}

TEST(StreamBlock, RefusesBadTimesAndStatus) {
  for (const char* line : {"+-1ms a", "+ms a", "+1 a", "+1.ms a", "+1.0001ms a", "+1.5us a",
                           "+1.0000001s a", "= reset 5ms", "= reset +5ms x", "+1m a"}) {
    EXPECT_TRUE(error_of(line).starts_with("f.md:11: bad time")) << line << ": " << error_of(line);
  }
  for (const char* line : {"status", "status 99", "status 600", "status 20x", "status -200"}) {
    EXPECT_TRUE(error_of(line).find("is no HTTP status") != std::string::npos) << line;
  }
}

TEST(StreamBlock, LimitsOneStep) {
  EXPECT_EQ(error_of("+1000000000000us a"), "");
  EXPECT_NE(error_of("+1000000000001us a"), "");
  EXPECT_EQ(error_of("+0001000000000ms a"), "");
  EXPECT_NE(error_of("+99999999999999999999999ms a"), "");
}

}  // namespace
}  // namespace playhead::check
