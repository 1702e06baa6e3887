// AWS event-stream decoding: pieces give what the whole gives, broken streams end, and a message
// with its checksums right is read by its rules. Random bytes never have right checksums, so the
// input is read as steps that change two good messages, whose checksums are then made right again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "wire/aws_event_stream_decoder.h"
#include "wire/crc32.h"
#include "wire/testing.h"

namespace {

using playhead::wire::AwsEventStreamDecoder;
using playhead::wire::crc32;
using playhead::wire::cut_every;
using playhead::wire::decode_chunks;
using playhead::wire::find_cut_that_matters;
using playhead::wire::FrameCopy;

// Above it only some of the cuts are tried: all of them cost its square.
constexpr std::size_t kEveryCutBytesMax = 96;
constexpr std::size_t kPreludeBytes = 12;
constexpr std::size_t kChecksumBytes = 4;

void put_number(std::uint32_t value, std::size_t at, std::string& bytes) {
  for (std::size_t i = 4; i-- > 0; value >>= 8U) bytes[at + i] = static_cast<char>(value & 0xFFU);
}

// A text, a 64-bit integer and bytes as headers, `{"p":"abc"}` as payload.
std::string good_message() {
  using namespace std::string_literals;
  const std::string headers =
      "\x0B:event-type\x07\0\x05"s + "chunk" + "\1n\x05\0\0\0\0\0\0\0\x2A"s + "\1b\x06\0\2xy"s;
  std::string bytes(kPreludeBytes, '\0');
  bytes += headers + R"({"p":"abc"})" + std::string(kChecksumBytes, '\0');
  put_number(static_cast<std::uint32_t>(bytes.size()), 0, bytes);
  put_number(static_cast<std::uint32_t>(headers.size()), 4, bytes);
  return bytes;
}

enum : unsigned { kFixLength = 1, kFixPrelude = 2, kFixMessage = 4 };

// Three input bytes a step: what to do, where, with which byte.
std::string changed_message(std::string_view steps, unsigned fixes) {
  std::string bytes = good_message();
  for (; steps.size() >= 3; steps.remove_prefix(3)) {
    const std::size_t at = static_cast<unsigned char>(steps[1]) % bytes.size();
    switch (static_cast<unsigned char>(steps[0]) % 4) {
      case 0: bytes[at] = steps[2]; break;
      case 1: bytes.insert(at, 1, steps[2]); break;
      case 2:
        if (bytes.size() > kPreludeBytes + kChecksumBytes) bytes.erase(at, 1);
        break;
      default: bytes[4 + at % 4] = static_cast<char>(bytes[4 + at % 4] + steps[2]); break;
    }
  }
  if ((fixes & kFixLength) != 0) put_number(static_cast<std::uint32_t>(bytes.size()), 0, bytes);
  const std::string_view view = bytes;
  if ((fixes & kFixPrelude) != 0) put_number(crc32(view.substr(0, 8)), 8, bytes);
  const std::size_t checked = bytes.size() - kChecksumBytes;
  if ((fixes & kFixMessage) != 0) put_number(crc32(view.substr(0, checked)), checked, bytes);
  return bytes;
}

void check_sane(const std::vector<FrameCopy>& frames, std::size_t size) {
  std::uint64_t end = 0;
  for (const FrameCopy& frame : frames) {
    PLAYHEAD_CHECK(frame.offset == end);
    end += frame.size;
    const bool last = &frame == &frames.back();
    const bool whole = frame.error.empty() && !frame.unterminated;
    PLAYHEAD_CHECK(end <= size && (last || whole));
    PLAYHEAD_CHECK(whole || (frame.data.empty() && frame.headers.empty() && frame.event.empty()));
    std::vector<std::string> names;
    for (const auto& [name, value] : frame.headers) names.push_back(name);
    std::sort(names.begin(), names.end());
    PLAYHEAD_CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
  }
}

void check(const std::string& body) {
  AwsEventStreamDecoder decoder;
  const std::vector<FrameCopy> whole = decode_chunks(decoder, {body});
  check_sane(whole, body.size());
  if (body.size() <= kEveryCutBytesMax) {
    PLAYHEAD_CHECK(!find_cut_that_matters<AwsEventStreamDecoder>(body));
  }
  for (const std::size_t chunk : {1U, 2U, 3U, 5U, 7U, 64U, 1000U}) {
    AwsEventStreamDecoder pieces;
    PLAYHEAD_CHECK(decode_chunks(pieces, cut_every(body, chunk)) == whole);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  check(input);
  if (input.empty()) return 0;
  const auto fixes = static_cast<unsigned>(static_cast<unsigned char>(input[0]));
  const std::string_view steps = std::string_view(input).substr(1);
  const std::size_t half = steps.size() / 2;
  check(changed_message(steps.substr(0, half), fixes) +
        changed_message(steps.substr(half), fixes >> 4U));
  return 0;
}
