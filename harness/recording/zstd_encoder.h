// ZstdEncoder: bytes to zstd frames that readers take, whatever the bytes are.
//
// Readers refuse what decompresses to more than kRatioMax times its size, and more than
// kDecompressedMax altogether (record_input.h, FORMAT.md "Limits"). A stream of one letter
// compresses better than that; here it is cut into small blocks, each of which costs some bytes, so
// that no beginning of a frame breaks the ratio, nor do frames one behind the other.
#ifndef PLAYHEAD_RECORDING_ZSTD_ENCODER_H_
#define PLAYHEAD_RECORDING_ZSTD_ENCODER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct ZSTD_CCtx_s;

namespace playhead::recording {

class ZstdEncoder {
 public:
  // `level` of zstd, at most 19: the windows of higher ones are refused by readers.
  explicit ZstdEncoder(int level);

  // Appends to `out` what of the bytes so far makes whole blocks. Fails where all frames would
  // decompress to more than kDecompressedMax bytes; nothing is taken then.
  Status add(std::string_view bytes, std::string& out);
  // Appends the rest of the frame, with its checksum. What is added next begins a further one.
  void end_frame(std::string& out);

 private:
  struct Free {
    void operator()(ZSTD_CCtx_s* context) const;
  };

  std::size_t block_size() const;
  void put_block(bool ends_frame, std::string& out);

  std::unique_ptr<ZSTD_CCtx_s, Free> context_;
  std::string pending_;          // of the next block
  std::string step_;             // where zstd puts its bytes
  std::uint64_t taken_ = 0;      // in the blocks of the frame at hand
  std::uint64_t given_ = 0;      // the same, compressed
  std::uint64_t all_taken_ = 0;  // of all frames
};

}  // namespace playhead::recording

#endif  // PLAYHEAD_RECORDING_ZSTD_ENCODER_H_
