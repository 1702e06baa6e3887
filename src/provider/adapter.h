// The seam between frames and deltas: what every provider protocol offers.
#ifndef PLAYHEAD_PROVIDER_ADAPTER_H_
#define PLAYHEAD_PROVIDER_ADAPTER_H_

#include <vector>

#include "model/delta.h"
#include "model/frame.h"

namespace playhead::provider {

// Reads the frames of one exchange, in order. It may remember what came before within that
// exchange, so each exchange has an adapter of its own.
class Adapter {
 public:
  virtual ~Adapter() = default;

  // Appends what one frame means. The views of the deltas are borrowed until the next call, and
  // from the frame. Accepts every input: what cannot be read is an anomaly delta. Comments mean
  // nothing. Does not look at `frame.unterminated` or `frame.error`: whether such a frame is used
  // is the caller's business (SPEC 1).
  virtual void translate(const Frame& frame, std::vector<Delta>& out) = 0;

  // The reply is over: appends what only its end can tell. Called once, after the last translate().
  virtual void finish(std::vector<Delta>& out) { static_cast<void>(out); }
};

}  // namespace playhead::provider

#endif  // PLAYHEAD_PROVIDER_ADAPTER_H_
