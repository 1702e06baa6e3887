// What meta says that a recorder masked, read again.
#ifndef PLAYHEAD_RECORDING_REDACTION_NOTE_H_
#define PLAYHEAD_RECORDING_REDACTION_NOTE_H_

#include <cstdint>

#include "recording/recording.h"

namespace playhead::recording {

struct RedactionSummary {
  bool is_unfinished = false;  // the recorder was killed, or still runs
  std::int64_t bodies_masked_whole = 0;
};

// Of `redacted` in the meta as `record` writes it (FORMAT.md); nothing where it has another form.
RedactionSummary redaction_summary(const RecordingMeta& meta);

}  // namespace playhead::recording

#endif  // PLAYHEAD_RECORDING_REDACTION_NOTE_H_
