// The data sets of the benchmarks: generated chat streams that look like OpenAI's, and real ones.
#ifndef PLAYHEAD_BENCH_STREAMS_H_
#define PLAYHEAD_BENCH_STREAMS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace playhead::bench {

// One response body of protocol openai-chat.
struct Stream {
  std::string name;
  std::string body;
  std::vector<std::string_view> events;   // the body, cut behind each frame: one a read. Borrowed
  std::vector<std::string_view> payloads;  // data of the frames, without [DONE]. Each ends in a NUL
  std::string payload_bytes;               // what the payloads borrow
};

struct DataSet {
  std::string name;
  bool generated = true;
  std::vector<Stream> streams;
  std::size_t bytes = 0;  // of all bodies
  std::size_t frames = 0;
};

// `chat`, `chat_obfuscated`, `tools` (three calls one after the other, obfuscated) and `think` (a
// long think block, then Markdown with code). Seeded: the same bytes on every machine. About
// `bytes` each, in streams of some 4000 frames.
std::vector<DataSet> generated_sets(std::size_t bytes);

// All openai-chat .sse files below `folder`, in order of path; nothing where there are none.
std::optional<DataSet> real_set(const std::string& folder);

}  // namespace playhead::bench

#endif  // PLAYHEAD_BENCH_STREAMS_H_
