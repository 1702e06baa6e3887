#include "bench/file_bench.h"

#include <fmt/core.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "base/check.h"
#include "recording/reader.h"
#include "recording/writer.h"

namespace playhead::bench {
namespace {

// A folder of this process, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "playhead_bench_XXXXXX").string();
    PLAYHEAD_CHECK(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// Sum of the payload sizes; aborts on a failure, which would be one of the benchmark.
std::uint64_t read_records(const std::string& path) {
  auto reader = recording::RecordReader::open(path);
  PLAYHEAD_CHECK(reader.ok());
  std::uint64_t sum = 0;
  for (;;) {
    const auto step = reader->next();
    PLAYHEAD_CHECK(step.ok());
    if (*step == recording::ReadStep::end) return sum;
    if (*step == recording::ReadStep::record) sum += reader->record().payload.size();
  }
}

// A recording of about `bytes` written record by record, so that writing needs no memory either.
void write_long_file(const std::string& path, bool compressed, std::size_t bytes,
                     const std::string& event) {
  auto writer = recording::RecordWriter::create(path, {.compress = compressed});
  PLAYHEAD_CHECK(writer.ok());
  Record record{RecordKind::request, 1, {}, R"({"method":"POST","target":"/","headers":[]})"};
  PLAYHEAD_CHECK(writer->append(record).ok());
  record.kind = RecordKind::response;
  record.payload = R"({"status":200,"headers":[]})";
  PLAYHEAD_CHECK(writer->append(record).ok());
  record.kind = RecordKind::data;
  record.payload = event;
  for (std::size_t size = 0; size < bytes; size += event.size()) {
    record.at.us += 1000;
    PLAYHEAD_CHECK(writer->append(record).ok());
  }
  PLAYHEAD_CHECK(writer->close().ok());
}

// Peak resident memory in KiB of a child that reads the file; -1 where it failed.
long peak_of_reading(const std::string& path) {
  const pid_t child = fork();
  PLAYHEAD_CHECK(child >= 0);
  if (child == 0) {
    read_records(path);
    _exit(0);
  }
  int status = 0;
  rusage usage{};
  PLAYHEAD_CHECK(wait4(child, &status, 0, &usage) == child);
  return status == 0 ? usage.ru_maxrss : -1;
}

}  // namespace

Recording recording_of(const Stream& stream) {
  Recording recording;
  recording.meta.protocol = "openai-chat";
  recording.meta.json = R"({"protocol":"openai-chat"})";
  RecordedExchange& exchange = recording.exchanges.emplace_back();
  exchange.index = 1;
  exchange.method = "POST";
  exchange.target = "/v1/chat/completions";
  exchange.responded_at = Instant{};
  exchange.status = 200;
  exchange.body = stream.body;
  std::size_t offset = 0;
  for (const std::string_view event : stream.events) {
    exchange.end.at.us += 10'000;
    exchange.chunks.push_back({exchange.end.at, offset, event.size()});
    offset += event.size();
  }
  exchange.end.reason = EndReason::complete;
  return recording;
}

Pass read_file(const DataSet& set, bool compressed) {
  auto folder = std::make_shared<TemporaryFolder>();
  const std::string path = folder->file(compressed ? "set.rec.zst" : "set.rec");
  std::vector<Recording> recordings;
  for (const Stream& stream : set.streams) recordings.push_back(recording_of(stream));
  const Status written = recording::write_recordings(recordings, path);
  if (!written.ok()) fmt::print(stderr, "{}\n", written.error().message);
  PLAYHEAD_CHECK(written.ok());
  return [folder, path] { return read_records(path); };
}

bool print_memory() {
  constexpr std::array<std::size_t, 4> kMebibytes = {1, 16, 64, 256};
  constexpr double kGrowthMax = 1.1;  // of the whole process, pages of the C library included
  const Stream stream = std::move(generated_sets(1).front().streams.front());
  const std::string event(stream.events[1]);
  bool flat = true;
  const TemporaryFolder folder;
  for (const bool compressed : {false, true}) {
    long first = 0;
    for (const std::size_t mebibytes : kMebibytes) {
      const std::string path = folder.file(compressed ? "long.rec.zst" : "long.rec");
      write_long_file(path, compressed, mebibytes << 20, event);
      const long peak = peak_of_reading(path);
      std::filesystem::remove(path);
      if (first == 0) first = peak;
      const double growth = static_cast<double>(peak) / static_cast<double>(first);
      flat = flat && peak > 0 && growth <= kGrowthMax;
      fmt::print("memory/{:<12} {:>4} MiB of stream: peak {:>6} KiB\n",
                 compressed ? "read_rec_zst" : "read_rec", mebibytes, peak);
    }
  }
  fmt::print("memory {} with the length of a recording\n", flat ? "does not grow" : "GROWS");
  return flat;
}

}  // namespace playhead::bench
