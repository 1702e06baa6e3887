// The provider's side of relay_load: streams of events on an absolute schedule.
#ifndef PLAYHEAD_BENCH_RELAY_UPSTREAM_H_
#define PLAYHEAD_BENCH_RELAY_UPSTREAM_H_

#include "bench/relay/load.h"

namespace playhead::bench {

// Prints {"port":N} at once, answers one POST for each stream, and starts all schedules together
// when all have asked (or some time after the first did). Prints what it sent as one line of JSON.
// The exit code: 0, or 1 where nobody came.
int run_upstream(const Load& load);

}  // namespace playhead::bench

#endif  // PLAYHEAD_BENCH_RELAY_UPSTREAM_H_
