// What the tests of this room share: recordings made in place, a server on a loop, and clients on
// the same loop that keep every read.
#ifndef PLAYHEAD_SERVE_TESTING_H_
#define PLAYHEAD_SERVE_TESTING_H_

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/http_body.h"
#include "net/http_head.h"
#include "net/loop.h"
#include "serve/server.h"

namespace playhead::serve {

// An exchange `method target`, without a body in its request, with a response at once.
inline RecordedExchange exchange_of(std::string method, std::string target,
                                    std::vector<Header> headers = {}) {
  RecordedExchange exchange;
  exchange.index = 1;
  exchange.method = std::move(method);
  exchange.target = std::move(target);
  exchange.responded_at = Instant{0};
  exchange.status = 200;
  exchange.response_headers = std::move(headers);
  exchange.end.reason = EndReason::complete;
  return exchange;
}

// `at_us`: since the request, which is at 0.
inline void add_chunk(RecordedExchange& exchange, std::int64_t at_us, std::string_view bytes) {
  exchange.chunks.push_back({Instant{at_us}, exchange.body.size(), bytes.size()});
  exchange.body += bytes;
  exchange.end.at = Instant{at_us};
}

inline Recording recording_of(std::vector<RecordedExchange> exchanges, std::string path = "a.rec") {
  Recording recording;
  recording.path = std::move(path);
  recording.exchanges = std::move(exchanges);
  int index = 0;
  for (RecordedExchange& exchange : recording.exchanges) exchange.index = ++index;
  return recording;
}

inline std::string get(std::string_view target, std::string_view more_headers = "") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" +
         std::string(more_headers) + "\r\n";
}

// One answer, as a client understands it.
struct Answer {
  net::ResponseHead head;
  std::string body;
  std::vector<net::HttpHeader> trailers;
  bool whole = false;     // by its framing
  std::size_t bytes = 0;  // of the text, taken by this answer
};

inline Answer answer_in(std::string_view text, std::string_view method = "GET") {
  Answer answer;
  net::HeadReader<net::ResponseHead> reader;
  reader.set_request_method(method);
  answer.bytes = reader.feed(text);
  if (!reader.done()) return answer;
  answer.head = reader.take();
  net::BodyReader body(answer.head.body);
  answer.bytes += body.feed(text.substr(answer.bytes), answer.body);
  EXPECT_FALSE(body.malformed()) << text;
  answer.whole = body.done();
  answer.trailers = body.trailers();
  return answer;
}

struct Client {
  std::unique_ptr<net::Connecting> connecting;
  std::unique_ptr<net::ByteStream> stream;
  std::vector<std::string> reads;
  std::string got;
  std::optional<net::StreamEnd> end;
};

class ServeTest : public testing::Test {
 protected:
  ServeTest() {
    watchdog_.start(seconds(120), [this] { expired_ = true; });
  }

  void serve(ServerOptions options) {
    auto server = Server::start(loop_, std::move(options),
                                [this](std::string_view text) { log_.emplace_back(text); });
    ASSERT_TRUE(server.ok()) << server.error().message;
    server_ = std::move(*server);
  }
  void serve(std::vector<RecordedExchange> exchanges, Speed speed = {1, true}) {
    ServerOptions options;
    options.recordings.push_back(recording_of(std::move(exchanges)));
    options.speed = speed;
    serve(std::move(options));
  }

  template <typename Condition>
  void until(Condition condition) {
    while (!condition()) {
      ASSERT_FALSE(expired_) << "nothing happened for two minutes";
      ASSERT_TRUE(loop_.run_once());
    }
  }
  void run_a_little() {
    bool is_over = false;
    net::Timer timer(loop_);
    timer.start(milliseconds(5), [&] { is_over = true; });
    until([&] { return is_over; });
  }

  // Sends the bytes as soon as it is connected.
  Client& connect_client(std::string bytes) {
    Client& client = clients_.emplace_back();
    net::Url url;
    url.host = "127.0.0.1";
    url.port = server_->port();
    client.connecting = net::connect(
        loop_, url, nullptr, seconds(60),
        [&client, bytes = std::move(bytes)](std::unique_ptr<net::ByteStream> stream) {
          client.stream = std::move(stream);
          client.stream->start(
              {.read =
                   [&client](std::string_view text) {
                     client.reads.emplace_back(text);
                     client.got += text;
                   },
               .end = [&client](net::StreamEnd end, const std::string&) { client.end = end; },
               .drained = {}});
          client.stream->write(bytes);
        },
        [&client](const net::ConnectFailure& failure) { client.end = failure.end; });
    return client;
  }
  Client& ended_client(std::string bytes) {
    Client& client = connect_client(std::move(bytes));
    until([&] { return client.end.has_value(); });
    return client;
  }
  // The answer to one request, and its whole text, head included.
  Answer answer_to(std::string bytes, std::string_view method = "GET") {
    Client& client = connect_client(std::move(bytes));
    until([&] { return client.end || answer_in(client.got, method).whole; });
    return answer_in(client.got, method);
  }

  net::Loop loop_;
  net::Timer watchdog_{loop_};
  bool expired_ = false;
  std::vector<std::string> log_;
  std::deque<Client> clients_;
  std::unique_ptr<Server> server_;
};

}  // namespace playhead::serve

#endif  // PLAYHEAD_SERVE_TESTING_H_
