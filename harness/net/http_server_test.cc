// The server over real sockets, with clients on the same loop.
#include "net/http_server.h"

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "net/http_body.h"

namespace playhead::net {
namespace {

const std::string kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

struct Client {
  // Closes as a program does that is done: FIN, or RST where something is unread.
  void leave() { stream.reset(); }

  std::unique_ptr<Connecting> connecting;
  std::unique_ptr<ByteStream> stream;
  std::string got;
  std::optional<StreamEnd> end;
};

class HttpServerTest : public testing::Test {
 protected:
  HttpServerTest() {
    watchdog_.start(seconds(60), [this] { expired_ = true; });
  }

  void serve(const ServerLimits& limits, HttpServer::Handler handler) {
    auto server = HttpServer::start(loop_, Endpoint{}, limits, std::move(handler));
    ASSERT_TRUE(server.ok()) << server.error().message;
    server_ = std::move(*server);
  }
  // Each request waits in requests_.
  void serve(const ServerLimits& limits = {}) {
    serve(limits, [this](std::shared_ptr<Responder> responder) {
      requests_.push_back(std::move(responder));
    });
  }
  void serve_at_once(const ServerLimits& limits = {}) {
    serve(limits, [this](const std::shared_ptr<Responder>& responder) {
      const HttpRequest& request = responder->request();
      ++answered_;
      answer(*responder, 200, "text/plain", request.head.target + " " + request.body);
    });
  }

  template <typename Condition>
  void until(Condition condition) {
    while (!condition()) {
      ASSERT_FALSE(expired_) << "nothing happened for a minute";
      ASSERT_TRUE(loop_.run_once());
    }
  }

  // Of it the bytes are sent as soon as it is connected.
  Client& connect_client(std::string bytes) {
    Client& client = clients_.emplace_back();
    Url url;
    url.host = "127.0.0.1";
    url.port = server_->port();
    client.connecting = connect(
        loop_, url, nullptr, seconds(30),
        [&client, bytes = std::move(bytes)](std::unique_ptr<ByteStream> stream) {
          client.stream = std::move(stream);
          client.stream->start(
              {.read = [&client](std::string_view text) { client.got += text; },
               .end = [&client](StreamEnd end, const std::string&) { client.end = end; }});
          client.stream->write(bytes);
        },
        [&client](const ConnectFailure& failure) { client.end = failure.end; });
    return client;
  }
  // Sends, and waits for the end of the connection.
  std::string all_of(std::string bytes) {
    Client& client = connect_client(std::move(bytes));
    until([&] { return client.end.has_value(); });
    EXPECT_EQ(client.end, StreamEnd::eof);
    client.leave();
    return client.got;
  }

  Loop loop_;
  Timer watchdog_{loop_};
  bool expired_ = false;
  std::deque<Client> clients_;
  std::vector<std::shared_ptr<Responder>> requests_;
  std::size_t answered_ = 0;
  std::unique_ptr<HttpServer> server_;
};

// Status, and what the error says. Expects the one form that errors have.
std::pair<int, std::string> error_of(const std::string& text) {
  HeadReader<ResponseHead> reader;
  const std::size_t taken = reader.feed(text);
  EXPECT_TRUE(reader.done()) << text;
  if (!reader.done()) return {};
  const ResponseHead head = reader.take();
  EXPECT_FALSE(head.keep_alive) << text;
  EXPECT_EQ(header_value(head.headers, "Content-Type"), "application/json");
  EXPECT_EQ(head.body.length, text.size() - taken);
  const auto json = parse_json(std::string_view(text).substr(taken));
  EXPECT_TRUE(json.ok()) << text;
  const JsonValue* error = json.ok() ? member(*json, "error") : nullptr;
  EXPECT_NE(error, nullptr) << text;
  if (error == nullptr) return {};
  EXPECT_EQ(text_member(*error, "type"), "playhead");
  return {head.status, std::string(text_member(*error, "message").value_or(""))};
}

TEST_F(HttpServerTest, AnswersOneAfterTheOther) {
  serve_at_once();
  Client& client = connect_client(kGet);
  const std::string first =
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n/ ";
  until([&] { return client.got == first; });
  client.stream->write("POST /x?y HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
  until([&] { return client.got.ends_with("/x?y hi"); });
  client.stream->write(
      "POST /z HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
      "3\r\nabc\r\n0\r\n\r\n");
  until([&] { return client.end.has_value(); });
  EXPECT_TRUE(client.got.ends_with("Connection: close\r\n\r\n/z abc"));
  EXPECT_EQ(client.end, StreamEnd::eof);
  EXPECT_EQ(server_->connections(), 1u);
  client.leave();
  until([&] { return server_->connections() == 0; });
}

TEST_F(HttpServerTest, NumbersItsConnections) {
  serve();
  connect_client(kGet);
  until([&] { return requests_.size() == 1; });
  connect_client(kGet);
  until([&] { return requests_.size() == 2; });
  EXPECT_EQ(requests_[0]->connection(), 1u);
  EXPECT_EQ(requests_[1]->connection(), 2u);
}

TEST_F(HttpServerTest, AnswersBadRequestsWithAnError) {
  ServerLimits limits;
  limits.body_bytes = 5;
  serve_at_once(limits);
  const auto post = [](const std::string& rest) { return "POST / HTTP/1.1\r\nHost: a\r\n" + rest; };
  const std::pair<int, std::string> rows[] = {
      {400, "nonsense\r\n"},
      {400, "GET /\r\n"},
      {400, "GET / HTTP/1.1\r\n\r\n"},
      {400, post("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n")},
      {400, post("Transfer-Encoding: chunked\r\n\r\nx\r\n")},
      {400, post("Transfer-Encoding: chunked\r\n\r\n1\r\nxx")},
      {413, post("Content-Length: 6\r\n\r\n")},
      {413, post("Transfer-Encoding: chunked\r\n\r\n6\r\n123456")},
      {414, "GET /" + std::string(kTargetBytesMax, 'x') + " HTTP/1.1\r\n"},
      {417, post("Expect: something\r\n\r\n")},
      {431, post("A: " + std::string(kHeadBytesMax, 'x'))},
      {501, post("Transfer-Encoding: gzip\r\n\r\n")},
      {501, "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n"},
      {505, "GET / HTTP/2.0\r\n"},
  };
  for (const auto& [status, text] : rows) {
    const auto error = error_of(all_of(text));
    EXPECT_EQ(error.first, status) << text.substr(0, 200);
    EXPECT_FALSE(error.second.empty());
  }
  EXPECT_EQ(answered_, 0u);
}

TEST_F(HttpServerTest, HandlesNothingBehindAnError) {
  serve_at_once();
  const std::string got = all_of(kGet + "GET / HTTP/1.1\r\n\r\n" + kGet);
  EXPECT_EQ(answered_, 1u);
  EXPECT_EQ(error_of(got.substr(got.find("HTTP/1.1 400"))).first, 400);
}

TEST_F(HttpServerTest, TakesBodiesUpToTheLimit) {
  ServerLimits limits;
  limits.body_bytes = 5;
  serve_at_once(limits);
  Client& client = connect_client(
      "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12345"
      "POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n67890\r\n0\r\n\r\n");
  until([&] { return client.got.ends_with("/b 67890"); });
  EXPECT_NE(client.got.find("/a 12345"), std::string::npos);
}

// The client is still sending: closing at once would take the answer from it.
TEST_F(HttpServerTest, AnErrorReachesAClientThatIsStillSending) {
  serve_at_once();
  const std::string huge = std::string(8u << 20, 'x');
  EXPECT_EQ(error_of(all_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " +
                            std::to_string((64u << 20) + 1) + "\r\n\r\n" + huge))
                .first,
            413);
}

TEST_F(HttpServerTest, ClosesSlowClients) {
  ServerLimits limits;
  limits.head_time = limits.body_time = limits.idle_time = milliseconds(20);
  serve_at_once(limits);
  EXPECT_EQ(error_of(all_of("GET / HT")).first, 408);
  EXPECT_EQ(error_of(all_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel")).first,
            408);
  EXPECT_EQ(all_of(""), "");
  EXPECT_TRUE(all_of(kGet).ends_with("/ "));
}

// Each byte comes in time, the whole head does not.
TEST_F(HttpServerTest, TimeOfAHeadCountsFromItsFirstByte) {
  ServerLimits limits;
  limits.head_time = milliseconds(50);
  serve_at_once(limits);
  Client& client = connect_client("GET / HTTP/1.1\r\nA: ");
  Timer drip(loop_);
  std::function<void()> next = [&] {
    if (client.stream) client.stream->write("x");
    drip.start(milliseconds(2), next);
  };
  next();
  until([&] { return client.end.has_value(); });
  EXPECT_EQ(error_of(client.got).first, 408);
}

TEST_F(HttpServerTest, AHealthyClientIsUndisturbed) {
  ServerLimits limits;
  limits.head_time = milliseconds(20);
  serve_at_once(limits);
  for (int i = 0; i < 200; ++i) connect_client("G");
  Client& healthy = connect_client(kGet);
  until([&] { return healthy.got.ends_with("/ "); });
  for (Client& client : clients_) {
    if (&client == &healthy) continue;
    until([&] { return client.end.has_value(); });
    EXPECT_EQ(error_of(client.got).first, 408);
  }
  EXPECT_FALSE(healthy.end);
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  serve();
  Client& client = connect_client(
      "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
      "GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /4 HTTP/1.1\r\nHost: a\r\n\r\n");
  for (std::size_t i = 0; i < 3; ++i) {
    until([&] { return requests_.size() == i + 1; });
    answer(*requests_[i], 200, "text/plain", requests_[i]->request().head.target);
  }
  until([&] { return client.end.has_value(); });
  EXPECT_EQ(requests_.size(), 3u);
  EXPECT_LT(client.got.find("/1HTTP"), client.got.find("/2HTTP"));
  EXPECT_TRUE(client.got.ends_with("/3"));
}

TEST_F(HttpServerTest, AnswersTenThousandPipelinedRequests) {
  serve_at_once();
  std::string bytes;
  for (std::size_t i = 0; i < 10'001; ++i) bytes += kGet;
  const std::string got = all_of(bytes);
  EXPECT_EQ(answered_, ServerLimits{}.requests);
  EXPECT_TRUE(got.ends_with("Connection: close\r\n\r\n/ "));
}

TEST_F(HttpServerTest, ClosesAfterTheLastRequest) {
  ServerLimits limits;
  limits.requests = 2;
  serve_at_once(limits);
  const std::string got = all_of(kGet + kGet + kGet);
  EXPECT_EQ(answered_, 2u);
  EXPECT_EQ(got.find("Connection: close"), got.rfind("Connection: close"));
}

TEST_F(HttpServerTest, TellsAClientToGoOn) {
  serve_at_once();
  Client& client = connect_client(
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  until([&] { return client.got == "HTTP/1.1 100 Continue\r\n\r\n"; });
  client.stream->write("hi");
  until([&] { return client.got.ends_with("/ hi"); });
}

TEST_F(HttpServerTest, ATooLargeBodyIsRefusedBeforeItIsSent) {
  ServerLimits limits;
  limits.body_bytes = 1;
  serve_at_once(limits);
  const std::string got =
      all_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(error_of(got).first, 413);
}

TEST_F(HttpServerTest, KnowsTheRulesOfOldClients) {
  serve_at_once();
  EXPECT_TRUE(all_of("GET / HTTP/1.0\r\n\r\n").ends_with("Connection: close\r\n\r\n/ "));
  Client& client = connect_client("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  until([&] { return client.got.ends_with("Connection: keep-alive\r\n\r\n/ "); });
  client.stream->write("GET /2 HTTP/1.0\r\n\r\n");
  until([&] { return client.end.has_value(); });
  EXPECT_TRUE(client.got.ends_with("/2 "));
}

TEST_F(HttpServerTest, SendsNoBodyWhereNoneBelongs) {
  serve();
  Client& client = connect_client("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + kGet);
  until([&] { return requests_.size() == 1; });
  answer(*requests_[0], 200, "text/plain", "four");
  until([&] { return requests_.size() == 2; });
  answer(*requests_[1], 204, "text/plain", "four");
  const std::string wanted =
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\n"
      "HTTP/1.1 204 No Content\r\n\r\n";
  until([&] { return client.got.size() >= wanted.size(); });
  EXPECT_EQ(client.got, wanted);
}

TEST_F(HttpServerTest, TellsOfClientsThatGo) {
  serve();
  const std::pair<bool, StreamEnd> rows[] = {{true, StreamEnd::eof}, {false, StreamEnd::reset}};
  for (const auto& [finishes, end] : rows) {
    Client& client = connect_client(kGet);
    const std::size_t before = requests_.size();
    until([&] { return requests_.size() > before; });
    std::vector<StreamEnd> ends;
    requests_.back()->on_gone([&](StreamEnd gone) { ends.push_back(gone); });
    requests_.back()->write("HTTP/1.1 200 OK\r\n\r\n");
    finishes ? client.stream->finish() : client.stream->reset();
    until([&] { return !ends.empty(); });
    EXPECT_EQ(ends, std::vector<StreamEnd>{end});
    EXPECT_EQ(server_->connections(), 0u);
    requests_.back()->write("more");
    requests_.back()->finish_answer();
  }
}

TEST_F(HttpServerTest, TellsWhenTheClientHasCaughtUp) {
  serve();
  Client& client = connect_client(kGet);
  until([&] { return requests_.size() == 1; });
  client.stream->pause();
  const std::string huge(32u << 20, 'x');
  bool drained = false;
  requests_[0]->on_drained([&] { drained = true; });
  requests_[0]->write(huge);
  EXPECT_GT(requests_[0]->queued(), 0u);
  EXPECT_FALSE(drained);
  client.stream->resume();
  until([&] { return drained; });
  EXPECT_EQ(requests_[0]->queued(), 0u);
  requests_[0]->finish_connection();
  until([&] { return client.end.has_value(); });
  EXPECT_EQ(client.end, StreamEnd::eof);
  EXPECT_EQ(client.got.size(), huge.size());
}

TEST_F(HttpServerTest, AResetTakesNothingFromTheClient) {
  serve();
  for (const std::size_t size : {0u, 1u, 100'000u, 8u << 20}) {
    Client& client = connect_client(kGet);
    const std::size_t before = requests_.size();
    until([&] { return requests_.size() > before; });
    client.stream->pause();
    requests_.back()->write(std::string(size, 'x'));
    requests_.back()->reset();
    client.stream->resume();
    until([&] { return client.end.has_value(); });
    EXPECT_EQ(client.end, StreamEnd::reset) << size;
    EXPECT_EQ(client.got.size(), size);
    EXPECT_EQ(server_->connections(), 0u);
  }
}

TEST_F(HttpServerTest, AForgottenAnswerIsAReset) {
  serve();
  Client& client = connect_client(kGet);
  until([&] { return requests_.size() == 1; });
  requests_.clear();
  until([&] { return client.end.has_value(); });
  EXPECT_EQ(client.end, StreamEnd::reset);
  EXPECT_EQ(client.got, "");
}

TEST_F(HttpServerTest, AHandlerThatDropsItsRequestResets) {
  serve({}, [](const std::shared_ptr<Responder>&) {});
  Client& client = connect_client(kGet + kGet);
  until([&] { return client.end.has_value(); });
  EXPECT_EQ(client.end, StreamEnd::reset);
}

TEST_F(HttpServerTest, ConnectionsAboveTheLimitWait) {
  ServerLimits limits;
  limits.connections = 2;
  serve(limits);
  for (int i = 0; i < 5; ++i) connect_client(kGet);
  until([&] { return requests_.size() == 2; });
  // A connection that nobody waits for: what would be accepted is accepted before it gets its turn.
  Timer turn(loop_);
  for (int i = 0; i < 10; ++i) {
    bool over = false;
    turn.start(Duration{0}, [&] { over = true; });
    until([&] { return over; });
  }
  EXPECT_EQ(requests_.size(), 2u);
  EXPECT_EQ(server_->connections(), 2u);
  for (std::size_t i = 0; i < 5; ++i) {
    until([&] { return requests_.size() > i; });
    EXPECT_LE(server_->connections(), 2u);
    requests_[i]->reset();
  }
  until([&] { return server_->connections() == 0; });
  for (const Client& client : clients_) {
    until([&] { return client.end.has_value(); });
    EXPECT_EQ(client.end, StreamEnd::reset);  // ours, so it was served
  }
}

TEST_F(HttpServerTest, DrainsToTheLastAnswer) {
  serve();
  Client& busy = connect_client(kGet + kGet);
  until([&] { return requests_.size() == 1; });
  Client& idle = connect_client("");
  Client& half = connect_client("GET /");
  until([&] { return server_->connections() == 3 && half.stream != nullptr; });
  server_->drain();
  EXPECT_EQ(server_->connections(), 1u);
  until([&] { return idle.end.has_value() && half.end.has_value(); });
  requests_[0]->write("HTTP/1.1 200 OK\r\n\r\nthe answer");
  requests_[0]->finish_answer();
  until([&] { return busy.end.has_value(); });
  EXPECT_EQ(busy.end, StreamEnd::eof);
  EXPECT_TRUE(busy.got.ends_with("the answer"));
  EXPECT_EQ(requests_.size(), 1u);
  busy.leave();
  until([&] { return server_->connections() == 0; });
  Client& late = connect_client(kGet);
  until([&] { return late.end.has_value(); });
  EXPECT_EQ(late.end, StreamEnd::reset);  // refused
}

TEST_F(HttpServerTest, MayBeDestroyedByItsHandler) {
  serve({}, [this](std::shared_ptr<Responder> responder) {
    requests_.push_back(std::move(responder));
    server_.reset();
    requests_.back()->finish_answer();
  });
  Client& client = connect_client(kGet + kGet);
  until([&] { return client.end.has_value(); });
  EXPECT_EQ(requests_.size(), 1u);
}

TEST_F(HttpServerTest, SaysWhyItCannotListen) {
  serve_at_once();
  const Endpoint taken{"127.0.0.1", server_->port()};
  const auto second = HttpServer::start(loop_, taken, {}, [](const auto&) {});
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().message.find(std::to_string(taken.port)), std::string::npos);
}

}  // namespace
}  // namespace playhead::net
