#include "net/child_process.h"

#include <uv.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/check.h"

extern char** environ;

namespace playhead::net {
namespace {

constexpr int kSignalExitBase = 128;  // as shells tell it

struct ProcessState {
  uv_process_t process = {};
  bool running = true;
  std::function<void(int)> ended;
};

struct CloseProcess {
  void operator()(ProcessState* state) const {
    state->ended = nullptr;
    uv_close(reinterpret_cast<uv_handle_t*>(&state->process),
             [](uv_handle_t* handle) { delete static_cast<ProcessState*>(handle->data); });
  }
};

class UvProcess final : public ChildProcess {
 public:
  explicit UvProcess(std::unique_ptr<ProcessState, CloseProcess> state)
      : state_(std::move(state)) {}

  void kill(int signal) override {
    if (state_->running) uv_process_kill(&state_->process, signal);
  }

 private:
  std::unique_ptr<ProcessState, CloseProcess> state_;
};

void on_exit(uv_process_t* process, std::int64_t exit_code, int signal) {
  auto& state = *static_cast<ProcessState*>(process->data);
  state.running = false;
  const auto ended = std::exchange(state.ended, nullptr);
  if (ended == nullptr) return;
  ended(signal != 0 ? kSignalExitBase + signal : static_cast<int>(exit_code));
}

// "NAME=value" of our environment with `variables` in the place of those of their names.
std::vector<std::string> environment_with(
    const std::vector<std::pair<std::string, std::string>>& variables) {
  std::vector<std::string> lines;
  for (char** line = environ; line != nullptr && *line != nullptr; ++line) {
    const std::string_view text = *line;
    const std::string_view name = text.substr(0, text.find('='));
    const bool replaced = std::any_of(variables.begin(), variables.end(),
                                      [&](const auto& variable) { return variable.first == name; });
    if (!replaced) lines.emplace_back(text);
  }
  for (const auto& [name, value] : variables) lines.push_back(name + "=" + value);
  return lines;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::string failure_text(const std::string& command, int status) {
  std::string text = "cannot start " + command + ": " + uv_strerror(status);
  if (status == UV_ENOENT) text += "; is it installed, and in PATH?";
  if (status == UV_EACCES) text += "; is it a program?";
  return text;
}

}  // namespace

Result<std::unique_ptr<ChildProcess>> spawn(
    Loop& loop, const std::vector<std::string>& words,
    const std::vector<std::pair<std::string, std::string>>& variables,
    std::function<void(int exit_code)> ended) {
  if (words.empty() || words[0].empty()) return Error{"there is no command to start; name one"};
  std::vector<std::string> arguments = words;
  std::vector<std::string> environment = environment_with(variables);
  std::vector<char*> argument_pointers = pointers_to(arguments);
  std::vector<char*> environment_pointers = pointers_to(environment);
  std::array<uv_stdio_container_t, 3> streams = {};
  for (std::size_t i = 0; i < streams.size(); ++i) {
    streams[i].flags = UV_INHERIT_FD;
    streams[i].data.fd = static_cast<int>(i);
  }
  uv_process_options_t options = {};
  options.exit_cb = on_exit;
  options.file = argument_pointers[0];
  options.args = argument_pointers.data();
  options.env = environment_pointers.data();
  options.stdio = streams.data();
  options.stdio_count = static_cast<int>(streams.size());

  std::unique_ptr<ProcessState, CloseProcess> state(new ProcessState);
  state->process.data = state.get();
  state->ended = std::move(ended);
  const int status = uv_spawn(loop.handle(), &state->process, &options);
  if (status != 0) return Error{failure_text(words[0], status)};
  return std::unique_ptr<ChildProcess>(std::make_unique<UvProcess>(std::move(state)));
}

}  // namespace playhead::net
