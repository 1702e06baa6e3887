// The replayer: a recording through an engine, in virtual time. The only loop of a replay: take the
// next input or timer, step the engine, and turn two kinds of fact into further input (a request
// into the next recorded exchange, a running tool into its result).
#ifndef PLAYHEAD_REPLAY_REPLAYER_H_
#define PLAYHEAD_REPLAY_REPLAYER_H_

#include "model/engine.h"
#include "recording/recording.h"
#include "replay/plan.h"
#include "transcript/transcript.h"

namespace playhead::replay {

// Our choice: a turn that is not over after this long in virtual time is left alone.
inline constexpr Duration kVirtualTimeMax = seconds(7 * 24 * 3600);

// Drives `engine`, which has seen no input yet, through one turn over the exchanges of the
// recording, in their order. Everything recorded for an exchange that was asked for is delivered,
// also after the end of the turn.
Transcript replay(const Recording& recording, const Plan& plan, Engine& engine);

// The same with Playhead's own engine.
Transcript replay(const Recording& recording, const Plan& plan);

}  // namespace playhead::replay

#endif  // PLAYHEAD_REPLAY_REPLAYER_H_
