// Multipart bodies: which boundaries are taken, where parts begin and end, and the limits.
#include "match/multipart.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace playhead::match {
namespace {

// "label=bytes" of each part, or "none".
std::vector<std::string> shown(const std::string& content_type, const std::string& body) {
  const auto parts = multipart_parts(content_type, body);
  if (!parts) return {"none"};
  std::vector<std::string> out;
  for (const auto& [label, bytes] : *parts) out.push_back(label + "=" + std::string(bytes));
  return out;
}

TEST(Multipart, ReadsAForm) {
  const std::string purpose = "Content-Disposition: form-data; name=\"purpose\"\r\n\r\nassistants";
  const std::string file =
      "content-type: text/plain\r\nCONTENT-DISPOSITION: form-data; filename=\"a;b.txt\"; "
      "name=file\r\n\r\nline\r\n--other\r\n\r\n";
  const std::string body = "--b\r\n" + purpose + "\r\n--b\r\n" + file + "\r\n--b--\r\n";
  const std::vector<std::string> parts{"part 1 (purpose)=" + purpose, "part 2 (file)=" + file};
  EXPECT_EQ(shown("multipart/form-data; boundary=b", body), parts);
  EXPECT_EQ(shown("multipart/form-data; boundary=b", body.substr(0, body.size() - 2)), parts)
      << "without a line end at the end";
}

TEST(Multipart, TellsDelimitersFromContent) {
  struct Row {
    const char* law;
    const char* body;
    std::vector<std::string> parts;
  };
  const std::vector<Row> rows{
      {"what stands around",
       "pre\r\n--b\r\n1\r\n--b--\r\npost",
       {"preamble=pre", "part 1=1", "epilogue=post"}},
      {"empty parts", "--b\r\n--b\r\n\r\n--b--", {"part 1=", "part 2="}},
      {"bare line feeds", "--b\n1\n--b--\n", {"part 1=1"}},
      {"padding", "--b \t\r\n1\r\n--b-- \r\n", {"part 1=1"}},
      {"within a line", "--b\r\n1 --b\r\n--b--", {"part 1=1 --b"}},
      {"a longer word", "--b\r\n1\r\n--bc\r\n--b--c\r\n--b--", {"part 1=1\r\n--bc\r\n--b--c"}},
      {"line ends of the content", "--b\r\n\r\n1\r\n\r\n--b--", {"part 1=\r\n1\r\n"}},
      {"no part", "--b--", {}},
      {"behind the end", "--b\r\n1\r\n--b--\r\n--b\r\n2", {"part 1=1", "epilogue=--b\r\n2"}},
      {"not closed", "--b\r\n1\r\n--b\r\n2", {"none"}},
      {"cut in the last delimiter", "--b\r\n1\r\n--b", {"none"}},
      {"no delimiter", "text", {"none"}},
      {"empty", "", {"none"}},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(shown("multipart/mixed; boundary=b", row.body), row.parts) << row.law;
  }
}

TEST(Multipart, ReadsTheBoundary) {
  const auto is_taken = [](const std::string& content_type, const std::string& boundary) {
    return multipart_parts(content_type, "--" + boundary + "--").has_value();
  };
  EXPECT_TRUE(is_taken("multipart/form-data; boundary=----formdata-undici-0123",
                       "----formdata-undici-0123"));
  EXPECT_TRUE(is_taken("Multipart/Mixed;charset=utf-8 ;BOUNDARY = b ; x=y", "b"));
  EXPECT_TRUE(is_taken(R"(multipart/related; type="a;boundary=c"; boundary="a b:\"")", "a b:\""));
  EXPECT_FALSE(is_taken("text/plain; boundary=b", "b"));
  EXPECT_FALSE(is_taken("multipart/form-data", "b"));
  EXPECT_FALSE(is_taken("multipart/form-data; boundary", ""));
  EXPECT_FALSE(is_taken("multipart/form-data; boundary=", ""));
  EXPECT_FALSE(is_taken("multipart/form-data; boundary=\"\"", ""));
  EXPECT_FALSE(is_taken("multipart/form-data; x-boundary=b", "b"));
  EXPECT_FALSE(is_taken("", ""));
  const std::string longest(kBoundaryBytesMax, 'b');
  EXPECT_TRUE(is_taken("multipart/form-data; boundary=" + longest, longest));
  EXPECT_FALSE(is_taken("multipart/form-data; boundary=" + longest + "b", longest + "b"));
}

TEST(Multipart, ReadsParameters) {
  EXPECT_EQ(header_parameter("form-data; name=\"a\\\"b\\\\\"; filename=c", "name"), "a\"b\\");
  EXPECT_EQ(header_parameter("form-data; name=\"a\\\"b\\\\\"; filename=c", "FileName"), "c");
  EXPECT_EQ(header_parameter("name=a", "name"), std::nullopt) << "not behind a semicolon";
  EXPECT_EQ(header_parameter(";;; name ; name=a", "name"), "a");
  EXPECT_EQ(header_parameter("x; name=\"open", "name"), "open");
  EXPECT_EQ(header_parameter("x; name=\"open\\", "name"), "open\\");
}

TEST(Multipart, TakesSoManyParts) {
  std::string body;
  for (std::size_t i = 0; i < kMultipartPartsMax; ++i) body += "--b\r\n\r\n";
  const auto parts = multipart_parts("multipart/mixed; boundary=b", body + "--b--");
  ASSERT_TRUE(parts.has_value());
  EXPECT_EQ(parts->size(), kMultipartPartsMax);
  EXPECT_EQ(parts->back().label, "part 1000");
  EXPECT_FALSE(multipart_parts("multipart/mixed; boundary=b", body + "--b\r\n\r\n--b--"));
}

}  // namespace
}  // namespace playhead::match
