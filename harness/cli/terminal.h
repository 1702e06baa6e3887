// What stdout is: who reads it decides how text for people looks.
#ifndef PLAYHEAD_CLI_TERMINAL_H_
#define PLAYHEAD_CLI_TERMINAL_H_

#include "report/timeline_line.h"

namespace playhead::cli {

// Coloured on a terminal, plain elsewhere and where the environment variable NO_COLOR is set and
// not empty.
report::Style stdout_style();

}  // namespace playhead::cli

#endif  // PLAYHEAD_CLI_TERMINAL_H_
