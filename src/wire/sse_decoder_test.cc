// SSE decoding: the rules of WIRE 1 one by one, in every cut.
#include "wire/sse_decoder.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/testing.h"
#include "base/utf8.h"
#include "wire/testing.h"

namespace playhead::wire {
namespace {

using Frames = std::vector<FrameCopy>;

Frames decode(std::string_view body) {
  EXPECT_EQ(find_cut_that_matters<SseDecoder>(body), std::nullopt) << body;
  SseDecoder decoder;
  return decode_chunks(decoder, {body});
}

using Lines = FrameLines;

struct Row {
  const char* law;
  std::string_view body;
  Lines frames;
};

void expect_rows(const std::vector<Row>& rows) {
  for (const Row& row : rows) EXPECT_EQ(shown(decode(row.body)), row.frames) << row.law;
}

TEST(SseDecoder, EndsLinesAtLfCrAndCrLf) {
  expect_rows({
      {"LF", "data: a\n\ndata: b\n\n", {"event 0+9 'a'", "event 9+9 'b'"}},
      {"CR", "data: a\r\rdata: b\r\r", {"event 0+9 'a'", "event 9+9 'b'"}},
      {"the LF of a dispatching CR is the next frame's", "data: a\r\n\r\n", {"event 0+10 'a'"}},
      {"CRLF", "data: a\r\n\r\ndata: b\r\n\r\n", {"event 0+10 'a'", "event 10+11 'b'"}},
      {"LF CR is two line ends", "data: a\n\rdata: b\n\r", {"event 0+9 'a'", "event 9+9 'b'"}},
      {"CR CR LF", "data: a\r\r\ndata: b\r\r\n", {"event 0+9 'a'", "event 9+10 'b'"}},
  });
}

TEST(SseDecoder, DispatchesAtTheCarriageReturnAlready) {
  SseDecoder decoder;
  Frame frame;
  decoder.feed("data: a\r\n\r");
  ASSERT_TRUE(decoder.next(frame));
  EXPECT_EQ(frame.data, "a");
}

TEST(SseDecoder, SwallowsLineFeedAfterSplitCr) {
  SseDecoder decoder;
  EXPECT_EQ(shown(decode_chunks(decoder, {"data: a\r", "\ndata: b\r", "\n\r", "\n"})),
            (Lines{"event 0+19 'a\nb'"}));
}

TEST(SseDecoder, DropsOneByteOrderMark) {
  expect_rows({
      {"dropped, yet counted",
       "\xEF\xBB\xBF"
       "data: a\n\n",
       {"event 0+12 'a'"}},
      {"only the first",
       "\xEF\xBB\xBF\xEF\xBB\xBF"
       "data: a\n\ndata: b\n\n",
       {"event 0+24 'b'"}},
      {"only at the start",
       "data: a\n\n\xEF\xBB\xBF"
       "data: b\n\n",
       {"event 0+9 'a'"}},
      {"alone", "\xEF\xBB\xBF", {}},
  });
}

TEST(SseDecoder, SplitsFieldsAtTheFirstColon) {
  expect_rows({
      {"one space goes", "data:  a: b\n\n", {"event 0+13 ' a: b'"}},
      {"no space needed", "data:a\n\n", {"event 0+8 'a'"}},
      {"a tab stays", "data:\ta\n\n", {"event 0+9 '\ta'"}},
      {"no colon: an empty value", "data\n\n", {"event 0+6 ''"}},
      {"two of them", "data\ndata\n\n", {"event 0+11 '\n'"}},
      {"names are exact", "Data: a\n data: b\ndata : c\nmydata: d\n\n", {}},
  });
}

TEST(SseDecoder, JoinsDataLines) {
  expect_rows({
      {"by LF", "data: a\ndata: b\ndata:\n\n", {"event 0+23 'a\nb\n'"}},
      {"raw bytes", "data: \xFF\xC3\n\n", {"event 0+10 '\xFF\xC3'"}},
  });
}

TEST(SseDecoder, KeepsTypeForOneEventOnly) {
  expect_rows({
      {"", "event: x\ndata: a\n\ndata: b\n\n", {"event 0+18 [x] 'a'", "event 18+9 'b'"}},
      {"without data", "event: x\n\ndata: b\n\n", {"event 0+19 'b'"}},
      {"the last", "event: x\nevent: y\ndata: a\n\n", {"event 0+27 [y] 'a'"}},
  });
}

TEST(SseDecoder, KeepsIdOverEvents) {
  expect_rows({
      {"", "id: 1\ndata: a\n\ndata: b\n\n", {"event 0+15 #1 'a'", "event 15+9 #1 'b'"}},
      {"set without an event", "id: 1\n\ndata: b\n\n", {"event 0+16 #1 'b'"}},
      {"reset", "id: 1\ndata: a\n\nid\ndata: b\n\n", {"event 0+15 #1 'a'", "event 15+12 'b'"}},
      {"not with NUL", std::string_view("id: 1\0\ndata: a\n\n", 16), {"event 0+16 'a'"}},
  });
}

TEST(SseDecoder, ReadsRetry) {
  expect_rows({
      {"digits", "retry: 30\ndata: a\n\ndata: b\n\n", {"event 0+19 ~30 'a'", "event 19+9 'b'"}},
      {"nothing else", "retry: 30x\nretry: -1\nretry:\ndata: a\n\n", {"event 0+37 'a'"}},
      {"saturates",
       "retry: 99999999999999999999999\ndata: a\n\n",
       {"event 0+40 ~18446744073709551615 'a'"}},
  });
  SseDecoder decoder;
  decode_chunks(decoder, {"id: 7\nretry: 500\n\nid: 8\n"});
  EXPECT_EQ(decoder.retry_ms(), 500U);
  EXPECT_EQ(decoder.last_event_id(), "7");
}

TEST(SseDecoder, HandsOutComments) {
  expect_rows({
      {"at once, as they are",
       ": ping\n:\ndata: a\n\n",
       {"comment 0+7 ' ping'", "comment 7+2 ''", "event 9+9 'a'"}},
      {"inside an event", "data: a\n: c\ndata: b\n\n", {"comment 8+4 ' c'", "event 0+21 'a\nb'"}},
      {"cut", "data: a\n\n: pi", {"event 0+9 'a'", "comment 9+4 ' pi' cut"}},
  });
}

TEST(SseDecoder, CountsWhatIsNoFrameToTheNext) {
  expect_rows({
      {"blank lines", "\n\n\ndata: a\n\n", {"event 0+12 'a'"}},
      {"ignored lines", "foo\nid: 1\n\ndata: a\n\n", {"event 0+20 #1 'a'"}},
  });
}

TEST(SseDecoder, HandsOutWhatTheEndCuts) {
  expect_rows({
      {"no blank line", "data: a\n", {"event 0+8 'a' cut"}},
      {"no line end", "event: x\ndata: a", {"event 0+16 [x] 'a' cut"}},
      {"a second line", "data: a\ndata: b", {"event 0+15 'a\nb' cut"}},
      {"no value", "data: a\n\nda", {"event 0+9 'a'", "event 9+2 '' cut"}},
      {"no data", "event: x", {"event 0+8 [x] '' cut"}},
      {"a type alone", "event: x\n", {"event 0+9 [x] '' cut"}},
      {"an id alone", "id: x\n", {}},
      {"blank lines", "data: a\n\n\n\n", {"event 0+9 'a'"}},
      {"a comment in it", "data: a\n: c", {"comment 8+3 ' c' cut", "event 0+11 'a' cut"}},
      {"nothing", "", {}},
  });
}

TEST(SseDecoder, HandsOutUnframedJson) {
  expect_rows({
      {"one line",
       "{\"a\":\"}\\\"\"}\ndata: a\n\n",
       {"line 0+12 '{\"a\":\"}\\\"\"}'", "event 12+9 'a'"}},
      {"without line end", "[{}]", {"line 0+4 '[{}]'"}},
      {"over lines, to the end", "{\n\"a\":1\n}\n", {"line 0+10 '{\n\"a\":1\n}'"}},
      {"over lines, to a field",
       "{\r\n}\r\n\r\ndata: a\r\n\r\n",
       {"line 0+7 '{\n}'", "event 7+11 'a'"}},
      {"over lines, to a comment", "{\n\n: c\n", {"line 0+3 '{' cut", "comment 3+4 ' c'"}},
      {"to a cut comment", "{\n: c", {"line 0+2 '{' cut", "comment 2+3 ' c' cut"}},
      {"to a cut field", "{\ndata: c", {"line 0+2 '{' cut", "event 2+7 'c' cut"}},
      {"cut", "{\"a\":", {"line 0+5 '{\"a\":' cut"}},
      {"inside an event", "data: a\n{}\n\n", {"line 8+3 '{}'", "event 0+12 'a'"}},
      {"never at an event's cost", "data: a\n{\n\n", {"event 0+11 'a'"}},
  });
}

TEST(SseDecoder, HandsOutErrorFields) {
  expect_rows({
      {"", "error: {\"code\":500}\n\n", {"line 0+20 [error] '{\"code\":500}'"}},
      {"cut", "error: {\"code\":50", {"line 0+17 [error] '{\"code\":50' cut"}},
      {"only objects", "error: no\ndata: a\n\n", {"event 0+19 'a'"}},
  });
}

TEST(SseDecoder, DropsAnOversizedLineAndGoesOn) {
  const std::string body = "data: " + std::string(kSseLineBytesMax - 6, 'x') + "\n\n" +
                           "data: " + std::string(kSseLineBytesMax - 5, 'y') + "\n\ndata: a\n\n";
  for (const std::size_t size : {body.size(), kSseLineBytesMax, std::size_t{65536}}) {
    SseDecoder decoder;
    const Frames frames = decode_chunks(decoder, cut_every(body, size));
    ASSERT_EQ(frames.size(), 3U);
    EXPECT_EQ(frames[0].data.size(), kSseLineBytesMax - 6);
    EXPECT_EQ(shown(frames[1]), "line 16777218+16777218 '' !oversized_line");
    EXPECT_EQ(shown(frames[2]), "event 33554436+10 'a'");
  }
}

TEST(SseDecoder, DropsAnOversizedEventAndGoesOn) {
  const std::string line = "data: " + std::string(kSseEventBytesMax / 4, 'x') + "\n";
  SseDecoder decoder;
  const Frames frames =
      decode_chunks(decoder, {line, line, line, line, "\n", "data: a\n\n", line, "\n"});
  ASSERT_EQ(frames.size(), 3U);
  EXPECT_EQ(frames[0].error, "oversized_line");
  EXPECT_EQ(frames[0].data, "");
  EXPECT_EQ(frames[1].data, "a");
  EXPECT_EQ(frames[2].data.size(), kSseEventBytesMax / 4);
}

TEST(SseDecoder, DropsAnOversizedDocument) {
  const std::string line = std::string(kSseEventBytesMax / 4, 'x') + "\n";
  SseDecoder decoder;
  EXPECT_EQ(shown(decode_chunks(decoder, {"{\n", line, line, line, line, "data: a\n\n"})),
            (Lines{"line 0+33554438 '' !oversized_line", "event 33554438+9 'a'"}));
}

TEST(SseDecoder, BorrowsDataFromTheChunk) {
  const std::string_view chunk = "data: {\"a\":1}\n\n";
  SseDecoder decoder;
  Frame frame;
  decoder.feed(chunk);
  ASSERT_TRUE(decoder.next(frame));
  EXPECT_EQ(frame.data.data(), chunk.data() + 6);
}

TEST(SseDecoder, AllocatesNothingOnceWarm) {
  const std::string body =
      ": ping\n\nevent: some_longer_event_name_than_fits\nid: an_identifier_too_long_to_be_inline\n"
      "data: {\"choices\":[{\"delta\":{\"content\":\"some text\"}}]}\ndata: more\n\n"
      "data: {\"choices\":[{\"delta\":{\"content\":\"some more text\"}}]}\r\n\r\n";
  for (const std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{50}, body.size()}) {
    SseDecoder decoder;
    Frame frame;
    std::size_t frames = 0;
    const auto run = [&] {
      for (std::size_t at = 0; at < body.size(); at += size) {
        decoder.feed(std::string_view(body).substr(at, size));
        while (decoder.next(frame)) ++frames;
      }
    };
    run();
    run();
    const std::size_t before = allocations();
    run();
    EXPECT_EQ(allocations(), before) << size;
    EXPECT_EQ(frames, 9U);
  }
}

// Bytes as the standard decodes them. base/utf8.h reads the three bytes of a surrogate half as one
// character, since that is how escapes travel; on the wire they are three ill-formed bytes.
std::string decoded(std::string_view bytes) {
  std::string out;
  std::size_t begin = 0;
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    if (bytes[i] != '\xED' || static_cast<unsigned char>(bytes[i + 1]) < 0xA0) continue;
    append_utf8_repaired(bytes.substr(begin, i + 1 - begin), out);
    begin = i + 1;
  }
  append_utf8_repaired(bytes.substr(begin), out);
  return out;
}

// One conformance vector: bytes, the events of a strict reader, and its state at the end.
void check_vector(const JsonValue& vector, std::string_view body) {
  EXPECT_EQ(find_split_that_matters<SseDecoder>(body), std::nullopt);
  SseDecoder decoder;
  std::vector<FrameCopy> events;
  for (FrameCopy& frame : decode_chunks(decoder, {body})) {
    if (frame.kind == FrameKind::event && !frame.unterminated) events.push_back(std::move(frame));
  }
  const auto expected = member(vector, "expected")->GetArray();
  ASSERT_EQ(events.size(), expected.Size());
  for (rapidjson::SizeType i = 0; i < expected.Size(); ++i) {
    const std::string type = events[i].event.empty() ? "message" : decoded(events[i].event);
    EXPECT_EQ(type, text_member(expected[i], "type"));
    EXPECT_EQ(decoded(events[i].data), text_member(expected[i], "data"));
    EXPECT_EQ(decoded(events[i].id), text_member(expected[i], "id"));
    if (const auto retry = int_member(expected[i], "retry")) {
      EXPECT_EQ(events[i].retry, static_cast<std::uint64_t>(*retry));
    }
  }
  EXPECT_EQ(decoded(decoder.last_event_id()), text_member(vector, "last_event_id"));
  if (const auto retry = int_member(vector, "retry")) {
    EXPECT_EQ(decoder.retry_ms(), static_cast<std::uint64_t>(*retry));
  } else if (!bool_member(vector, "retry_saturates")) {
    EXPECT_EQ(decoder.retry_ms(), std::nullopt);
  }
}

TEST(SseDecoder, HoldsTheConformanceVectors) {
  const auto vectors = read_vectors("sse_wpt.json");
  if (!vectors) GTEST_SKIP() << "PLAYHEAD_CORPUS is not set";
  const Result<JsonDocument>& document = *vectors;
  ASSERT_TRUE(document.ok()) << document.error().message;
  std::size_t count = 0;
  for (const JsonValue& vector : member(*document, "vectors")->GetArray()) {
    SCOPED_TRACE(std::string(*text_member(vector, "name")));
    check_vector(vector, from_base64(*text_member(vector, "bytes_base64")));
    ++count;
  }
  EXPECT_GT(count, 0U);
}

}  // namespace
}  // namespace playhead::wire
