// Records to recordings: order, duplicates, JSON payloads, torn exchanges, raw bodies, the kept
// file.
#include "recording/load.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "recording/serialize.h"
#include "recording/testing.h"
#include "recording/writer.h"

namespace playhead::recording {
namespace {

const std::string kBegin(kVersionLine);
constexpr std::string_view kRequest = R"({"method":"POST","target":"/v1","headers":[]})";
constexpr std::string_view kResponse = R"({"status":200,"headers":[]})";
constexpr std::string_view kEnd = R"({"reason":"complete"})";

std::string rec(RecordKind kind, std::string_view payload, int exchange = 1) {
  return record_text(kind, exchange, 0, payload);
}

std::string failure_of(const std::string& records) {
  const auto loaded = parse_recordings(kBegin + records, "x.rec");
  return loaded.ok() ? "" : loaded.error().message;
}

void expect_failure(const std::string& records, std::string_view part) {
  const std::string failure = failure_of(records);
  EXPECT_NE(failure.find(part), std::string::npos) << "wanted: " << part << "\n   got: " << failure;
  EXPECT_TRUE(failure.starts_with("x.rec: byte ")) << failure;
}

const std::string kAsked = rec(RecordKind::request, kRequest);
const std::string kAnswered = kAsked + rec(RecordKind::response, kResponse);
const std::string kEnded = kAnswered + rec(RecordKind::end, kEnd);

TEST(Load, PutsASampleTogether) {
  const std::string text = recording_text(sample_recording()).value();
  const auto loaded = parse_recordings(text, "");
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  ASSERT_EQ(loaded->size(), 1U);
  EXPECT_EQ(loaded->front(), sample_recording());
  EXPECT_EQ(loaded->front().exchanges[0].bytes_of(loaded->front().exchanges[0].chunks[2]), "\n");
}

TEST(Load, ReadsTheKeptFileOfVersion1) {
  const std::string path =
      std::string(PLAYHEAD_SOURCE_DIR) + "/harness/recording/testdata/v1_minimal.rec";
  const auto loaded = load(path);
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  ASSERT_EQ(loaded->size(), 1U);
  const Recording& recording = loaded->front();
  EXPECT_EQ(recording.path, path);
  EXPECT_EQ(recording.meta.title, "kept file of version 1");
  EXPECT_EQ(recording.meta.protocol, "openai-chat");
  ASSERT_EQ(recording.exchanges.size(), 1U);
  const RecordedExchange& exchange = recording.exchanges.front();
  EXPECT_EQ(exchange.target, "/v1/chat/completions");
  EXPECT_EQ(exchange.request_body, "{\"stream\":true}");
  EXPECT_EQ(exchange.responded_at, Instant{1200});
  EXPECT_EQ(exchange.status, 200);
  ASSERT_EQ(exchange.chunks.size(), 2U);
  EXPECT_EQ(exchange.bytes_of(exchange.chunks[1]), "ta: [DONE]\n\n");
  EXPECT_EQ(exchange.chunks[1].at, Instant{2500});
  EXPECT_EQ(exchange.trailers, (std::vector<Header>{{"x-done", "1"}}));
  EXPECT_EQ(exchange.end, (RecordedEnd{Instant{2600}, EndReason::complete, ""}));
  EXPECT_EQ(exchange.marks.size(), 1U);
  EXPECT_FALSE(recording.torn);
}

TEST(Load, ReadsTheExampleOfTheDocumentation) {
  const std::string page =
      bytes_of_file(std::string(PLAYHEAD_SOURCE_DIR) + "/recordings/FORMAT.md");
  const std::size_t begin = page.find("```\nplayhead-recording 1\nmeta");
  ASSERT_NE(begin, std::string::npos);
  const std::size_t end = page.find("\n```", begin);
  const auto loaded = parse_recordings(page.substr(begin + 4, end - begin - 3), "FORMAT.md");
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_EQ(loaded->front().exchanges.at(0).end.reason, EndReason::reset);
  EXPECT_EQ(loaded->front().exchanges[0].body,
            "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n");
  EXPECT_FALSE(loaded->front().torn);
}

// A table of FORMAT.md must have a row for each enumerator.
TEST(Load, TheDocumentationNamesAllKindsAndReasons) {
  const std::string page =
      bytes_of_file(std::string(PLAYHEAD_SOURCE_DIR) + "/recordings/FORMAT.md");
  const auto has_row = [&](std::string_view name) {
    return page.find("\n| `" + std::string(name) + "` |") != std::string::npos;
  };
  for (const auto& row : kRecordKinds) EXPECT_TRUE(has_row(row.name)) << row.name;
  for (const auto& row : kEndReasons) {
    EXPECT_EQ(has_row(row.name), row.value != EndReason::torn) << row.name;
  }
}

TEST(Load, JoinsRequestBodies) {
  const auto loaded = parse_recordings(
      kBegin + kAsked + rec(RecordKind::request_body, "ab") + rec(RecordKind::request_body, "cd"),
      "");
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->front().exchanges[0].request_body, "abcd");
}

TEST(Load, AnExchangeWithoutEndIsTornAtItsLastRecord) {
  const auto loaded =
      parse_recordings(kBegin + kAnswered + record_text(RecordKind::data, 1, 40, "abc") +
                           record_text(RecordKind::mark, 0, 90, "later"),
                       "");
  ASSERT_TRUE(loaded.ok());
  EXPECT_TRUE(loaded->front().torn);
  EXPECT_EQ(loaded->front().exchanges[0].end, (RecordedEnd{Instant{40}, EndReason::torn, ""}));
}

TEST(Load, ATornTailTearsTheLastRecordingOnly) {
  const auto loaded = parse_recordings(kBegin + kEnded + kBegin + kEnded + "mark 0 0 10\nabc", "");
  ASSERT_TRUE(loaded.ok());
  ASSERT_EQ(loaded->size(), 2U);
  EXPECT_FALSE((*loaded)[0].torn);
  EXPECT_TRUE((*loaded)[1].torn);
  EXPECT_EQ((*loaded)[1].exchanges[0].end.reason, EndReason::complete);
}

TEST(Load, AFileTornInItsFirstLineIsATornRecording) {
  const auto loaded = parse_recordings("playhead-rec", "");
  ASSERT_TRUE(loaded.ok());
  ASSERT_EQ(loaded->size(), 1U);
  EXPECT_TRUE(loaded->front().torn);
}

TEST(Load, RefusesTheWrongOrder) {
  expect_failure(kEnded + rec(RecordKind::response, kResponse), "after the exchange's end");
  expect_failure(kEnded + rec(RecordKind::data, "x"), "after the exchange's end");
  expect_failure(kEnded + rec(RecordKind::end, kEnd), "after the exchange's end");
  expect_failure(kAnswered + rec(RecordKind::response, kResponse), "has a response already");
  expect_failure(rec(RecordKind::data, "x"), "no request of that exchange");
  expect_failure(rec(RecordKind::mark, "x", 3), "no request of that exchange");
  expect_failure(kAsked + rec(RecordKind::data, "x"), "before the exchange's response");
  expect_failure(kAsked + rec(RecordKind::trailers, "{}"), "before the exchange's response");
  expect_failure(kAnswered + rec(RecordKind::trailers, "{}") + rec(RecordKind::data, "x"),
                 "after the exchange's trailers");
  expect_failure(kAnswered + rec(RecordKind::trailers, "{}") + rec(RecordKind::trailers, "{}"),
                 "has trailers already");
  expect_failure(kAsked + kAsked, "this one is 2");
  expect_failure(rec(RecordKind::request, kRequest, 2), "this one is 1");
  expect_failure(rec(RecordKind::meta, "{}", 0) + rec(RecordKind::meta, "{}", 0), "second meta");
  expect_failure(kAsked + rec(RecordKind::meta, "{}", 0), "after the first request");
}

TEST(Load, NamesTheOffsetOfTheRecord) {
  const std::string failure = failure_of(kEnded + rec(RecordKind::end, kEnd));
  EXPECT_TRUE(failure.starts_with("x.rec: byte " + std::to_string(kBegin.size() + kEnded.size())))
      << failure;
}

TEST(Load, AMarkMayFollowTheEnd) {
  EXPECT_EQ(failure_of(kEnded + rec(RecordKind::mark, "seen by hand")), "");
}

TEST(Load, RefusesBadPayloads) {
  for (const RecordKind kind : {RecordKind::request, RecordKind::meta}) {
    const int exchange = kind == RecordKind::meta ? 0 : 1;
    expect_failure(rec(kind, "{", exchange), "bad JSON");
    expect_failure(rec(kind, "", exchange), "bad JSON");
    expect_failure(rec(kind, "[]", exchange), "no JSON object");
    expect_failure(rec(kind, "{\"title\":\"\xff\"}", exchange), "UTF-8");
    expect_failure(rec(kind, std::string(1000, '['), exchange), "deeper");
  }
  expect_failure(rec(RecordKind::meta, R"({"title":5})", 0), "\"title\" is no string");
  expect_failure(rec(RecordKind::request, R"({"target":"/"})"), "\"method\" is missing");
  expect_failure(rec(RecordKind::request, R"({"method":"A","target":1})"), "\"target\" is missing");
  expect_failure(kAsked + rec(RecordKind::response, "{}"), "\"status\" is missing");
  expect_failure(kAsked + rec(RecordKind::response, R"({"status":"200"})"),
                 "\"status\" is missing");
  expect_failure(kAsked + rec(RecordKind::response, R"({"status":99})"), "not between");
  expect_failure(kAsked + rec(RecordKind::response, R"({"status":4294967496})"), "not between");
  expect_failure(kAnswered + rec(RecordKind::end, R"({"reason":"bored"})"),
                 "unknown end reason \"bored\"");
  expect_failure(kAnswered + rec(RecordKind::end, R"({"reason":"torn"})"), "leave it out");
  expect_failure(kAnswered + rec(RecordKind::data, "abc") +
                     rec(RecordKind::end, R"({"reason":"reset","bytes":4})"),
                 "the body has 4 bytes, the data records hold 3");
}

TEST(Load, RefusesHeadersThatHttpCannotCarry) {
  for (const std::string_view headers :
       {R"([["a","b\r\nc: d"]])", R"([["a\n","b"]])", R"([["a","b\u0000"]])", R"([["","b"]])",
        R"([["a"]])", R"([["a",1]])", R"(["a","b"])", R"({"a":"b"})", R"([["a","b","c"]])"}) {
    const std::string json = R"({"status":200,"headers":)" + std::string(headers) + "}";
    EXPECT_NE(failure_of(kAsked + rec(RecordKind::response, json)), "") << headers;
  }
  EXPECT_NE(failure_of(rec(RecordKind::request, R"({"method":"GET","target":"/\r\nx"})")), "");
}

TEST(Load, ReadsPlainAndCompressedRecordingsOfOneFile) {
  const ScratchFolder scratch;
  ASSERT_TRUE(write_recording(sample_recording(), scratch / "a.rec.zst").ok());
  const std::string text = recording_text(sample_recording()).value();
  // The name says nothing about the compression.
  const std::string path = scratch / "both.rec";
  put_file(path, text + bytes_of_file(scratch / "a.rec.zst") + text);
  int count = 0;
  const Status status = each_recording(path, {}, [&](Recording recording) -> Status {
    recording.path.clear();
    EXPECT_EQ(recording, sample_recording());
    ++count;
    return Done{};
  });
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(count, 3);
}

TEST(Load, AVisitorStopsTheLoading) {
  const ScratchFolder scratch;
  put_file(scratch / "a.rec", kBegin + kEnded + kBegin + kEnded);
  int count = 0;
  const Status status = each_recording(scratch / "a.rec", {}, [&](const Recording&) -> Status {
    ++count;
    return Error{"enough"};
  });
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().message, "enough");
  EXPECT_EQ(count, 1);
}

TEST(Load, TakesARawBodyForARecording) {
  const ScratchFolder scratch;
  const std::string path = scratch / "openai-chat/x.sse";
  put_file(path, "data: 1\n\n");
  put_file(scratch / "openai-chat/x.boundaries.json", "[3,6]");
  const auto loaded = load(path);
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  ASSERT_EQ(loaded->size(), 1U);
  const Recording& recording = loaded->front();
  EXPECT_EQ(recording.meta.protocol, "openai-chat");
  EXPECT_EQ(recording.meta.origin, "imported");
  ASSERT_EQ(recording.exchanges.size(), 1U);
  EXPECT_EQ(recording.exchanges[0].status, 200);
  EXPECT_EQ(recording.exchanges[0].body, "data: 1\n\n");
  EXPECT_EQ(recording.exchanges[0].chunks.size(), 1U);  // files beside it are for import
  EXPECT_EQ(recording.exchanges[0].end.reason, EndReason::complete);
  EXPECT_EQ(load(path, {.protocol = "mistral"})->front().meta.protocol, "mistral");
}

TEST(Load, NeedsNoFolderForTheProtocol) {
  const ScratchFolder scratch;
  put_file(scratch / "x.ndjson", "{}\n");
  EXPECT_EQ(load(scratch / "x.ndjson")->front().meta.protocol, "");
  EXPECT_FALSE(load(scratch / "none.sse").ok());
  EXPECT_FALSE(load(scratch.path()).ok());
}

}  // namespace
}  // namespace playhead::recording
