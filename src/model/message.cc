#include "model/message.h"

namespace playhead {

std::string ToolCall::effective_arguments() const {
  if (state == ArgumentState::repaired) return repaired_arguments;
  if (free_text) return arguments;
  const bool blank = arguments.find_first_not_of(" \t\r\n") == std::string::npos;
  if (state == ArgumentState::valid && (blank || arguments.find('{') == std::string::npos)) {
    return "{}";  // blank, None, null
  }
  return arguments;
}

}  // namespace playhead
