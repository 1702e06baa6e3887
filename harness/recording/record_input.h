// The bytes of a recording file, decompressed where they are zstd frames: the layer below the
// reader.
//
// A file may be plain, zstd frames, or both one behind the other; zstd is told by its magic number
// at the border of a record, never by the name of the file.
#ifndef PLAYHEAD_RECORDING_RECORD_INPUT_H_
#define PLAYHEAD_RECORDING_RECORD_INPUT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "recording/byte_source.h"

struct ZSTD_DCtx_s;

namespace playhead::recording {

// A whole corpus in one file stays below it; a bomb does not.
inline constexpr std::uint64_t kDecompressedMax = std::uint64_t{1} << 30;
// Streams compress 5 to 50 times. Beyond the free part nothing honest reaches the ratio.
inline constexpr std::uint64_t kRatioFreeBytes = std::uint64_t{8} << 20;
inline constexpr std::uint64_t kRatioMax = 1000;
// 8 MiB of window: all that zstd's levels up to 19 ask for.
inline constexpr int kWindowLogMax = 23;

inline constexpr std::string_view kZstdMagic = "\x28\xB5\x2F\xFD";

class RecordInput {
 public:
  explicit RecordInput(std::unique_ptr<ByteSource> source);
  ~RecordInput();
  RecordInput(const RecordInput&) = delete;
  RecordInput& operator=(const RecordInput&) = delete;

  // Says that the next byte begins a record or a recording, so that zstd frames may begin here.
  Status at_border();

  // Makes view() at least `count` bytes long, or reaches the end of the input. Allocates for bytes
  // that are there, never for `count`. Fails on damaged or excessive zstd frames and on read
  // errors.
  Status need(std::size_t count);

  // The bytes not yet consumed, as far as they are here. Borrowed until the next call.
  std::string_view view() const { return std::string_view(ready_).substr(ready_begin_); }
  // CHECKs that view() has that many.
  void consume(std::size_t count);

  // Where view() begins, counted in decompressed bytes.
  std::uint64_t offset() const { return offset_; }
  // Whether any byte so far came out of a zstd frame.
  bool was_compressed() const { return produced_ > 0; }
  // Whether the input ended inside a zstd frame.
  bool torn() const { return torn_; }

 private:
  struct FreeDecoder {
    void operator()(ZSTD_DCtx_s* decoder) const;
  };

  Status fill();
  Status fill_plain();
  Status begin_frame();
  Status decompress();
  Status read_raw();
  Status check_excess() const;
  Error damaged(std::string_view why) const;
  std::string_view raw() const { return std::string_view(raw_).substr(raw_begin_); }

  std::unique_ptr<ByteSource> source_;
  std::unique_ptr<ZSTD_DCtx_s, FreeDecoder> decoder_;
  std::vector<char> step_;       // where reads and the decoder put their bytes
  std::string ready_;            // plain or decompressed
  std::size_t ready_begin_ = 0;  // what is consumed of it
  std::string raw_;              // compressed
  std::size_t raw_begin_ = 0;
  std::uint64_t offset_ = 0;
  std::uint64_t source_bytes_ = 0;  // read so far
  std::uint64_t frame_begin_ = 0;   // offset in the source of the frame at hand
  std::uint64_t eaten_ = 0;         // compressed bytes
  std::uint64_t produced_ = 0;      // decompressed bytes
  bool compressed_ = false;
  bool in_frame_ = false;
  bool decoder_holds_more_ = false;  // output that did not fit into step_
  bool source_ended_ = false;
  bool ended_ = false;
  bool torn_ = false;
};

}  // namespace playhead::recording

#endif  // PLAYHEAD_RECORDING_RECORD_INPUT_H_
