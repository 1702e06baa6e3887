// What a server says about its recordings before it serves them: where the answers will not be what
// was once sent.
#ifndef PLAYHEAD_SERVE_RECORDING_WARNINGS_H_
#define PLAYHEAD_SERVE_RECORDING_WARNINGS_H_

#include <string>
#include <vector>

#include "recording/recording.h"

namespace playhead::serve {

// One line each: a file of which something is missing, in the order of the files; exchanges that
// the control page stands before, all in one; a header that is left out.
std::vector<std::string> recording_warnings(const std::vector<Recording>& recordings);

}  // namespace playhead::serve

#endif  // PLAYHEAD_SERVE_RECORDING_WARNINGS_H_
