#include "recording/redaction_note.h"

#include "base/json.h"

namespace playhead::recording {

RedactionSummary redaction_summary(const RecordingMeta& meta) {
  RedactionSummary summary;
  const auto document = parse_json(meta.json);
  const JsonValue* note = document ? member(*document, "redacted") : nullptr;
  if (note == nullptr || !note->IsObject()) return summary;
  const JsonValue* finished = member(*note, "finished");
  summary.is_unfinished = finished != nullptr && finished->IsFalse();
  const JsonValue* whole = member(*note, "bodies_masked_whole");
  if (whole != nullptr && whole->IsInt64()) summary.bodies_masked_whole = whole->GetInt64();
  return summary;
}

}  // namespace playhead::recording
