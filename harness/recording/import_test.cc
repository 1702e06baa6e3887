// Raw bodies with chunk lengths, times and requests beside them.
#include "recording/import.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "recording/load.h"
#include "recording/serialize.h"
#include "recording/testing.h"

namespace playhead::recording {
namespace {

class Import : public ::testing::Test {
 protected:
  void SetUp() override { put_file(body_, "data: 1\n\n"); }

  std::string failure_of(const ImportOptions& options) const {
    const auto recording = import_body(body_, options);
    return recording.ok() ? "" : recording.error().message;
  }

  ScratchFolder scratch_;
  std::string body_ = scratch_ / "mistral/x.sse";
  std::string lengths_ = scratch_ / "mistral/x.boundaries.json";
  std::string times_ = scratch_ / "times";
};

TEST_F(Import, ABodyAloneIsOneChunkWithoutTimes) {
  const auto recording = import_body(body_);
  ASSERT_TRUE(recording.ok());
  EXPECT_EQ(recording->meta.json, R"({"title":"x.sse","protocol":"mistral","origin":"imported",)"
                                  R"("timing":"none","borders":"none"})");
  const RecordedExchange& exchange = recording->exchanges.at(0);
  EXPECT_EQ(exchange.chunks, (std::vector<RecordedChunk>{{Instant{0}, 0, 9}}));
  EXPECT_EQ(exchange.end, (RecordedEnd{Instant{0}, EndReason::complete, ""}));
  EXPECT_FALSE(recording->torn);
}

TEST_F(Import, TakesLengthsAndRequestFromBesideTheBody) {
  put_file(lengths_, "[3, 6]");
  put_file(scratch_ / "mistral/x.request.json", "{\"stream\":true}");
  const auto recording = import_body(body_);
  ASSERT_TRUE(recording.ok()) << recording.error().message;
  EXPECT_EQ(recording->meta.borders, "read");
  EXPECT_EQ(recording->meta.timing, "none");
  EXPECT_EQ(recording->exchanges[0].request_body, "{\"stream\":true}");
  EXPECT_EQ(recording->exchanges[0].chunks,
            (std::vector<RecordedChunk>{{Instant{0}, 0, 3}, {Instant{0}, 3, 6}}));
  ImportOptions alone;
  alone.look_beside = false;
  EXPECT_EQ(import_body(body_, alone)->exchanges[0].chunks.size(), 1U);
}

TEST_F(Import, TakesTimesAsJsonOrLines) {
  put_file(lengths_, "[3, 6]");
  for (const std::string_view text :
       {"[100, 250]", "100\n250\n", "100\r\n\r\n250", " [100,250]\n"}) {
    put_file(times_, text);
    ImportOptions options;
    options.times_path = times_;
    const auto recording = import_body(body_, options);
    ASSERT_TRUE(recording.ok()) << recording.error().message;
    EXPECT_EQ(recording->meta.timing, "read");
    const RecordedExchange& exchange = recording->exchanges[0];
    EXPECT_EQ(exchange.responded_at, Instant{100});
    EXPECT_EQ(exchange.chunks[1].at, Instant{250});
    EXPECT_EQ(exchange.end.at, Instant{250});
    EXPECT_TRUE(recording_text(*recording).ok());
  }
}

TEST_F(Import, SaysWhatItWasTold) {
  ImportOptions options;
  options.protocol = "cohere";
  options.status = 529;
  options.end = EndReason::torn;
  options.title = "t";
  options.source = "https://example.com/1";
  const auto recording = import_body(body_, options);
  ASSERT_TRUE(recording.ok());
  EXPECT_EQ(recording->meta.protocol, "cohere");
  EXPECT_EQ(recording->meta.title, "t");
  EXPECT_EQ(recording->meta.source, "https://example.com/1");
  EXPECT_EQ(recording->exchanges[0].status, 529);
  EXPECT_TRUE(recording->torn);
  auto again = parse_recordings(recording_text(*recording).value(), body_);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->front(), *recording);
}

TEST_F(Import, RefusesLengthsThatDoNotFit) {
  for (const std::string_view text : {"[3,5]", "[3,7]", "[]", "[9,1]", "[-1,10]", "[3.5,5.5]",
                                      "{\"a\":1}", "[", "nine", "[9000000000000000000,9]"}) {
    put_file(lengths_, text);
    EXPECT_NE(failure_of({}).find("x.boundaries.json"), std::string::npos) << text;
  }
}

TEST_F(Import, RefusesTimesThatDoNotFit) {
  put_file(lengths_, "[3,6]");
  ImportOptions options;
  options.times_path = times_;
  for (const std::string_view text :
       {"[1]", "[1,2,3]", "2\n1\n", "a\nb\n", "1.5\n2\n", "-1\n2\n"}) {
    put_file(times_, text);
    EXPECT_NE(failure_of(options).find("times"), std::string::npos) << text;
  }
  options.times_path = scratch_ / "none";
  EXPECT_NE(failure_of(options), "");
}

TEST_F(Import, RefusesAnImpossibleStatus) {
  ImportOptions options;
  options.status = 0;
  EXPECT_NE(failure_of(options), "");
}

TEST(ImportNames, TellRawBodiesAndProtocols) {
  for (const std::string_view path :
       {"a.sse", "b/a.ndjson", "a.eventstream", "a.json", "a.jsonarray", "a.chunks"}) {
    EXPECT_TRUE(is_raw_body(path)) << path;
  }
  for (const std::string_view path : {"a.rec", "a.rec.zst", "sse", "a.sse.rec"}) {
    EXPECT_FALSE(is_raw_body(path)) << path;
  }
  EXPECT_EQ(protocol_of_path("/a/gemini/b/ollama/x.sse"), "ollama");
  EXPECT_EQ(protocol_of_path("cohere/x.sse"), "cohere");
  EXPECT_EQ(protocol_of_path("/a/other/x.sse"), "");
  EXPECT_EQ(protocol_of_path("cohere"), "");
}

TEST(ImportCorpus, EveryBodyOfTheCorpusRoundTrips) {
  const char* corpus = std::getenv("PLAYHEAD_CORPUS");
  if (corpus == nullptr) GTEST_SKIP() << "PLAYHEAD_CORPUS is not set";
  int count = 0;
  int with_borders = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(corpus)) {
    const std::string path = entry.path().string();
    if (!is_raw_body(path) || path.ends_with(".json")) continue;
    const auto recording = import_body(path);
    ASSERT_TRUE(recording.ok()) << recording.error().message;
    const auto text = recording_text(*recording);
    ASSERT_TRUE(text.ok()) << path << ": " << text.error().message;
    const auto again = parse_recordings(*text, path);
    ASSERT_TRUE(again.ok()) << path << ": " << again.error().message;
    EXPECT_EQ(again->front(), *recording) << path;
    with_borders += recording->meta.borders == "read" ? 1 : 0;
    ++count;
  }
  EXPECT_GT(count, 0);
  RecordProperty("bodies", count);
  RecordProperty("with_borders", with_borders);
}

}  // namespace
}  // namespace playhead::recording
