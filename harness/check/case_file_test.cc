#include "check/case_file.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace playhead::check {
namespace {

const std::string kStream = "```stream openai-chat\n+1ms a\n```\n";

std::string error_of(std::string text) {
  const auto file = parse_case_file("f.md", std::move(text));
  return file ? "" : file.error().message;
}

TEST(CaseFile, ReadsEveryBlock) {
  const auto file =
      load_case_file(std::string(PLAYHEAD_SOURCE_DIR) + "/harness/check/testdata/every_block.md");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->title, "Test data of the case file parser");
  ASSERT_EQ(file->cases.size(), 2u);
  const Case& c = file->cases[0];
  EXPECT_EQ(c.name, "A tool call cut by the network");
  EXPECT_EQ(c.line, 9);
  EXPECT_EQ(c.file, file->path);
  ASSERT_TRUE(c.stream);
  EXPECT_EQ(c.stream->meta.protocol, "openai-chat");
  EXPECT_EQ(c.stream->meta.origin, "reconstructed");
  ASSERT_EQ(c.stream->exchanges.size(), 2u);
  EXPECT_EQ(c.stream->exchanges[0].end.at.us, 2'120'250);
  EXPECT_EQ(c.stream->exchanges[1].index, 2);
  EXPECT_EQ(c.stream->exchanges[1].requested_at.us, 2'120'250);
  EXPECT_EQ(c.stream->exchanges[1].chunks.at(0).at.us, 2'125'250);
  EXPECT_EQ(c.policy->text, "{\"length\": {\"replies\": 2}}\n");
  EXPECT_EQ(c.run->text, "{\"seed\": 7}\n");
  EXPECT_TRUE(c.request);
  EXPECT_FALSE(c.session);
  EXPECT_EQ(file->text.substr(c.expect->begin, c.expect->end - c.expect->begin), c.expect->text);
  ASSERT_EQ(c.logs.size(), 1u);
  EXPECT_EQ(c.logs[0].kinds, (std::vector{FactKind::request, FactKind::backoff}));
  EXPECT_EQ(c.logs[0].lines,
            (std::vector<std::string>{"t=0 request first", "t=2120250 backoff 100"}));
  EXPECT_EQ(file->cases[1].session->text, "[]\n");
}

TEST(CaseFile, ReadsRecordingPathAsWritten) {
  const auto file = parse_case_file("f.md", "## a\n```recording\n../x.rec.zst\n```\n");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->cases[0].recording_path, "../x.rec.zst");
}

TEST(CaseFile, ReadsCrlfAndByteOrderMark) {
  const auto file =
      parse_case_file("f.md",
                      "\xEF\xBB\xBF# T #\r\n## a\r\n```stream openai-chat\r\n+1ms a\r\n```\r\n"
                      "```log end\r\nx\r\n```\r\n");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->title, "T");
  EXPECT_EQ(file->cases[0].stream->exchanges[0].body, "a");
  EXPECT_EQ(file->cases[0].logs[0].lines, std::vector<std::string>{"x"});
  EXPECT_TRUE(file->cases[0].logs[0].crlf);
}

TEST(CaseFile, IgnoresBlocksWithinLongerFences) {
  const std::string example = "````markdown\n## no case\n```bogus\n```\n````\n";
  const auto file = parse_case_file("f.md", "## a\n" + kStream + example);
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->cases.size(), 1u);
}

TEST(CaseFile, NamesUnknownBlockAndKnownOnes) {
  EXPECT_EQ(error_of("## a\n\n```expects\n{}\n```\n"),
            "f.md:3: unknown block `expects`; known: recording stream policy request session run "
            "expect log; write `text` for a block that only illustrates");
}

TEST(CaseFile, SaysLineAndColumnOfBadJson) {
  EXPECT_EQ(error_of("## a\n" + kStream + "```expect\n{\n  \"a\": ,\n}\n```\n"),
            "f.md:7:8: Invalid value.");
}

TEST(CaseFile, RefusesOtherJsonTypes) {
  EXPECT_EQ(error_of("## a\n```session\n{}\n```\n"),
            "f.md:2: `session` holds a JSON array; this is something else");
}

TEST(CaseFile, RefusesUnknownPolicyName) {
  const std::string message =
      error_of("## a\n" + kStream + "```policy\n{\"length\":{\n\"x\":1}}\n```\n");
  EXPECT_TRUE(message.starts_with("f.md:7: ")) << message;
  EXPECT_NE(message.find("policy.length.x"), std::string::npos) << message;
}

TEST(CaseFile, RefusesBadExpectation) {
  EXPECT_EQ(error_of("## a\n" + kStream + "```expect\n{\"a\":{\"$like\":1}}\n```\n"),
            "f.md:6: expect/a: unknown matcher `$like`; known: $contains $matches $prefix $absent "
            "$any $length $last $each $not $nowhere");
}

TEST(CaseFile, RefusesSecondExpect) {
  const std::string expect = "```expect\n{}\n```\n";
  EXPECT_EQ(error_of("## a\n" + kStream + expect + expect),
            "f.md:8: a second `expect` block in the case that begins in line 1; merge the two, or "
            "begin a new case");
}

TEST(CaseFile, RefusesCaseWithNothingToPlay) {
  EXPECT_EQ(error_of("## a\n```expect\n{}\n```\n"),
            "f.md:1: nothing to play; add a `stream`, `recording` or `session` block");
}

TEST(CaseFile, RefusesStreamBesideRecording) {
  const std::string recording = "```recording\na.rec\n```\n";
  const std::string wanted =
      "f.md:5: `stream` and `recording` in one case; split it in two, each with one of them";
  EXPECT_EQ(error_of("## a\n" + kStream + recording), wanted);
  EXPECT_EQ(error_of("## a\n" + recording + kStream), wanted);
}

TEST(CaseFile, RefusesUnknownProtocolAndMixedOnes) {
  EXPECT_TRUE(error_of("## a\n```stream openai\n+1ms a\n```\n")
                  .starts_with("f.md:2: unknown protocol `openai`; write"));
  EXPECT_TRUE(error_of("## a\n" + kStream + "```stream gemini\n+1ms a\n```\n")
                  .starts_with("f.md:5: the case's first stream speaks `openai-chat`"));
}

TEST(CaseFile, RefusesUnknownLogKind) {
  EXPECT_TRUE(error_of("## a\n" + kStream + "```log request requests\n```\n")
                  .starts_with("f.md:5: unknown kind `requests`; known: request response"));
  EXPECT_TRUE(error_of("## a\n" + kStream + "```log\n```\n").starts_with("f.md:5: `log` needs"));
}

TEST(CaseFile, RefusesWhatWouldSilentlyNotRun) {
  EXPECT_EQ(error_of("```expect\n{}\n```\n"),
            "f.md:1: block `expect` belongs to no case; put a `## name` above it");
  EXPECT_EQ(error_of("## a\n  ```expect\n  {}\n  ```\n"),
            "f.md:2: an indented block is not run; begin its fence in the first column");
  EXPECT_EQ(error_of("## a\n```expect {}\n```\n"),
            "f.md:2: `expect` takes nothing behind its name, but found `{}`; put the content into "
            "the block");
  EXPECT_EQ(error_of("## a\n```stream gemini\n+1ms a\n"),
            "f.md:2: this block is never closed; end it with a line ```");
  EXPECT_TRUE(error_of("## a\nprose\n").starts_with("f.md: no case in this file"));
  EXPECT_TRUE(error_of("").starts_with("f.md: no case in this file"));
}

TEST(CaseFile, RefusesBadRecordingBlocksAndNames) {
  EXPECT_TRUE(error_of("## a\n```recording\n\n```\n").starts_with("f.md:2: an empty"));
  EXPECT_TRUE(error_of("## a\n```recording\na\nb\n```\n").starts_with("f.md:2: a `recording`"));
  EXPECT_TRUE(error_of("##\n" + kStream).starts_with("f.md:1: a case needs a name"));
  EXPECT_TRUE(error_of("## a\n" + kStream + "## a\n" + kStream)
                  .starts_with("f.md:5: the case in line 1 has this name already"));
}

TEST(CaseFile, LimitsTheSizeOfAFile) {
  std::string text = "## a\n" + kStream;
  text.append(kCaseFileBytesMax - text.size(), '\n');
  EXPECT_EQ(error_of(text), "");
  EXPECT_TRUE(error_of(text + "\n").starts_with("f.md: larger than 8388608 bytes"));
}

class FoundFiles : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/playhead_check_XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    root_ = std::filesystem::path(pattern).lexically_normal().string();
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  std::string write(const std::string& name, const std::string& text) {
    const std::filesystem::path path = root_ + "/" + name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }

  std::string root_;
};

TEST_F(FoundFiles, AreSortedOnceAndWithoutReadmeThatHasNoCase) {
  const std::string b = write("b.md", "");
  const std::string a = write("sub/a.md", "");
  const std::string readme = write("sub/README.md", "## a\n```expect\n```\n");
  write("README.md", "# no case\n```expect\n```\n");
  write("notes.txt", "");
  write(".hidden/c.md", "");
  const auto found = find_case_files({root_ + "/./sub/a.md", root_, b});
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(*found, (std::vector<std::string>{b, readme, a}));
}

TEST_F(FoundFiles, SayWhatCannotBeLoaded) {
  const auto message_of = [](const std::string& path) {
    const auto file = load_case_file(path);
    return file ? "" : file.error().message;
  };
  EXPECT_EQ(message_of(root_), root_ + " is a folder: name a file in it");
  EXPECT_EQ(message_of(root_ + "/none.md"),
            "cannot open " + root_ +
                "/none.md: No such file or directory; name a file in a folder that exists");
  const std::string large = write("large.md", std::string(kCaseFileBytesMax + 1, '\n'));
  EXPECT_EQ(message_of(large),
            large + ": larger than 8388608 bytes; move long streams into a recording");
}

TEST_F(FoundFiles, FailWhereThereAreNone) {
  const auto missing = find_case_files({root_ + "/none.md"});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message,
            root_ + "/none.md: no such file or folder; check the spelling");
  EXPECT_FALSE(find_case_files({root_}));
}

}  // namespace
}  // namespace playhead::check
