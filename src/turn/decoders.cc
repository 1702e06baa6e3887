#include "turn/decoders.h"

#include "base/check.h"
#include "wire/sse_decoder.h"

namespace playhead::turn {

std::unique_ptr<wire::FrameDecoder> make_decoder(provider::Framing framing) {
  PLAYHEAD_CHECK(framing == provider::Framing::sse);
  return std::make_unique<wire::SseDecoder>();
}

}  // namespace playhead::turn
