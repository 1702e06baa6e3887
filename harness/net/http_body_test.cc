#include "net/http_body.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace playhead::net {
namespace {

using Kind = BodyFraming::Kind;

struct Read {
  std::size_t taken = 0;
  std::string payload;
  bool done = false;
  bool malformed = false;
  bool may_end = false;
  std::vector<HttpHeader> trailers;

  bool operator==(const Read&) const = default;
};

Read read(BodyFraming framing, std::string_view text, std::size_t split) {
  BodyReader reader(framing);
  Read result;
  result.taken = reader.feed(text.substr(0, split), result.payload);
  result.taken += reader.feed(text.substr(split), result.payload);
  result.done = reader.done();
  result.malformed = reader.malformed();
  result.may_end = reader.may_end();
  result.trailers = reader.trailers();
  return result;
}

// Reads whole and in every split in two.
Read read_all_ways(BodyFraming framing, std::string_view text) {
  Read whole = read(framing, text, text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    EXPECT_EQ(read(framing, text, at), whole) << text << " at " << at;
  }
  return whole;
}

Read read_chunked(std::string_view text) { return read_all_ways({Kind::chunked, 0}, text); }

TEST(HttpBody, EndsAtItsLength) {
  const Read whole = read_all_ways({Kind::length, 5}, "12345GET /");
  EXPECT_EQ(whole, (Read{5, "12345", true, false, true, {}}));
  EXPECT_EQ(read_all_ways({Kind::length, 5}, "1234"), (Read{4, "1234", false, false, false, {}}));
  EXPECT_EQ(read_all_ways({Kind::length, 0}, "GET /"), (Read{0, "", true, false, true, {}}));
  EXPECT_EQ(read_all_ways({Kind::none, 0}, "GET /"), (Read{0, "", true, false, true, {}}));
}

TEST(HttpBody, EndsWithTheConnection) {
  EXPECT_EQ(read_all_ways({Kind::until_close, 0}, "a\r\n0\r\n"),
            (Read{6, "a\r\n0\r\n", false, false, true, {}}));
  EXPECT_TRUE(BodyReader({Kind::until_close, 0}).may_end());
}

TEST(HttpBody, ReadsChunks) {
  EXPECT_EQ(read_chunked("0\r\n\r\nnext"), (Read{5, "", true, false, true, {}}));
  EXPECT_EQ(read_chunked("5\r\nhello\r\nA;x=\"y\";z\r\n0123456789\r\n00\r\n\r\nrest").payload,
            "hello0123456789");
  EXPECT_EQ(read_chunked("0000000000000003\r\n\r\n\n\r\n0;last\r\n\r\n"),
            (Read{33, "\r\n\n", true, false, true, {}}));
  const Read open = read_chunked("3\r\nabc\r\n");
  EXPECT_EQ(open, (Read{8, "abc", false, false, false, {}}));
  EXPECT_FALSE(read_chunked("0\r\n").may_end);
}

TEST(HttpBody, KeepsTrailers) {
  const Read read = read_chunked("1\r\nx\r\n0\r\nX-Sum: 1 \r\nX-Sum:\t2\r\n\r\n");
  EXPECT_TRUE(read.done);
  EXPECT_EQ(read.trailers, (std::vector<HttpHeader>{{"X-Sum", "1"}, {"X-Sum", "2"}}));
}

TEST(HttpBody, RefusesBadFrames) {
  for (const std::string& text : {std::string("\r\n"),
                                  std::string(" 1\r\n"),
                                  std::string("1 \r\n"),
                                  std::string("1 ;x\r\n"),
                                  std::string("+1\r\n"),
                                  std::string("-1\r\n"),
                                  std::string("0x1\r\n"),
                                  std::string("g\r\n"),
                                  std::string(";x\r\n"),
                                  std::string("1,\r\n"),
                                  std::string("1\n"),
                                  std::string("1\rx"),
                                  std::string("1;x\ny\r\n"),
                                  std::string("1;\x01\r\n"),
                                  std::string("1\0\r\n", 4),
                                  std::string("00000000000000001\r\n"),
                                  std::string("fffffffffffffffff\r\n"),
                                  std::string("1\r\nab\r\n"),
                                  std::string("1\r\na\n"),
                                  std::string("1\r\na\rb"),
                                  std::string("1\r\na0\r\n\r\n"),
                                  std::string("0\r\nno colon\r\n\r\n"),
                                  std::string("0\r\nA : b\r\n\r\n"),
                                  std::string("0\r\n b: c\r\n\r\n"),
                                  std::string("0\r\n: c\r\n\r\n"),
                                  std::string("0\r\nA: b\n\r\n"),
                                  std::string("0\r\nA: b\rEvil: c\r\n\r\n"),
                                  std::string("0\r\nA: \0\r\n\r\n", 11),
                                  std::string("0\r\nContent-Length: 5\r\n\r\n"),
                                  std::string("0\r\nhost: b\r\n\r\n"),
                                  std::string("0\r\nTransfer-Encoding: chunked\r\n\r\n"),
                                  std::string("0\r\n\n")}) {
    const Read read = read_chunked(text);
    EXPECT_TRUE(read.malformed) << text;
    EXPECT_FALSE(read.done) << text;
    EXPECT_FALSE(read.may_end) << text;
  }
}

TEST(HttpBody, StaysMalformed) {
  BodyReader reader({Kind::chunked, 0});
  std::string payload;
  EXPECT_EQ(reader.feed("1\r\naXY", payload), 5u);
  EXPECT_TRUE(reader.malformed());
  EXPECT_EQ(reader.feed("\r\n0\r\n\r\n", payload), 0u);
  EXPECT_TRUE(reader.malformed());
  EXPECT_EQ(payload, "a");
}

TEST(HttpBody, TakesTheLargestSize) {
  BodyReader reader({Kind::chunked, 0});
  std::string payload;
  EXPECT_EQ(reader.feed("ffffffffffffffff\r\nabc", payload), 21u);
  EXPECT_FALSE(reader.malformed());
  EXPECT_EQ(payload, "abc");
}

TEST(HttpBody, KeepsItsLimits) {
  const std::string extension = "1;" + std::string(kChunkLineMax - 2, 'x');
  EXPECT_FALSE(read_chunked(extension + "\r\n").malformed);
  EXPECT_TRUE(read_chunked(extension + "x\r\n").malformed);
  EXPECT_TRUE(read_chunked(extension + "xxx").malformed);

  const auto trailers = [](std::size_t bytes) {
    return "0\r\nA: " + std::string(bytes - std::string_view("A: \r\n\r\n").size(), 'x') +
           "\r\n\r\n";
  };
  const BodyFraming chunked{Kind::chunked, 0};
  EXPECT_TRUE(read(chunked, trailers(kTrailerBytesMax), 9).done);
  EXPECT_TRUE(read(chunked, trailers(kTrailerBytesMax + 1), 9).malformed);

  std::string many = "0\r\n";
  for (std::size_t i = 0; i < kHeadersMax; ++i) many += "A: b\r\n";
  EXPECT_TRUE(read(chunked, many + "\r\n", 9).done);
  EXPECT_TRUE(read(chunked, many + "A: b\r\n\r\n", 9).malformed);
}

TEST(HttpBody, WritesChunksThatItReads) {
  std::string text;
  append_chunk("hello", text);
  append_chunk("", text);
  append_chunk(std::string(300, 'x'), text);
  EXPECT_EQ(text.substr(0, 15), "5\r\nhello\r\n12c\r\n");
  text += kLastChunk;
  const Read read = read_chunked(text);
  EXPECT_TRUE(read.done);
  EXPECT_EQ(read.payload, "hello" + std::string(300, 'x'));
}

}  // namespace
}  // namespace playhead::net
