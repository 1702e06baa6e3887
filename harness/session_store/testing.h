// What the tests of this room share: a scratch folder, and processes that report through a pipe.
#ifndef PLAYHEAD_SESSION_STORE_TESTING_H_
#define PLAYHEAD_SESSION_STORE_TESTING_H_

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <functional>
#include <string>
#include <string_view>

#include "base/check.h"
#include "file/testing.h"

namespace playhead::session_store {

using file::ScratchFolder;

// A process that runs `work`, which says things, and ends.
class Worker {
 public:
  using Say = std::function<void(std::string_view)>;

  explicit Worker(const std::function<void(const Say&)>& work) {
    int ends[2];
    PLAYHEAD_CHECK(::pipe(ends) == 0);
    process_ = ::fork();
    PLAYHEAD_CHECK(process_ >= 0);
    from_ = ends[0];
    if (process_ == 0) {
      ::close(ends[0]);
      work([&](std::string_view text) {
        PLAYHEAD_CHECK(::write(ends[1], text.data(), text.size()) ==
                       static_cast<ssize_t>(text.size()));
      });
      ::_exit(0);
    }
    ::close(ends[1]);
  }
  ~Worker() {
    if (process_ > 0) kill();
    ::close(from_);
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Waits for the next byte; false when there will be none.
  bool hear(char& said) const {
    ssize_t count = 0;
    do {
      count = ::read(from_, &said, 1);
    } while (count < 0 && errno == EINTR);
    return count == 1;
  }

  // All that is said up to the end.
  std::string hear_all() const {
    std::string all;
    for (char said = 0; hear(said);) all += said;
    return all;
  }

  void kill() {
    ::kill(process_, SIGKILL);
    join();
  }

  // Waits for the end; whether it was an orderly one.
  bool join() {
    int status = 0;
    PLAYHEAD_CHECK(::waitpid(process_, &status, 0) == process_);
    process_ = 0;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

 private:
  pid_t process_ = 0;
  int from_ = -1;
};

}  // namespace playhead::session_store

#endif  // PLAYHEAD_SESSION_STORE_TESTING_H_
