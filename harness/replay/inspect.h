// What is in a recording: each exchange by itself, without a turn around it.
#ifndef PLAYHEAD_REPLAY_INSPECT_H_
#define PLAYHEAD_REPLAY_INSPECT_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "base/result.h"
#include "model/exchange.h"
#include "model/fact.h"
#include "model/frame.h"
#include "model/policy.h"
#include "recording/recording.h"

namespace playhead::replay {

// The protocol that a recording speaks: `wanted` where it is given, else what its meta says, else
// what its first exchange looks like (provider/detect.h). Fails with what to do where nothing
// tells.
Result<Protocol> protocol_of(const Recording& recording, std::optional<Protocol> wanted);

// The same of one exchange: a recording of several providers names none, and each of its exchanges
// says by itself what it speaks. `whole` is what protocol_of() gave.
Protocol protocol_of(const Recording& recording, const RecordedExchange& exchange,
                     std::optional<Protocol> wanted, Protocol whole);

// Reads one exchange. Facts are appended, in time since the exchange's request.
ExchangeReport inspect(const RecordedExchange& exchange, Protocol protocol, const Policy& policy,
                       Facts& facts);

// Calls `visit` with each frame of the exchange's body, also one that the body's end has cut, and
// when it was whole, in time since the exchange's request. An error document
// (completion::kFirstFailingStatus) has none.
void each_frame(const RecordedExchange& exchange, Protocol protocol,
                const std::function<void(Instant at, const Frame& frame)>& visit);

// Members of the exchange's payloads that nobody here knows, by path, and how often they came.
std::map<std::string, std::uint64_t> unknown_members(const RecordedExchange& exchange,
                                                     Protocol protocol);

}  // namespace playhead::replay

#endif  // PLAYHEAD_REPLAY_INSPECT_H_
