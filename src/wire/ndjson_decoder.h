// Newline-delimited JSON: one document a line (WIRE 8).
#ifndef PLAYHEAD_WIRE_NDJSON_DECODER_H_
#define PLAYHEAD_WIRE_NDJSON_DECODER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "wire/frame_decoder.h"
#include "wire/held_unit.h"

namespace playhead::wire {

// A longer line is dropped. Our choice, that of SSE: base64 images arrive in one line.
inline constexpr std::size_t kNdjsonLineBytesMax = std::size_t{16} * 1024 * 1024;

// Each line is a frame of kind line, whatever is in it. Lines end at LF, a CR before it is dropped,
// and so is a BOM at the start of the body. Lines of blanks alone are no frames; their bytes count
// to the frame that follows. A line too long is a frame with `error` "oversized_line" and no data;
// decoding goes on. The last line without LF is `unterminated`, whole or not: only the end of the
// transport tells.
//
// Spans: a frame begins where the one before ended and ends behind its LF.
class NdjsonDecoder final : public FrameDecoder {
 public:
  void feed(std::string_view chunk) override;
  bool next(Frame& frame) override;
  void finish() override { finished_ = true; }

 private:
  bool hand_out(std::string_view last_piece, bool unterminated, Frame& frame);
  std::uint64_t here() const { return chunk_offset_ + position_; }

  std::string_view chunk_;
  std::uint64_t chunk_offset_ = 0;
  std::size_t position_ = 0;  // first byte of the chunk not yet read
  bool drained_ = true;       // next() has returned false since the last feed()
  bool finished_ = false;

  HeldUnit line_{kNdjsonLineBytesMax};
  bool first_line_ = true;         // a BOM may stand in front of it
  std::uint64_t frame_start_ = 0;  // offset in the body where the last frame ended
};

}  // namespace playhead::wire

#endif  // PLAYHEAD_WIRE_NDJSON_DECODER_H_
