// The client's side of relay_load: reads all streams, checks every byte, measures every event.
#ifndef PLAYHEAD_BENCH_RELAY_CLIENT_H_
#define PLAYHEAD_BENCH_RELAY_CLIENT_H_

#include <cstdint>

#include "bench/relay/load.h"

namespace playhead::bench {

// Opens all streams through that port of 127.0.0.1 and prints what came as one line of JSON.
// Latency is from the stamp in an event to the return of the read that completed it; what was sent
// in the first kWarmUpMs of a stream is checked, not measured. The exit code: 0 when every event
// of every stream came, otherwise 1.
inline constexpr int kWarmUpMs = 1300;
int run_client(const Load& load, std::uint16_t port);

}  // namespace playhead::bench

#endif  // PLAYHEAD_BENCH_RELAY_CLIENT_H_
