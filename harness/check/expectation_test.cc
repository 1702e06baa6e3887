#include "check/expectation.h"

#include <gtest/gtest.h>

namespace playhead::check {
namespace {

JsonDocument json(std::string_view text) {
  auto document = parse_json(text);
  EXPECT_TRUE(document) << text;
  return std::move(document).value();
}

std::vector<Difference> differences(std::string_view expected, std::string_view actual) {
  return compare(json(expected), json(actual));
}

bool same(std::string_view expected, std::string_view actual) {
  return differences(expected, actual).empty();
}

std::string refusal(std::string_view expected) {
  const Status status = validate_expectation(json(expected));
  return status ? "" : status.error().message;
}

TEST(Expectation, TakesObjectsAsSubsets) {
  EXPECT_TRUE(same(R"({"a":{"b":1}})", R"({"x":0,"a":{"y":0,"b":1}})"));
  EXPECT_EQ(differences(R"({"a":{"b":1,"c":2}})", R"({"a":{"b":2}})"),
            (std::vector<Difference>{{"/a/b", "1", "2"}, {"/a/c", "2", "absent"}}));
}

TEST(Expectation, TakesArraysExactly) {
  EXPECT_TRUE(same(R"([{"a":1},{}])", R"([{"a":1,"b":2},{"c":3}])"));
  EXPECT_EQ(differences("[1,2]", "[1,3,4]"),
            (std::vector<Difference>{{"/1", "2", "3"}, {"/2", "absent", "4"}}));
  EXPECT_EQ(differences("[1,2]", "[1]"), (std::vector<Difference>{{"/1", "2", "absent"}}));
}

TEST(Expectation, TellsScalarsApart) {
  EXPECT_TRUE(same("[null,true,\"a\"]", "[null,true,\"a\"]"));
  EXPECT_FALSE(same("null", "false"));
  EXPECT_FALSE(same("true", "false"));
  EXPECT_FALSE(same("\"1\"", "1"));
  EXPECT_FALSE(same("{}", "[]"));
  EXPECT_FALSE(same("[]", "{}"));
  EXPECT_FALSE(same("{}", "null"));
}

TEST(Expectation, ComparesNumbersByValue) {
  EXPECT_TRUE(same("1", "1.0"));
  EXPECT_TRUE(same("0", "-0.0"));
  EXPECT_TRUE(same("1e2", "100"));
  EXPECT_TRUE(same("0.1", "1e-1"));
  EXPECT_FALSE(same("9007199254740993", "9007199254740992"));
  EXPECT_FALSE(same("18446744073709551615", "-1"));
  EXPECT_FALSE(same("0.1", "0.1000001"));
}

TEST(Expectation, EscapesPointers) {
  EXPECT_EQ(differences(R"({"a/b~c":1})", "{}").at(0).at, "/a~1b~0c");
}

TEST(Expectation, MatchesTexts) {
  EXPECT_TRUE(same(R"({"$contains":"ell"})", "\"hello\""));
  EXPECT_FALSE(same(R"({"$contains":"elf"})", "\"hello\""));
  EXPECT_TRUE(same(R"({"$prefix":"he"})", "\"hello\""));
  EXPECT_FALSE(same(R"({"$prefix":"lo"})", "\"hello\""));
  EXPECT_TRUE(same(R"({"$matches":"^h.l+o$"})", "\"hello\""));
  EXPECT_FALSE(same(R"({"$matches":"^l"})", "\"hello\""));
  EXPECT_FALSE(same(R"({"$matches":"1"})", "1"));
  EXPECT_TRUE(same(R"({"$prefix":"h","$contains":"o"})", "\"hello\""));
  EXPECT_FALSE(same(R"({"$prefix":"h","$contains":"x"})", "\"hello\""));
}

TEST(Expectation, MatchesLongTextsWithoutDeepRecursion) {
  const std::string text = "\"" + std::string(300'000, 'a') + "b\"";
  EXPECT_TRUE(same(R"({"$matches":"^(a|c)*b$"})", text));
}

TEST(Expectation, FindsElements) {
  EXPECT_TRUE(same(R"({"$contains":{"name":"x"}})", R"([{"name":"y"},{"name":"x","at":1}])"));
  EXPECT_FALSE(same(R"({"$contains":{"name":"z"}})", R"([{"name":"y"}])"));
  EXPECT_TRUE(same(R"({"$contains":{"$prefix":"a"}})", R"(["b","ab"])"));
}

TEST(Expectation, KnowsPresenceAndAbsence) {
  EXPECT_TRUE(same(R"({"a":{"$absent":true}})", "{}"));
  EXPECT_EQ(differences(R"({"a":{"$absent":true}})", R"({"a":null})"),
            (std::vector<Difference>{{"/a", R"({"$absent":true})", "null"}}));
  EXPECT_TRUE(same(R"({"a":{"$any":true}})", R"({"a":null})"));
  EXPECT_EQ(differences(R"({"a":{"$any":true}})", "{}"),
            (std::vector<Difference>{{"/a", R"({"$any":true})", "absent"}}));
}

TEST(Expectation, CountsElementsMembersAndCodePoints) {
  EXPECT_TRUE(same(R"({"$length":2})", "[1,2]"));
  EXPECT_TRUE(same(R"({"$length":1})", R"({"a":1})"));
  EXPECT_TRUE(same(R"({"$length":3})", "\"a\u00e9\U0001F600\""));
  EXPECT_FALSE(same(R"({"$length":1})", "1"));
}

TEST(Expectation, LooksAtElementsByTheirPlace) {
  EXPECT_TRUE(same(R"({"1":{"a":2}})", R"([{"a":1},{"a":2},{"a":3}])"));
  EXPECT_EQ(differences(R"({"0":1,"7":1})", "[2]"),
            (std::vector<Difference>{{"/0", "1", "2"}, {"/7", "1", "absent"}}));
  EXPECT_TRUE(same(R"({"7":{"$absent":true}})", "[2]"));
  EXPECT_FALSE(same(R"({"-1":2})", "[2]"));
  EXPECT_FALSE(same(R"({"0x":2})", "[2]"));
}

TEST(Expectation, LooksAtTheLastElementAndAtEach) {
  EXPECT_TRUE(same(R"({"$last":{"role":"user"}})", R"([{"role":"a"},{"role":"user"}])"));
  EXPECT_FALSE(same(R"({"$last":{"role":"a"}})", R"([{"role":"a"},{"role":"user"}])"));
  EXPECT_FALSE(same(R"({"$last":1})", "[]"));
  EXPECT_TRUE(same(R"({"$each":{"a":{"$any":true}}})", R"([{"a":1},{"a":2}])"));
  EXPECT_FALSE(same(R"({"$each":{"a":{"$any":true}}})", R"([{"a":1},{"b":2}])"));
  EXPECT_TRUE(same(R"({"$each":1,"$length":0})", "[]"));
}

TEST(Expectation, DeniesAValue) {
  EXPECT_TRUE(same(R"({"a":{"$not":{"$contains":"x"}}})", R"({"a":"y"})"));
  EXPECT_FALSE(same(R"({"a":{"$not":{"$contains":"x"}}})", R"({"a":"xy"})"));
  EXPECT_TRUE(same(R"({"a":{"$not":1}})", "{}"));
}

TEST(Expectation, DeniesANameAndATextAtAnyDepth) {
  const std::string_view body = R"({"input":[{"id":"rs_1","parts":[{"text":"hi"}]}],"n":1})";
  EXPECT_TRUE(same(R"({"$nowhere":"temperature"})", body));
  EXPECT_FALSE(same(R"({"$nowhere":"parts"})", body));
  EXPECT_FALSE(same(R"({"$nowhere":"rs_"})", body));
  EXPECT_FALSE(same(R"({"$nowhere":"a"})", "\"abc\""));
}

TEST(Expectation, TakesRequestsForThoseOfTheOutcome) {
  const std::string_view replay = R"({"outcome":{"requests":[{"body":{"model":"m"}}]}})";
  EXPECT_TRUE(same(R"({"requests":[{"body":{"temperature":{"$absent":true}}}]})", replay));
  EXPECT_EQ(differences(R"({"requests":{"0":{"body":{"model":"n"}}}})", replay),
            (std::vector<Difference>{{"/requests/0/body/model", "\"n\"", "\"m\""}}));
  EXPECT_FALSE(same(R"({"requests":[]})", "{}"));
}

TEST(Expectation, RefusesWhatCannotBeUsed) {
  EXPECT_EQ(
      refusal(R"({"a":[{"$like":1}]})"),
      "/a/0: unknown matcher `$like`; known: $contains $matches $prefix $absent $any $length $last "
      "$each $not $nowhere");
  EXPECT_EQ(refusal(R"({"a":{"$any":true,"b":1}})"),
            "/a: `b` stands beside matchers; an object has either members or matchers");
  EXPECT_TRUE(refusal(R"({"$matches":"(a"})").starts_with(": `$matches` has a bad regular"));
  EXPECT_NE(refusal(R"({"$matches":1})"), "");
  EXPECT_NE(refusal(R"({"$matches":"(a)\\1"})"), "");
  EXPECT_NE(refusal(R"({"$prefix":1})"), "");
  EXPECT_NE(refusal(R"({"$absent":false})"), "");
  EXPECT_NE(refusal(R"({"$any":1})"), "");
  EXPECT_NE(refusal(R"({"$absent":true,"$any":true})"), "");
  EXPECT_NE(refusal(R"({"$length":-1})"), "");
  EXPECT_NE(refusal(R"({"$contains":{"$like":1}})"), "");
  EXPECT_NE(refusal(R"({"$not":{"$like":1}})"), "");
  EXPECT_NE(refusal(R"({"$nowhere":""})"), "");
  EXPECT_EQ(refusal(R"({"$length":0,"$contains":[{"$any":true}]})"), "");
}

TEST(Expectation, LimitsRegularExpressions) {
  const auto with = [](std::size_t size) {
    return R"({"$matches":")" + std::string(size, 'a') + "\"}";
  };
  EXPECT_EQ(refusal(with(kRegexBytesMax)), "");
  EXPECT_NE(refusal(with(kRegexBytesMax + 1)), "");
}

TEST(Expectation, NeverHoldsByAMatcherThatIsNotValid) {
  EXPECT_FALSE(same(R"({"$like":1})", "1"));
  EXPECT_FALSE(same(R"({"$matches":"(a"})", "\"(a\""));
  EXPECT_FALSE(same(R"({"$prefix":1})", "\"1\""));
  EXPECT_FALSE(same(R"({"$length":"1"})", "\"1\""));
}

}  // namespace
}  // namespace playhead::check
