// JSON array decoding: where one element ends and the next begins, in every cut.
#include "wire/json_array_decoder.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "wire/testing.h"

namespace playhead::wire {
namespace {

using Lines = FrameLines;

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
    {"each element is one",
     "[{\"a\":1}\n,\r\n{\"b\":2}]",
     {"line 0+8 '{\"a\":1}'", "line 8+11 '{\"b\":2}'"}},
    {"brackets within it", "[{\"a\":[{}]},[1]]", {"line 0+11 '{\"a\":[{}]}'", "line 11+4 '[1]'"}},
    {"brackets and quotes in strings do not count",
     R"([{"a":"}]\"{\\"},{}])",
     {R"(line 0+16 '{"a":"}]\"{\\"}')", "line 16+3 '{}'"}},
    {"a body that is one object", "\n{\n \"error\": {}\n}\n", {"line 0+17 '{\n \"error\": {}\n}'"}},
    {"scalars and garbage",
     "[1, \"a,]\" ,null\n]",
     {"line 0+2 '1'", "line 2+8 '\"a,]\"'", "line 10+6 'null'"}},
    {"garbage ends where an element may begin", "[x{}]", {"line 0+2 'x'", "line 2+2 '{}'"}},
    {"an element cut short", "[{},{\"a\":", {"line 0+3 '{}'", "line 3+6 '{\"a\":' cut"}},
    {"cut in a string, after a backslash", "[{\"a\\", {"line 0+5 '{\"a\\' cut"}},
    {"a scalar at the end of the body", "[1 ", {"line 0+3 '1' cut"}},
    {"an array without its bracket", "[{}\n,", {"line 0+3 '{}'"}},
    {"what follows the array",
     "[{}]\n{\"error\":1}[{}]",
     {"line 0+3 '{}'", "line 3+13 '{\"error\":1}'", "line 16+3 '{}'"}},
    {"a bracket too many", "[{}]]", {"line 0+3 '{}'", "line 3+2 ']' cut"}},
    {"kinds of brackets are not told apart", "[{]{}]", {"line 0+3 '{]'", "line 3+2 '{}'"}},
    {"a BOM at the start goes", "\xEF\xBB\xBF[{}]", {"line 0+6 '{}'"}},
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
