// A command that runs beside a server, with a changed environment.
#ifndef PLAYHEAD_NET_CHILD_PROCESS_H_
#define PLAYHEAD_NET_CHILD_PROCESS_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "net/loop.h"

namespace playhead::net {

class ChildProcess {
 public:
  virtual ~ChildProcess() = default;
  virtual void kill(int signal) = 0;
};

// Starts `words[0]` (looked up in PATH) with our stdin, stdout and stderr and our environment plus
// `variables`. `ended` gets its exit code, or 128 + the signal that killed it. Fails where the
// command cannot be started.
Result<std::unique_ptr<ChildProcess>> spawn(
    Loop& loop, const std::vector<std::string>& words,
    const std::vector<std::pair<std::string, std::string>>& variables,
    std::function<void(int exit_code)> ended);

}  // namespace playhead::net

#endif  // PLAYHEAD_NET_CHILD_PROCESS_H_
