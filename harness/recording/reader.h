// Reads a recording file record by record. Memory is bounded by the largest record.
//
// The reader checks the framing: versions, header lines, sizes, times. What the records mean
// together is the business of load.h. Every byte is taken to be hostile.
#ifndef PLAYHEAD_RECORDING_READER_H_
#define PLAYHEAD_RECORDING_READER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "recording/byte_source.h"
#include "recording/record.h"
#include "recording/record_input.h"

namespace playhead::recording {

enum class ReadStep : std::uint8_t {
  recording,  // a line "playhead-recording 1": a recording begins
  record,     // record() holds the next one
  end,        // nothing more; torn() says whether the file stops in the middle
};

class RecordReader {
 public:
  // Fails when the file cannot be opened.
  static Result<RecordReader> open(const std::string& path);
  // `name` is what messages call the source.
  RecordReader(std::unique_ptr<ByteSource> source, std::string name);

  // Fails where the input breaks the format: "<path>: byte <offset>: <what>; <what to do>". After a
  // failure or the end, every further step is `end`. A tail that could be the beginning of a record
  // is no failure.
  Result<ReadStep> next();

  // The record of the last step. Its payload is borrowed until the next step.
  const Record& record() const { return record_; }

  // After the end: whether the file stops inside a record, a header line or a zstd frame.
  bool torn() const { return torn_; }

  // A failure at the record at hand, in the form of next()'s.
  Error error_here(std::string_view what) const;

 private:
  Result<ReadStep> step();
  Result<ReadStep> read_version(std::string_view line);
  Result<ReadStep> read_record(std::string_view line);
  Result<ReadStep> read_tail(std::string_view tail);
  ReadStep finish(bool torn);
  Error not_a_recording(std::string_view found) const;

  std::string name_;
  std::unique_ptr<RecordInput> input_;
  Record record_;
  std::uint64_t offset_ = 0;  // of the line at hand
  std::size_t held_ = 0;      // bytes of the input that record_ borrows
  bool begun_ = false;
  bool done_ = false;
  bool torn_ = false;
};

}  // namespace playhead::recording

#endif  // PLAYHEAD_RECORDING_READER_H_
