// What upstream and client of relay_load agree on: how many streams, how fast, for how long.
#ifndef PLAYHEAD_BENCH_RELAY_LOAD_H_
#define PLAYHEAD_BENCH_RELAY_LOAD_H_

#include <cstdint>

namespace playhead::bench {

struct Load {
  int streams = 100;
  int rate = 200;   // events a second of one stream
  int seconds = 8;  // of one stream

  std::int64_t events_of_stream() const { return std::int64_t{rate} * seconds; }
  std::int64_t events() const { return events_of_stream() * streams; }
};

// Digits of a stream's number in an event.
inline constexpr int kStreamsMax = 99'999;

}  // namespace playhead::bench

#endif  // PLAYHEAD_BENCH_RELAY_LOAD_H_
