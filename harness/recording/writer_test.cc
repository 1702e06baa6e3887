// Writing: round trips, appending, refused recordings, file modes, no leftovers.
#include "recording/writer.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <string>
#include <vector>

#include "recording/load.h"
#include "recording/payload.h"
#include "recording/serialize.h"
#include "recording/testing.h"

namespace playhead::recording {
namespace {

Recording loaded_from(const std::string& path) {
  auto loaded = load(path);
  EXPECT_TRUE(loaded.ok()) << loaded.error().message;
  if (!loaded.ok() || loaded->size() != 1) return {};
  loaded->front().path.clear();
  return loaded->front();
}

unsigned mode_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_mode & 0777U;
}

std::size_t files_in(const ScratchFolder& folder) {
  const std::filesystem::directory_iterator files(folder.path());
  return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

// Files of this process cannot grow beyond the limit while it lives: a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(std::size_t bytes) {
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int) = nullptr;
};

TEST(WriteRecording, RoundTripsPlainAndCompressed) {
  const ScratchFolder scratch;
  for (const std::string_view name : {"a.rec", "a.rec.zst"}) {
    ASSERT_TRUE(write_recording(sample_recording(), scratch / name).ok());
    EXPECT_EQ(loaded_from(scratch / name), sample_recording()) << name;
    EXPECT_EQ(mode_of(scratch / name), 0600U);
  }
  EXPECT_EQ(bytes_of_file(scratch / "a.rec"), recording_text(sample_recording()).value());
  EXPECT_TRUE(bytes_of_file(scratch / "a.rec.zst").starts_with(kZstdMagic));
  EXPECT_EQ(files_in(scratch), 2U);
}

TEST(WriteRecording, ReplacesTheOldFile) {
  const ScratchFolder scratch;
  put_file(scratch / "a.rec", "old");
  ASSERT_TRUE(write_recordings({sample_recording(), sample_recording()}, scratch / "a.rec").ok());
  EXPECT_EQ(load(scratch / "a.rec")->size(), 2U);
}

TEST(WriteRecording, CompressesALargeBody) {
  const ScratchFolder scratch;
  Recording recording = sample_recording();
  RecordedExchange& exchange = recording.exchanges[0];
  for (int i = 0; i < 20'000; ++i) {
    add_chunk(exchange, 60, "data: {\"n\":" + std::to_string(i * 7919) + "}\n\n");
  }
  ASSERT_TRUE(write_recording(recording, scratch / "a.rec.zst").ok());
  EXPECT_EQ(loaded_from(scratch / "a.rec.zst"), recording);
  EXPECT_LT(bytes_of_file(scratch / "a.rec.zst").size(), exchange.body.size() / 3);
}

// One letter, as much as a record holds, in a request and in two responses.
Recording recording_of_one_letter() {
  Recording recording = sample_recording();
  recording.exchanges.pop_back();
  RecordedExchange& exchange = recording.exchanges[0];
  exchange.request_body.assign(kRecordSizeMax, 'a');
  for (int i = 0; i < 2; ++i) add_chunk(exchange, 60, std::string(kRecordSizeMax, 'a'));
  return recording;
}

TEST(WriteRecording, NoBodyCompressesTooWellToBeRead) {
  const ScratchFolder scratch;
  const Recording recording = recording_of_one_letter();
  ASSERT_TRUE(write_recording(recording, scratch / "a.rec.zst").ok());
  EXPECT_TRUE(loaded_from(scratch / "a.rec.zst") == recording);
  const std::string bytes = bytes_of_file(scratch / "a.rec.zst");
  EXPECT_LT(bytes.size(), std::size_t{1} << 20);
  // Nor do several files in one.
  put_file(scratch / "b.rec.zst", bytes + bytes);
  const auto both = load(scratch / "b.rec.zst");
  ASSERT_TRUE(both.ok()) << both.error().message;
  EXPECT_EQ(both->size(), 2U);
}

TEST(WriteRecording, SplitsALargeRequestBody) {
  Recording recording = sample_recording();
  recording.exchanges[0].request_body.assign(kRecordSizeMax + 1, 'a');
  const auto text = recording_text(recording);
  ASSERT_TRUE(text.ok());
  const auto loaded = parse_recordings(*text, "");
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->front(), recording);
}

TEST(WriteRecording, KeepsATornExchangeTorn) {
  Recording recording = sample_recording();
  recording.torn = true;
  recording.exchanges[0].end = {Instant{60}, EndReason::torn, ""};
  const auto loaded = parse_recordings(recording_text(recording).value(), "");
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->front(), recording);
}

TEST(WriteRecording, EmptyRecordingIsOneLine) {
  EXPECT_EQ(recording_text(Recording{}).value(), kVersionLine);
}

TEST(WriteRecording, RefusesWhatCannotBeAFile) {
  const auto refused = [](auto&& spoil) {
    Recording recording = sample_recording();
    spoil(recording);
    return !recording_text(recording).ok();
  };
  EXPECT_FALSE(refused([](Recording&) {}));
  EXPECT_TRUE(refused([](Recording& r) { r.exchanges[1].index = 3; }));
  EXPECT_TRUE(refused([](Recording& r) { r.exchanges[1].requested_at = Instant{9}; }));
  EXPECT_TRUE(refused([](Recording& r) { r.exchanges[0].chunks[0].at = Instant{61}; }));
  EXPECT_TRUE(refused([](Recording& r) { r.exchanges[0].responded_at = Instant{9}; }));
  EXPECT_TRUE(refused([](Recording& r) { r.exchanges[0].end.at = Instant{59}; }));
  EXPECT_TRUE(refused([](Recording& r) { r.exchanges[0].marks[0].at = Instant{9}; }));
  EXPECT_TRUE(refused([](Recording& r) { r.exchanges[0].marks[0].text = "\xff"; }));
  EXPECT_TRUE(refused([](Recording& r) { r.exchanges[0].body += "x"; }));
  EXPECT_TRUE(refused([](Recording& r) { r.exchanges[0].chunks[1].offset = 0; }));
  EXPECT_TRUE(refused([](Recording& r) { r.exchanges[0].chunks[2].size = ~std::size_t{0}; }));
  EXPECT_TRUE(refused([](Recording& r) { r.exchanges[0].responded_at.reset(); }));
  EXPECT_TRUE(refused([](Recording& r) { r.exchanges[0].status = 0; }));
  EXPECT_TRUE(refused([](Recording& r) { r.exchanges[0].trailers = {{"a", "b\r\nc"}}; }));
  EXPECT_TRUE(refused([](Recording& r) { r.exchanges[0].method = "GET /\r\n"; }));
  EXPECT_TRUE(refused([](Recording& r) { r.marks[0].at = Instant{-1}; }));
}

TEST(WriteRecording, LeavesNothingBehindWhenItFails) {
  const ScratchFolder scratch;
  Recording recording = sample_recording();
  recording.marks[0].text = "\xff";
  put_file(scratch / "a.rec", "old");
  EXPECT_FALSE(write_recording(recording, scratch / "a.rec").ok());
  EXPECT_EQ(bytes_of_file(scratch / "a.rec"), "old");
  EXPECT_EQ(files_in(scratch), 1U);
  EXPECT_FALSE(write_recording(sample_recording(), scratch / "no/such/folder.rec").ok());
}

TEST(RecordWriter, AppendedRecordsAreInTheFileAtOnce) {
  const ScratchFolder scratch;
  for (const bool compress : {false, true}) {
    const std::string path = scratch / (compress ? "b.rec.zst" : "b.rec");
    Result<RecordWriter> writer = RecordWriter::create(path, {.compress = compress});
    ASSERT_TRUE(writer.ok());
    EXPECT_EQ(mode_of(path), 0600U);
    ASSERT_TRUE(each_record(sample_recording(), [&](const Record& record) {
                  Status status = writer->append(record);
                  EXPECT_TRUE(load(path).ok());
                  return status;
                }).ok());
    EXPECT_EQ(loaded_from(path), sample_recording());
    EXPECT_TRUE(writer->close().ok());
  }
}

TEST(RecordWriter, NoRecordCompressesTooWellToBeRead) {
  const ScratchFolder scratch;
  const std::string path = scratch / "a.rec.zst";
  Result<RecordWriter> writer = RecordWriter::create(path, {.compress = true});
  ASSERT_TRUE(writer.ok());
  const Recording recording = recording_of_one_letter();
  ASSERT_TRUE(
      each_record(recording, [&](const Record& record) { return writer->append(record); }).ok());
  EXPECT_TRUE(loaded_from(path) == recording);
}

TEST(RecordWriter, RefusesWhatBreaksTheFormat) {
  const ScratchFolder scratch;
  Result<RecordWriter> writer = RecordWriter::create(scratch / "a.rec");
  ASSERT_TRUE(writer.ok());
  ASSERT_TRUE(writer->append({RecordKind::mark, 0, Instant{5}, "x"}).ok());
  EXPECT_FALSE(writer->append({RecordKind::mark, 0, Instant{4}, "x"}).ok());
  EXPECT_FALSE(writer->append({RecordKind::data, 0, Instant{5}, "x"}).ok());
  EXPECT_FALSE(writer->append({RecordKind::mark, 0, Instant{5}, "\xff"}).ok());
  EXPECT_TRUE(writer->append({RecordKind::mark, 0, Instant{5}, "y"}).ok());
  EXPECT_EQ(loaded_from(scratch / "a.rec").marks.size(), 2U);
}

TEST(RecordWriter, NeverOverwrites) {
  const ScratchFolder scratch;
  put_file(scratch / "a.rec", "old");
  const auto writer = RecordWriter::create(scratch / "a.rec");
  ASSERT_FALSE(writer.ok());
  EXPECT_NE(writer.error().message.find("exists already"), std::string::npos);
}

TEST(RecordWriter, AFullDiskLeavesNoEmptyFile) {
  const ScratchFolder scratch;
  {
    const FileSizeLimit limit(0);
    EXPECT_FALSE(RecordWriter::create(scratch / "a.rec").ok());
  }
  EXPECT_FALSE(std::filesystem::exists(scratch / "a.rec"));
}

TEST(RecordWriter, AFullDiskLeavesWholeRecords) {
  const ScratchFolder scratch;
  for (const bool compress : {false, true}) {
    const std::string path = scratch / (compress ? "b.rec.zst" : "b.rec");
    Result<RecordWriter> writer = RecordWriter::create(path, {.compress = compress});
    ASSERT_TRUE(writer.ok());
    ASSERT_TRUE(writer->append({RecordKind::mark, 0, Instant{1}, "before"}).ok());
    std::string noise;
    for (int i = 0; i < 2000; ++i) noise += std::to_string(i * 7919);
    Status status = Done{};
    {
      const FileSizeLimit limit(bytes_of_file(path).size() + 50);
      status = writer->append({RecordKind::mark, 0, Instant{2}, noise});
    }
    ASSERT_FALSE(status.ok());
    EXPECT_NE(status.error().message.find("cannot write to " + path), std::string::npos);
    EXPECT_TRUE(writer->append({RecordKind::mark, 0, Instant{3}, "after"}).ok());
    const Recording recording = loaded_from(path);
    EXPECT_FALSE(recording.torn);
    EXPECT_EQ(recording.marks,
              (std::vector<RecordedMark>{{Instant{1}, "before"}, {Instant{3}, "after"}}));
  }
}

TEST(MetaPayload, KeepsTheTextAsRead) {
  RecordingMeta meta = parse_meta("{ \"model\" : \"m\",\n \"other\":[1] }").value();
  EXPECT_EQ(meta_payload(meta), "{ \"model\" : \"m\",\n \"other\":[1] }");
  meta.title = "t";
  meta.model.clear();
  EXPECT_EQ(meta_payload(meta), R"({"title":"t","other":[1]})");
}

}  // namespace
}  // namespace playhead::recording
