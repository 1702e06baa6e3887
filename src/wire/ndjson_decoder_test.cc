// NDJSON decoding: the rules of WIRE 8 one by one, in every cut.
#include "wire/ndjson_decoder.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "wire/testing.h"

namespace playhead::wire {
namespace {

using Lines = FrameLines;

Lines decode(std::string_view body) {
  EXPECT_EQ(find_cut_that_matters<NdjsonDecoder>(body), std::nullopt) << body;
  NdjsonDecoder decoder;
  return shown(decode_chunks(decoder, {body}));
}

struct Row {
  const char* law;
  std::string_view body;
  Lines frames;
};

const Row kRows[] = {
    {"an empty body has no frames", "", {}},
    {"a line is a frame",
     "{\"a\":1}\n{\"b\":2}\n",
     {"line 0+8 '{\"a\":1}'", "line 8+8 '{\"b\":2}'"}},
    {"CRLF", "{}\r\n[]\r\n", {"line 0+4 '{}'", "line 4+4 '[]'"}},
    {"only one CR goes, and only before an LF", "a\rb\r\r\n", {"line 0+6 'a\rb\r'"}},
    {"blank lines count to the frame that follows",
     "{}\n\n \t\r\n{}\n",
     {"line 0+3 '{}'", "line 3+8 '{}'"}},
    {"blank lines at the end are no frame", "{}\n\n  ", {"line 0+3 '{}'"}},
    {"a last line without LF is unterminated, whole or not",
     "{}\n{\"done\":true}",
     {"line 0+3 '{}'", "line 3+13 '{\"done\":true}' cut"}},
    {"its CR stays", "{}\r", {"line 0+3 '{}\r' cut"}},
    {"what is no JSON is a frame too", "not json\n", {"line 0+9 'not json'"}},
    {"blanks around a document stay", " {} \n", {"line 0+5 ' {} '"}},
    {"a BOM at the start goes", "\xEF\xBB\xBF{}\n{}\n", {"line 0+6 '{}'", "line 6+3 '{}'"}},
    {"and nowhere else", "{}\n\xEF\xBB\xBF{}\n", {"line 0+3 '{}'", "line 3+6 '\xEF\xBB\xBF{}'"}},
    {"a piece of a BOM is no BOM", "\xEF\xBB", {"line 0+2 '\xEF\xBB' cut"}},
};

TEST(NdjsonDecoder, KeepsTheRulesInEveryCut) {
  for (const Row& row : kRows) EXPECT_EQ(decode(row.body), row.frames) << row.law;
}

TEST(NdjsonDecoder, DropsALineAboveTheLimit) {
  const std::string longest(kNdjsonLineBytesMax, 'x');
  const std::string body = longest + "\n" + longest + "y\n{}\n" + longest + "y";
  for (const std::size_t chunk : {body.size(), std::size_t{1} << 20U}) {
    NdjsonDecoder decoder;
    const std::vector<FrameCopy> frames = decode_chunks(decoder, cut_every(body, chunk));
    ASSERT_EQ(frames.size(), 4U);
    EXPECT_EQ(frames[0].data.size(), longest.size());
    EXPECT_EQ(frames[1].error, "oversized_line");
    EXPECT_EQ(frames[1].data, "");
    EXPECT_EQ(frames[1].size, longest.size() + 2);
    EXPECT_EQ(frames[2].data, "{}");
    EXPECT_EQ(frames[3].error, "oversized_line");
    EXPECT_TRUE(frames[3].unterminated);
  }
}

}  // namespace
}  // namespace playhead::wire
