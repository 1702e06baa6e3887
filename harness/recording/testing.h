// What the tests of this room share: a scratch folder, a sample recording, zstd frames made by
// hand.
#ifndef PLAYHEAD_RECORDING_TESTING_H_
#define PLAYHEAD_RECORDING_TESTING_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "file/testing.h"
#include "recording/record.h"
#include "recording/record_input.h"
#include "recording/recording.h"

namespace playhead::recording {

using file::ScratchFolder;

inline std::string bytes_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void put_file(const std::string& path, std::string_view bytes) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

inline std::string record_text(RecordKind kind, int exchange, std::int64_t at_us,
                               std::string_view payload) {
  std::string text;
  append_record({kind, exchange, Instant{at_us}, payload}, text);
  return text;
}

inline void add_chunk(RecordedExchange& exchange, std::int64_t at_us, std::string_view bytes) {
  exchange.chunks.push_back({Instant{at_us}, exchange.body.size(), bytes.size()});
  exchange.body += bytes;
}

// Two interleaved exchanges and all kinds of records, with bytes that are neither text nor UTF-8.
inline Recording sample_recording() {
  Recording recording;
  recording.meta.title = "two at once";
  recording.meta.protocol = "openai-chat";
  recording.meta.origin = "captured";
  recording.meta.timing = "read";
  recording.meta.json =
      R"({"title":"two at once","protocol":"openai-chat","origin":"captured","timing":"read",)"
      R"("redacted":["authorization"]})";
  recording.marks.push_back({Instant{7}, "a note\nof two lines"});
  RecordedExchange first;
  first.index = 1;
  first.requested_at = Instant{10};
  first.method = "POST";
  first.target = "/v1/chat/completions?x=1";
  first.request_headers = {{"Content-Type", "application/json"}, {"x-a", ""}, {"x-a", "\"\\\t"}};
  first.request_body = "{\"stream\":true}";
  first.responded_at = Instant{30};
  first.status = 200;
  first.response_headers = {{"content-type", "text/event-stream"}};
  add_chunk(first, 40, "data: {\"a\":1}\n\nda");
  add_chunk(first, 60, std::string_view("ta: \0\xff\xfe\r\n\r\n", 11));
  add_chunk(first, 60, "\n");
  first.trailers = {{"x-checksum", "1"}};
  first.end = {Instant{90}, EndReason::complete, ""};
  first.marks.push_back({Instant{50}, "here it hung"});
  RecordedExchange second;
  second.index = 2;
  second.requested_at = Instant{35};
  second.method = "GET";
  second.target = "/v1/models";
  second.end = {Instant{70}, EndReason::reset, "ECONNRESET"};
  recording.exchanges = {first, second};
  return recording;
}

// One zstd frame of raw and run-length blocks, without checksum.
class HandMadeFrame {
 public:
  // `window`: the window descriptor byte; 0x38 is 128 KiB.
  explicit HandMadeFrame(char window = '\x38') {
    bytes_ += kZstdMagic;
    bytes_ += '\0';  // no content size, no checksum, no dictionary
    bytes_ += window;
  }
  HandMadeFrame& raw(std::string_view bytes) {
    add_block_header(0, bytes.size());
    bytes_ += bytes;
    return *this;
  }
  HandMadeFrame& run(char byte, std::size_t count, std::size_t block_size) {
    for (; count > 0; count -= std::min(count, block_size)) {
      add_block_header(1, std::min(count, block_size));
      bytes_ += byte;
    }
    return *this;
  }
  std::string finish() {
    add_block_header(0, 0, true);
    return bytes_;
  }

 private:
  void add_block_header(std::size_t type, std::size_t size, bool is_last = false) {
    const std::size_t header = (size << 3) | (type << 1) | (is_last ? 1 : 0);
    for (const int shift : {0, 8, 16}) bytes_ += static_cast<char>((header >> shift) & 0xff);
  }

  std::string bytes_;
};

}  // namespace playhead::recording

#endif  // PLAYHEAD_RECORDING_TESTING_H_
