// SSE decoding: pieces give what the whole gives, and the events are those of a slow reading of the
// standard.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "wire/sse_decoder.h"
#include "wire/testing.h"

namespace {

using playhead::FrameKind;
using playhead::wire::cut_every;
using playhead::wire::decode_chunks;
using playhead::wire::find_cut_that_matters;
using playhead::wire::FrameCopy;
using playhead::wire::SseDecoder;

// Above it only some of the cuts are tried: all of them cost its square.
constexpr std::size_t kEveryCutBytesMax = 96;

// WHATWG HTML 9.2.6, word for word, one character at a time.
class SlowReader {
 public:
  struct Event {
    std::string type, data, id;
    bool operator==(const Event&) const = default;
  };

  explicit SlowReader(std::string body) {
    if (body.starts_with("\xEF\xBB\xBF")) body.erase(0, 3);
    std::string line;
    for (std::size_t i = 0; i < body.size(); ++i) {
      if (body[i] != '\r' && body[i] != '\n') {
        line.push_back(body[i]);
        continue;
      }
      if (body[i] == '\r' && i + 1 < body.size() && body[i + 1] == '\n') ++i;
      process_line(line);
      line.clear();
    }
    if (line.starts_with(':')) comments.push_back(line.substr(1));
  }

  std::vector<Event> events;
  std::vector<std::string> comments;
  std::string last_event_id;
  std::optional<std::uint64_t> retry;

 private:
  void process_line(const std::string& line) {
    if (line.empty()) {
      dispatch();
    } else if (line[0] == ':') {
      comments.push_back(line.substr(1));
    } else {
      const std::size_t colon = line.find(':');
      std::string value = colon == std::string::npos ? "" : line.substr(colon + 1);
      if (!value.empty() && value[0] == ' ') value.erase(0, 1);
      process_field(line.substr(0, colon), value);
    }
  }

  void process_field(const std::string& name, const std::string& value) {
    if (name == "event") type_ = value;
    if (name == "data") data_ += value + "\n";
    if (name == "id" && value.find('\0') == std::string::npos) id_ = value;
    if (name == "retry" && !value.empty() &&
        value.find_first_not_of("0123456789") == std::string::npos) {
      retry = saturating(value);
    }
  }

  static std::uint64_t saturating(const std::string& digits) {
    constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t number = 0;
    for (const char c : digits) {
      const auto digit = static_cast<std::uint64_t>(c - '0');
      if (number > kMax / 10 || number * 10 > kMax - digit) return kMax;
      number = number * 10 + digit;
    }
    return number;
  }

  void dispatch() {
    last_event_id = id_;
    if (!data_.empty()) {
      data_.pop_back();
      events.push_back({type_, data_, last_event_id});
    }
    data_.clear();
    type_.clear();
  }

  std::string data_, type_, id_;
};

void check_against_reference(const std::string& body, const std::vector<FrameCopy>& frames,
                             const SseDecoder& decoder) {
  std::vector<SlowReader::Event> events;
  std::vector<std::string> comments;
  for (const FrameCopy& frame : frames) {
    PLAYHEAD_CHECK(frame.offset + frame.size <= body.size());
    if (frame.kind == FrameKind::comment) comments.push_back(frame.data);
    if (frame.kind == FrameKind::event && !frame.unterminated) {
      events.push_back({frame.event, frame.data, frame.id});
    }
  }
  const SlowReader reference(body);
  PLAYHEAD_CHECK(events == reference.events);
  PLAYHEAD_CHECK(comments == reference.comments);
  PLAYHEAD_CHECK(decoder.last_event_id() == reference.last_event_id);
  PLAYHEAD_CHECK(decoder.retry_ms() == reference.retry);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  SseDecoder decoder;
  const std::vector<FrameCopy> whole = decode_chunks(decoder, {body});
  check_against_reference(body, whole, decoder);
  if (size <= kEveryCutBytesMax) {
    PLAYHEAD_CHECK(!find_cut_that_matters<SseDecoder>(body));
  }
  for (const std::size_t chunk : {1U, 2U, 3U, 5U, 7U, 64U, 1000U}) {
    SseDecoder pieces;
    PLAYHEAD_CHECK(decode_chunks(pieces, cut_every(body, chunk)) == whole);
  }
  return 0;
}
