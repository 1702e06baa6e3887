// The timelines of the exchanges of a recording.
#ifndef PLAYHEAD_REPORT_RECORDING_TIMELINE_H_
#define PLAYHEAD_REPORT_RECORDING_TIMELINE_H_

#include <string>
#include <vector>

#include "recording/recording.h"
#include "report/recording_text.h"
#include "report/timeline_line.h"

namespace playhead::report {

// What the recording is, then each exchange in the time of the recording. `exchanges` are those of
// the recording, in its order, with all their facts.
std::string recording_timeline(const Recording& recording, const std::vector<Shown>& exchanges,
                               Style style);

}  // namespace playhead::report

#endif  // PLAYHEAD_REPORT_RECORDING_TIMELINE_H_
