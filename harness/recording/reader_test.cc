// The reader: framing, torn tails at every byte, hostile sizes, zstd frames and bombs.
#include "recording/reader.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "recording/serialize.h"
#include "recording/testing.h"
#include "recording/writer.h"

namespace playhead::recording {
namespace {

struct Seen {
  std::vector<std::string> steps;  // "recording", or the record as it stands in a file
  std::string error;               // empty: none
  bool torn = false;
};

Seen read_all(std::string_view bytes) {
  RecordReader reader(std::make_unique<MemorySource>(bytes), "x.rec");
  Seen seen;
  while (true) {
    const Result<ReadStep> step = reader.next();
    if (!step.ok()) {
      seen.error = step.error().message;
      EXPECT_EQ(reader.next().value(), ReadStep::end);
      return seen;
    }
    if (*step == ReadStep::end) break;
    seen.steps.emplace_back("recording");
    if (*step == ReadStep::record) {
      seen.steps.back().clear();
      append_record(reader.record(), seen.steps.back());
    }
  }
  seen.torn = reader.torn();
  return seen;
}

std::string sample_text() { return recording_text(sample_recording()).value(); }

const std::string kBegin(kVersionLine);

void expect_error(std::string_view bytes, std::string_view part) {
  const Seen seen = read_all(bytes);
  EXPECT_NE(seen.error.find(part), std::string::npos)
      << "wanted: " << part << "\n   got: " << seen.error;
  EXPECT_TRUE(seen.error.starts_with("x.rec: ")) << seen.error;
}

TEST(RecordReader, ReadsWhatWasSerialized) {
  const std::string text = sample_text();
  const Seen seen = read_all(text);
  EXPECT_EQ(seen.error, "");
  EXPECT_FALSE(seen.torn);
  ASSERT_GT(seen.steps.size(), 10U);
  std::string joined = kBegin;
  for (std::size_t i = 1; i < seen.steps.size(); ++i) joined += seen.steps[i];
  EXPECT_EQ(joined, text);
}

TEST(RecordReader, TornAtEveryByteGivesTheWholeRecordsBefore) {
  const std::string text = sample_text();
  const Seen whole = read_all(text);
  std::vector<std::size_t> borders;
  std::size_t offset = 0;
  for (const std::string& step : whole.steps) {
    offset += step == "recording" ? kBegin.size() : step.size();
    borders.push_back(offset);
  }
  for (std::size_t size = 1; size < text.size(); ++size) {
    const Seen seen = read_all(std::string_view(text).substr(0, size));
    EXPECT_EQ(seen.error, "") << size;
    std::size_t count = 0;
    while (count < borders.size() && borders[count] <= size) ++count;
    ASSERT_EQ(seen.steps.size(), count) << size;
    EXPECT_TRUE(std::equal(seen.steps.begin(), seen.steps.end(), whole.steps.begin())) << size;
    const bool at_border = count > 0 && borders[count - 1] == size;
    EXPECT_EQ(seen.torn, !at_border) << size;
  }
}

TEST(RecordReader, TornCompressedAtEveryByteGivesAPrefix) {
  const ScratchFolder scratch;
  const std::string path = scratch / "a.rec.zst";
  Result<RecordWriter> writer = RecordWriter::create(path, {.compress = true});
  ASSERT_TRUE(writer.ok());
  std::vector<std::size_t> borders{bytes_of_file(path).size()};
  ASSERT_TRUE(each_record(sample_recording(), [&](const Record& record) {
                Status status = writer->append(record);
                borders.push_back(bytes_of_file(path).size());
                return status;
              }).ok());
  const std::string bytes = bytes_of_file(path);
  const Seen whole = read_all(bytes);
  EXPECT_EQ(whole.steps, read_all(sample_text()).steps);
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    const Seen seen = read_all(std::string_view(bytes).substr(0, size));
    EXPECT_EQ(seen.error, "") << size;
    std::size_t count = 0;
    while (count < borders.size() && borders[count] <= size) ++count;
    // A record can be whole before the checksum of its frame is.
    ASSERT_GE(seen.steps.size(), count) << size;
    ASSERT_LE(seen.steps.size(), count + 1) << size;
    EXPECT_TRUE(std::equal(seen.steps.begin(), seen.steps.end(), whole.steps.begin())) << size;
    EXPECT_EQ(seen.torn, count == 0 || borders[count - 1] != size) << size;
  }
}

TEST(RecordReader, CompactFrameTornAtEveryByteIsNoError) {
  const ScratchFolder scratch;
  ASSERT_TRUE(write_recording(sample_recording(), scratch / "a.rec.zst").ok());
  const std::string bytes = bytes_of_file(scratch / "a.rec.zst");
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    const Seen seen = read_all(std::string_view(bytes).substr(0, size));
    EXPECT_EQ(seen.error, "") << size;
    EXPECT_TRUE(seen.torn) << size;
  }
}

TEST(RecordReader, RefusesWhatIsNoRecording) {
  expect_error("", "not a recording: it is empty");
  expect_error("hello\n", "not a recording");
  expect_error("hello", "not a recording");
  expect_error("data: {}\n\n", "not a recording");
  expect_error("\n", "not a recording");
  expect_error(std::string(1000, 'p'), "not a recording");
  expect_error("data 1 0 0\n\n", "not a recording");
}

TEST(RecordReader, RefusesOtherVersions) {
  expect_error("playhead-recording 2\n",
               "version 2 of the recording format is newer than this playhead reads");
  expect_error("playhead-recording 10\n", "version 10");
  expect_error("playhead-recording 0\n", "no version");
  expect_error("playhead-recording 1x\n", "no version");
  expect_error("playhead-recording 01\n", "no version");
  expect_error("playhead-recording 99999999999999\n", "no version");
  expect_error("playhead-recording 1\r\n", "CR LF");
  expect_error(kBegin + "playhead-recording 2\n", "byte 21: version 2");
}

TEST(RecordReader, NamesKindAndOffsetOfAnUnknownRecord) {
  expect_error(kBegin + "mark 0 0 1\nx\nblob 1 0 3\nabc\n",
               "x.rec: byte 34: unknown record kind \"blob\"");
}

TEST(RecordReader, RefusesTimesThatDecrease) {
  expect_error(
      kBegin + record_text(RecordKind::mark, 0, 5, "") + record_text(RecordKind::mark, 0, 4, ""),
      "byte 33: a mark record at 4 us after one at 5 us");
  const Seen seen = read_all(kBegin + record_text(RecordKind::mark, 0, 5, "") + kBegin +
                             record_text(RecordKind::mark, 0, 4, ""));
  EXPECT_EQ(seen.error, "");
  EXPECT_EQ(seen.steps.size(), 4U);
}

TEST(RecordReader, RefusesSizesThatLie) {
  expect_error(kBegin + "mark 0 0 2\nabc\n", "not followed by a line feed");
  expect_error(kBegin + "mark 0 0 -2\nabc\n", "no record header");
  expect_error(kBegin + "mark 0 0 two\nabc\n", "no record header");
  expect_error(kBegin + "data 1 0 67108865\nabc\n", "above the limit");
  expect_error(kBegin + "data 1 0 18446744073709551615\nabc\n", "no record header");
  const Seen torn = read_all(kBegin + "data 1 0 67108864\nabc\n");
  EXPECT_EQ(torn.error, "");
  EXPECT_TRUE(torn.torn);
  EXPECT_EQ(torn.steps.size(), 1U);
}

TEST(RecordReader, RefusesTrailingGarbage) {
  const std::string whole = kBegin + record_text(RecordKind::mark, 0, 0, "x");
  expect_error(whole + "garbage", "byte 34: \"garbage\" is no record header");
  expect_error(whole + "\n", "unknown record kind");
  expect_error(whole + std::string("\0\0\0\0", 4), "no record header");
  expect_error(whole + "data 1 " + std::string(100, '1'), "no record header");
  for (const std::string_view tail :
       {"d", "data 1 2", "play", "playhead-recording 1", "\x28\xB5"}) {
    const Seen seen = read_all(whole + std::string(tail));
    EXPECT_EQ(seen.error, "") << tail;
    EXPECT_TRUE(seen.torn) << tail;
  }
}

TEST(RecordReader, RefusesAMarkThatIsNoText) {
  expect_error(kBegin + "mark 0 0 1\n\xff\n", "not UTF-8");
}

TEST(RecordReader, ReadsPlainAndCompressedOneBehindTheOther) {
  const ScratchFolder scratch;
  ASSERT_TRUE(write_recording(sample_recording(), scratch / "a.rec.zst").ok());
  const std::string packed = bytes_of_file(scratch / "a.rec.zst");
  const std::string plain = sample_text();
  const std::vector<std::string> once = read_all(plain).steps;
  // 0x184D2A50: a frame that carries four bytes of nothing
  const std::string skipped("\x50\x2A\x4D\x18\x04\0\0\0abcd", 12);
  const Seen seen = read_all(packed + plain + packed + skipped + packed + plain + plain + skipped);
  EXPECT_EQ(seen.error, "");
  EXPECT_FALSE(seen.torn);
  ASSERT_EQ(seen.steps.size(), once.size() * 6);
  for (std::size_t i = 0; i < seen.steps.size(); ++i) {
    ASSERT_EQ(seen.steps[i], once[i % once.size()]) << i;
  }
}

TEST(RecordReader, SaysWhereACompressedFileIsDamaged) {
  const ScratchFolder scratch;
  ASSERT_TRUE(write_recording(sample_recording(), scratch / "a.rec.zst").ok());
  std::string bytes = bytes_of_file(scratch / "a.rec.zst");
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  expect_error(bytes, "damaged: the zstd frame that begins at byte 0 of the file");
  expect_error(sample_text() + bytes,
               "begins at byte " + std::to_string(sample_text().size()) + " of the file");
}

TEST(RecordReader, RefusesCompressedBytesThatAreNoRecording) {
  expect_error(HandMadeFrame().raw("hello\n").finish(), "not a recording");
  expect_error(HandMadeFrame().finish(), "it is empty");
}

TEST(RecordReader, RefusesALargeWindow) {
  expect_error(HandMadeFrame('\x70').raw(kBegin).finish(), "damaged");
  EXPECT_EQ(read_all(HandMadeFrame('\x68').raw(kBegin).finish()).error, "");  // 8 MiB
}

TEST(RecordReader, RefusesABombByItsRatio) {
  const std::string begin = kBegin + "data 1 0 60000000\n";
  expect_error(HandMadeFrame().raw(begin).run('a', 60'000'000, 128 << 10).raw("\n").finish(),
               "zstd bomb");
  // Up to 8 MiB any ratio goes.
  const std::string small = kBegin + "data 1 0 8388000\n";
  const Seen seen =
      read_all(HandMadeFrame().raw(small).run('a', 8'388'000, 128 << 10).raw("\n").finish());
  EXPECT_EQ(seen.error, "");
  EXPECT_EQ(seen.steps.size(), 2U);
}

TEST(RecordReader, RefusesMoreThanTheTotal) {
  HandMadeFrame frame;
  frame.raw(kBegin);
  for (int i = 0; i < 18; ++i)
    frame.raw("data 1 0 60000000\n").run('a', 60'000'000, 4000).raw("\n");
  const std::string bytes = frame.finish();
  RecordReader reader(std::make_unique<MemorySource>(bytes), "x.rec");
  int records = -1;
  Result<ReadStep> step = reader.next();
  for (; step.ok() && *step != ReadStep::end; step = reader.next()) ++records;
  ASSERT_FALSE(step.ok());
  EXPECT_NE(step.error().message.find("more than 1073741824 bytes"), std::string::npos);
  EXPECT_EQ(records, 17);
}

TEST(RecordReader, NamesAFileThatIsNotThere) {
  const auto reader = RecordReader::open("/nonexistent/a.rec");
  ASSERT_FALSE(reader.ok());
  EXPECT_NE(reader.error().message.find("cannot open /nonexistent/a.rec"), std::string::npos);
  EXPECT_FALSE(RecordReader::open("/").ok());
}

}  // namespace
}  // namespace playhead::recording
