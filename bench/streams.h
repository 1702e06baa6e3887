// The data sets of the benchmarks: generated streams of each protocol, and real ones.
#ifndef PLAYHEAD_BENCH_STREAMS_H_
#define PLAYHEAD_BENCH_STREAMS_H_

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/frame.h"
#include "model/protocol.h"

namespace playhead::bench {

// One response body.
struct Stream {
  Protocol protocol = Protocol::openai_chat;
  std::string name;
  std::string body;
  std::vector<std::string_view> events;  // the body, cut behind each frame: one a read. Borrowed
  // Without comments and [DONE]. A NUL stands behind the data of each, which borrows from
  // `payload_bytes`; its other views borrow from `words`.
  std::vector<Frame> frames;
  std::string payload_bytes;
  std::set<std::string, std::less<>> words;
};

struct DataSet {
  Protocol protocol = Protocol::openai_chat;
  std::string name;
  bool generated = true;
  std::vector<Stream> streams;
  std::size_t bytes = 0;   // of all bodies
  std::size_t events = 0;  // of all streams
  std::size_t payloads = 0;
  std::size_t payload_bytes = 0;
};

// Of OpenAI chat `chat`, `chat_obfuscated`, `tools` (three calls one after the other, obfuscated)
// and `think` (a long think block, then Markdown with code); of each other protocol that has a
// script a set of its name. Seeded: the same bytes on every machine. About `bytes` each, in streams
// of some 4000 frames.
std::vector<DataSet> generated_sets(std::size_t bytes);

// A set `real_<protocol>` for each protocol of the catalog with bodies below `folder`: files below
// a folder of the protocol's name, ending in .sse, .ndjson, .eventstream or .jsonarray, in order of
// path.
std::vector<DataSet> real_sets(const std::string& folder);

}  // namespace playhead::bench

#endif  // PLAYHEAD_BENCH_STREAMS_H_
