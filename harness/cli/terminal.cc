#include "cli/terminal.h"

#include <unistd.h>

#include <cstdlib>

namespace playhead::cli {

report::Style stdout_style() {
  const char* no_color = std::getenv("NO_COLOR");
  const bool refused = no_color != nullptr && *no_color != '\0';
  return !refused && isatty(STDOUT_FILENO) != 0 ? report::Style::coloured : report::Style::plain;
}

}  // namespace playhead::cli
