// Measures subjects against the yardstick: both in the same round, on the same data.
#ifndef PLAYHEAD_BENCH_MEASURE_H_
#define PLAYHEAD_BENCH_MEASURE_H_

#include <string>
#include <vector>

#include "bench/streams.h"
#include "bench/subjects.h"

namespace playhead::bench {

// CPU seconds of this thread for so many passes: what other processes do counts as little as
// possible.
double seconds_of(const Pass& pass, std::size_t passes = 1);

// One round: the subject between two passes of the yardstick, so that a machine that slows down or
// speeds up counts for both.
struct Round {
  double baseline = 0;  // seconds, the mean of both passes
  double subject = 0;

  // How many times as fast as the yardstick.
  double ratio() const { return baseline / subject; }
};
Round measure_round(const Pass& baseline, const Pass& subject, std::size_t passes = 1);

double median(std::vector<double> values);

// Whether the yardstick takes the same text out of each stream as the engine. Prints one line a
// set. Only a generated set must agree in every stream: real ones hold replies that were not
// streamed, several choices, and errors.
bool verify(const std::vector<DataSet>& sets);

// Prints the table of ratios of the OpenAI chat sets: median (lowest .. highest) of `rounds`
// rounds. `only`: names of subjects contain it.
void print_ratios(const std::vector<DataSet>& sets, int rounds, const std::string& only);

// Prints a row for each set: decoding, adapter and engine against the yardstick, and what the
// adapter and the bare parser cost for a byte of payload and the adapter for a frame, the adapter
// of OpenAI chat on the set `chat` being 1. The sets must contain `chat`.
void print_protocols(const std::vector<DataSet>& sets, int rounds);

}  // namespace playhead::bench

#endif  // PLAYHEAD_BENCH_MEASURE_H_
