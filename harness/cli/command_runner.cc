#include "cli/command_runner.h"

#include <unistd.h>

#include <csignal>
#include <utility>

#include "cli/command.h"

namespace playhead::cli {

CommandRunner::CommandRunner(net::Loop& loop, std::function<void(bool)> stop)
    : loop_(loop),
      stop_(std::move(stop)),
      signals_(loop, [this](int signal) { signalled(signal); }) {}

Status CommandRunner::start(const std::vector<std::string>& words,
                            const std::vector<std::pair<std::string, std::string>>& variables) {
  auto command = net::spawn(loop_, words, variables, [this](int exit_code) {
    command_ = nullptr;
    exit_code_ = exit_code;
    is_told_ = true;
    stop_(false);
  });
  if (!command) return command.error();
  command_ = std::move(*command);
  return Done{};
}

void CommandRunner::signalled(int signal) {
  const bool again = std::exchange(is_told_, true);
  if (command_ == nullptr) return stop_(again);
  if (again) {
    command_->kill(SIGKILL);
    exit_code_ = 128 + SIGKILL;
    stop_(true);
  } else if (signal != SIGINT || ::isatty(STDIN_FILENO) == 0) {
    command_->kill(signal);
  }
}

std::string origin_of(const net::Endpoint& listen, std::uint16_t port) {
  net::Url url;
  const bool is_any = listen.host == "0.0.0.0" || listen.host == "::";
  url.host = is_any ? "127.0.0.1" : listen.host;
  url.port = port;
  return "http://" + url.authority();
}

void say_exports(const std::vector<std::pair<std::string, std::string>>& variables) {
  for (const auto& [name, value] : variables) say("export " + name + "=" + value);
}

}  // namespace playhead::cli
