// Puts records together to a Recording and refuses what makes no sense in their order.
#ifndef PLAYHEAD_RECORDING_BUILDER_H_
#define PLAYHEAD_RECORDING_BUILDER_H_

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "recording/record.h"
#include "recording/recording.h"

namespace playhead::recording {

// Reads of a day of streaming stay far below it; it bounds what a hostile file of tiny records
// costs.
inline constexpr std::size_t kRecordsMax = 4'000'000;

class RecordingBuilder {
 public:
  // `path`: what Recording.path will be.
  explicit RecordingBuilder(std::string path);

  // Fails with what is wrong, without a place: two responses, data after the end, bad JSON, ...
  Status add(const Record& record);

  // The recording; `torn`: the file ends inside a record. The builder is empty afterwards.
  Recording take(bool torn);

 private:
  struct Progress {
    Instant last;
    bool has_trailers = false;
    bool has_end = false;
  };

  Status add_meta(std::string_view payload);
  Status add_request(const Record& record);
  Status add_to_exchange(const Record& record);
  Status add_response(const Record& record, RecordedExchange& exchange);
  Status add_data(const Record& record, RecordedExchange& exchange);
  Status add_trailers(const Record& record, RecordedExchange& exchange);
  Status add_end(const Record& record, RecordedExchange& exchange);

  Recording recording_;
  std::vector<Progress> progress_;  // of each exchange
  std::size_t records_ = 0;
  bool has_meta_ = false;
};

}  // namespace playhead::recording

#endif  // PLAYHEAD_RECORDING_BUILDER_H_
