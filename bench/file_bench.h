// Recording files as subjects: written once to a temporary folder, then read record by record.
#ifndef PLAYHEAD_BENCH_FILE_BENCH_H_
#define PLAYHEAD_BENCH_FILE_BENCH_H_

#include "bench/streams.h"
#include "bench/subjects.h"
#include "recording/recording.h"

namespace playhead::bench {

// One exchange, one event a read.
Recording recording_of(const Stream& stream);

// Reads one file with all streams of the set through recording::RecordReader.
Pass read_file(const DataSet& set, bool compressed);

// Prints the peak memory of a process that reads files of growing length. To be called while this
// process is still small. False: memory grew, or a file failed.
bool print_memory();

}  // namespace playhead::bench

#endif  // PLAYHEAD_BENCH_FILE_BENCH_H_
