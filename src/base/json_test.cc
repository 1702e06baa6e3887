#include "base/json.h"

#include <gtest/gtest.h>

namespace playhead {
namespace {

TEST(Json, ErrorsSayLineAndColumn) {
  const auto broken = parse_json("{\n  \"a\": ,\n}");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().message, "2:8: Invalid value.");
}

TEST(Json, RefusesDepthNulAndBadUtf8) {
  const std::string deep = std::string(129, '[') + std::string(129, ']');
  EXPECT_FALSE(parse_json(deep));
  EXPECT_FALSE(parse_json(std::string_view("1\0", 2)));
  EXPECT_FALSE(parse_json("\"\xE2\""));
  EXPECT_TRUE(parse_json(std::string(128, '[') + std::string(128, ']')));
}

TEST(Json, WriterPutsCommasAndEscapes) {
  JsonWriter out;
  out.begin_object().key("a").begin_array().number(1).null().end_array();
  out.key("b").string("q\"\\\n\x01\xFF").key("c").raw("{}").end_object();
  EXPECT_EQ(out.take(), "{\"a\":[1,null],\"b\":\"q\\\"\\\\\\n\\u0001\uFFFD\",\"c\":{}}");
}

}  // namespace
}  // namespace playhead
