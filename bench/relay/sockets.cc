// Thin calls; what cannot happen on loopback ends the program.
#include "bench/relay/sockets.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace playhead::bench {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

Descriptor tcp_socket() {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) die("socket");
  return socket;
}

void set_option(const Descriptor& socket, int level, int name) {
  const int on = 1;
  ::setsockopt(socket.number(), level, name, &on, sizeof on);
}

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

std::int64_t monotonic_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * kNanosecondsOfSecond + now.tv_nsec;
}

void die(const std::string& what) {
  fmt::print(stderr, "relay_load: {}: {}\n", what, std::strerror(errno));
  std::exit(2);
}

void Descriptor::close() {
  if (is_open()) ::close(std::exchange(number_, -1));
}

void raise_file_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

Descriptor listen_on_loopback() {
  Descriptor listener = tcp_socket();
  set_option(listener, SOL_SOCKET, SO_REUSEADDR);
  const sockaddr_in address = loopback(0);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (::bind(listener.number(), generic, sizeof address) != 0) die("bind");
  if (::listen(listener.number(), SOMAXCONN) != 0) die("listen");
  return listener;
}

std::uint16_t port_of(const Descriptor& listener) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (::getsockname(listener.number(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    die("getsockname");
  }
  return ntohs(address.sin_port);
}

Descriptor accept_from(const Descriptor& listener) {
  Descriptor socket(::accept4(listener.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!socket.is_open()) {
    if (!would_block() && errno != ECONNABORTED) die("accept");
    return socket;
  }
  set_option(socket, IPPROTO_TCP, TCP_NODELAY);
  return socket;
}

Descriptor connect_to(std::uint16_t port) {
  Descriptor socket = tcp_socket();
  set_option(socket, IPPROTO_TCP, TCP_NODELAY);
  const sockaddr_in address = loopback(port);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (::connect(socket.number(), generic, sizeof address) != 0 && errno != EINPROGRESS) {
    die("connect");
  }
  return socket;
}

int error_of(const Descriptor& socket) {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

IoResult receive(const Descriptor& socket, std::span<char> buffer) {
  const ssize_t size = ::recv(socket.number(), buffer.data(), buffer.size(), 0);
  if (size > 0) return {Io::done, static_cast<std::size_t>(size)};
  if (size == 0) return {Io::ended, 0};
  return {would_block() ? Io::blocked : Io::failed, 0};
}

IoResult send(const Descriptor& socket, std::string_view bytes) {
  const ssize_t size = ::send(socket.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (size < 0) return {would_block() ? Io::blocked : Io::failed, 0};
  return {Io::done, static_cast<std::size_t>(size)};
}

Poller::Poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (!epoll_.is_open()) die("epoll_create1");
}

void Poller::watch(const Descriptor& socket, std::uint32_t events, std::uint64_t tag) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = tag;
  if (::epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, socket.number(), &event) != 0) die("epoll_ctl");
}

void Poller::change(const Descriptor& socket, std::uint32_t events, std::uint64_t tag) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = tag;
  if (::epoll_ctl(epoll_.number(), EPOLL_CTL_MOD, socket.number(), &event) != 0) die("epoll_ctl");
}

std::span<const epoll_event> Poller::wait(std::int64_t nanoseconds) {
  // epoll_wait counts in milliseconds, too coarse for a schedule.
  if (nanoseconds > 0) {
    pollfd watched{epoll_.number(), POLLIN, 0};
    const timespec timeout{nanoseconds / kNanosecondsOfSecond, nanoseconds % kNanosecondsOfSecond};
    if (::ppoll(&watched, 1, &timeout, nullptr) <= 0) return {};
  }
  const int count =
      ::epoll_wait(epoll_.number(), ready_.data(), static_cast<int>(ready_.size()), 0);
  return {ready_.data(), static_cast<std::size_t>(count < 0 ? 0 : count)};
}

}  // namespace playhead::bench
