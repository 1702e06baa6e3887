// The elements of one JSON array, streamed as one body: Gemini without alt=sse (WIRE 6.1).
#ifndef PLAYHEAD_WIRE_JSON_ARRAY_DECODER_H_
#define PLAYHEAD_WIRE_JSON_ARRAY_DECODER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "wire/frame_decoder.h"
#include "wire/held_unit.h"

namespace playhead::wire {

// A longer element is dropped. Our choice, that of an SSE event.
inline constexpr std::size_t kJsonElementBytesMax = std::size_t{32} * 1024 * 1024;

// Each element is a frame of kind line, handed out with the chunk that brings its last bracket. A
// body that is one object instead of an array is one element. Nothing is parsed: elements are told
// apart by brackets and strings alone, and what is no object or array (scalars, garbage) runs up to
// the next comma or bracket outside strings. An element too long is a frame with `error`
// "oversized_line" and no data; decoding goes on. What follows the array is read as a body of its
// own.
//
// At the end of the body an element that is still open is handed out `unterminated`. An array whose
// own bracket alone is missing has nothing left to hand out.
//
// Spans: a frame begins where the one before ended and ends behind its element's last byte.
class JsonArrayDecoder final : public FrameDecoder {
 public:
  void feed(std::string_view chunk) override;
  bool next(Frame& frame) override;
  void finish() override { finished_ = true; }

 private:
  enum class Place : std::uint8_t { between, bracketed, scalar };

  bool skip_to_element();
  bool find_end_of_bracketed();
  bool find_end_of_scalar();
  bool skip_string();
  std::string_view take_piece();
  bool hand_out(bool unterminated, Frame& frame);
  std::uint64_t here() const { return chunk_offset_ + position_; }

  std::string_view chunk_;
  std::uint64_t chunk_offset_ = 0;
  std::size_t position_ = 0;       // first byte of the chunk not yet read
  std::size_t element_start_ = 0;  // where the element, or its part in this chunk, begins
  bool drained_ = true;            // next() has returned false since the last feed()
  bool finished_ = false;

  Place place_ = Place::between;
  bool in_array_ = false;
  std::size_t depth_ = 0;  // open brackets of the element
  bool in_string_ = false;
  bool escaped_ = false;  // the last byte was a backslash in a string

  HeldUnit element_{kJsonElementBytesMax};
  bool at_start_ = true;           // no byte but those of a BOM has been read
  std::uint64_t frame_start_ = 0;  // offset in the body where the last frame ended
};

}  // namespace playhead::wire

#endif  // PLAYHEAD_WIRE_JSON_ARRAY_DECODER_H_
