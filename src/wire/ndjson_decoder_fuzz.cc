// NDJSON decoding: pieces give what the whole gives, and the lines are those of a slow reading.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "wire/ndjson_decoder.h"
#include "wire/testing.h"

namespace {

using playhead::wire::cut_every;
using playhead::wire::decode_chunks;
using playhead::wire::find_cut_that_matters;
using playhead::wire::FrameCopy;
using playhead::wire::NdjsonDecoder;

// Above it only some of the cuts are tried: all of them cost its square.
constexpr std::size_t kEveryCutBytesMax = 96;

bool is_blank(const std::string& line) {
  return line.find_first_not_of(" \t\r") == std::string::npos;
}

// One character at a time.
std::vector<std::string> slow_lines(std::string body) {
  if (body.starts_with("\xEF\xBB\xBF")) body.erase(0, 3);
  std::vector<std::string> lines;
  std::string line;
  for (const char c : body) {
    if (c != '\n') {
      line.push_back(c);
      continue;
    }
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (!is_blank(line)) lines.push_back(line);
    line.clear();
  }
  if (!is_blank(line)) lines.push_back(line);
  return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  NdjsonDecoder decoder;
  const std::vector<FrameCopy> whole = decode_chunks(decoder, {body});
  std::vector<std::string> lines;
  std::uint64_t end = 0;
  for (const FrameCopy& frame : whole) {
    PLAYHEAD_CHECK(frame.offset == end && frame.error.empty());
    end += frame.size;
    PLAYHEAD_CHECK(end <= size && frame.unterminated == (body[end - 1] != '\n'));
    lines.push_back(frame.data);
  }
  PLAYHEAD_CHECK(lines == slow_lines(body));
  if (size <= kEveryCutBytesMax) PLAYHEAD_CHECK(!find_cut_that_matters<NdjsonDecoder>(body));
  for (const std::size_t chunk : {1U, 2U, 3U, 5U, 7U, 64U, 1000U}) {
    NdjsonDecoder pieces;
    PLAYHEAD_CHECK(decode_chunks(pieces, cut_every(body, chunk)) == whole);
  }
  return 0;
}
