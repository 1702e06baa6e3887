// Counts allocations, and prints those of each stage in its steady state.
#ifndef PLAYHEAD_BENCH_ALLOCATIONS_H_
#define PLAYHEAD_BENCH_ALLOCATIONS_H_

#include <cstdint>
#include <vector>

#include "bench/streams.h"

namespace playhead::bench {

// Calls of operator new of this process so far.
std::uint64_t allocations();

// Prints for decoder, adapter, accumulator, think scanner and engine how often they allocate in the
// last quarter of the first stream of each set, one event a read.
void print_allocations(const std::vector<DataSet>& sets);

}  // namespace playhead::bench

#endif  // PLAYHEAD_BENCH_ALLOCATIONS_H_
