// JSON as trees: equal values are equal text, however they were written.
#include "match/json_node.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/json.h"
#include "base/json_pointer.h"

namespace playhead::match {
namespace {

struct Row {
  const char* input;
  const char* output;
};

TEST(JsonNode, SpellsNumbersByValue) {
  const std::vector<Row> rows{
      {"1", "1"},
      {"1.0", "1"},
      {"1e0", "1"},
      {"10e-1", "1"},
      {"0.1E+1", "1"},
      {"-1.50", "-1.5"},
      {"0", "0"},
      {"-0", "0"},
      {"-0.0e5", "0"},
      {"0e999", "0"},
      {"100", "100"},
      {"1e2", "100"},
      {"1E20", "100000000000000000000"},
      {"1e21", "1e21"},
      {"123e30", "1.23e32"},
      {"0.000001", "0.000001"},
      {"1e-6", "0.000001"},
      {"0.0000001", "1e-7"},
      {"12.5e-9", "1.25e-8"},
      {"0.7", "0.7"},
      {"0.70", "0.7"},
      {"9007199254740993", "9007199254740993"},
      {"12345678901234567890123", "12345678901234567890123"},
      {"12345678901234567890124.0", "12345678901234567890124"},
      {"1e-99999999999999999999999", "1e-100000000000000000"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(canonical_number(row.input), row.output) << row.input;
    EXPECT_EQ(canonical_number(row.output), row.output) << row.input;
  }
}

TEST(JsonNode, SortsMembersAndKeepsItems) {
  const std::vector<Row> rows{
      {" { \"b\" : 1 , \"a\" : [ 3 , 1 , 2 ] }\n", R"({"a":[3,1,2],"b":1})"},
      {R"({"a":1,"A":2,"aa":3,"":4})", R"({"":4,"A":2,"a":1,"aa":3})"},
      {R"({"z":{"y":1.0,"x":[]},"e":{}})", R"({"e":{},"z":{"x":[],"y":1}})"},
      {R"({"a":1,"a":2})", R"({"a":2})"},
      {R"({"b":1e0,"a":2.50,"b":3.0})", R"({"a":2.5,"b":3})"},
      {R"(["\u0061\/\u00e9\n"])", "[\"a/\xC3\xA9\\n\"]"},
      {R"(["1.0",1.0,"-2"])", R"(["1.0",1,"-2"])"},
      {R"(["\"1.0",1.0])", R"(["\"1.0",1])"},
      {"[true,false,null]", "[true,false,null]"},
      {"1.0", "1"},
      {R"({"\udc00":1})", "{\"\xEF\xBF\xBD\":1}"},
  };
  for (const Row& row : rows) {
    const JsonNode node = read_node(row.input);
    EXPECT_NE(node.kind, JsonNode::Kind::bytes) << row.input;
    EXPECT_EQ(text_of(node), row.output) << row.input;
    EXPECT_EQ(read_node(row.output), node) << row.input;
  }
}

TEST(JsonNode, KeepsWhatIsNoJsonAsBytes) {
  for (const std::string text : {"", " ", "a=1&b=2", "{\"a\":1", "{} {}", "[1,]", "\xff", "1 2"}) {
    const JsonNode node = read_node(text);
    EXPECT_EQ(node.kind, JsonNode::Kind::bytes) << text;
    EXPECT_EQ(text_of(node), text);
  }
}

TEST(JsonNode, ReadsUpToItsLimits) {
  const auto kind = [](const std::string& text) { return read_node(text).kind; };
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(kind(nested(kJsonDepthMax)), JsonNode::Kind::array);
  EXPECT_EQ(kind(nested(kJsonDepthMax + 1)), JsonNode::Kind::bytes);

  // An array counts as a value, and every item but the first brings a comma.
  const auto ones = [](std::size_t values) {
    std::string text = "[1";
    for (std::size_t i = 2; i < values; ++i) text += ",1";
    return text + "]";
  };
  EXPECT_EQ(kind(ones(kJsonValuesMax)), JsonNode::Kind::array);
  EXPECT_EQ(kind(ones(kJsonValuesMax + 1)), JsonNode::Kind::bytes);

  EXPECT_EQ(kind("\"" + std::string(kJsonBytesMax - 2, 'x') + "\""), JsonNode::Kind::scalar);
  EXPECT_EQ(kind("\"" + std::string(kJsonBytesMax - 1, 'x') + "\""), JsonNode::Kind::bytes);
}

TEST(JsonNode, FindsByPointer) {
  const JsonNode root = read_node(R"({"a":[{"b":1},2],"":{"":3},"x/y":4,"m~n":5,"~1":6})");
  const auto at = [&](const char* pointer) {
    const JsonNode* node = find_node(root, pointer);
    return node == nullptr ? "none" : text_of(*node);
  };
  EXPECT_EQ(at(""), text_of(root));
  EXPECT_EQ(at("/a/0/b"), "1");
  EXPECT_EQ(at("/a/1"), "2");
  EXPECT_EQ(at("/"), R"({"":3})");
  EXPECT_EQ(at("//"), "3");
  EXPECT_EQ(at("/x~1y"), "4");
  EXPECT_EQ(at("/m~0n"), "5");
  EXPECT_EQ(at("/~01"), "6");
  for (const char* pointer : {"a", "/b", "/a/2", "/a/01", "/a/-", "/a/x", "/a/", "/a/9999999999",
                              "/a/0/b/c", "/x/y", "///"}) {
    EXPECT_EQ(at(pointer), "none") << pointer;
  }
}

TEST(JsonNode, WritesPointers) {
  std::string pointer = "/a";
  append_json_pointer("x/~y", pointer);
  EXPECT_EQ(pointer, "/a/x~1~0y");
}

}  // namespace
}  // namespace playhead::match
