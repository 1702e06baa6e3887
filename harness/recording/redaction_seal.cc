// Walks along the messages of an event stream and corrects checksums.
#include "recording/redaction_seal.h"

#include <algorithm>

#include "base/check.h"
#include "wire/aws_event_stream_decoder.h"
#include "wire/crc32.h"

namespace playhead::recording {
namespace {

constexpr std::size_t kPreludeBytes = 12;  // two lengths and their checksum
constexpr std::size_t kLengthsBytes = 8;
constexpr std::size_t kSumBytes = 4;

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  return value;
}

}  // namespace

void EventStreamSeal::pass(std::string_view original, char* stored) {
  while (!original.empty() && !lost_) {
    const std::size_t size = step(original, stored, stored);
    original.remove_prefix(size);
    stored += size;
  }
}

void EventStreamSeal::pass(std::string_view original) {
  PLAYHEAD_CHECK(!in_masked_message());
  while (!original.empty() && !lost_) {
    original.remove_prefix(step(original, original.data(), nullptr));
  }
}

// Takes bytes up to the next border: of the prelude, of the checksum, or of the message. The sums
// are as before outside of a masked message, so that nothing is changed without `changed`.
std::size_t EventStreamSeal::step(std::string_view original, const char* stored, char* changed) {
  const std::uint64_t border = position_ < kPreludeBytes       ? kPreludeBytes
                               : position_ < size_ - kSumBytes ? size_ - kSumBytes
                                                               : size_;
  const auto size =
      static_cast<std::size_t>(std::min<std::uint64_t>(original.size(), border - position_));
  const std::string_view bytes = original.substr(0, size);
  if (border == size_) {
    const std::uint32_t change = sum_ ^ stored_sum_;
    for (std::size_t i = 0; i < size && change != 0; ++i) {
      const auto at = static_cast<unsigned>(position_ + kSumBytes + i - size_);
      changed[i] = static_cast<char>(static_cast<unsigned char>(bytes[i]) ^
                                     (change >> (24 - 8 * at) & 0xFF));
    }
  } else {
    const std::string_view kept(stored, size);
    const bool same = sum_ == stored_sum_ && bytes == kept;
    sum_ = wire::crc32(bytes, sum_);
    stored_sum_ = same ? sum_ : wire::crc32(kept, stored_sum_);
  }
  position_ += size;
  if (border == kPreludeBytes) prelude_ += bytes;
  if (position_ == kPreludeBytes) read_prelude();
  if (position_ == size_ && size_ != 0) {
    if (in_masked_message()) ++resealed_;
    prelude_.clear();
    position_ = size_ = sum_ = stored_sum_ = 0;
  }
  return size;
}

void EventStreamSeal::read_prelude() {
  size_ = number_at(prelude_, 0);
  const std::uint32_t sum = wire::crc32(std::string_view(prelude_).substr(0, kLengthsBytes));
  lost_ = sum != number_at(prelude_, kLengthsBytes) || size_ < kPreludeBytes + kSumBytes ||
          size_ > wire::kAwsMessageBytesMax;
  if (lost_) sum_ = stored_sum_ = 0;
}

}  // namespace playhead::recording
