#include "cli/environment_secrets.h"

#include <string_view>

#include "recording/redaction_secrets.h"

extern char** environ;

namespace playhead::cli {

std::vector<std::string> secrets_of_environment() {
  std::vector<std::string> secrets;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    if (!recording::is_credential_variable(text.substr(0, equals))) continue;
    secrets.emplace_back(text.substr(equals + 1));
  }
  return secrets;
}

}  // namespace playhead::cli
