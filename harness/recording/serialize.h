// A Recording as the records of its file, in order of time.
#ifndef PLAYHEAD_RECORDING_SERIALIZE_H_
#define PLAYHEAD_RECORDING_SERIALIZE_H_

#include <functional>
#include <string>

#include "base/result.h"
#include "recording/record.h"
#include "recording/recording.h"

namespace playhead::recording {

// Called with each record; its payload is borrowed for the call. A failure stops.
using RecordVisitor = std::function<Status(const Record&)>;

// Visits the records that make up the recording. At one instant an exchange's records keep their
// order and earlier exchanges go first. A torn exchange gets no end. Fails where the recording
// cannot be a file: times that decrease, chunks that are not the body in order, headers that HTTP
// cannot carry, exchanges that do not count from 1, limits of record.h.
Status each_record(const Recording& recording, const RecordVisitor& visit);

// The bytes of the plain file.
Result<std::string> recording_text(const Recording& recording);

}  // namespace playhead::recording

#endif  // PLAYHEAD_RECORDING_SERIALIZE_H_
