// Every place where a beginning can end, and what is no beginning.
#include "repair/json_prefix.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace playhead::repair {
namespace {

struct Row {
  std::string_view text;
  JsonCut cut;
  std::string_view closers;
};

TEST(JsonPrefix, SaysWhereABeginningEnds) {
  const std::vector<Row> rows = {
      {"{", JsonCut::after_opener, "}"},
      {" {\"a\":[", JsonCut::after_opener, "]}"},
      {"{\"", JsonCut::in_string, "}"},
      {"{\"a\\", JsonCut::in_string, "}"},
      {"{\"a\":\"\\u00e", JsonCut::in_string, "}"},
      {"{\"a\"", JsonCut::after_key, "}"},
      {"{\"a\": ", JsonCut::after_colon, "}"},
      {"{\"a\":-", JsonCut::in_scalar, "}"},
      {"{\"a\":1.", JsonCut::in_scalar, "}"},
      {"{\"a\":1e", JsonCut::in_scalar, "}"},
      {"{\"a\":1e+", JsonCut::in_scalar, "}"},
      {"{\"a\":fals", JsonCut::in_scalar, "}"},
      {"{\"a\":false", JsonCut::after_value, "}"},
      {"{\"a\":0", JsonCut::after_value, "}"},
      {"{\"a\":[{\"b\":-1.5e3 ", JsonCut::after_value, "}]}"},
      {"{\"a\":[{}", JsonCut::after_value, "]}"},
      {"{\"a\":1,", JsonCut::after_comma, "}"},
      {"{\"a\":[1, ", JsonCut::after_comma, "]}"},
  };
  for (const Row& row : rows) {
    const JsonPrefix prefix = read_json_prefix(row.text);
    EXPECT_EQ(prefix.extent, JsonExtent::beginning) << row.text;
    EXPECT_EQ(prefix.cut, row.cut) << row.text;
    EXPECT_EQ(prefix.open_closers, row.closers) << row.text;
  }
}

TEST(JsonPrefix, KnowsWholeObjects) {
  for (const std::string_view text :
       {"{}", " {\"a\":[], \"b\":{\"c\":[{},[1,-0.5E-7]]}}\r\n", "{\"\\u00E9\\n\":null}"}) {
    EXPECT_EQ(read_json_prefix(text).extent, JsonExtent::object) << text;
  }
}

TEST(JsonPrefix, RefusesEverythingElse) {
  for (const std::string_view text : {"",
                                      " ",
                                      "[]",
                                      "\"a\"",
                                      "1",
                                      "None",
                                      "}",
                                      "{]",
                                      "{}}",
                                      "{} x",
                                      "{,}",
                                      "{\"a\",",
                                      "{\"a\"}",
                                      "{\"a\":}",
                                      "{\"a\":,",
                                      "{\"a\":01",
                                      "{\"a\":.5",
                                      "{\"a\":+1",
                                      "{\"a\":1.e",
                                      "{\"a\":--",
                                      "{\"a\":tru}",
                                      "{\"a\":True",
                                      "{\"a\":NaN",
                                      "{'a'",
                                      "{a",
                                      "{\"a\":\"\n",
                                      "{\"a\":\"\\x",
                                      "{\"a\":\"\\u00g",
                                      "{\"a\":[1}",
                                      "{\"a\":[,",
                                      "{\"a\":[1,]",
                                      "{\"a\":1,}",
                                      "{\"a\":1 2"}) {
    EXPECT_EQ(read_json_prefix(text).extent, JsonExtent::other) << text;
  }
}

TEST(JsonPrefix, StopsAtTheDepthOfParseJson) {
  const std::string deepest = "{\"a\":" + std::string(kJsonDepthMax - 1, '[');
  EXPECT_EQ(read_json_prefix(deepest).extent, JsonExtent::beginning);
  EXPECT_EQ(read_json_prefix(deepest + "[").extent, JsonExtent::other);
  EXPECT_TRUE(parse_json(deepest + read_json_prefix(deepest).open_closers).ok());
}

TEST(JsonPrefix, EveryCutOfAnObjectIsABeginning) {
  const std::string_view text =
      R"( {"a":[1,-2.5e+3,true,false,null,"x\"\\\u00e9{["],"b":{"c":{}},"":[]} )";
  for (std::size_t cut = 2; cut + 1 < text.size(); ++cut) {
    EXPECT_EQ(read_json_prefix(text.substr(0, cut)).extent, JsonExtent::beginning) << cut;
  }
  EXPECT_EQ(read_json_prefix(text).extent, JsonExtent::object);
}

}  // namespace
}  // namespace playhead::repair
