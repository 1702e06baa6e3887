// It sleeps until an event is due, stamps it and writes it.
#include "bench/relay/upstream.h"

#include <fmt/core.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "bench/relay/events.h"

namespace playhead::bench {
namespace {

// How long a proxy that loses connections, or a client that never comes, is waited for.
constexpr std::int64_t kGatherNs = 15 * kNanosecondsOfSecond;
// From the last request to the first event: everybody has read the head.
constexpr std::int64_t kSettleNs = kNanosecondsOfSecond / 5;
// An event that is written later than this is late.
constexpr std::int64_t kLateNs = kNanosecondsOfSecond / 1000;
constexpr std::size_t kRequestMax = 16 << 10;

constexpr std::string_view kHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"
    "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
// What the client's body ends with (client.cc).
constexpr std::string_view kBeforeStream = "relay stream ";
constexpr std::string_view kBehindStream = "\"}]}";

}  // namespace

Upstream::Upstream(const Load& load, Poller& poller)
    : load_(load),
      poller_(poller),
      listener_(listen_on_loopback()),
      peer_of_stream_(static_cast<std::size_t>(load.streams), kNobody) {
  poller_.watch(listener_, EPOLLIN, kListenerTag);
}

std::uint16_t Upstream::port() const { return port_of(listener_); }

bool Upstream::run(std::function<void(const epoll_event&)> other) {
  other_ = std::move(other);
  gather();
  if (asked_ == 0) return false;
  send_all();
  return true;
}

void Upstream::gather() {
  const std::int64_t began = monotonic_ns();
  while (asked_ < load_.streams) {
    const std::int64_t since = first_request_ns_ > 0 ? first_request_ns_ : began;
    const std::int64_t left = since + kGatherNs - monotonic_ns();
    if (left <= 0) break;
    handle(poller_.wait(left));
  }
  start_ns_ = monotonic_ns() + kSettleNs;
}

std::int64_t Upstream::due(std::int64_t slot) const {
  // Whole rounds apart: the product would leave 64 bits after hours.
  const std::int64_t period = kNanosecondsOfSecond / load_.rate;
  return start_ns_ + slot / load_.streams * period + slot % load_.streams * period / load_.streams;
}

void Upstream::send_all() {
  std::int64_t slot = 0;
  while (slot < slots()) {
    std::int64_t now = monotonic_ns();
    handle(poller_.wait(std::max<std::int64_t>(due(slot) - now, 0)));
    // No more than a round before the peers are looked at again.
    now = monotonic_ns();
    for (int i = 0; i < load_.streams && slot < slots() && due(slot) <= now; ++i) {
      send_slot(slot++);
      now = monotonic_ns();
    }
  }
}

void Upstream::send_slot(std::int64_t slot) {
  const auto stream = static_cast<int>(slot % load_.streams);
  const std::int64_t number = slot / load_.streams;
  const std::size_t index = peer_of_stream_[static_cast<std::size_t>(stream)];
  if (index == kNobody || !peers_[index].socket.is_open()) return;
  if (number == load_.events_of_stream()) {
    const std::string_view end = body_end();
    peers_[index].ends = true;
    write(index, fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", end.size(), end));
    return;
  }
  constexpr std::string_view kSize = "14a\r\n";
  static_assert(kEventBytes == 0x14a);
  std::array<char, kSize.size() + kEventBytes + 2> chunk;
  std::memcpy(chunk.data(), kSize.data(), kSize.size());
  chunk[chunk.size() - 2] = '\r';
  chunk[chunk.size() - 1] = '\n';
  const std::int64_t now = monotonic_ns();
  write_event({stream, number, now}, chunk.data() + kSize.size());
  write(index, {chunk.data(), chunk.size()});
  ++sent_;
  const std::int64_t behind = now - due(slot);
  latest_ns_ = std::max(latest_ns_, behind);
  if (behind > kLateNs) ++late_;
}

void Upstream::wait(std::int64_t nanoseconds) { handle(poller_.wait(nanoseconds)); }

void Upstream::handle(std::span<const epoll_event> ready) {
  for (const epoll_event& event : ready) {
    if (event.data.u64 == kListenerTag) {
      accept_all();
      continue;
    }
    if (event.data.u64 >= kClientTags) {
      other_(event);
      continue;
    }
    const auto index = static_cast<std::size_t>(event.data.u64);
    if ((event.events & EPOLLOUT) != 0) flush(index);
    if ((event.events & ~std::uint32_t{EPOLLOUT}) != 0) read_from(index);
  }
}

void Upstream::accept_all() {
  for (;;) {
    Descriptor socket = accept_from(listener_);
    if (!socket.is_open()) return;
    poller_.watch(socket, EPOLLIN, peers_.size());
    peers_.emplace_back().socket = std::move(socket);
    ++open_;
  }
}

void Upstream::drop(Peer& peer) {
  if (!peer.socket.is_open()) return;
  if (peer.stream >= 0 && !peer.ends) ++gone_;
  peer.socket.close();
  --open_;
}

void Upstream::read_from(std::size_t index) {
  Peer& peer = peers_[index];
  if (!peer.socket.is_open()) return;
  std::array<char, 4096> buffer;
  const IoResult got = receive(peer.socket, buffer);
  if (got.outcome == Io::blocked) return;
  if (got.outcome != Io::done) return drop(peer);
  if (peer.stream >= 0) return;
  peer.request.append(buffer.data(), got.bytes);
  if (peer.request.size() > kRequestMax) return drop(peer);
  answer(index);
}

// Once the request is whole.
void Upstream::answer(std::size_t index) {
  Peer& peer = peers_[index];
  const std::size_t at = peer.request.rfind(kBeforeStream);
  if (at == std::string::npos) return;
  const std::string_view rest = std::string_view(peer.request).substr(at + kBeforeStream.size());
  if (rest.size() < kStreamDigits + kBehindStream.size()) return;
  const std::size_t stream = std::stoul(std::string(rest.substr(0, kStreamDigits)));
  if (stream >= streams() || peer_of_stream_[stream] != kNobody) {
    ++repeated_;
    return drop(peer);
  }
  peer.stream = static_cast<int>(stream);
  peer.request = {};
  peer_of_stream_[stream] = index;
  if (asked_++ == 0) first_request_ns_ = monotonic_ns();
  write(index, kHead);
}

void Upstream::write(std::size_t index, std::string_view bytes) {
  Peer& peer = peers_[index];
  if (peer.pending.empty()) {
    const IoResult sent = send(peer.socket, bytes);
    if (sent.outcome == Io::failed) return drop(peer);
    bytes.remove_prefix(sent.bytes);
    if (bytes.empty()) return finish(peer);
    poller_.change(peer.socket, EPOLLIN | EPOLLOUT, index);
  }
  ++blocked_;
  peer.pending += bytes;
}

void Upstream::flush(std::size_t index) {
  Peer& peer = peers_[index];
  if (!peer.socket.is_open() || peer.pending.empty()) return;
  const IoResult sent = send(peer.socket, peer.pending);
  if (sent.outcome == Io::failed) return drop(peer);
  peer.pending.erase(0, sent.bytes);
  if (!peer.pending.empty()) return;
  poller_.change(peer.socket, EPOLLIN, index);
  finish(peer);
}

void Upstream::finish(Peer& peer) {
  if (peer.ends) ::shutdown(peer.socket.number(), SHUT_WR);
}

std::string Upstream::json() const {
  const double share = sent_ > 0 ? static_cast<double>(late_) / static_cast<double>(sent_) : 0;
  return fmt::format(
      "{{\"asked\":{},\"sent\":{},\"late_share\":{:.6f},\"latest_us\":{:.1f},\"blocked\":{},"
      "\"repeated_requests\":{},\"gone\":{}}}",
      asked_, sent_, share, static_cast<double>(latest_ns_) / 1000, blocked_, repeated_, gone_);
}

}  // namespace playhead::bench
