// A recorder in a process of its own, for tests that kill it. For tests only.
#ifndef PLAYHEAD_RECORD_RECORDER_PROCESS_H_
#define PLAYHEAD_RECORD_RECORDER_PROCESS_H_

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <utility>

#include "base/check.h"
#include "record/recorder.h"

namespace playhead::record {

// A process that records until it is killed.
class RecorderProcess {
 public:
  explicit RecorderProcess(const RecorderOptions& options) {
    int ends[2];
    PLAYHEAD_CHECK(::pipe(ends) == 0);
    process_ = ::fork();
    PLAYHEAD_CHECK(process_ >= 0);
    if (process_ == 0) record(options, ends[1]);
    ::close(ends[1]);
    PLAYHEAD_CHECK(::read(ends[0], &port_, sizeof port_) == sizeof port_);
    ::close(ends[0]);
  }
  ~RecorderProcess() { kill(); }
  RecorderProcess(const RecorderProcess&) = delete;
  RecorderProcess& operator=(const RecorderProcess&) = delete;

  std::uint16_t port() const { return port_; }
  void kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(std::exchange(process_, 0), nullptr, 0);
  }

 private:
  [[noreturn]] static void record(const RecorderOptions& options, int to) {
    net::Loop loop;
    const auto recorder = Recorder::start(loop, options, {[](std::string_view) {}, {}}).value();
    const std::uint16_t port = recorder->port();
    PLAYHEAD_CHECK(::write(to, &port, sizeof port) == sizeof port);
    loop.run();
    ::_exit(0);
  }

  pid_t process_ = 0;
  std::uint16_t port_ = 0;
};

}  // namespace playhead::record

#endif  // PLAYHEAD_RECORD_RECORDER_PROCESS_H_
