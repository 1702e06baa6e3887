// Header lines: limits, and torn told from spoilt.
#include "recording/record.h"

#include <gtest/gtest.h>

#include <string>

namespace playhead::recording {
namespace {

std::string failure_of(std::string_view line) {
  const auto header = parse_header(line);
  return header.ok() ? "" : header.error().message;
}

TEST(Record, HeaderLineRoundTrips) {
  const RecordHeader header{RecordKind::request_body, 12, Instant{345}, 6};
  EXPECT_EQ(header_line(header), "request-body 12 345 6\n");
  const auto read = parse_header("request-body 12 345 6");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->kind, RecordKind::request_body);
  EXPECT_EQ(read->exchange, 12);
  EXPECT_EQ(read->at, Instant{345});
  EXPECT_EQ(read->size, 6U);
}

TEST(Record, LongestHeaderLineFits) {
  const RecordHeader header{RecordKind::request_body, kExchangesMax, Instant{kAtMaxUs},
                            kRecordSizeMax};
  const std::string line = header_line(header);
  EXPECT_LE(line.size(), kHeaderLineMax);
  EXPECT_TRUE(parse_header(line.substr(0, line.size() - 1)).ok());
}

TEST(Record, RefusesWhatIsNoHeader) {
  for (const std::string_view line :
       {"", "data", "data 1", "data 1 2", "data 1 2 3 4", "data 1 2 -3", "data 1 2 +3",
        "data 1 2 0x3", "data 1 2 3 ", "data 1  2 3", " data 1 2 3", "data 01 2 3", "data 1 2 3\r",
        "data -1 2 3", "data 1 2 9999999999999999999999", "data 1 99999999999999999999 3",
        "Data 1 2 3"}) {
    EXPECT_FALSE(parse_header(line).ok()) << line;
  }
}

TEST(Record, NamesTheUnknownKind) {
  EXPECT_NE(failure_of("tada 1 2 3").find("unknown record kind \"tada\""), std::string::npos);
}

TEST(Record, HoldsLimits) {
  EXPECT_TRUE(parse_header("data 1 0 67108864").ok());
  EXPECT_NE(failure_of("data 1 0 67108865").find("above the limit"), std::string::npos);
  EXPECT_TRUE(parse_header("mark 0 0 1048576").ok());
  EXPECT_FALSE(parse_header("mark 0 0 1048577").ok());
  EXPECT_TRUE(parse_header("request 65536 0 1").ok());
  EXPECT_FALSE(parse_header("request 65537 0 1").ok());
  EXPECT_FALSE(parse_header("request 4294967297 0 1").ok());
  EXPECT_TRUE(parse_header("request 1 1000000000000000 1").ok());
  EXPECT_FALSE(parse_header("request 1 1000000000000001 1").ok());
  EXPECT_FALSE(parse_header("data 0 0 1").ok());
  EXPECT_FALSE(parse_header("meta 1 0 1").ok());
}

TEST(Record, EveryPrefixOfAHeaderMayBeginOne) {
  const std::string line = "request-body 12 345 678";
  for (std::size_t size = 0; size <= line.size(); ++size) {
    EXPECT_TRUE(may_begin_header(line.substr(0, size))) << line.substr(0, size);
  }
}

TEST(Record, GarbageBeginsNoHeader) {
  for (const std::string_view tail :
       {"x", "dota", "data-", "request-bodyx", " ", "data x", "data 1 x", "data 1 2 x",
        "data 1 2 3 ", "data  ", "data 1  ", "data 00", "\xff"}) {
    EXPECT_FALSE(may_begin_header(tail)) << tail;
  }
}

TEST(Record, ShowsHostileText) {
  EXPECT_EQ(shown("a\x1b[2J\xff"), "\"a\\x1b[2J\\xff\"");
  EXPECT_EQ(shown(std::string(100, 'a')), "\"" + std::string(40, 'a') + "...\"");
}

}  // namespace
}  // namespace playhead::recording
