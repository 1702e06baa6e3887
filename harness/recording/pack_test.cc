// Folders of plain files: identity, edits by hand, and clear refusals.
#include "recording/pack.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "recording/testing.h"

namespace playhead::recording {
namespace {

Recording packed(const std::string& folder) {
  auto recording = pack(folder);
  EXPECT_TRUE(recording.ok()) << recording.error().message;
  if (!recording.ok()) return {};
  recording->path.clear();
  return std::move(recording).value();
}

std::string failure_of(const std::string& folder) {
  const auto recording = pack(folder);
  return recording.ok() ? "" : recording.error().message;
}

class Pack : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(unpack(sample_recording(), folder_).ok()); }

  ScratchFolder scratch_;
  std::string folder_ = scratch_ / "out";
};

TEST_F(Pack, UnpackedAndPackedIsTheSame) { EXPECT_EQ(packed(folder_), sample_recording()); }

TEST_F(Pack, FilesArePlain) {
  EXPECT_EQ(bytes_of_file(folder_ + "/1/body"), sample_recording().exchanges[0].body);
  EXPECT_EQ(bytes_of_file(folder_ + "/1/chunks"), "40 17\n60 11\n60 1\n");
  EXPECT_EQ(bytes_of_file(folder_ + "/marks"), "7 \"a note\\nof two lines\"\n");
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/2/response.json"));
  EXPECT_NE(bytes_of_file(folder_ + "/2/end.json").find("\"detail\": \"ECONNRESET\""),
            std::string::npos);
}

TEST_F(Pack, KeepsTornAndEmptyThings) {
  Recording recording = sample_recording();
  recording.torn = true;
  recording.meta = {};
  recording.exchanges[0].end = {Instant{60}, EndReason::torn, ""};
  recording.exchanges[0].body.clear();
  recording.exchanges[0].chunks = {{Instant{60}, 0, 0}};
  recording.exchanges[0].trailers.clear();
  ASSERT_TRUE(unpack(recording, scratch_ / "torn").ok());
  EXPECT_EQ(packed(scratch_ / "torn"), recording);
  ASSERT_TRUE(unpack(Recording{}, scratch_ / "empty").ok());
  EXPECT_EQ(packed(scratch_ / "empty"), Recording{});
}

TEST_F(Pack, WithoutChunksTheBodyIsOne) {
  std::filesystem::remove(folder_ + "/1/chunks");
  put_file(folder_ + "/1/body", "edited by hand");
  const Recording recording = packed(folder_);
  ASSERT_EQ(recording.exchanges.at(0).chunks.size(), 1U);
  EXPECT_EQ(recording.exchanges[0].chunks[0], (RecordedChunk{Instant{30}, 0, 14}));
}

TEST_F(Pack, RefusesABodyThatItsChunksDoNotFit) {
  put_file(folder_ + "/1/body", "edited by hand");
  EXPECT_NE(failure_of(folder_).find("1/chunks: the sizes do not add up to the 14 bytes"),
            std::string::npos);
  put_file(folder_ + "/1/chunks", "40 999999999999999\n40 999999999999999\n");
  EXPECT_NE(failure_of(folder_), "");
}

TEST_F(Pack, NamesTheFileThatIsWrong) {
  const auto spoilt = [&](const std::string& name, std::string_view bytes) {
    const std::string path = folder_ + "/" + name;
    const bool was_there = std::filesystem::exists(path);
    const std::string before = bytes_of_file(path);
    put_file(path, bytes);
    const std::string failure = failure_of(folder_);
    EXPECT_NE(failure.find(name), std::string::npos) << name << ": " << failure;
    was_there ? put_file(path, before) : static_cast<void>(std::filesystem::remove(path));
  };
  spoilt("meta.json", "{");
  spoilt("marks", "x \"y\"\n");
  spoilt("marks", "1 y\n");
  spoilt("1/chunks", "5\n");
  spoilt("1/chunks", "5 x\n");
  spoilt("1/request.json", R"({"method":"GET","target":"/"})");
  spoilt("1/request.json", R"({"at_us":1})");
  spoilt("1/response.json", R"({"at_us":1,"status":"200"})");
  spoilt("1/end.json", R"({"at_us":1,"reason":"bored"})");
  spoilt("1/trailers.json", "[]");
  spoilt("1/respose.json", "{}");
  spoilt("readme.txt", "{}");
  spoilt("2/body", "x");
  EXPECT_EQ(failure_of(folder_), "");
}

TEST_F(Pack, RefusesTimesThatDecrease) {
  put_file(folder_ + "/1/end.json", R"({"at_us":1,"reason":"complete"})");
  EXPECT_NE(failure_of(folder_).find("exchange 1 cannot be written: its end at 1 us"),
            std::string::npos);
}

TEST_F(Pack, RefusesAMissingExchange) {
  std::filesystem::remove_all(folder_ + "/1");
  EXPECT_NE(failure_of(folder_).find("do not count 1, 2"), std::string::npos);
}

TEST_F(Pack, SkipsHiddenFilesAndBackups) {
  put_file(folder_ + "/.DS_Store", "x");
  put_file(folder_ + "/1/body~", "x");
  EXPECT_EQ(packed(folder_), sample_recording());
}

TEST_F(Pack, NeverUnpacksOverSomething) {
  const Status status = unpack(sample_recording(), folder_);
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().message.find("is not empty"), std::string::npos);
  EXPECT_FALSE(unpack(sample_recording(), folder_ + "/marks").ok());
  EXPECT_FALSE(pack(scratch_ / "none").ok());
}

}  // namespace
}  // namespace playhead::recording
