#include "bench/relay/client.h"

#include <fmt/core.h>

#include <array>
#include <string>

namespace playhead::bench {
namespace {

// Connections that have no answer yet: below every listen backlog, so that a burst of connects is
// not what is measured.
constexpr int kUnansweredMax = 64;

std::string request_of(int stream, std::uint16_t port) {
  std::array<char, kStreamDigits> digits;
  write_digits(stream, kStreamDigits, digits.data());
  const std::string body =
      fmt::format(R"({{"model":"relay-load","stream":true,"messages":[{{"role":"user","content":)"
                  R"("relay stream {}"}}]}})",
                  std::string_view(digits.data(), digits.size()));
  return fmt::format(
      "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n"
      "Accept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n"
      "{}",
      port, body.size(), body);
}

}  // namespace

Client::Client(const Load& load, std::uint16_t port, Poller& poller)
    : load_(load),
      port_(port),
      warm_up_events_(std::int64_t{load.rate} * kWarmUpMs / 1000),
      buffer_(64 << 10),
      poller_(poller) {
  streams_.reserve(static_cast<std::size_t>(load.streams));
  open_some();
}

void Client::open_some() {
  while (unanswered_ < kUnansweredMax && streams_.size() < streams_.capacity()) {
    const std::size_t index = streams_.size();
    Stream& stream = streams_.emplace_back(static_cast<int>(index));
    stream.socket = connect_to(port_);
    poller_.watch(stream.socket, EPOLLOUT, kClientTags + index);
    ++unanswered_;
    ++open_;
  }
}

void Client::handle(const epoll_event& event) {
  const auto index = static_cast<std::size_t>(event.data.u64 - kClientTags);
  Stream& stream = streams_[index];
  if (!stream.socket.is_open()) return;
  stream.asked ? read_from(stream) : ask(index);
  open_some();
}

void Client::ask(std::size_t index) {
  Stream& stream = streams_[index];
  const std::string request = request_of(static_cast<int>(index), port_);
  stream.asked = true;
  if (error_of(stream.socket) != 0 || send(stream.socket, request).bytes != request.size()) {
    ++refused_;
    return close(stream);
  }
  poller_.change(stream.socket, EPOLLIN, kClientTags + index);
}

void Client::read_from(Stream& stream) {
  const IoResult got = receive(stream.socket, buffer_);
  if (got.outcome == Io::blocked) return;
  if (got.outcome == Io::done) return take(stream, {buffer_.data(), got.bytes});
  ++cut_;
  close(stream);
}

void Client::take(Stream& stream, std::string_view bytes) {
  const std::int64_t now = monotonic_ns();
  const auto measure = [this, now](const Event& event) {
    if (event.number >= warm_up_events_) latencies_.add(now - event.sent_ns);
  };
  stream.response.feed(bytes, [&stream, &measure](std::string_view data) {
    data.remove_prefix(stream.body.feed(data, measure));
    stream.body.expect_nothing(data);
  });
  if (!stream.answered && stream.response.has_head()) {
    stream.answered = true;
    --unanswered_;
  }
  if (stream.response.failed()) {
    ++bad_answers_;
    close(stream);
  } else if (stream.response.ended()) {
    ++(stream.body.ended() ? complete_ : cut_);
    close(stream);
  }
}

void Client::close(Stream& stream) {
  if (!stream.answered) --unanswered_;
  stream.answered = true;
  stream.socket.close();
  --open_;
}

BodyTally Client::tally() const {
  BodyTally tally;
  for (const Stream& stream : streams_) tally.add(stream.body.tally(load_.events_of_stream()));
  return tally;
}

bool Client::has_all() const {
  const BodyTally all = tally();
  return complete_ == load_.streams && all.events == load_.events() && all.is_clean();
}

std::string Client::json() const {
  const BodyTally all = tally();
  const auto us = [](std::uint64_t ns) { return static_cast<double>(ns) / 1000; };
  const double delivered =
      100 * static_cast<double>(all.events) / static_cast<double>(load_.events());
  return fmt::format(
      "{{\"streams\":{},\"complete\":{},\"events\":{},\"delivered_percent\":{:.4f},"
      "\"measured\":{},\"p50_us\":{:.1f},\"p90_us\":{:.1f},\"p99_us\":{:.1f},\"max_us\":{:.1f},"
      "\"errors\":{{\"refused\":{},\"bad_answers\":{},\"cut\":{},\"unfinished\":{},\"lost\":{},"
      "\"doubled\":{},\"crossed\":{},\"broken\":{}}}}}",
      load_.streams, complete_, all.events, delivered, latencies_.count(),
      us(latencies_.quantile(0.5)), us(latencies_.quantile(0.9)), us(latencies_.quantile(0.99)),
      us(latencies_.max()), refused_, bad_answers_, cut_, open_, all.lost, all.doubled, all.crossed,
      all.broken);
}

}  // namespace playhead::bench
