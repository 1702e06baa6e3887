// Differences of two requests: where they are, how they are shown, how they are counted.
#include "match/differences.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/json.h"
#include "base/utf8.h"

namespace playhead::match {
namespace {

RequestForm request(const std::string& body, const char* method = "POST",
                    const char* target = "/v1/chat", const char* mode = "exact") {
  const auto options = parse_match(mode);
  EXPECT_TRUE(options);
  return request_form(method, target, body, *options);
}

std::vector<std::string> lines(const DifferenceList& list) {
  std::vector<std::string> out;
  for (const Difference& difference : list.shown) {
    out.push_back(difference.at + ": " + difference.recorded + " -> " + difference.sent);
  }
  return out;
}

TEST(Differences, NamesEachPlace) {
  struct Row {
    const char* recorded;
    const char* sent;
    std::vector<std::string> lines;
  };
  const std::vector<Row> rows{
      {R"({"a":1.0,"b":2})", R"({"b":2,"a":1})", {}},
      {R"({"model":"a","n":1})",
       R"({"model":"b","n":2})",
       {"/model: \"a\" -> \"b\"", "/n: 1 -> 2"}},
      {R"({"a":1})", R"({"b":[1,2]})", {"/a: 1 -> ", "/b:  -> [1,2]"}},
      {R"({"m":[{"c":"x"},{"c":"y"}]})",
       R"({"m":[{"c":"x"},{"c":"z"},3]})",
       {"/m/1/c: \"y\" -> \"z\"", "/m/2:  -> 3"}},
      {R"({"a":[1]})", R"({"a":{"0":1}})", {"/a: [1] -> {\"0\":1}"}},
      {R"({"a":null})", "{}", {"/a: null -> "}},
      {R"({"x/y":{"~":1}})", R"({"x/y":{"~":2}})", {"/x~1y/~0: 1 -> 2"}},
      {"[1]", "{}", {"body: [1] -> {}"}},
      {"a=1", "a=2", {"body: \"a=1\" -> \"a=2\""}},
      {"a=1", "{}", {"body: \"a=1\" -> {}"}},
      {"", "1", {"body: \"\" -> 1"}},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(lines(differences_between(request(row.recorded), request(row.sent))), row.lines)
        << row.recorded << " " << row.sent;
  }
}

TEST(Differences, NamesMethodPathAndQuery) {
  EXPECT_EQ(lines(differences_between(request("{}", "GET", "/a?x=1&key=k"),
                                      request("{}", "POST", "/b?x=2&key=l"))),
            (std::vector<std::string>{"method: \"GET\" -> \"POST\"", "path: \"/a\" -> \"/b\"",
                                      "query: \"x=1\" -> \"x=2\""}));
}

TEST(Differences, LooksAtFieldsOnly) {
  const auto fields = [](const char* body) {
    return request(body, "POST", "/x", "fields=model,/m/0");
  };
  EXPECT_EQ(lines(differences_between(fields(R"({"model":"a","m":[1,2],"z":1})"),
                                      fields(R"({"model":"a","m":[{"c":2}],"z":2})"))),
            (std::vector<std::string>{"/m/0: 1 -> {\"c\":2}"}));
  EXPECT_EQ(lines(differences_between(fields("x=1"), fields(R"({"model":"a"})"))),
            (std::vector<std::string>{"body: \"x=1\" -> ", "/model:  -> \"a\""}));
}

RequestForm redacted(const std::string& body) {
  RequestForm form = request(body);
  form.redacted = true;
  return form;
}

TEST(Differences, HidesWhatIsMaskedInTheRecording) {
  const auto differ = [](const RequestForm& recorded, const char* sent) {
    return lines(differences_between(recorded, request(sent)));
  };
  const char* masked = R"({"k":"xxxxxxxxxx"})";
  EXPECT_TRUE(differ(redacted(masked), R"({"k":"sk-1234567"})").empty());
  EXPECT_EQ(
      differ(redacted(masked), R"({"k":"sk-12345678"})"),
      (std::vector<std::string>{"/k: \"xxxxxxxxxx\" -> \"(13 bytes, masked in the recording)\""}));
  EXPECT_EQ(differ(request(masked), R"({"k":"sk-1234567"})"),
            (std::vector<std::string>{"/k: \"xxxxxxxxxx\" -> \"sk-1234567\""}));
  EXPECT_TRUE(differ(redacted("xxxxxxxx"), "\x1f\"345678").empty()) << "bytes hold any byte";
}

TEST(Differences, ShortensLongValuesAroundTheDifference) {
  const std::string before(1000, 'a');
  const std::string behind(1000, 'b');
  const auto list = differences_between(request("\"" + before + "X" + behind + "\""),
                                        request("\"" + before + "Y" + behind + "!\""));
  ASSERT_EQ(list.shown.size(), 1u);
  const std::string equal(kBeforeBytesMax, 'a');
  const std::string rest(kShownBytesMax - kBeforeBytesMax - 1, 'b');
  EXPECT_EQ(list.shown[0].recorded, "\"..." + equal + "X" + rest + "... (2003 bytes)\"");
  EXPECT_EQ(list.shown[0].sent, "\"..." + equal + "Y" + rest + "... (2004 bytes)\"");
}

TEST(Differences, ShortensAtTheLimit) {
  const std::string whole(kShownBytesMax, 'x');
  EXPECT_EQ(shortened(whole), whole);
  EXPECT_EQ(shortened(whole + "y"), whole + "... (201 bytes)");
  EXPECT_EQ(shortened(whole + "y", 201), "..." + whole.substr(1) + "y (201 bytes)");
}

TEST(Differences, CutsBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "\xE2\x82\xAC";
  for (std::size_t from = 0; from <= text.size(); ++from) {
    EXPECT_TRUE(is_utf8(shortened(text, from))) << from;
  }
}

TEST(Differences, ShowsSoManyAndCountsTheRest) {
  const auto numbers = [](std::size_t count, int value) {
    std::string text = "[" + std::to_string(value);
    for (std::size_t i = 1; i < count; ++i) text += "," + std::to_string(value);
    return request(text + "]");
  };
  const auto all = differences_between(numbers(kDifferencesMax, 1), numbers(kDifferencesMax, 2));
  EXPECT_EQ(all.shown.size(), kDifferencesMax);
  EXPECT_EQ(all.more, 0u);
  const auto more =
      differences_between(numbers(kDifferencesMax + 3, 1), numbers(kDifferencesMax + 3, 2));
  EXPECT_EQ(more.shown.size(), kDifferencesMax);
  EXPECT_EQ(more.more, 3u);
}

TEST(Differences, CountsLeaves) {
  const auto count = [](const char* recorded, const char* sent) {
    return count_differences(leaves_of(request(recorded)), leaves_of(request(sent)));
  };
  EXPECT_EQ(count(R"({"a":1,"b":[1,2]})", R"({"b":[1,2.0],"a":1})"), 0u);
  EXPECT_EQ(count(R"({"a":1,"b":[1,2]})", R"({"b":[2,1],"a":1})"), 2u);
  EXPECT_EQ(count(R"({"a":1})", R"({"b":1})"), 2u);
  EXPECT_EQ(count(R"({"a":{}})", R"({"a":[]})"), 1u);
  EXPECT_EQ(count(R"({"a":"xxxxxxxx"})", R"({"a":"12345678"})"), 1u);
  EXPECT_EQ(count_differences(leaves_of(redacted(R"({"a":"xxxxxxxx"})")),
                              leaves_of(request(R"({"a":"12345678"})"))),
            0u);
  EXPECT_EQ(count("a=1", "a=2"), 1u);
}

TEST(Differences, CountsLeavesUpToALimit) {
  std::string text = "[1";
  for (std::size_t i = 1; i < kLeavesMax; ++i) text += ",1";
  EXPECT_EQ(leaves_of(request(text + "]")).size(), kLeavesMax);
  EXPECT_EQ(leaves_of(request(text + ",1]")).size(), kLeavesMax);
}

}  // namespace
}  // namespace playhead::match
