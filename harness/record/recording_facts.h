// What a recording is about, read off its exchanges: for the meta of a finished file.
#ifndef PLAYHEAD_RECORD_RECORDING_FACTS_H_
#define PLAYHEAD_RECORD_RECORDING_FACTS_H_

#include <string>
#include <string_view>

#include "recording/recording.h"

namespace playhead::record {

// The public name of the protocol that the exchange speaks, or empty. `host`: of the upstream.
std::string protocol_of(const RecordedExchange& exchange, std::string_view host);

// The model that the request asks for, by its body or its path; or empty.
std::string model_of(const RecordedExchange& exchange);

// The one value that all but the empty ones agree on, or empty. add() each, in order.
class OneValue {
 public:
  void add(const std::string& value);
  const std::string& value() const { return value_; }

 private:
  std::string value_;
  bool several_ = false;
};

}  // namespace playhead::record

#endif  // PLAYHEAD_RECORD_RECORDING_FACTS_H_
