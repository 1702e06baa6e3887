// A connection on a stream made by hand: splits, exact limits, and what only the system knows.
#include "net/server_connection.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace playhead::net {
namespace {

// What happens to a stream; outlives it.
struct Wire {
  StreamEvents events;
  std::string written;
  std::size_t queued = 0;
  std::size_t unacknowledged = 0;
  bool paused = false;
  bool finished = false;
  bool reset = false;
  bool destroyed = false;
};

class HandMadeStream final : public ByteStream {
 public:
  explicit HandMadeStream(Wire& wire) : wire_(wire) {}
  ~HandMadeStream() override { wire_.destroyed = true; }
  void start(StreamEvents events) override { wire_.events = std::move(events); }
  void pause() override { wire_.paused = true; }
  void resume() override { wire_.paused = false; }
  void write(std::string_view bytes) override { wire_.written += bytes; }
  std::size_t queued() const override { return wire_.queued; }
  std::size_t unacknowledged() const override { return wire_.unacknowledged; }
  void finish() override { wire_.finished = true; }
  void reset() override { wire_.reset = true; }

 private:
  Wire& wire_;
};

class Owner final : public ConnectionOwner {
 public:
  const ServerLimits& limits() const override { return limits_; }
  bool is_draining() const override { return draining; }
  void handle(std::shared_ptr<Responder> responder) override {
    requests.push_back(responder->request());
    if (answers_at_once) return answer(*responder, 200, "text/plain", "ok");
    responders.push_back(std::move(responder));
  }
  void remove(std::uint64_t) override { ++removed; }

  ServerLimits limits_;
  bool draining = false;
  bool answers_at_once = false;
  std::vector<HttpRequest> requests;
  std::vector<std::shared_ptr<Responder>> responders;
  int removed = 0;
};

struct Bench {
  Bench() {
    watchdog.start(seconds(60), [] { FAIL() << "nothing happened for a minute"; });
    start();
  }
  ~Bench() {
    owner->responders.clear();
    connection->shut();
  }
  void start() {
    connection =
        std::make_shared<ServerConnection>(owner, loop, 1, std::make_unique<HandMadeStream>(wire));
    connection->start();
  }
  void read(std::string_view bytes) { wire.events.read(bytes); }
  Responder& responder() { return *owner->responders.back(); }

  Loop loop;
  Timer watchdog{loop};
  Wire wire;
  std::shared_ptr<Owner> owner = std::make_shared<Owner>();
  std::shared_ptr<ServerConnection> connection;
};

const std::string kGet = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string kPost =
    "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
const std::string kChunked =
    "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
    "chunked\r\n\r\n2\r\nwo\r\n3;x\r\nrld\r\n0\r\n\r\n";

TEST(ServerConnection, ReadsTheSameInEverySplit) {
  const std::string all = kGet + kChunked + kGet + kPost;
  for (std::size_t at = 0; at <= all.size(); ++at) {
    Bench bench;
    bench.owner->answers_at_once = true;
    bench.read(all.substr(0, at));
    bench.read(all.substr(at));
    ASSERT_EQ(bench.owner->requests.size(), 4u) << at;
    EXPECT_EQ(bench.owner->requests[1].head.target, "/c");
    EXPECT_EQ(bench.owner->requests[1].body, "world");
    EXPECT_EQ(bench.owner->requests[3].body, "hello");
    EXPECT_TRUE(bench.wire.finished);
  }
}

TEST(ServerConnection, TakesTheNextRequestWhenTheAnswerIsOnItsWay) {
  Bench bench;
  bench.read(kGet + kGet + kPost);
  ASSERT_EQ(bench.owner->requests.size(), 1u);
  bench.wire.queued = 1;
  bench.responder().finish_answer();
  bench.read(kGet);
  EXPECT_EQ(bench.owner->requests.size(), 1u);
  bench.wire.queued = 0;
  bench.wire.events.drained();
  EXPECT_EQ(bench.owner->requests.size(), 2u);
  // Not from within the call of the handler.
  bench.responder().finish_answer();
  EXPECT_EQ(bench.owner->requests.size(), 2u);
  while (bench.owner->requests.size() < 3) ASSERT_TRUE(bench.loop.run_once());
  EXPECT_EQ(bench.owner->requests[2].body, "hello");
}

TEST(ServerConnection, HoldsBackAClientThatPipelines) {
  Bench bench;
  bench.read(kGet);
  bench.read(std::string(kPipelinedBytesMax - 1, 'x'));
  EXPECT_FALSE(bench.wire.paused);
  bench.read("x");
  EXPECT_TRUE(bench.wire.paused);
  bench.responder().finish_connection();
  EXPECT_FALSE(bench.wire.paused);
}

TEST(ServerConnection, ReadsOnWhenPipelinedRequestsAreTaken) {
  Bench bench;
  std::string many;
  while (many.size() < kPipelinedBytesMax) many += kGet;
  bench.read(kGet + many);
  EXPECT_TRUE(bench.wire.paused);
  bench.owner->answers_at_once = true;
  answer(bench.responder(), 200, "text/plain", "ok");
  while (bench.wire.paused) ASSERT_TRUE(bench.loop.run_once());
  EXPECT_EQ(bench.owner->requests.size(), many.size() / kGet.size() + 1);
}

TEST(ServerConnection, ResetsAClientThatReadsTooSlowly) {
  Bench bench;
  bench.owner->limits_.queued_bytes = 10;
  std::vector<StreamEnd> ends;
  bench.read(kGet);
  bench.responder().on_gone([&](StreamEnd end) { ends.push_back(end); });
  bench.wire.queued = 10;
  bench.responder().write("at the limit");
  EXPECT_EQ(bench.wire.written, "at the limit");
  bench.wire.queued = 11;
  bench.responder().write("beyond");
  bench.responder().write("and more");
  EXPECT_EQ(bench.wire.written, "at the limit");
  EXPECT_TRUE(ends.empty());
  while (ends.empty()) ASSERT_TRUE(bench.loop.run_once());
  EXPECT_EQ(ends, std::vector<StreamEnd>{StreamEnd::reset});
  EXPECT_TRUE(bench.wire.reset && bench.wire.destroyed);
  EXPECT_EQ(bench.owner->removed, 1);
}

TEST(ServerConnection, AnOverflownAnswerMayEndBeforeItsClientIsTold) {
  Bench bench;
  bench.owner->limits_.queued_bytes = 10;
  bench.read(kGet);
  bench.wire.queued = 11;
  bench.responder().write("beyond");
  bench.responder().finish_answer();
  EXPECT_TRUE(bench.wire.reset && bench.wire.destroyed);
  EXPECT_EQ(bench.owner->removed, 1);
}

TEST(ServerConnection, ResetsWhenAllHasArrived) {
  Bench bench;
  bench.read(kGet);
  bench.wire.queued = 5;
  bench.responder().reset();
  EXPECT_FALSE(bench.wire.reset);
  bench.loop.run_once();
  EXPECT_FALSE(bench.wire.reset);
  bench.wire.queued = 0;
  bench.wire.unacknowledged = 5;
  bench.loop.run_once();
  EXPECT_FALSE(bench.wire.reset);
  bench.wire.events.end(StreamEnd::eof, "");  // a client that still reads
  EXPECT_FALSE(bench.wire.reset);
  bench.wire.unacknowledged = 0;
  while (!bench.wire.reset) ASSERT_TRUE(bench.loop.run_once());
  EXPECT_TRUE(bench.wire.destroyed);
  EXPECT_EQ(bench.owner->removed, 1);
}

TEST(ServerConnection, ResetsAtOnceWhereAllHasArrived) {
  Bench bench;
  bench.read(kGet);
  bench.responder().reset();
  EXPECT_TRUE(bench.wire.reset && bench.wire.destroyed);
}

TEST(ServerConnection, ResetsWhenItHasWaitedLongEnough) {
  Bench bench;
  bench.owner->limits_.reset_time = milliseconds(3);
  bench.read(kGet);
  bench.wire.unacknowledged = 5;
  bench.responder().reset();
  while (!bench.wire.reset) ASSERT_TRUE(bench.loop.run_once());
}

TEST(ServerConnection, TellsOfAClientThatWentBeforeItWasAsked) {
  Bench bench;
  bench.read(kGet);
  bench.wire.events.end(StreamEnd::reset, "");
  EXPECT_TRUE(bench.wire.destroyed);
  bench.responder().write("x");
  std::vector<StreamEnd> ends;
  bench.responder().on_gone([&](StreamEnd end) { ends.push_back(end); });
  EXPECT_TRUE(ends.empty());
  while (ends.empty()) ASSERT_TRUE(bench.loop.run_once());
  EXPECT_EQ(ends, std::vector<StreamEnd>{StreamEnd::reset});
  EXPECT_EQ(bench.wire.written, "");
}

TEST(ServerConnection, AClientThatFinishedStillGetsWhatIsQueued) {
  Bench bench;
  bench.owner->answers_at_once = true;
  bench.read(kGet);
  bench.wire.queued = 3;
  bench.wire.events.end(StreamEnd::eof, "");
  EXPECT_TRUE(bench.wire.finished);
  EXPECT_FALSE(bench.wire.destroyed);
  bench.wire.queued = 0;
  bench.wire.events.drained();
  EXPECT_TRUE(bench.wire.destroyed);
  EXPECT_FALSE(bench.wire.reset);
}

TEST(ServerConnection, LingersForAClientThatDoesNotClose) {
  Bench bench;
  bench.owner->limits_.linger_time = milliseconds(1);
  bench.read(kGet);
  bench.responder().finish_connection();
  EXPECT_TRUE(bench.wire.finished);
  EXPECT_FALSE(bench.wire.destroyed);
  bench.read("anything is dropped");
  while (!bench.wire.destroyed) ASSERT_TRUE(bench.loop.run_once());
  EXPECT_EQ(bench.owner->removed, 1);
}

TEST(ServerConnection, ClosesOnAClientThatNeverReadsTheRest) {
  Bench bench;
  bench.owner->limits_.idle_time = milliseconds(1);
  bench.read(kGet);
  bench.wire.queued = 3;
  bench.responder().finish_connection();
  while (!bench.wire.destroyed) ASSERT_TRUE(bench.loop.run_once());
}

TEST(ServerConnection, CallsMayHoldTheResponder) {
  Bench bench;
  bench.read(kGet);
  const std::weak_ptr<Responder> watched = bench.owner->responders[0];
  int drained = 0;
  {
    const auto held = std::exchange(bench.owner->responders, {})[0];
    held->on_gone([held](StreamEnd) {});
    held->on_drained([held, &drained] {
      if (++drained == 2) held->finish_answer();
    });
  }
  bench.wire.events.drained();
  EXPECT_FALSE(watched.expired());
  bench.wire.events.drained();
  EXPECT_TRUE(watched.expired());
  EXPECT_FALSE(bench.wire.reset);
  bench.wire.events.drained();
  EXPECT_EQ(drained, 2);
}

TEST(ServerConnection, LetsGoOfCallsWhenItIsShut) {
  Bench bench;
  bench.read(kGet);
  const std::weak_ptr<Responder> watched = bench.owner->responders[0];
  {
    const auto held = std::exchange(bench.owner->responders, {})[0];
    held->on_gone([held](StreamEnd) { FAIL() << "nobody is told"; });
  }
  bench.connection->shut();
  EXPECT_TRUE(watched.expired());
  EXPECT_EQ(bench.owner->removed, 0);
}

}  // namespace
}  // namespace playhead::net
