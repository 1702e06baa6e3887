// JSON array decoding: where one element ends and the next begins, in every cut.
#include "wire/json_array_decoder.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "wire/testing.h"

namespace playhead::wire {
namespace {

using Lines = std::vector<std::string>;

// One line a frame: "off+size 'data' cut !error".
Lines shown(const std::vector<FrameCopy>& frames) {
  Lines lines;
  for (const FrameCopy& frame : frames) {
    EXPECT_EQ(frame.kind, FrameKind::line);
    std::string text = std::to_string(frame.offset) + "+" + std::to_string(frame.size);
    text += " '" + frame.data + "'";
    if (frame.unterminated) text += " cut";
    if (!frame.error.empty()) text += " !" + frame.error;
    lines.push_back(text);
  }
  return lines;
}

Lines decode(std::string_view body) {
  EXPECT_EQ(find_cut_that_matters<JsonArrayDecoder>(body), std::nullopt) << body;
  JsonArrayDecoder decoder;
  return shown(decode_chunks(decoder, {body}));
}

struct Row {
  const char* law;
  std::string_view body;
  Lines frames;
};

const Row kRows[] = {
    {"an empty body has no frames", "", {}},
    {"an empty array has none", " [ \r\n]\n", {}},
    {"each element is one", "[{\"a\":1}\n,\r\n{\"b\":2}]", {"0+8 '{\"a\":1}'", "8+11 '{\"b\":2}'"}},
    {"brackets within it", "[{\"a\":[{}]},[1]]", {"0+11 '{\"a\":[{}]}'", "11+4 '[1]'"}},
    {"brackets and quotes in strings do not count",
     R"([{"a":"}]\"{\\"},{}])",
     {R"(0+16 '{"a":"}]\"{\\"}')", "16+3 '{}'"}},
    {"a body that is one object", "\n{\n \"error\": {}\n}\n", {"0+17 '{\n \"error\": {}\n}'"}},
    {"scalars and garbage", "[1, \"a,]\" ,null\n]", {"0+2 '1'", "2+8 '\"a,]\"'", "10+6 'null'"}},
    {"garbage ends where an element may begin", "[x{}]", {"0+2 'x'", "2+2 '{}'"}},
    {"an element cut short", "[{},{\"a\":", {"0+3 '{}'", "3+6 '{\"a\":' cut"}},
    {"cut in a string, after a backslash", "[{\"a\\", {"0+5 '{\"a\\' cut"}},
    {"a scalar at the end of the body", "[1 ", {"0+3 '1' cut"}},
    {"an array without its bracket", "[{}\n,", {"0+3 '{}'"}},
    {"what follows the array",
     "[{}]\n{\"error\":1}[{}]",
     {"0+3 '{}'", "3+13 '{\"error\":1}'", "16+3 '{}'"}},
    {"a bracket too many", "[{}]]", {"0+3 '{}'", "3+2 ']' cut"}},
    {"kinds of brackets are not told apart", "[{]{}]", {"0+3 '{]'", "3+2 '{}'"}},
    {"a BOM at the start goes", "\xEF\xBB\xBF[{}]", {"0+6 '{}'"}},
};

TEST(JsonArrayDecoder, KeepsTheRulesInEveryCut) {
  for (const Row& row : kRows) EXPECT_EQ(decode(row.body), row.frames) << row.law;
}

TEST(JsonArrayDecoder, HandsOutAnElementWithItsLastBracket) {
  JsonArrayDecoder decoder;
  Frame frame;
  decoder.feed("[{\"a\":1");
  EXPECT_FALSE(decoder.next(frame));
  decoder.feed("}");
  ASSERT_TRUE(decoder.next(frame));
  EXPECT_EQ(frame.data, "{\"a\":1}");
  EXPECT_FALSE(decoder.next(frame));
}

TEST(JsonArrayDecoder, DropsAnElementAboveTheLimit) {
  const std::string longest = "\"" + std::string(kJsonElementBytesMax - 2, 'x') + "\"";
  const std::string body = "[" + longest + ",[" + longest + "],{}]";
  for (const std::size_t chunk : {body.size(), std::size_t{1} << 20U}) {
    JsonArrayDecoder decoder;
    const std::vector<FrameCopy> frames = decode_chunks(decoder, cut_every(body, chunk));
    ASSERT_EQ(frames.size(), 3U);
    EXPECT_EQ(frames[0].data, longest);
    EXPECT_EQ(frames[1].error, "oversized_line");
    EXPECT_EQ(frames[1].data, "");
    EXPECT_EQ(frames[2].data, "{}");
  }
}

}  // namespace
}  // namespace playhead::wire
