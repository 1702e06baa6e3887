// The seam between chunks and frames: what every framing (SSE, NDJSON, AWS event stream) offers.
#ifndef PLAYHEAD_WIRE_FRAME_DECODER_H_
#define PLAYHEAD_WIRE_FRAME_DECODER_H_

#include <string_view>

#include "model/frame.h"

namespace playhead::wire {

// Turns the chunks of one response body into frames. Accepts every input; chunk borders carry no
// meaning: the frames depend on the bytes alone.
//
//   decoder.feed(chunk);
//   while (decoder.next(frame)) { ... carry it through before the next (DESIGN 2, depth first) ...
//   }
class FrameDecoder {
 public:
  virtual ~FrameDecoder() = default;

  // The next bytes of the body. Borrowed until next() has returned false; feeding before that, or
  // after finish(), is a bug (CHECK).
  virtual void feed(std::string_view chunk) = 0;

  // Pulls the next whole frame. False: more bytes are needed. The views of `frame` are borrowed
  // until the next call of any function.
  virtual bool next(Frame& frame) = 0;

  // The body ended, however it did: next() may now hand out the rest, marked `unterminated`.
  virtual void finish() = 0;
};

}  // namespace playhead::wire

#endif  // PLAYHEAD_WIRE_FRAME_DECODER_H_
