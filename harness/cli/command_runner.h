// CommandRunner: the command that runs beside a server, and the signals that end both.
#ifndef PLAYHEAD_CLI_COMMAND_RUNNER_H_
#define PLAYHEAD_CLI_COMMAND_RUNNER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "net/child_process.h"
#include "net/loop.h"
#include "net/url.h"

namespace playhead::cli {

class CommandRunner {
 public:
  // `stop` is called when the command has ended, or at a signal where none runs. `again`: at a
  // further signal, which has killed the command, or at one behind its end. The first is passed on
  // to it, but a SIGINT that the terminal has sent to it as well.
  CommandRunner(net::Loop& loop, std::function<void(bool again)> stop);

  // Fails where the command cannot be started.
  Status start(const std::vector<std::string>& words,
               const std::vector<std::pair<std::string, std::string>>& variables);

  // Of the command, or 128 + the signal that ended it; 0 without one.
  int exit_code() const { return exit_code_; }

 private:
  void signalled(int signal);

  net::Loop& loop_;
  std::function<void(bool)> stop_;
  net::StopSignals signals_;
  std::unique_ptr<net::ChildProcess> command_;  // while it runs
  int exit_code_ = 0;
  bool is_told_ = false;  // to stop: by a signal, or because the command has ended
};

// For those who start their clients themselves: the variables as lines for a shell, on stderr.
void say_exports(const std::vector<std::pair<std::string, std::string>>& variables);

// Where a client of this machine reaches what listens: "http://127.0.0.1:8080".
std::string origin_of(const net::Endpoint& listen, std::uint16_t port);

}  // namespace playhead::cli

#endif  // PLAYHEAD_CLI_COMMAND_RUNNER_H_
