// Keeps the checksums of an AWS event stream right when bytes of its messages are masked (WIRE
// 7.1).
//
// A message's last four bytes are the CRC-32 of all before them. They are changed by what masking
// changed in that sum, and by nothing else: a checksum that was wrong stays as wrong as it was,
// since that is evidence.
#ifndef PLAYHEAD_RECORDING_REDACTION_SEAL_H_
#define PLAYHEAD_RECORDING_REDACTION_SEAL_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace playhead::recording {

class EventStreamSeal {
 public:
  // The next bytes of the body as they came, and the same as they will be stored; changes those of
  // a checksum. `stored` has the size of `original` and may be it where nothing is masked and
  // in_masked_message() is false.
  void pass(std::string_view original, char* stored);
  // The same for bytes of which none is masked. CHECKs that in_masked_message() is false.
  void pass(std::string_view original);

  // Something before this place in the message at hand is masked: its checksum must change.
  bool in_masked_message() const { return stored_sum_ != sum_; }
  // How many checksums were changed.
  std::uint64_t resealed() const { return resealed_; }

 private:
  std::size_t step(std::string_view original, const char* stored, char* changed);
  void read_prelude();

  std::string prelude_;         // the first bytes of the message at hand, up to its own checksum
  std::uint64_t position_ = 0;  // in the message
  std::uint64_t size_ = 0;      // of the message; 0: not known yet
  std::uint32_t sum_ = 0;       // of the bytes as they came
  std::uint32_t stored_sum_ = 0;
  std::uint64_t resealed_ = 0;
  bool lost_ = false;  // the stream is broken: no message is told from here on
};

}  // namespace playhead::recording

#endif  // PLAYHEAD_RECORDING_REDACTION_SEAL_H_
