// Partial arguments: paths that are read, and those that are refused.
#include "provider/partial_arguments.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace playhead::provider {
namespace {

// The object after pieces of the value 1 at those paths; "!" for each that was refused.
std::string object_of(const std::vector<std::string_view>& paths) {
  PartialArguments arguments;
  std::string refused;
  for (const std::string_view path : paths) {
    JsonReader reader;
    const std::string piece =
        R"({"jsonPath":")" + std::string(path) + R"(","numberValue":1,"stringValue":null})";
    const auto view = reader.read(piece);
    if (!view || !arguments.add(*view)) refused += "!";
  }
  return refused + arguments.json();
}

TEST(PartialArguments, ReadsPaths) {
  EXPECT_EQ(object_of({}), "{}");
  EXPECT_EQ(object_of({"$.a", "$.b.c"}), R"({"a":1,"b":{"c":1}})");
  EXPECT_EQ(object_of({"$.a[2]", "$.a[0]"}), R"({"a":[1,null,1]})");
  EXPECT_EQ(object_of({"$.a[0][1].b"}), R"({"a":[[null,{"b":1}]]})");
  EXPECT_EQ(object_of({"$['a.b']", R"($[\"c]d\"])"}), R"({"a.b":1,"c]d":1})");
}

TEST(PartialArguments, RefusesWhatIsNoPath) {
  for (const std::string_view path : {"", "$", "a", "$a", "$.", "$..a", "$[0]", "$.a[", "$.a[]",
                                      "$.a[x]", "$.a[1", "$['a", "$['a'", "$.a[99999999999]"}) {
    EXPECT_EQ(object_of({path}), "!{}") << path;
  }
}

TEST(PartialArguments, ReplacesValuesOfAnotherKind) {
  EXPECT_EQ(object_of({"$.a", "$.a.b"}), R"({"a":{"b":1}})");
  EXPECT_EQ(object_of({"$.a.b", "$.a[0]"}), R"({"a":[1]})");
}

TEST(PartialArguments, EndWithinATextOfWhichMoreWasAnnounced) {
  PartialArguments arguments;
  JsonReader reader;
  const auto add = [&](std::string_view piece) { EXPECT_TRUE(arguments.add(*reader.read(piece))); };
  add(R"({"jsonPath":"$.a[0].b","stringValue":"x\"","willContinue":true})");
  EXPECT_EQ(arguments.json_so_far(), R"({"a":[{"b":"x\")");
  EXPECT_EQ(arguments.json(), R"({"a":[{"b":"x\""}]})");
  add(R"({"jsonPath":"$.a[0].b","stringValue":"y"})");
  EXPECT_EQ(arguments.json_so_far(), R"({"a":[{"b":"x\"y"}]})");
  add(R"({"jsonPath":"$.c","stringValue":"z","willContinue":true})");
  add(R"({"jsonPath":"$.c","numberValue":1})");
  EXPECT_EQ(arguments.json_so_far(), arguments.json());
}

TEST(PartialArguments, HoldsNoMoreThanItsLimit) {
  EXPECT_EQ(object_of({"$.a[16385]"}), "!{}");
  std::string deep = "$";
  for (std::size_t i = 0; i <= kPartialStepsMax; ++i) deep += ".a";
  EXPECT_EQ(object_of({deep}), "!{}");
}

}  // namespace
}  // namespace playhead::provider
