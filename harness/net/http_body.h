// Bodies of HTTP/1.1 messages: where they end, and what of their bytes is payload.
#ifndef PLAYHEAD_NET_HTTP_BODY_H_
#define PLAYHEAD_NET_HTTP_BODY_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_head.h"

namespace playhead::net {

// Our choices for the frame around chunks; a body beyond them is malformed.
inline constexpr std::size_t kChunkLineMax = 256;   // size and extensions, without CRLF
inline constexpr std::size_t kChunkDigitsMax = 16;  // of the size, leading zeros included
inline constexpr std::size_t kTrailerBytesMax = 16 * 1024;

class BodyReader {
 public:
  explicit BodyReader(BodyFraming framing);

  // Takes bytes as they came. Appends to `payload` what is payload in them, and returns how many
  // belong to this message: all of them, unless it ends, or goes wrong, within.
  std::size_t feed(std::string_view bytes, std::string& payload);
  // Of the bytes fed last, those up to the last whole line or payload: what is right where it has
  // gone wrong.
  std::size_t sound() const { return sound_; }
  bool done() const;  // the body is whole
  // A bad chunk size, a missing CRLF, a trailer that is no header or would change the framing.
  // Nothing is taken from then on.
  bool malformed() const;
  // Whether an end of the connection now ends the body as it should.
  bool may_end() const;
  const std::vector<HttpHeader>& trailers() const { return trailers_; }

 private:
  enum class State : std::uint8_t;
  std::size_t take_payload(std::string_view bytes, std::string& payload);
  void take_line_byte(char byte);
  void take_chunk_size();
  void take_trailer();

  BodyFraming framing_;
  State state_;
  std::uint64_t left_ = 0;
  std::size_t sound_ = 0;
  std::string line_;
  std::size_t trailer_bytes_ = 0;
  std::vector<HttpHeader> trailers_;
};

// Payload as one chunk of a chunked body; the last chunk.
void append_chunk(std::string_view payload, std::string& out);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace playhead::net

#endif  // PLAYHEAD_NET_HTTP_BODY_H_
