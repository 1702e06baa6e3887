// What every decoder is tested with: the same body in every cut must give the same frames; frames
// as lines of text, and the published vectors. Tests only.
#ifndef PLAYHEAD_WIRE_TESTING_H_
#define PLAYHEAD_WIRE_TESTING_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "wire/frame_decoder.h"

namespace playhead::wire {

// A frame that owns its bytes.
struct FrameCopy {
  FrameKind kind = FrameKind::event;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::string event;
  std::string id;
  std::optional<std::uint64_t> retry;
  std::string data;
  bool unterminated = false;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string error;

  bool operator==(const FrameCopy&) const = default;
};

inline FrameCopy copy_of(const Frame& frame) {
  FrameCopy copy{frame.kind,
                 frame.offset,
                 frame.size,
                 std::string(frame.event),
                 std::string(frame.id),
                 frame.retry,
                 std::string(frame.data),
                 frame.unterminated,
                 {},
                 std::string(frame.error)};
  for (const auto& [name, value] : frame.headers) copy.headers.emplace_back(name, value);
  return copy;
}

// A body in the order of its chunks, then its end. Each chunk is a copy that is overwritten as soon
// as the decoder has let go of it, so that a view that outlives its chunk shows.
inline std::vector<FrameCopy> decode_chunks(FrameDecoder& decoder,
                                            const std::vector<std::string_view>& chunks) {
  std::vector<FrameCopy> frames;
  Frame frame;
  std::string bytes;
  for (const std::string_view chunk : chunks) {
    bytes.assign(chunk);
    decoder.feed(bytes);
    while (decoder.next(frame)) frames.push_back(copy_of(frame));
    std::fill(bytes.begin(), bytes.end(), '#');
  }
  decoder.finish();
  while (decoder.next(frame)) frames.push_back(copy_of(frame));
  return frames;
}

using FrameLines = std::vector<std::string>;

// kind OFFSET+SIZE [event] #id ~retry name=value.. 'data' cut !error, as far as the frame has them
inline std::string shown(const FrameCopy& frame) {
  std::string text(name_of(frame.kind));
  text += " " + std::to_string(frame.offset) + "+" + std::to_string(frame.size);
  if (!frame.event.empty()) text += " [" + frame.event + "]";
  if (!frame.id.empty()) text += " #" + frame.id;
  if (frame.retry) text += " ~" + std::to_string(*frame.retry);
  for (const auto& [name, value] : frame.headers) text += " " + name + "=" + value;
  text += " '" + frame.data + "'";
  if (frame.unterminated) text += " cut";
  if (!frame.error.empty()) text += " !" + frame.error;
  return text;
}

inline FrameLines shown(const std::vector<FrameCopy>& frames) {
  FrameLines lines;
  for (const FrameCopy& frame : frames) lines.push_back(shown(frame));
  return lines;
}

inline std::vector<std::string_view> cut_every(std::string_view body, std::size_t size) {
  std::vector<std::string_view> chunks;
  for (std::size_t at = 0; at < body.size(); at += size) chunks.push_back(body.substr(at, size));
  return chunks;
}

// Decodes `body` whole, byte by byte and in every two-way split, with a fresh decoder of type
// Decoder each. Nothing where all frames are equal, otherwise the cut that differs.
template <typename Decoder>
std::optional<std::string> find_split_that_matters(std::string_view body) {
  const auto decode = [](const std::vector<std::string_view>& chunks) {
    Decoder decoder;
    return decode_chunks(decoder, chunks);
  };
  const std::vector<FrameCopy> whole = decode({body});
  if (decode(cut_every(body, 1)) != whole) return "single bytes";
  for (std::size_t at = 0; at <= body.size(); ++at) {
    if (decode({body.substr(0, at), body.substr(at)}) != whole) {
      return "split at " + std::to_string(at);
    }
  }
  return std::nullopt;
}

// The same at every chunk size from 1 up as well.
template <typename Decoder>
std::optional<std::string> find_cut_that_matters(std::string_view body) {
  Decoder decoder;
  const std::vector<FrameCopy> whole = decode_chunks(decoder, {body});
  for (std::size_t size = 1; size <= body.size(); ++size) {
    Decoder pieces;
    if (decode_chunks(pieces, cut_every(body, size)) != whole) {
      return "chunks of " + std::to_string(size);
    }
  }
  return find_split_that_matters<Decoder>(body);
}

// A file of the published vectors, which stand beside the corpus. Nothing without a corpus.
inline std::optional<Result<JsonDocument>> read_vectors(const std::string& name) {
  const char* const corpus = std::getenv("PLAYHEAD_CORPUS");
  if (corpus == nullptr) return std::nullopt;
  std::ifstream file(std::string(corpus) + "/../vectors/" + name, std::ios::binary);
  return parse_json(std::string(std::istreambuf_iterator<char>(file), {}));
}

// Of text that is base64.
inline std::string from_base64(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::size_t bits = 0;
  std::size_t count = 0;
  for (const char c : text.substr(0, text.find('='))) {
    bits = (bits << 6 | kDigits.find(c)) & 0xFFFFFF;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<char>(bits >> count & 0xFF));
  }
  return bytes;
}

}  // namespace playhead::wire

#endif  // PLAYHEAD_WIRE_TESTING_H_
