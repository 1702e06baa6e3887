// What one exchange turned out to be, once it is over.
#ifndef PLAYHEAD_MODEL_EXCHANGE_H_
#define PLAYHEAD_MODEL_EXCHANGE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "base/instant.h"
#include "model/anomaly.h"
#include "model/end_reason.h"
#include "model/message.h"
#include "model/protocol.h"

namespace playhead {

// Times count from the exchange's own request.
struct ExchangeReport {
  int index = 0;  // from 1, in order of request
  Protocol protocol = Protocol::openai_chat;
  int status = 0;  // HTTP; 0 where no response came
  EndReason end = EndReason::complete;
  std::uint64_t bytes = 0;  // of the response body
  std::uint64_t chunks = 0;
  std::uint64_t frames = 0;  // comments apart
  std::uint64_t comments = 0;
  std::optional<Instant> first_byte;
  std::optional<Instant> last_byte;
  Duration longest_gap;         // between two chunks
  std::vector<Choice> choices;  // never empty: choice 0 stands first, empty where nothing came
  std::vector<AnomalyNote> anomalies;
};

}  // namespace playhead

#endif  // PLAYHEAD_MODEL_EXCHANGE_H_
