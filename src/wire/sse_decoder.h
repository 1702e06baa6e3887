// Server-sent events: WHATWG HTML 9.2.5 and 9.2.6 (WIRE 1), with what LLM servers put between them.
#ifndef PLAYHEAD_WIRE_SSE_DECODER_H_
#define PLAYHEAD_WIRE_SSE_DECODER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "wire/frame_decoder.h"

namespace playhead::wire {

// A longer line is dropped. Our choice (WIRE 1): base64 images arrive in one line.
inline constexpr std::size_t kSseLineBytesMax = std::size_t{16} * 1024 * 1024;
// An event with more data, or a longer unframed document, is dropped. Our choice (WIRE 1).
inline constexpr std::size_t kSseEventBytesMax = std::size_t{32} * 1024 * 1024;

// The frames, by kind (SPEC 1):
//   event    a dispatched event. `data` is raw: ill-formed UTF-8 is left to whoever reads it.
//   `event`
//            is empty when the stream named no type.
//   comment  a comment line, handed out at once; `data` is all that follows the colon.
//   line     what stands outside the framing: a bare line beginning with `{` or `[` whose brackets
//            balance; where they do not, and no event is open, the lines from there to the next SSE
//            field or comment or to the end of the body. Also, with `event` "error", the value of a
//            field `error: {...}`.
// A frame with `error` "oversized_line" stands for a dropped line or event; decoding goes on.
//
// Spans: a frame begins where the one before ended and ends behind the line end that completed it.
// That is the CR of a CRLF: its LF always counts to what follows. A comment or line inside an open
// event spans its own line alone; the event spans all of its lines, that one included.
//
// At the end of the body a last line without line end counts as a line. An event that had begun is
// handed out with `unterminated`, with what data it has; an unframed document is `unterminated`
// only if its brackets do not balance.
class SseDecoder final : public FrameDecoder {
 public:
  void feed(std::string_view chunk) override;
  bool next(Frame& frame) override;
  void finish() override { finished_ = true; }

  // The stream's state as of the events dispatched (WIRE 1, rules 6 to 8).
  std::string_view last_event_id() const { return last_event_id_; }
  std::optional<std::uint64_t> retry_ms() const { return retry_ms_; }

 private:
  enum class Taken : std::uint8_t { nothing, line, oversized };

  Taken take_line();
  Taken take_line_to(std::size_t end);
  void hold_rest();
  std::size_t find_line_end();
  bool take_rest(Frame& frame);
  Taken take_cut_line();
  bool read_line(Frame& frame);
  bool read_field(Frame& frame);
  void read_known_field(std::string_view name, std::string_view value);
  void add_data(std::string_view value);
  void read_retry(std::string_view value);
  bool read_bare_json(Frame& frame);
  void collect();
  bool dispatch(Frame& frame);

  bool hand_out_event(bool unterminated, Frame& frame);
  bool hand_out_line(FrameKind kind, std::string_view data, Frame& frame);
  bool hand_out_oversized(Frame& frame);
  bool hand_out_document(std::uint64_t end, Frame& frame);
  void begin_frame(FrameKind kind, std::uint64_t begin, std::uint64_t end, Frame& frame);

  void open_block();
  void keep_data();
  void release_last_frame();
  void reset_block();
  std::uint64_t here() const { return chunk_offset_ + position_; }

  // Offsets named *_start_ and *_end_ are of the body; positions are of the chunk.
  std::string_view chunk_;
  std::uint64_t chunk_offset_ = 0;
  std::size_t position_ = 0;  // first byte not yet read
  std::size_t next_lf_ = 0;   // where the next LF stands, the chunk's size if there is none
  bool next_lf_known_ = false;
  bool drained_ = true;  // next() has returned false since the last feed()
  bool finished_ = false;

  std::string_view line_;        // the line being read, in the chunk or in held_
  std::string held_;             // the beginning of a line whose end has not come yet
  bool line_in_held_ = false;    // held_ holds line_ itself
  bool line_oversized_ = false;  // the line being held is too long; its bytes are gone
  bool line_waits_ = false;      // a document went out first; line_ is read at the next call
  bool line_cut_ = false;        // line_ is the body's last and has no line end
  bool first_line_ = true;       // a BOM may stand in front of it
  bool swallow_lf_ = false;      // the last line ended at a CR
  std::uint64_t line_start_ = 0;
  std::uint64_t line_end_ = 0;
  std::uint64_t frame_start_ = 0;  // where the last frame ended

  bool block_open_ = false;  // a field of an event has been read
  bool block_done_ = false;  // handed out; its buffers are borrowed until the next call
  bool block_oversized_ = false;
  bool has_data_ = false;
  bool data_kept_ = false;  // data_ holds it; otherwise data_view_ borrows from the chunk
  std::uint64_t block_start_ = 0;
  std::string_view data_view_;
  std::string data_;
  std::string event_;
  std::optional<std::uint64_t> block_retry_ms_;

  bool collecting_ = false;
  bool document_done_ = false;  // handed out; document_ is borrowed until the next call
  bool document_oversized_ = false;
  std::string document_;  // unframed JSON over several lines

  bool id_changed_ = false;
  std::string id_buffer_;
  std::string last_event_id_;
  std::optional<std::uint64_t> retry_ms_;
};

}  // namespace playhead::wire

#endif  // PLAYHEAD_WIRE_SSE_DECODER_H_
