// The yardstick: a RapidJSON DOM parse that only takes the text out of payloads already split.
#ifndef PLAYHEAD_BENCH_BASELINE_H_
#define PLAYHEAD_BENCH_BASELINE_H_

#include <rapidjson/document.h>

#include <string>
#include <string_view>

#include "model/protocol.h"

namespace playhead::bench {

// The text of a stream: content and tool arguments of choice 0, each in order of arrival. Arguments
// that are objects on the wire are left out.
struct Text {
  std::string content;
  std::string arguments;

  void clear() {
    content.clear();
    arguments.clear();
  }
  bool operator==(const Text&) const = default;
};

// Used as RapidJSON is fastest without changing its input: NUL-terminated text, one document whose
// memory pool is emptied before each payload.
class DomExtractor {
 public:
  explicit DomExtractor(Protocol protocol = Protocol::openai_chat) : protocol_(protocol) {}

  // Appends the text of one payload, which must end in a NUL. No JSON: nothing.
  void extract(std::string_view payload, Text& text);

 private:
  Protocol protocol_;
  rapidjson::MemoryPoolAllocator<> pool_;
  rapidjson::Document document_{&pool_};
};

}  // namespace playhead::bench

#endif  // PLAYHEAD_BENCH_BASELINE_H_
