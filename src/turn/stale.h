// When a silent stream is given up (SPEC 8): the policy's wait, longer for long requests, never
// below the floor of a reasoning model, and not at all for a local endpoint.
#ifndef PLAYHEAD_TURN_STALE_H_
#define PLAYHEAD_TURN_STALE_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/instant.h"
#include "model/policy.h"

namespace playhead::turn {

// The floor of a model that thinks in silence; nothing where the name says no such thing. Names are
// taken behind their last slash, in any case of letters.
std::optional<Duration> reasoning_floor(std::string_view model);

// Whether the URL or host names this machine or a private network.
bool is_local_endpoint(std::string_view endpoint);

// How long a stream may be silent; nothing: for ever. `input_tokens` is an estimate.
std::optional<Duration> stale_after(const Policy& policy, std::string_view model,
                                    std::string_view endpoint, std::int64_t input_tokens);

}  // namespace playhead::turn

#endif  // PLAYHEAD_TURN_STALE_H_
