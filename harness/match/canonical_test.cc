// Canonical requests: what is the same, what is not, and what a mask stands for.
#include "match/canonical.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "match/request_form.h"
#include "recording/redaction_masker.h"
#include "recording/redaction_secrets.h"

namespace playhead::match {
namespace {

TEST(Canonical, NormalisesTargets) {
  struct Row {
    const char* law;
    const char* target;
    const char* canonical;
  };
  const std::vector<Row> rows{
      {"a plain path", "/v1/messages", "/v1/messages"},
      {"letters are decoded", "/v1/%6Dodel%7e", "/v1/model~"},
      {"others stay, in upper case", "/model/a%3ab%2Fc/invoke", "/model/a%3Ab%2Fc/invoke"},
      {"and stay apart from what they stand for", "/model/a:b", "/model/a:b"},
      {"a bare percent sign", "/%/%4", "/%25/%254"},
      {"never becomes an escape", "/%%34%31", "/%2541"},
      {"the path is exact", "/v1//a/../b/", "/v1//a/../b/"},
      {"queries are sorted", "/x?b=2&a=1&b=1", "/x?a=1&b=1&b=2"},
      {"twice is not once", "/x?a=1&a=1", "/x?a=1&a=1"},
      {"empty ones vanish", "/x?&a=1&&", "/x?a=1"},
      {"and so does the question mark", "/x?", "/x"},
      {"query values are normalised", "/x?%61lt=ss%65%2f", "/x?alt=sse%2F"},
      {"a key is ignored", "/x:y?alt=sse&key=AIza123", "/x:y?alt=sse"},
      {"in any spelling", "/x?%6BEY=1&a=1", "/x?a=1"},
      {"but not what begins like it", "/x?keys=1", "/x?keys=1"},
      {"the signature of a URL", "/x?X-Amz-Signature=f&X-Amz-Date=2&X-Amz-Expires=9",
       "/x?X-Amz-Expires=9"},
      {"the version of an API counts", "/x?api-version=2024-10-21", "/x?api-version=2024-10-21"},
      {"nothing", "", ""},
  };
  for (const Row& row : rows) {
    const CanonicalTarget target = canonical_target(row.target);
    EXPECT_EQ(target.text(), row.canonical) << row.law;
    EXPECT_EQ(canonical_target(target.text()), target) << row.law;
  }
}

TEST(Canonical, IgnoresWhatRecordingsMaskInTheQuery) {
  for (const char* name : {"key", "KEY", "api-key", "access_token", "sig", "X-Amz-Signature"}) {
    EXPECT_TRUE(is_ignored_query(name)) << name;
  }
  for (const char* name : {"X-Amz-Date", "request_id"}) EXPECT_TRUE(is_ignored_query(name)) << name;
  for (const char* name : {"alt", "beta", "api-version", "keys", ""}) {
    EXPECT_FALSE(is_ignored_query(name)) << name;
  }
}

using Spans = std::vector<std::pair<std::size_t, std::string>>;

Spans spans(std::string_view text) {
  Spans out;
  for (const MaskSpan& span : mask_spans(text)) out.emplace_back(span.begin, span.bytes);
  return out;
}

TEST(Canonical, FindsMasks) {
  const std::string least(recording::kSecretBytesMin, recording::kMaskByte);
  const std::string base64 = "eHh4eHh4eHh4";
  const std::string hex = "7878787878787878";
  struct Row {
    std::string text;
    Spans spans;
  };
  const std::vector<Row> rows{
      {"", {}},
      {"a xx x", {}},
      {least.substr(1), {}},
      {least, {{0, least}}},
      {"a" + least + "xxb" + least + "x", {{1, least + "xx"}, {12, least + "x"}}},
      {base64.substr(0, 7), {}},
      {base64.substr(0, 8), {{0, "eHh4eHh4"}}},
      {"=" + base64.substr(1, 9) + "=", {{1, "Hh4eHh4eH"}}},
      {base64.substr(3), {{0, "4eHh4eHh4"}}},
      {hex.substr(1), {}},
      {"1" + hex + "7", {{1, hex + "7"}}},
      {"8" + hex, {{0, "8" + hex}}},
      {least + base64 + hex, {{0, least}, {8, base64}, {20, hex}}},
  };
  for (const Row& row : rows) EXPECT_EQ(spans(row.text), row.spans) << row.text;
}

TEST(Canonical, PutsMasksInPlace) {
  struct Row {
    const char* law;
    const char* recorded;
    const char* sent;
    bool fits;
  };
  const std::vector<Row> rows{
      {"the same", "abc", "abc", true},
      {"without a mask nothing fits but itself", "abc", "abd", false},
      {"as many bytes", "axxxxxxxxb", "a12345678b", true},
      {"fewer", "axxxxxxxxb", "a1234567b", false},
      {"far fewer", "axxxxxxxxb", "a", false},
      {"more", "axxxxxxxxb", "a123456789b", false},
      {"the rest has to be the same", "axxxxxxxxb", "a12345678c", false},
      {"several", "xxxxxxxx-xxxxxxxxx", "sk-12345-abcdefghi", true},
      {"too short to be a mask", "axxxxxxxb", "a1234567b", false},
      {"the mask itself", "axxxxxxxxb", "axxxxxxxxb", true},
      {"base64", "Basic eHh4eHh4eHg=", "Basic dXNlcjpwYXg=", true},
      {"it stays in its string", R"({"a":"xxxxxxxx"})", R"({"a":"","b":"1"})", false},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(masked_at(mask_spans(row.recorded), row.sent, true) == row.recorded, row.fits)
        << row.law;
  }
  const auto all = mask_spans("xxxxxxxx");
  EXPECT_EQ(masked_at(all, "\"2345678", false), "xxxxxxxx");
  EXPECT_EQ(masked_at(all, "\"2345678", true), "");
}

std::string form(const char* mode, const char* target, const char* body) {
  const auto options = parse_match(mode);
  EXPECT_TRUE(options);
  return request_form("POST", target, body, *options).text();
}

TEST(RequestForm, HoldsWhatTheModeAsksFor) {
  EXPECT_EQ(form("exact", "/x?key=1", R"({"b":1.0,"a":2})"), "POST\n/x\n {\"a\":2,\"b\":1}\n");
  EXPECT_EQ(form("sequence", "/x?a=1", R"({"b":1})"), "POST\n/x?a=1\n");
  EXPECT_EQ(form("fields=b,/a/0,c", "/x", R"({"b":1.0,"a":[2,3],"d":null})"),
            "POST\n/x\n/b 1\n/a/0 2\n/c\n");
}

TEST(RequestForm, TellsKindsApart) {
  const auto same = [](const char* mode, const char* a, const char* b) {
    return form(mode, "/x", a) == form(mode, "/x", b);
  };
  EXPECT_TRUE(same("exact", "a=1", "a=1"));
  EXPECT_FALSE(same("exact", "a=1", "a=1 "));
  EXPECT_FALSE(same("exact", "[1,2]", "[2,1]"));
  EXPECT_FALSE(same("exact", "\"1\"", "1"));
  EXPECT_FALSE(same("exact", "", "{}"));
  EXPECT_FALSE(same("fields=a", R"({"a":null})", "{}"));
  EXPECT_TRUE(same("fields=a", R"({"b":1})", "[]"));
  EXPECT_FALSE(same("fields=a", "b=1", "b=2"));
  EXPECT_FALSE(same("fields=a", "/a 1", R"({"a":1})"));
}

}  // namespace
}  // namespace playhead::match
