// The little that relay_load needs of Linux: loopback sockets, epoll and the monotonic clock.
#ifndef PLAYHEAD_BENCH_RELAY_SOCKETS_H_
#define PLAYHEAD_BENCH_RELAY_SOCKETS_H_

#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace playhead::bench {

inline constexpr std::int64_t kNanosecondsOfSecond = 1'000'000'000;

std::int64_t monotonic_ns();

// Prints what failed and why, and ends the program.
[[noreturn]] void die(const std::string& what);

// Owns a file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }

  void close();
  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

// As many open files as the hard limit allows.
void raise_file_limit();

// Does not block. On a free port of 127.0.0.1.
Descriptor listen_on_loopback();
std::uint16_t port_of(const Descriptor& listener);
// None where nothing waits.
Descriptor accept_from(const Descriptor& listener);
// Begins to connect to 127.0.0.1; writable when done.
Descriptor connect_to(std::uint16_t port);
// 0, or the errno of what failed.
int error_of(const Descriptor& socket);

enum class Io { done, blocked, ended, failed };
struct IoResult {
  Io outcome = Io::done;
  std::size_t bytes = 0;
};
IoResult receive(const Descriptor& socket, std::span<char> buffer);
IoResult send(const Descriptor& socket, std::string_view bytes);

// Whose a tag is: the upstream has those below, the client those from here on.
inline constexpr std::uint64_t kClientTags = std::uint64_t{1} << 32;

// Level-triggered. What is watched carries a number of its owner's choice.
class Poller {
 public:
  Poller();

  void watch(const Descriptor& socket, std::uint32_t events, std::uint64_t tag);
  void change(const Descriptor& socket, std::uint32_t events, std::uint64_t tag);

  // Waits until something is ready, at most that long. The answer holds until the next call.
  std::span<const epoll_event> wait(std::int64_t nanoseconds);

 private:
  Descriptor epoll_;
  std::array<epoll_event, 256> ready_{};
};

}  // namespace playhead::bench

#endif  // PLAYHEAD_BENCH_RELAY_SOCKETS_H_
