#include "net/loop.h"

#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/check.h"
#include "net/loop_state.h"

namespace playhead::net {
namespace {

// libuv writes with write(2), which knows no MSG_NOSIGNAL; and a file that may not grow (ulimit -f)
// is an error of that file, not the end of all streams.
void ignore_failed_writes() {
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);
}

bool is_ignored(int signal) {
  struct sigaction action = {};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

// Where the system refuses, we stay with what there is: libuv then closes what is too much.
void raise_open_files() {
  rlimit limit = {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const auto wanted = std::min<rlim_t>(kOpenFilesWanted, limit.rlim_max);
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = wanted;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

std::size_t open_files_max() {
  rlimit limit = {};
  const bool known = ::getrlimit(RLIMIT_NOFILE, &limit) == 0;
  return known ? limit.rlim_cur : std::numeric_limits<std::size_t>::max();
}

Loop::Loop() {
  ignore_failed_writes();
  raise_open_files();
  shared_ = std::make_unique<Shared>();
}

Loop::~Loop() {
  shared_->timers.close();
  const auto check_gone = [](uv_handle_t* handle, void*) {
    PLAYHEAD_CHECK(uv_is_closing(handle) != 0);
  };
  uv_walk(&shared_->loop, check_gone, nullptr);
  // What was destroyed before is freed by the loop's close callbacks. A stop() that no run() has
  // seen ends the first of the two early.
  while (uv_run(&shared_->loop, UV_RUN_DEFAULT) != 0) {
  }
  PLAYHEAD_CHECK(uv_loop_close(&shared_->loop) == 0);
}

void Loop::run() { uv_run(handle(), UV_RUN_DEFAULT); }
void Loop::stop() { uv_stop(handle()); }
bool Loop::run_once() { return uv_run(handle(), UV_RUN_ONCE) != 0; }
uv_loop_s* Loop::handle() const { return &shared_->loop; }

struct StopSignals::State {
  std::array<uv_signal_t, 3> handles = {};
  std::size_t open = 0;
  std::function<void(int)> call;
};

StopSignals::StopSignals(Loop& loop, std::function<void(int signal)> call) : state_(new State) {
  state_->call = std::move(call);
  const auto on_signal = [](uv_signal_t* handle, int signal) {
    const State& state = *static_cast<State*>(handle->data);
    if (state.call != nullptr) {
      // The call may destroy us, and with us what it is made of.
      const std::function<void(int)> call_now = state.call;
      call_now(signal);
    }
  };
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    if (signal == SIGHUP && is_ignored(SIGHUP)) continue;  // nohup
    uv_signal_t* handle = &state_->handles[state_->open];
    PLAYHEAD_CHECK(uv_signal_init(loop.handle(), handle) == 0);
    handle->data = state_.get();
    ++state_->open;
    PLAYHEAD_CHECK(uv_signal_start(handle, on_signal, signal) == 0);
    uv_unref(reinterpret_cast<uv_handle_t*>(handle));
  }
}

StopSignals::~StopSignals() = default;

void StopSignals::Close::operator()(State* state) const {
  state->call = nullptr;
  for (std::size_t i = state->open; i-- > 0;) {
    uv_close(reinterpret_cast<uv_handle_t*>(&state->handles[i]), [](uv_handle_t* handle) {
      auto* closed = static_cast<State*>(handle->data);
      if (--closed->open == 0) delete closed;
    });
  }
}

}  // namespace playhead::net
