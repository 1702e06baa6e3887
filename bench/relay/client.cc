// One thread for all streams.
#include "bench/relay/client.h"

#include <fmt/core.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "bench/relay/events.h"
#include "bench/relay/histogram.h"
#include "bench/relay/response_reader.h"
#include "bench/relay/sockets.h"

namespace playhead::bench {
namespace {

// Connections that have no answer yet: below every listen backlog, so that a burst of connects is
// not what is measured.
constexpr int kUnansweredMax = 64;
// Beyond the streams' own time: what connecting and a proxy that falls behind may take.
constexpr std::int64_t kGraceNs = 30 * kNanosecondsOfSecond;

struct Stream {
  explicit Stream(int number) : body(number) {}

  Descriptor socket;
  ResponseReader response;
  BodyCheck body;
  bool asked = false;
  bool answered = false;
};

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

class Client {
 public:
  Client(const Load& load, std::uint16_t port)
      : load_(load),
        port_(port),
        warm_up_events_(std::int64_t{load.rate} * kWarmUpMs / 1000),
        buffer_(64 << 10) {
    streams_.reserve(static_cast<std::size_t>(load.streams));
  }

  int run();

 private:
  void open_some();
  void handle(std::size_t index);
  void ask(std::size_t index);
  void read_from(Stream& stream);
  void take(Stream& stream, std::string_view bytes);
  void close(Stream& stream);
  int print();

  Load load_;
  std::uint16_t port_;
  std::int64_t warm_up_events_;
  std::vector<char> buffer_;
  Poller poller_;
  std::vector<Stream> streams_;
  Histogram latencies_;
  int unanswered_ = 0;
  int open_ = 0;
  int complete_ = 0;
  int refused_ = 0;      // no connection, or no whole request
  int bad_answers_ = 0;  // not a chunked 200
  int cut_ = 0;          // reset, or ended before its end
};

int Client::run() {
  const std::int64_t until = monotonic_ns() + load_.seconds * kNanosecondsOfSecond + kGraceNs;
  for (;;) {
    open_some();
    if (open_ == 0) break;
    const std::int64_t left = until - monotonic_ns();
    if (left <= 0) break;
    for (const epoll_event& event : poller_.wait(left)) {
      handle(static_cast<std::size_t>(event.data.u64));
    }
  }
  return print();
}

void Client::open_some() {
  while (unanswered_ < kUnansweredMax && streams_.size() < streams_.capacity()) {
    const std::size_t index = streams_.size();
    Stream& stream = streams_.emplace_back(static_cast<int>(index));
    stream.socket = connect_to(port_);
    poller_.watch(stream.socket, EPOLLOUT, index);
    ++unanswered_;
    ++open_;
  }
}

void Client::handle(std::size_t index) {
  Stream& stream = streams_[index];
  if (!stream.asked) return ask(index);
  read_from(stream);
}

void Client::ask(std::size_t index) {
  Stream& stream = streams_[index];
  const std::string request = request_of(static_cast<int>(index), port_);
  stream.asked = true;
  if (error_of(stream.socket) != 0 || send(stream.socket, request).bytes != request.size()) {
    ++refused_;
    return close(stream);
  }
  poller_.change(stream.socket, EPOLLIN, index);
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

int Client::print() {
  BodyTally tally;
  for (const Stream& stream : streams_) tally.add(stream.body.tally(load_.events_of_stream()));
  const auto us = [](std::uint64_t ns) { return static_cast<double>(ns) / 1000; };
  const double delivered =
      100 * static_cast<double>(tally.events) / static_cast<double>(load_.events());
  fmt::print(
      "{{\"streams\":{},\"complete\":{},\"events\":{},\"delivered_percent\":{:.4f},"
      "\"measured\":{},\"p50_us\":{:.1f},\"p90_us\":{:.1f},\"p99_us\":{:.1f},\"max_us\":{:.1f},"
      "\"errors\":{{\"refused\":{},\"bad_answers\":{},\"cut\":{},\"unfinished\":{},\"lost\":{},"
      "\"doubled\":{},\"crossed\":{},\"broken\":{}}}}}\n",
      load_.streams, complete_, tally.events, delivered, latencies_.count(),
      us(latencies_.quantile(0.5)), us(latencies_.quantile(0.9)), us(latencies_.quantile(0.99)),
      us(latencies_.max()), refused_, bad_answers_, cut_, open_, tally.lost, tally.doubled,
      tally.crossed, tally.broken);
  const bool all = complete_ == load_.streams && tally.events == load_.events();
  return all && tally.is_clean() ? 0 : 1;
}

}  // namespace

int run_client(const Load& load, std::uint16_t port) {
  return std::make_unique<Client>(load, port)->run();
}

}  // namespace playhead::bench
