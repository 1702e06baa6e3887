// The secrets that the environment of `record` and `serve` holds.
#ifndef PLAYHEAD_CLI_ENVIRONMENT_SECRETS_H_
#define PLAYHEAD_CLI_ENVIRONMENT_SECRETS_H_

#include <string>
#include <vector>

namespace playhead::cli {

// The values of credential variables (recording/redaction_secrets.h).
std::vector<std::string> secrets_of_environment();

}  // namespace playhead::cli

#endif  // PLAYHEAD_CLI_ENVIRONMENT_SECRETS_H_
