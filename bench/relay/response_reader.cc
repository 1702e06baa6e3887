// Byte by byte outside of the data.
#include "bench/relay/response_reader.h"

#include <algorithm>
#include <cctype>

namespace playhead::bench {
namespace {

constexpr std::size_t kHeadMax = 16 << 10;
constexpr std::size_t kChunkMax = 64 << 20;

int hex_value(char byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  const char lower = static_cast<char>(byte | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

void ResponseReader::step(char byte) {
  switch (part_) {
    case Part::head: return head_step(byte);
    case Part::size: return size_step(byte);
    case Part::extension:
      if (byte == '\n') part_ = left_ == 0 ? Part::end : Part::data;
      return;
    case Part::behind_data:
      if (byte != '\n') return;
      part_ = Part::size;
      return;
    case Part::end: return end_step(byte);
    case Part::data: return;
  }
}

void ResponseReader::head_step(char byte) {
  head_ += byte;
  if (head_.size() > kHeadMax) failed_ = true;
  if (!head_.ends_with("\r\n\r\n")) return;
  std::transform(head_.begin(), head_.end(), head_.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  failed_ = !head_.starts_with("http/1.1 200") ||
            head_.find("\r\ntransfer-encoding: chunked\r\n") == std::string::npos;
  head_ = {};
  part_ = Part::size;
}

void ResponseReader::size_step(char byte) {
  const int value = hex_value(byte);
  if (value >= 0) {
    left_ = left_ * 16 + static_cast<std::size_t>(value);
    failed_ = left_ > kChunkMax;
  } else {
    part_ = Part::extension;
  }
}

// Trailers end with an empty line.
void ResponseReader::end_step(char byte) {
  if (byte == '\n') {
    ended_ = line_ == 0;
    line_ = 0;
  } else if (byte != '\r') {
    ++line_;
  }
}

}  // namespace playhead::bench
