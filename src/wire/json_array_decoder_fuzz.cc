// JSON array decoding: pieces give what the whole gives, and a body that is a JSON array of objects
// gives its elements.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/json.h"
#include "wire/json_array_decoder.h"
#include "wire/testing.h"

namespace {

using playhead::JsonDocument;
using playhead::JsonValue;
using playhead::Result;
using playhead::wire::cut_every;
using playhead::wire::decode_chunks;
using playhead::wire::find_cut_that_matters;
using playhead::wire::FrameCopy;
using playhead::wire::JsonArrayDecoder;

// Above it only some of the cuts are tried: all of them cost its square.
constexpr std::size_t kEveryCutBytesMax = 96;

void check_elements(const std::vector<FrameCopy>& frames, const JsonDocument& document) {
  if (!document.IsArray()) return;
  PLAYHEAD_CHECK(frames.size() == document.Size());
  rapidjson::SizeType i = 0;
  for (const FrameCopy& frame : frames) {
    PLAYHEAD_CHECK(!frame.unterminated);
    const Result<JsonDocument> element = playhead::parse_json(frame.data);
    PLAYHEAD_CHECK(element.ok());
    PLAYHEAD_CHECK(playhead::json_text(*element) == playhead::json_text(document[i++]));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  JsonArrayDecoder decoder;
  const std::vector<FrameCopy> whole = decode_chunks(decoder, {body});
  std::uint64_t end = 0;
  for (const FrameCopy& frame : whole) {
    PLAYHEAD_CHECK(frame.offset == end && !frame.data.empty());
    end += frame.size;
    PLAYHEAD_CHECK(end <= size);
    PLAYHEAD_CHECK(body.substr(frame.offset, frame.size).find(frame.data) != std::string::npos);
  }
  if (const Result<JsonDocument> document = playhead::parse_json(body); document.ok()) {
    check_elements(whole, *document);
  }
  if (size <= kEveryCutBytesMax) PLAYHEAD_CHECK(!find_cut_that_matters<JsonArrayDecoder>(body));
  for (const std::size_t chunk : {1U, 2U, 3U, 5U, 7U, 64U, 1000U}) {
    JsonArrayDecoder pieces;
    PLAYHEAD_CHECK(decode_chunks(pieces, cut_every(body, chunk)) == whole);
  }
  return 0;
}
