// What secrets look like in a stream: every spelling of every secret, made ready to be looked for.
//
// A secret is looked for in three forms. As text each of its characters may stand as it is, in JSON
// escapes (\/ \" \u002f, and once more escaped as in JSON inside a JSON string), or percent-encoded
// once or twice, in any mixture. In base64 and base64url the characters that the secret alone
// decides are looked for, in its three alignments. In hex the digits are of either case. Base64 and
// hex are also looked for of the secret as JSON or a URL spells it.
#ifndef PLAYHEAD_RECORDING_REDACTION_PATTERNS_H_
#define PLAYHEAD_RECORDING_REDACTION_PATTERNS_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "recording/redaction_secrets.h"

namespace playhead::recording {

enum class SecretForm : std::uint8_t { text, base64, hex };

// One way to write a character. Where `any_case`, the bytes are in lower case and letters of a
// stream match in either.
struct Spelling {
  std::string bytes;  // never empty
  bool any_case = false;

  bool matches(std::size_t at, char c) const;
};

using Unit = std::vector<Spelling>;  // the ways to write one character of a pattern

struct SecretPattern {
  SecretForm form = SecretForm::text;
  unsigned phase = 0;              // base64: place in its group of four of the first character
  std::vector<const Unit*> units;  // at least kSecretBytesMin

  // How many characters of the secret that many units tell.
  std::size_t characters(std::size_t unit_count) const {
    return form == SecretForm::base64 ? unit_count * 3 / 4 : unit_count;
  }
};

// Immutable, shared by all streams of exchanges with the same secrets: about 20 KiB for a key.
class SecretPatterns {
 public:
  // Long secrets are looked for in pieces of this many bytes, so that a part of one is found too
  // and little of a stream is ever undecided. Pieces overlap, so that base64 leaves no gap.
  static constexpr std::size_t kPieceBytes = 256;
  static constexpr std::size_t kPieceOverlap = kSecretBytesMin;
  // Bytes by which the beginning of a pattern is told: \u00hh is one character.
  static constexpr std::size_t kWindow = 6;

  static std::shared_ptr<const SecretPatterns> compile(const SecretSet& secrets);

  // Too many secrets came to look for: nothing may be stored as it is.
  bool mask_everything() const { return mask_everything_; }

  std::size_t size() const { return patterns_.size(); }

  // The first place from `from` on at which a pattern may begin, or bytes.size().
  std::size_t next_start(std::string_view bytes, std::size_t from) const;

  // Calls visit(pattern) for those that may begin where `bytes` does; some more than once.
  // `bytes` is not empty.
  template <typename Visit>
  void each_start(std::string_view bytes, Visit&& visit) const;

 private:
  // The first kWindow bytes of a pattern in one of its spellings, the first byte highest.
  struct Start {
    std::uint64_t window = 0;
    std::uint32_t pattern = 0;

    auto operator<=>(const Start&) const = default;
  };
  class Compiler;

  std::uint64_t filter_bit(std::uint64_t bytes) const {
    return bytes * 0x9E3779B97F4A7C15ULL >> filter_shift_;
  }
  bool may_start(std::uint64_t bytes) const {
    const std::uint64_t bit = filter_bit(bytes);
    return (filter_[bit / 64] >> (bit % 64) & 1) != 0;
  }
  // Whether the filter lets through what `bytes` begins with; always where it is less than a
  // window.
  bool may_begin(std::string_view bytes) const;
  const Start* lower_bound(std::uint64_t window) const;

  std::deque<Unit> own_units_;  // of characters that are no ASCII
  std::vector<SecretPattern> patterns_;
  std::vector<Start> starts_;  // in order
  // A bit for each hash of bytes that a pattern begins with, as many as a power of two.
  std::vector<std::uint64_t> filter_;
  int filter_shift_ = 0;
  bool mask_everything_ = false;
};

template <typename Visit>
void SecretPatterns::each_start(std::string_view bytes, Visit&& visit) const {
  if (!may_begin(bytes)) return;
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  for (std::size_t i = 0; i < kWindow; ++i) {
    const bool known = i < bytes.size();
    const auto byte = known ? static_cast<unsigned char>(bytes[i]) : 0U;
    low = low << 8 | byte;
    high = high << 8 | (known ? byte : 0xFFU);
  }
  const Start* const end = starts_.data() + starts_.size();
  for (const Start* start = lower_bound(low); start != end && start->window <= high; ++start) {
    visit(patterns_[start->pattern]);
  }
}

}  // namespace playhead::recording

#endif  // PLAYHEAD_RECORDING_REDACTION_PATTERNS_H_
