#include "base/json_view.h"

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace playhead {
namespace {

TEST(JsonView, ReadsMembersInOrder) {
  JsonReader reader;
  const auto root = reader.read(R"({"a":1,"b":"x","c":[true,null],"d":{"e":2.9}})");
  ASSERT_TRUE(root);
  std::string names;
  root->each_member([&](std::string_view name, JsonView) { names += name; });
  EXPECT_EQ(names, "abcd");
  EXPECT_EQ(root->integer_at("a"), 1);
  EXPECT_EQ(root->text_at("b"), "x");
  EXPECT_EQ(root->find("d")->integer_at("e"), 2);
  EXPECT_EQ(root->find("d")->json(), R"({"e":2.9})");
}

TEST(JsonView, RefusesWhatIsNoJson) {
  JsonReader reader;
  for (const char* text : {"", "{", "{bad", "{\"a\":1}}", "nul", "{\"a\":1,}", "[1] x"}) {
    EXPECT_FALSE(reader.read(text)) << text;
  }
}

TEST(JsonView, RefusesNestingAboveTheLimit) {
  JsonReader reader;
  EXPECT_TRUE(reader.read(std::string(100, '[') + std::string(100, ']')));
  EXPECT_FALSE(reader.read(std::string(200, '[') + std::string(200, ']')));
}

TEST(JsonView, KeepsLoneSurrogateForTheNextPiece) {
  JsonReader reader;
  const auto root = reader.read(R"({"a":"x\ud83d","b":"\uFDD0 \ud83d\ude00"})");
  ASSERT_TRUE(root);
  EXPECT_TRUE(reader.repairs().lone_surrogate);
  EXPECT_TRUE(ends_in_high_surrogate(root->text_at("a")));
  EXPECT_EQ(root->text_at("b"), "\uFDD0 \U0001F600");
}

TEST(JsonView, RepairsIllFormedUtf8) {
  JsonReader reader;
  const auto root = reader.read("{\"a\":\"x\xFFy\uFDD0\"}");
  ASSERT_TRUE(root);
  EXPECT_TRUE(reader.repairs().bad_utf8);
  EXPECT_EQ(root->text_at("a"), "x\uFFFDy\uFDD0");
  ASSERT_TRUE(reader.read("{\"a\":\"plain\"}"));
  EXPECT_FALSE(reader.repairs().bad_utf8);
}

TEST(JsonView, ClampsNumbersBeyondADouble) {
  JsonReader reader;
  const auto root =
      reader.read(R"({"a":1e309,"b":-1e400,"c":123456789012345678901234,"d":1e-999})");
  ASSERT_TRUE(root);
  EXPECT_EQ(root->integer_at("a"), INT64_MAX);
  EXPECT_EQ(root->integer_at("b"), INT64_MIN);
  EXPECT_EQ(root->integer_at("c"), INT64_MAX);
  EXPECT_EQ(root->integer_at("d"), 0);
}

}  // namespace
}  // namespace playhead
