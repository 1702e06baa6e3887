// The one place where a framing of the provider catalog meets its decoder.
#ifndef PLAYHEAD_TURN_DECODERS_H_
#define PLAYHEAD_TURN_DECODERS_H_

#include <memory>

#include "provider/catalog.h"
#include "wire/frame_decoder.h"

namespace playhead::turn {

std::unique_ptr<wire::FrameDecoder> make_decoder(provider::Framing framing);

}  // namespace playhead::turn

#endif  // PLAYHEAD_TURN_DECODERS_H_
