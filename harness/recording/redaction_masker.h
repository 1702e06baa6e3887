// Masks secrets in a stream of bytes, whatever its cuts, without ever holding a byte back.
//
// What mask() returns has the size of what it was given and goes to the disk at once, so that a
// read can be recorded before it is forwarded. A chunk may end in what could be the beginning of a
// secret: such a tail is masked at once, and when the next bytes show that it was none, a
// correction has its bytes. Corrections are kept in memory, there are few, and they are put in
// place when the finished recording is rewritten. A recording whose recorder was killed misses
// them: a few harmless bytes before the border of a read are masked there.
#ifndef PLAYHEAD_RECORDING_REDACTION_MASKER_H_
#define PLAYHEAD_RECORDING_REDACTION_MASKER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "recording/redaction_patterns.h"
#include "recording/redaction_seal.h"

namespace playhead::recording {

// What masked bytes read. Base64 and hex are masked so that they decode to it: what is masked in an
// encoded document leaves the document well-formed.
inline constexpr char kMaskByte = 'x';

// A tail of a chunk that tells so few characters of a secret is not masked at once: it is the
// beginning of a known shape ("sk-", "eyJ") or chance, and masking it would cost a killed recording
// bytes that the client had. If it proves to be a secret, a correction masks it.
inline constexpr std::size_t kHarmlessCharacters = 3;

// The final bytes at a place of a body, where they are not those that mask() returned.
struct MaskCorrection {
  std::uint64_t offset = 0;  // in the body
  std::string bytes;

  bool operator==(const MaskCorrection&) const = default;
};

// Puts the bytes in place. What lies outside of the body is left out: a recording may have lost its
// end to a full disk.
void apply_corrections(const std::vector<MaskCorrection>& corrections, std::string& body);

struct MaskerOptions {
  bool event_stream = false;  // checksums of application/vnd.amazon.eventstream are kept right
  bool everything = false;    // the bytes cannot be searched, e.g. are compressed: all are masked
};

// Of one body. Allocates nothing for chunks without a secret or the beginning of one.
class Masker {
 public:
  explicit Masker(std::shared_ptr<const SecretPatterns> patterns, MaskerOptions options = {});

  // The bytes to store for the chunk, of its size. Borrowed from `chunk` or from this masker until
  // the next call.
  std::string_view mask(std::string_view chunk);
  // The body is over, whole or not: what it ends in is decided. The beginning of a secret of
  // kSecretBytesMin characters or more stays masked. Nothing may follow.
  void finish();

  // All so far, in order, none overlapping.
  const std::vector<MaskCorrection>& corrections() const { return corrections_; }
  std::vector<MaskCorrection> take_corrections() { return std::move(corrections_); }
  // How many places have been masked, and how many checksums were changed for it.
  std::uint64_t places() const { return places_; }
  // Bytes are masked without being searched: because they cannot be, there are too many secrets, or
  // so many places might become one that looking at each would take too long.
  bool masks_everything() const { return everything_; }
  std::uint64_t resealed() const { return seal_ ? seal_->resealed() : 0; }

 private:
  // A place that may become a secret: so much of a pattern has matched.
  struct Thread {
    const SecretPattern* pattern = nullptr;
    std::uint32_t unit = 0;              // the next one, or the one at hand
    std::uint32_t at = 0;                // in the spelling at hand
    const Spelling* spelling = nullptr;  // none between two units
    std::uint64_t begin = 0;             // offset in the body
  };
  struct Found {
    const SecretPattern* pattern = nullptr;
    std::size_t units = 0;  // matched; all of them but at the end of the body
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
  };

  void scan(std::string_view chunk, std::uint64_t offset);
  void start(std::string_view rest, std::uint64_t offset);
  void step(char c, std::uint64_t offset);
  void go_on(const Thread& thread, const Spelling& spelling, std::uint32_t at,
             std::uint64_t offset);
  void give_up();
  void prune();
  void blot_found();
  void blot(const Found& found);
  std::string_view keep(std::string_view chunk, std::uint64_t begin, std::uint64_t from);
  void decide(std::uint64_t up_to);
  void seal(std::uint64_t up_to);
  void release(std::uint64_t up_to);
  std::uint64_t mask_from(std::uint64_t chunk_begin) const;
  void mask_tail(std::uint64_t chunk_begin);
  void correct(std::uint64_t offset, char byte);
  std::uint64_t undecided_from() const;

  std::shared_ptr<const SecretPatterns> patterns_;
  bool everything_ = false;
  std::optional<EventStreamSeal> seal_;
  std::vector<Thread> live_;
  std::vector<Thread> next_;
  std::size_t prune_at_ = 0;
  std::vector<const SecretPattern*> starting_;
  std::vector<Found> found_;

  // Bytes from decided_ on: as they came, as they are stored, as they will be in the end.
  std::string original_;
  std::string stored_;
  std::string final_;
  std::uint64_t decided_ = 0;  // offset in the body up to which nothing changes any more
  std::uint64_t end_ = 0;      // of the body so far
  std::string out_;
  std::vector<MaskCorrection> corrections_;
  std::uint64_t places_ = 0;
  std::uint64_t last_found_end_ = 0;
};

// The text with every secret masked, of the same size: header values, targets, messages.
std::string masked_text(const std::shared_ptr<const SecretPatterns>& patterns,
                        std::string_view text);

}  // namespace playhead::recording

#endif  // PLAYHEAD_RECORDING_REDACTION_MASKER_H_
