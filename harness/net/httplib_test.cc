// A second opinion: our HTTP against that of other people. cpp-httplib as a client of our server,
// and as an upstream that our readers read. Every default of it that matters is set here.
#include <gtest/gtest.h>
#include <httplib.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "net/connection.h"
#include "net/http_body.h"
#include "net/http_head.h"
#include "net/http_server.h"
#include "net/testing.h"

namespace playhead::net {
namespace {

constexpr time_t kPatience = 60;  // seconds; only a failing test waits so long

httplib::Client client_of(std::uint16_t port) {
  httplib::Client client("127.0.0.1", port);
  client.set_tcp_nodelay(true);
  client.set_connection_timeout(kPatience);
  client.set_read_timeout(kPatience);
  client.set_write_timeout(kPatience);
  client.set_keep_alive(true);
  client.set_follow_location(false);
  return client;
}

// Runs the blocking side in a thread of its own, and our loop until it is done.
void beside(Loop& loop, const std::function<void()>& blocking) {
  std::atomic<bool> done = false;
  std::thread other([&] {
    blocking();
    done = true;
  });
  Timer tick(loop);  // the loop looks up now and then: nothing of it wakes it when `done` is set
  const std::function<void()> look = [&] { tick.start(milliseconds(1), look); };
  look();
  EXPECT_TRUE(run_until(loop, [&done] { return done.load(); }));
  other.join();
}

// Three chunks of a stream, then what came as its request.
void answer_in_chunks(Responder& responder) {
  std::string out = response_text(
      200, "OK", {{"Content-Type", "text/event-stream"}, {"Transfer-Encoding", "chunked"}});
  for (const std::string_view piece : {"data: a\n\n", "data: b\n\n"}) append_chunk(piece, out);
  append_chunk(responder.request().body, out);
  responder.write(out.append(kLastChunk));
  responder.finish_answer();
}

TEST(HttplibClient, ReadsChunkedAnswersOverOneConnection) {
  Loop loop;
  std::vector<std::uint64_t> connections;
  auto server = HttpServer::start(loop, Endpoint{}, {}, [&](std::shared_ptr<Responder> responder) {
    connections.push_back(responder->connection());
    answer_in_chunks(*responder);
  });
  ASSERT_TRUE(server.ok()) << server.error().message;
  beside(loop, [port = (*server)->port()] {
    httplib::Client client = client_of(port);
    for (const std::string body : {"{}", "{\"n\":1}"}) {
      const auto result = client.Post("/v1/chat/completions", body, "application/json");
      ASSERT_TRUE(result);
      EXPECT_EQ(result->status, 200);
      EXPECT_EQ(result->body, "data: a\n\ndata: b\n\n" + body);
    }
  });
  EXPECT_EQ(connections, (std::vector<std::uint64_t>{1, 1}));
}

TEST(HttplibClient, SendsChunkedRequestsAndAsksForHeads) {
  Loop loop;
  std::string seen;
  auto server = HttpServer::start(loop, Endpoint{}, {}, [&](std::shared_ptr<Responder> responder) {
    seen += responder->request().head.method + ":" + responder->request().body + ";";
    answer(*responder, 200, "text/plain", "hello");
  });
  ASSERT_TRUE(server.ok()) << server.error().message;
  beside(loop, [port = (*server)->port()] {
    httplib::Client client = client_of(port);
    const auto sent = client.Post(
        "/", httplib::Headers{},
        [](std::size_t, httplib::DataSink& sink) {
          sink.write("in ", 3);
          sink.write("pieces", 6);
          sink.done();
          return true;
        },
        "text/plain");
    ASSERT_TRUE(sent);
    EXPECT_EQ(sent->body, "hello");
    const auto head = client.Head("/");
    ASSERT_TRUE(head);
    EXPECT_EQ(head->body, "");
    EXPECT_EQ(head->get_header_value("Content-Length"), "5");
  });
  EXPECT_EQ(seen, "POST:in pieces;HEAD:;");
}

TEST(HttplibServer, IsReadAsAnUpstream) {
  httplib::Server upstream;
  upstream.set_tcp_nodelay(true);
  upstream.set_read_timeout(kPatience);
  upstream.set_write_timeout(kPatience);
  upstream.set_keep_alive_max_count(1);
  upstream.Post("/v1", [](const httplib::Request& request, httplib::Response& response) {
    response.set_chunked_content_provider(
        "text/event-stream", [body = request.body](std::size_t, httplib::DataSink& sink) {
          sink.write("data: 1\n\n", 9);
          sink.write(body.data(), body.size());
          sink.done();
          return true;
        });
  });
  const int port = upstream.bind_to_any_port("127.0.0.1");
  ASSERT_GT(port, 0);
  std::thread serving([&upstream] { upstream.listen_after_bind(); });

  Loop loop;
  std::unique_ptr<ByteStream> stream;
  HeadReader<ResponseHead> head;
  std::optional<BodyReader> body;
  std::string payload;
  const auto read = [&](std::string_view bytes) {
    if (!body) {
      bytes.remove_prefix(head.feed(bytes));
      if (!head.done()) return;
      body.emplace(head.take().body);
    }
    body->feed(bytes, payload);
  };
  const auto connecting = connect(
      loop, url_to("127.0.0.1", static_cast<std::uint16_t>(port)), nullptr, seconds(kPatience),
      [&](std::unique_ptr<ByteStream> connected) {
        stream = std::move(connected);
        stream->start({.read = read, .end = [](StreamEnd, const std::string&) {}});
        stream->write(request_text("POST", "/v1", {{"Host", "a"}, {"Content-Length", "4"}}) +
                      "ping");
      },
      [](const ConnectFailure& failure) { ADD_FAILURE() << failure.message; });
  EXPECT_TRUE(run_until(loop, [&] { return body && body->done(); }));
  EXPECT_FALSE(head.error()) << head.error()->message;
  EXPECT_EQ(payload, "data: 1\n\nping");
  upstream.stop();
  serving.join();
}

}  // namespace
}  // namespace playhead::net
