// Loop: what carries many live streams, one thread for all of them. libuv underneath (epoll).
#ifndef PLAYHEAD_NET_LOOP_H_
#define PLAYHEAD_NET_LOOP_H_

#include <cstddef>
#include <functional>
#include <memory>

#include "base/instant.h"

struct uv_loop_s;

namespace playhead::net {

// Our choice: a process with a loop may have so many files and sockets open, where its hard limit
// lets it; the usual soft limit of 1024 is less than the connections we promise.
inline constexpr int kOpenFilesWanted = 16'384;

// Everything made with a loop must be gone before the loop is. Not for several threads.
// From the first loop on the process ignores SIGPIPE and SIGXFSZ, and the soft limit of its open
// files is raised to kOpenFilesWanted.
class Loop {
 public:
  Loop();
  // Waits for a name lookup that is still under way, because nothing can end it.
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Returns after stop(), or when nothing is left to wait for.
  void run();
  void stop();
  // Waits until something happens, and handles it. False when nothing is left to wait for.
  bool run_once();

  struct Shared;
  Shared& shared() const { return *shared_; }  // of this room only, like handle()
  uv_loop_s* handle() const;

 private:
  std::unique_ptr<Shared> shared_;
};

// How many files and sockets this process may have open at once.
std::size_t open_files_max();

// Calls back once, to the microsecond, as far as the machine keeps up: never too early, in the
// order of the instants, and at equal instants in the order of the starts. Destroying it, or
// starting it again, forgets the call. Both may happen in the call.
class Timer {
 public:
  explicit Timer(Loop& loop);
  ~Timer();
  Timer(Timer&&) noexcept;
  Timer& operator=(Timer&&) noexcept;

  void start(Duration after, std::function<void()> call);  // a negative span is none
  void cancel();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// SIGINT, SIGTERM and SIGHUP call back, as long as it lives; nothing else happens to the process. A
// SIGHUP that is ignored (nohup) stays ignored. Does not keep Loop::run() from returning.
class StopSignals {
 public:
  StopSignals(Loop& loop, std::function<void(int signal)> call);
  ~StopSignals();

 private:
  struct State;
  struct Close {
    void operator()(State* state) const;  // at once; freed when the loop has let go of it
  };
  std::unique_ptr<State, Close> state_;
};

}  // namespace playhead::net

#endif  // PLAYHEAD_NET_LOOP_H_
