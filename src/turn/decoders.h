// The one place where a framing of the provider catalog meets its decoder.
#ifndef PLAYHEAD_TURN_DECODERS_H_
#define PLAYHEAD_TURN_DECODERS_H_

#include <memory>

#include "provider/catalog.h"
#include "wire/frame_decoder.h"

namespace playhead::turn {

// The decoder of a protocol's bodies. Where the protocol has a second framing, the first byte of
// the body that is no blank decides (provider::CatalogRow::other_framing).
std::unique_ptr<wire::FrameDecoder> make_decoder(const provider::CatalogRow& row);

}  // namespace playhead::turn

#endif  // PLAYHEAD_TURN_DECODERS_H_
