// Any bytes as a body: every split reads the same, and a chunked body that is whole reads back
// equal after it was written again.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "net/http_body.h"

namespace {

using namespace playhead;
using namespace playhead::net;

struct Reading {
  explicit Reading(BodyFraming framing) : reader(framing) {}
  void feed(std::string_view bytes) { taken += reader.feed(bytes, payload); }

  BodyReader reader;
  std::string payload;
  std::size_t taken = 0;
};

bool equal(const Reading& a, const Reading& b) {
  return a.taken == b.taken && a.payload == b.payload && a.reader.done() == b.reader.done() &&
         a.reader.malformed() == b.reader.malformed() && a.reader.may_end() == b.reader.may_end() &&
         a.reader.trailers() == b.reader.trailers();
}

void check_round_trip(const Reading& whole) {
  std::string text;
  append_chunk(whole.payload, text);
  text += kLastChunk;
  Reading again({BodyFraming::Kind::chunked, 0});
  again.feed(text);
  PLAYHEAD_CHECK(again.reader.done() && again.taken == text.size());
  PLAYHEAD_CHECK(again.payload == whole.payload);
  for (const HttpHeader& trailer : whole.reader.trailers()) PLAYHEAD_CHECK(is_safe(trailer));
}

void check_body(BodyFraming framing, std::string_view text) {
  Reading whole(framing);
  whole.feed(text);
  PLAYHEAD_CHECK(whole.payload.size() <= whole.taken);
  PLAYHEAD_CHECK(whole.taken == text.size() || whole.reader.done() || whole.reader.malformed());
  PLAYHEAD_CHECK(!whole.reader.malformed() || !whole.reader.may_end());

  Reading bytewise(framing);
  for (std::size_t i = 0; i < text.size(); ++i) bytewise.feed(text.substr(i, 1));
  PLAYHEAD_CHECK(equal(bytewise, whole));

  const std::size_t at = text.empty() ? 0 : static_cast<unsigned char>(text.back()) % text.size();
  Reading split(framing);
  split.feed(text.substr(0, at));
  split.feed(text.substr(at));
  PLAYHEAD_CHECK(equal(split, whole));
  if (whole.reader.done()) check_round_trip(whole);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_body({BodyFraming::Kind::chunked, 0}, text);
  check_body({BodyFraming::Kind::length, size / 2}, text);
  check_body({BodyFraming::Kind::until_close, 0}, text);
  return 0;
}
