#include "net/http_body.h"

#include <algorithm>
#include <charconv>

#include "net/http_line.h"

namespace playhead::net {

enum class BodyReader::State : std::uint8_t {
  payload,     // of a known length: of the body, or of a chunk
  to_the_end,  // of the connection
  chunk_size,
  chunk_end,  // the CRLF behind a chunk's payload
  trailer,
  done,
  malformed,
};

namespace {

constexpr std::size_t kCrlf = 2;

// They say where a message ends or belongs: in a trailer, too late to be believed.
bool is_framing(std::string_view name) {
  return same_ignoring_case(name, "Transfer-Encoding") ||
         same_ignoring_case(name, "Content-Length") || same_ignoring_case(name, "Host");
}

}  // namespace

BodyReader::BodyReader(BodyFraming framing) : framing_(framing), state_(State::done) {
  using Kind = BodyFraming::Kind;
  if (framing.kind == Kind::chunked) state_ = State::chunk_size;
  if (framing.kind == Kind::until_close) state_ = State::to_the_end;
  if (framing.kind == Kind::length && framing.length > 0) {
    state_ = State::payload;
    left_ = framing.length;
  }
}

bool BodyReader::done() const { return state_ == State::done; }
bool BodyReader::malformed() const { return state_ == State::malformed; }
bool BodyReader::may_end() const { return state_ == State::done || state_ == State::to_the_end; }

std::size_t BodyReader::feed(std::string_view bytes, std::string& payload) {
  std::size_t taken = 0;
  sound_ = 0;
  while (taken < bytes.size() && !done() && !malformed()) {
    if (state_ == State::payload || state_ == State::to_the_end) {
      taken += take_payload(bytes.substr(taken), payload);
    } else {
      take_line_byte(bytes[taken++]);
    }
    if (line_.empty() && !malformed()) sound_ = taken;
  }
  return taken;
}

std::size_t BodyReader::take_payload(std::string_view bytes, std::string& payload) {
  if (state_ == State::to_the_end) {
    payload += bytes;
    return bytes.size();
  }
  const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
  payload += bytes.substr(0, count);
  left_ -= count;
  if (left_ == 0) {
    state_ = framing_.kind == BodyFraming::Kind::chunked ? State::chunk_end : State::done;
  }
  return count;
}

void BodyReader::take_line_byte(char byte) {
  const LineStep step = append_line_byte(byte, line_);
  const bool is_trailer = state_ == State::trailer;
  if (is_trailer) ++trailer_bytes_;
  const bool is_too_long =
      is_trailer ? trailer_bytes_ > kTrailerBytesMax : line_.size() > kChunkLineMax + kCrlf;
  const bool is_surplus = state_ == State::chunk_end && byte != '\r' && byte != '\n';
  if (step == LineStep::bad || is_too_long || is_surplus) {
    state_ = State::malformed;
    return;
  }
  if (step == LineStep::more) return;
  line_.resize(line_.size() - kCrlf);
  if (state_ == State::chunk_size) {
    take_chunk_size();
  } else if (state_ == State::chunk_end) {
    state_ = State::chunk_size;
  } else {
    take_trailer();
  }
  line_.clear();
}

// RFC 9112 section 7.1; blanks before the extensions, which it calls bad, are refused.
void BodyReader::take_chunk_size() {
  const std::size_t digits = std::min(line_.find(';'), line_.size());
  const char* const end = line_.data() + digits;
  const auto read = std::from_chars(line_.data(), end, left_, 16);
  if (digits == 0 || digits > kChunkDigitsMax || read.ptr != end || read.ec != std::errc{}) {
    state_ = State::malformed;
    return;
  }
  state_ = left_ == 0 ? State::trailer : State::payload;
}

void BodyReader::take_trailer() {
  if (line_.empty()) {
    state_ = State::done;
    return;
  }
  const bool fits = trailers_.size() < kHeadersMax && add_header_line(line_, trailers_).empty() &&
                    !is_framing(trailers_.back().first);
  if (!fits) state_ = State::malformed;
}

void append_chunk(std::string_view payload, std::string& out) {
  if (payload.empty()) return;  // a chunk without bytes would be the last one
  char digits[kChunkDigitsMax];
  const auto end = std::to_chars(digits, digits + sizeof digits, payload.size(), 16).ptr;
  out.append(digits, end).append("\r\n").append(payload).append("\r\n");
}

}  // namespace playhead::net
