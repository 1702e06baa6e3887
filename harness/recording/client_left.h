// What the detail of an end `client_closed` tells about the rest of the answer, which is received
// without its client: `record` writes it, `serve` reads it (recordings/FORMAT.md).
#ifndef PLAYHEAD_RECORDING_CLIENT_LEFT_H_
#define PLAYHEAD_RECORDING_CLIENT_LEFT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "model/end_reason.h"
#include "recording/recording.h"

namespace playhead::recording {

// "the client closed after 9 bytes of the body": how every such detail begins.
std::string client_left_text(std::uint64_t bytes);

// What stands behind it where the upstream ended the answer: "; the rest was received whole" for
// `complete`, else "; then upstream: reset: ECONNRESET" with the detail, where there is one.
std::string rest_text(EndReason reason, std::string_view detail);

// By what the upstream ended the answer after its client had left. `client_closed`: the detail of
// `end` does not tell, or that it was not waited for.
EndReason end_of_rest(const RecordedEnd& end);

}  // namespace playhead::recording

#endif  // PLAYHEAD_RECORDING_CLIENT_LEFT_H_
