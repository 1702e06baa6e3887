// Which file an exchange goes into: names, and each limit of files at its border and one beyond.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>

#include "record/file_shelf.h"
#include "record/tape.h"
#include "record/testing.h"
#include "recording/payload.h"

namespace playhead::record {
namespace {

// Without sockets: sizes to the byte.

const std::string kRequest = recording::request_payload("POST", "/a", {});
const std::string kResponse = recording::response_payload(200, {});
const std::string kEnd = recording::end_payload(EndReason::complete, "", 0);

// What a record counts towards the limits.
std::uint64_t size_of(const std::string& payload) {
  return payload.size() + recording::kHeaderLineMax;
}

constexpr std::uint64_t kRecordsOfAnExchange = 3;
std::uint64_t size_of_an_exchange() {
  return size_of(kRequest) + size_of(kResponse) + size_of(kEnd);
}

class Files : public ::testing::Test {
 protected:
  FileShelf shelf_in(const recording::ScratchFolder& folder) {
    return FileShelf({folder.path(), true}, {"test", [](std::string_view) {}}, limits_);
  }
  FileShelf shelf() { return shelf_in(folder_); }

  static int begin(RecordingFile& file) {
    const Result<int> exchange = file.begin_exchange(kRequest, "host", "test");
    EXPECT_TRUE(exchange.ok());
    return exchange.ok() ? *exchange : 0;
  }
  static void end(RecordingFile& file, int exchange) {
    EXPECT_TRUE(file.append(RecordKind::response, exchange, kResponse).ok());
    EXPECT_TRUE(file.append(RecordKind::end, exchange, kEnd).ok());
    file.close_exchange(exchange, {});
  }
  // Where the next exchange with that name goes, or the failure.
  static std::string path_for(FileShelf& shelf, std::string_view name) {
    const auto file = shelf.file_for(name);
    return file.ok() ? std::filesystem::path((*file)->path()).filename().string()
                     : file.error().message;
  }
  // How many of four exchanges go into each file.
  std::vector<int> spread() {
    const recording::ScratchFolder folder;
    FileShelf shelf = shelf_in(folder);
    for (int i = 0; i < 4; ++i) {
      const auto file = shelf.file_for("a").value();
      end(*file, begin(*file));
    }
    shelf.finish();
    std::vector<int> counts;
    for (const FinishedFile& file : shelf.finished()) {
      const auto loaded = recording::load(file.path);
      EXPECT_TRUE(loaded.ok() && !file.incomplete);
      counts.push_back(file.exchanges);
    }
    return counts;
  }

  RecordLimits limits_;
  recording::ScratchFolder folder_;
};

TEST_F(Files, AFurtherOneBeginsAtTheExchangesOfOne) {
  limits_.file_exchanges = 2;
  EXPECT_EQ(spread(), (std::vector<int>{2, 2}));
  limits_.file_exchanges = 3;
  EXPECT_EQ(spread(), (std::vector<int>{3, 1}));
}

TEST_F(Files, AFurtherOneBeginsAtTheRecordsOfOne) {
  limits_.file_records = 2 * kRecordsOfAnExchange;
  EXPECT_EQ(spread(), (std::vector<int>{2, 2}));
  limits_.file_records = 2 * kRecordsOfAnExchange + 1;
  EXPECT_EQ(spread(), (std::vector<int>{3, 1}));
}

TEST_F(Files, AFurtherOneBeginsAtTheBytesOfOne) {
  limits_.file_bytes = 2 * size_of_an_exchange();
  EXPECT_EQ(spread(), (std::vector<int>{2, 2}));
  limits_.file_bytes = 2 * size_of_an_exchange() + 1;
  EXPECT_EQ(spread(), (std::vector<int>{3, 1}));
}

TEST_F(Files, AsManyAreOpenAsMayBe) {
  limits_.files = 2;
  FileShelf shelf = Files::shelf();
  const auto a = shelf.file_for("a").value();
  const int of_a = begin(*a);
  const auto b = shelf.file_for("b").value();
  const int of_b = begin(*b);
  EXPECT_EQ(path_for(shelf, "c"), "all of 2 recordings have open exchanges");
  EXPECT_EQ(path_for(shelf, "b"), "b.rec.zst");  // needs no further one
  EXPECT_TRUE(shelf.finished().empty());
  end(*a, of_a);
  EXPECT_EQ(path_for(shelf, "c"), "c.rec.zst");
  ASSERT_EQ(shelf.finished().size(), 1u);
  EXPECT_EQ(shelf.finished().front().path, folder_ / "a.rec.zst");
  end(*b, of_b);
  shelf.finish();
  EXPECT_EQ(shelf.finished().size(), 2u);  // nothing came into the third
}

// One that takes no more counts until its last exchange has ended.
TEST_F(Files, FullOnesAreOpenToo) {
  limits_.files = 1;
  limits_.file_exchanges = 1;
  FileShelf shelf = Files::shelf();
  const auto first = shelf.file_for("a").value();
  const int exchange = begin(*first);
  EXPECT_EQ(path_for(shelf, "a"), "all of 1 recordings have open exchanges");
  end(*first, exchange);
  EXPECT_EQ(path_for(shelf, "a"), "a-2.rec.zst");
  EXPECT_EQ(shelf.finished().size(), 1u);
}

TEST_F(Files, AreNumberedNoFurtherThanTheLimit) {
  limits_.file_number_max = 3;
  FileShelf shelf = Files::shelf();
  recording::put_file(folder_ / "a.rec.zst", "mine");
  recording::put_file(folder_ / "a-2.rec.zst", "mine");
  EXPECT_EQ(path_for(shelf, "a"), "a-3.rec.zst");
  recording::put_file(folder_ / "b.rec.zst", "mine");
  recording::put_file(folder_ / "b-2.rec.zst", "mine");
  recording::put_file(folder_ / "b-3.rec.zst", "mine");
  EXPECT_EQ(path_for(shelf, "b"),
            (folder_ / "b.rec.zst") + " and 3 numbered ones exist already: name another folder");
  shelf.finish();
}

// An exchange whose body comes in `pieces` of one letter: what of it was recorded.
struct Taped {
  std::string body;
  EndReason reason;
  bool whole;
};
bool operator==(const Taped& a, const Taped& b) {
  return a.body == b.body && a.reason == b.reason && a.whole == b.whole;
}

Taped taped(const RecordLimits& limits, int pieces) {
  const recording::ScratchFolder folder;
  const auto file =
      RecordingFile::create(folder / "x.rec", {"test", [](std::string_view) {}}, limits).value();
  recording::Redactor redactor;
  Tape tape(file, redactor, limits);
  net::RequestHead request;
  request.method = "POST";
  net::ResponseHead response;
  response.status = 200;
  tape.request(request, "/a", "", {"", net::url_to("127.0.0.1", 1), "test", ""});
  tape.response(response);
  for (int i = 0; i < pieces; ++i) tape.data("x");
  tape.end(EndReason::complete, "");
  EXPECT_FALSE(tape.has_failed());
  EXPECT_EQ(tape.bytes(), static_cast<std::uint64_t>(pieces));
  EXPECT_TRUE(file->finish().ok());
  const Recording recording = recording::load(folder / "x.rec").value().front();
  EXPECT_FALSE(recording.torn);
  const RecordedExchange& exchange = recording.exchanges.front();
  return {exchange.body, exchange.end.reason, tape.is_whole()};
}

TEST_F(Files, EndInTheSizeCapBehindTheLastRecord) {
  limits_.file_records_max = 2 + 3;  // request and response before the body
  EXPECT_EQ(taped(limits_, 3), (Taped{"xxx", EndReason::complete, true}));
  EXPECT_EQ(taped(limits_, 4), (Taped{"xxx", EndReason::size_cap, false}));
}

TEST_F(Files, EndInTheSizeCapBehindTheLastByte) {
  const std::uint64_t before = size_of(kRequest) + size_of(kResponse);
  limits_.file_bytes_max = before + 3 * size_of("x");
  EXPECT_EQ(taped(limits_, 3), (Taped{"xxx", EndReason::complete, true}));
  EXPECT_EQ(taped(limits_, 4), (Taped{"xxx", EndReason::size_cap, false}));
  limits_.file_bytes_max = before + 3 * size_of("x") + 1;  // a read that begins below it is taken
  EXPECT_EQ(taped(limits_, 4), (Taped{"xxxx", EndReason::complete, true}));
  EXPECT_EQ(taped(limits_, 5), (Taped{"xxxx", EndReason::size_cap, false}));
}

// With sockets: what clients see of it.

class RecorderFiles : public RelayTest {
 protected:
  void whole_exchange(std::size_t place, const std::string& request) {
    Peer& to = client(request);
    pass(asked(place), to, kOne);
    until_ended(place + 1);
  }
  // A whole exchange for which there is no file: the client has its answer all the same.
  void unrecorded_exchange(std::size_t place, const std::string& request, const std::string& why) {
    const std::size_t warned = warnings_.size();
    Peer& to = client(request);
    pass(asked(place), to, kOne);
    until([&] { return ended_.size() == recorder_->stats().exchanges && !ended_.empty(); });
    EXPECT_TRUE(recorder_->stats().incomplete);
    ASSERT_EQ(warnings_.size(), warned + 1);
    EXPECT_EQ(warnings_.back(), "an exchange is not recorded: " + why);
  }
  std::size_t files() const {
    const std::filesystem::directory_iterator all(folder_.path());
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
  }

  const std::string kOne = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
};

std::string named(const std::string& name) {
  return post("/a", "{}", "x-playhead-recording: " + name + "\r\n");
}

TEST_F(RecorderFiles, RelaysUnrecordedWhereAllAreInUse) {
  options_.limits.files = 1;
  const std::string why = "all of 1 recordings have open exchanges";
  start();
  Peer& to = client(named("a"));
  Peer& up = asked(0);
  pass(up, to, kChunkedHead);
  unrecorded_exchange(1, named("b"), why);
  EXPECT_EQ(files(), 1u);
  pass(up, to, chunk("x") + "0\r\n\r\n");  // it was not disturbed
  until_ended(2);
  whole_exchange(2, named("b"));
  stop();
  EXPECT_EQ(load("a.rec.zst").exchanges.front().end.reason, EndReason::complete);
  EXPECT_EQ(load("b.rec.zst").exchanges.size(), 1u);
}

TEST_F(RecorderFiles, RelaysUnrecordedWhereAllNumbersAreTaken) {
  options_.limits.file_number_max = 2;
  options_.limits.file_exchanges = 1;
  start();
  whole_exchange(0, named("a"));
  whole_exchange(1, named("a"));
  const std::string why =
      (folder_ / "a.rec.zst") + " and 2 numbered ones exist already: name another folder";
  unrecorded_exchange(2, named("a"), why);
  stop();
  EXPECT_EQ(files(), 2u);
  EXPECT_EQ(load("a.rec.zst").exchanges.size(), 1u);
  EXPECT_EQ(load("a-2.rec.zst").exchanges.size(), 1u);
}

TEST_F(RecorderFiles, StrictRefusesWhatNoFileTakes) {
  options_.limits.files = 1;
  options_.strict = true;
  start();
  Peer& to = client(named("a"));
  Peer& up = asked(0);
  Peer& refused = client(named("b"));
  until([&] { return refused.text().ends_with("}}"); });
  EXPECT_TRUE(refused.text().starts_with("HTTP/1.1 503 ")) << refused.text();
  EXPECT_EQ(upstream_.connections(), 1u);
  pass(up, to, kOne);
  until_ended(1);
  stop();
  EXPECT_EQ(load("a.rec.zst").exchanges.front().end.reason, EndReason::complete);
  EXPECT_EQ(files(), 1u);
}

// All exchanges of a full file, whoever filled it.
TEST_F(RecorderFiles, EndsTheRecordingOfAllThatAreOpenInAFullOne) {
  options_.limits.file_records_max = 2 * 3 + 1;  // two requests, their bodies, two responses
  start();
  Peer& one = client(post("/a", "{1}"));
  Peer& up_one = asked(0);
  Peer& two = client(post("/a", "{2}"));
  Peer& up_two = asked(1);
  pass(up_one, one, kChunkedHead);
  pass(up_two, two, kChunkedHead);
  pass(up_one, one, chunk("one"));
  pass(up_two, two, chunk("two"));
  pass(up_one, one, "0\r\n\r\n");
  pass(up_two, two, "0\r\n\r\n");
  until_ended(2);
  EXPECT_FALSE(recorder_->stats().incomplete);
  EXPECT_EQ(warnings_.size(), 1u);
  const Recording recording = recorded();
  EXPECT_EQ(recording.exchanges[0].body, "one");
  EXPECT_EQ(recording.exchanges[0].end.reason, EndReason::complete);
  EXPECT_EQ(recording.exchanges[1].body, "");
  EXPECT_EQ(recording.exchanges[1].end.reason, EndReason::size_cap);
}

TEST_F(RecorderFiles, MakesOneFileForEachName) {
  options_.name = "given";
  start();
  whole_exchange(0, post("/a", "{}"));
  whole_exchange(1, post("/b", "{}", "X-Playhead-Recording: own.1\r\n"));
  whole_exchange(2, post("/c", "{}"));
  EXPECT_EQ(upstream_[1].text().find("layhead"), std::string::npos);
  stop();
  EXPECT_EQ(load("given.rec.zst").exchanges.size(), 2u);
  const RecordedExchange named = load("own.1.rec.zst").exchanges.front();
  EXPECT_EQ(named.target, "/b");
  EXPECT_EQ(header_value(named.request_headers, "x-playhead-recording"), "");
  EXPECT_EQ(files(), 2u);
  EXPECT_EQ(recorder_->finished().size(), 2u);
}

TEST_F(RecorderFiles, NeverWritesIntoAFileThatIsThere) {
  recording::put_file(folder_ / "recording.rec.zst", "mine");
  std::filesystem::create_symlink(folder_ / "elsewhere", folder_ / "recording-2.rec.zst");
  start();
  whole_exchange(0, post("/a", "{}"));
  stop();
  EXPECT_EQ(recording::bytes_of_file(folder_ / "recording.rec.zst"), "mine");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "elsewhere"));
  EXPECT_EQ(load("recording-3.rec.zst").exchanges.size(), 1u);
}

TEST_F(RecorderFiles, FilesAreForTheirOwnerOnly) {
  const mode_t before = ::umask(0);
  options_.output = {folder_ / "new/below", true};
  start();
  whole_exchange(0, post("/a", "{}"));
  const auto mode_of = [](const std::string& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 0777u;
  };
  EXPECT_EQ(mode_of(folder_ / "new"), 0700u);
  EXPECT_EQ(mode_of(folder_ / "new/below"), 0700u);
  EXPECT_EQ(mode_of(folder_ / "new/below/recording.rec.zst"), 0600u);  // while it grows
  stop();
  EXPECT_EQ(mode_of(folder_ / "new/below/recording.rec.zst"), 0600u);
  ::umask(before);
}

TEST_F(RecorderFiles, BeginsAFurtherFileWhenOneIsFull) {
  options_.limits.file_exchanges = 2;
  start();
  for (std::size_t i = 0; i < 3; ++i) whole_exchange(i, post("/a", "{}"));
  stop();
  EXPECT_EQ(load("recording.rec.zst").exchanges.size(), 2u);
  EXPECT_EQ(load("recording-2.rec.zst").exchanges.size(), 1u);
}

TEST_F(RecorderFiles, EndsRecordingInAFileThatIsFull) {
  options_.limits.file_bytes_max = 1000;
  start();
  Peer& to = client(post("/a", "{}"));
  Peer& up = asked(0);
  up.send(kChunkedHead + chunk(std::string(2000, 'a')));
  until([&] { return to.text().ends_with("a\r\n"); });
  pass(up, to, chunk("b") + "0\r\n\r\n");
  until_ended(1);
  EXPECT_EQ(recorded().exchanges.front().end.reason, EndReason::size_cap);
}

TEST_F(RecorderFiles, FinishesTheFileThatWasNotUsedForLongest) {
  options_.limits.files = 2;
  start();
  whole_exchange(0, post("/a", "{}", "x-playhead-recording: a\r\n"));
  whole_exchange(1, post("/a", "{}", "x-playhead-recording: b\r\n"));
  whole_exchange(2, post("/a", "{}", "x-playhead-recording: a\r\n"));
  whole_exchange(3, post("/a", "{}", "x-playhead-recording: c\r\n"));
  ASSERT_EQ(recorder_->finished().size(), 1u);
  EXPECT_EQ(recorder_->finished().front().path, folder_ / "b.rec.zst");
  // What is finished is not opened again.
  whole_exchange(4, post("/a", "{}", "x-playhead-recording: b\r\n"));
  stop();
  EXPECT_EQ(load("b-2.rec.zst").exchanges.size(), 1u);
}

TEST_F(RecorderFiles, OneFileTakesAllNames) {
  options_.output = {folder_ / "one.rec", false};
  start();
  whole_exchange(0, post("/a", "{}", "x-playhead-recording: a\r\n"));
  whole_exchange(1, post("/a", "{}", "x-playhead-recording: b\r\n"));
  EXPECT_EQ(warnings_.size(), 1u);
  stop();
  EXPECT_EQ(load("one.rec").exchanges.size(), 2u);
  auto second = Recorder::start(loop_, options_, {[](std::string_view) {}, {}});
  EXPECT_FALSE(second.ok());  // exists already
}

TEST_F(RecorderFiles, LeavesNoFileWhereNothingWasRecorded) {
  options_.output = {folder_ / "one.rec", false};
  start();
  EXPECT_TRUE(std::filesystem::exists(folder_ / "one.rec"));
  stop();
  EXPECT_FALSE(std::filesystem::exists(folder_ / "one.rec"));
}

TEST(RecordLimits, FitTheFilesThatAProcessMayOpen) {
  RecordLimits limits;
  limits.files = 100;
  limits.server.connections = 200;
  const std::size_t enough = 2 * 200 + 100 + kOtherFiles;
  const RecordLimits whole = fitting(limits, enough);
  EXPECT_EQ(whole.files, 100u);
  EXPECT_EQ(whole.server.connections, 200u);
  const RecordLimits fewer = fitting(limits, enough - 1);
  EXPECT_EQ(fewer.server.connections, 199u);
  for (const std::size_t open_files : {0u, 20u, 64u, 100u, 300u, 531u}) {
    const RecordLimits fit = fitting(limits, open_files);
    EXPECT_GT(fit.server.connections, 0u);
    EXPECT_GT(fit.files, 0u);
    const std::size_t used = 2 * fit.server.connections + fit.files;
    EXPECT_LE(used, std::max<std::size_t>(open_files, 4)) << open_files;
    if (open_files <= 2 * kOtherFiles) continue;
    EXPECT_LE(used + kOtherFiles, open_files);
  }
}

}  // namespace
}  // namespace playhead::record
