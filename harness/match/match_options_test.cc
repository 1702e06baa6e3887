// What `--match` takes and refuses.
#include "match/match_options.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace playhead::match {
namespace {

TEST(MatchOptions, ReadsModes) {
  struct Row {
    const char* text;
    MatchMode mode;
    std::vector<std::string> fields;
  };
  const std::vector<Row> rows{
      {"exact", MatchMode::exact, {}},
      {"sequence", MatchMode::sequence, {}},
      {"fields=model", MatchMode::fields, {"/model"}},
      {"fields=model,messages", MatchMode::fields, {"/model", "/messages"}},
      {"fields=/messages/0/content,a/b,m~n",
       MatchMode::fields,
       {"/messages/0/content", "/a~1b", "/m~0n"}},
      {"fields=a,a,/a", MatchMode::fields, {"/a"}},
  };
  for (const Row& row : rows) {
    const auto options = parse_match(row.text);
    ASSERT_TRUE(options) << row.text;
    EXPECT_EQ(options->mode, row.mode) << row.text;
    EXPECT_EQ(options->fields, row.fields) << row.text;
    EXPECT_TRUE(options->repeat_last);
  }
}

TEST(MatchOptions, RefusesTheRest) {
  for (const char* text : {"", "fields", "fields=", "fields=,", "fields=a,", "fields=a,,b", "Exact",
                           "loose", "exact,sequence"}) {
    const auto options = parse_match(text);
    ASSERT_FALSE(options) << text;
    EXPECT_EQ(options.error().message,
              "--match is exact, sequence or fields=<name or /pointer>,..., not `" +
                  std::string(text) + "`");
  }
}

TEST(MatchOptions, LimitsFields) {
  std::string text = "fields=f0";
  for (std::size_t i = 1; i < kMatchFieldsMax; ++i) text += ",f" + std::to_string(i);
  ASSERT_TRUE(parse_match(text));
  EXPECT_EQ(parse_match(text)->fields.size(), kMatchFieldsMax);
  const auto more = parse_match(text + ",more");
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().message, "--match fields= takes at most 64 fields, and 65 are named");
}

}  // namespace
}  // namespace playhead::match
