// The JSON documents that tools may rely on (DESIGN 6).
#ifndef PLAYHEAD_TRANSCRIPT_DOCUMENTS_H_
#define PLAYHEAD_TRANSCRIPT_DOCUMENTS_H_

#include <functional>
#include <string>

#include "base/json.h"
#include "model/exchange.h"
#include "transcript/transcript.h"

namespace playhead::transcript {

// One element of `exchanges` of `show --json` and `replay --json`. `extra`, where given, writes
// further members of the object.
void write_exchange(const ExchangeReport& report, JsonWriter& json,
                    const std::function<void(JsonWriter&)>& extra = {});

// The document of `replay --json`, without a line end. `with_transcript` false leaves the facts
// out.
std::string replay_document(const Transcript& transcript, bool with_transcript = true);

}  // namespace playhead::transcript

#endif  // PLAYHEAD_TRANSCRIPT_DOCUMENTS_H_
