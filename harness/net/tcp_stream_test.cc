#include "net/tcp_stream.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "net/loop_state.h"
#include "net/testing.h"

namespace playhead::net {
namespace {

// More than the kernel's buffers between two sockets of this machine ever take.
constexpr std::size_t kMuch = 32 * 1024 * 1024;

// A server stream whose client is a RawSocket.
struct RawPair {
  explicit RawPair(Loop& loop) {
    listener = listen(loop, Endpoint{}, [this](std::unique_ptr<ByteStream> accepted) {
                 stream = std::move(accepted);
               }).value();
    peer = std::make_unique<RawSocket>(listener->port());
    EXPECT_TRUE(run_until(loop, [&] { return stream != nullptr; }));
  }

  std::unique_ptr<Listener> listener;
  std::unique_ptr<ByteStream> stream;
  std::unique_ptr<RawSocket> peer;
};

// A large text whose every byte is known.
std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i)
    text[i] = static_cast<char>('a' + i * 7 % 26 + i / 4096 % 3);
  return text;
}

TEST(TcpStream, EchoesBothWays) {
  Loop loop;
  StreamPair pair = connected_pair(loop);
  StreamLog client;
  pair.client->start(client.events());
  pair.server->start({.read = [&](std::string_view bytes) { pair.server->write(bytes); },
                      .end = [](StreamEnd, const std::string&) {},
                      .drained = {}});
  pair.client->write("hello ");
  pair.client->write("");
  pair.client->write("there");
  EXPECT_TRUE(run_until(loop, [&] { return client.text() == "hello there"; }));
  EXPECT_EQ(pair.client->queued(), 0u);
  EXPECT_EQ(client.drained, 0);  // nothing had to wait
}

// Two writes with a read between them are two reads.
TEST(TcpStream, KeepsReadBorders) {
  Loop loop;
  RawPair pair(loop);
  StreamLog log;
  pair.stream->start(log.events());
  for (std::size_t i = 1; i <= 3; ++i) {
    pair.peer->send(std::string(i, 'x'));
    ASSERT_TRUE(run_until(loop, [&] { return log.reads.size() == i; }));
    EXPECT_EQ(log.reads.back().size(), i);
  }
}

TEST(TcpStream, NoReadIsLargerThanTheBuffer) {
  Loop loop;
  StreamPair pair = connected_pair(loop);
  StreamLog log;
  pair.server->start(log.events());
  const std::string sent = pattern(3 * kReadBytesMax);
  pair.client->write(sent);
  EXPECT_TRUE(run_until(loop, [&] { return log.bytes() == sent.size(); }));
  EXPECT_EQ(log.text(), sent);
  for (const std::string& read : log.reads) EXPECT_LE(read.size(), kReadBytesMax);
}

TEST(TcpStream, HalfClosedStreamStillWrites) {
  Loop loop;
  StreamPair pair = connected_pair(loop);
  StreamLog server;
  StreamLog client;
  pair.server->start(server.events());
  pair.client->start(client.events());
  pair.client->write("question");
  pair.client->finish();
  pair.client->finish();
  pair.client->write("lost");
  EXPECT_TRUE(run_until(loop, [&] { return !server.ends.empty(); }));
  EXPECT_EQ(server.text(), "question");
  EXPECT_EQ(server.ends, (std::vector<StreamEnd>{StreamEnd::eof}));
  pair.server->write("answer");
  pair.server->finish();
  EXPECT_TRUE(run_until(loop, [&] { return !client.ends.empty(); }));
  EXPECT_EQ(client.text(), "answer");
  EXPECT_EQ(client.ends, (std::vector<StreamEnd>{StreamEnd::eof}));
}

TEST(TcpStream, ResetIsSeenAsResetOnTheOtherSide) {
  Loop loop;
  StreamPair pair = connected_pair(loop);
  StreamLog server;
  StreamLog client;
  pair.server->start(server.events());
  pair.client->start(client.events());
  pair.server->reset();
  pair.server->reset();
  pair.server->write("nothing");
  pair.server->pause();
  pair.server->resume();
  pair.server->finish();
  EXPECT_EQ(pair.server->queued(), 0u);
  EXPECT_EQ(pair.server->unacknowledged(), 0u);
  EXPECT_TRUE(run_until(loop, [&] { return !client.ends.empty(); }));
  EXPECT_EQ(client.ends, (std::vector<StreamEnd>{StreamEnd::reset}));
  EXPECT_TRUE(server.ends.empty());
}

TEST(TcpStream, ResetAfterFinishIsAReset) {
  Loop loop;
  RawPair pair(loop);
  pair.stream->finish();
  EXPECT_EQ(pair.peer->receive(), "");
  EXPECT_TRUE(pair.peer->send("x"));
  pair.stream->reset();
  EXPECT_FALSE(pair.peer->send("x"));  // it would still work after a mere FIN
}

// libuv reads the last bytes and the end in one turn, and would call an RST the end of file.
TEST(TcpStream, BytesBeforeAResetComeFirstAndTheResetIsOne) {
  Loop loop;
  for (const std::size_t size : {std::size_t{1}, std::size_t{1000}, kReadBytesMax}) {
    RawPair pair(loop);
    pair.peer->send(pattern(size));
    pair.peer->close_by_reset();
    StreamLog log;
    pair.stream->start(log.events());
    ASSERT_TRUE(run_until(loop, [&] { return !log.ends.empty(); }));
    EXPECT_EQ(log.text(), pattern(size));
    EXPECT_EQ(log.ends, (std::vector<StreamEnd>{StreamEnd::reset}));
    EXPECT_NE(log.detail, "");
  }
}

// The failing write takes the socket's error, so that reading finds an end of file.
TEST(TcpStream, WritingAfterAResetDoesNothingAndTheEndComesOnce) {
  Loop loop;
  RawPair pair(loop);
  pair.peer->send("last words");
  pair.peer->close_by_reset();
  StreamLog log;
  pair.stream->write("a");
  pair.stream->write("b");
  pair.stream->start(log.events());
  ASSERT_TRUE(run_until(loop, [&] { return !log.ends.empty(); }));
  pair.stream->write("c");
  pair.stream->finish();
  run_a_little(loop);
  EXPECT_EQ(log.text(), "last words");
  EXPECT_EQ(log.ends, (std::vector<StreamEnd>{StreamEnd::reset}));
  EXPECT_EQ(pair.stream->queued(), 0u);
  EXPECT_EQ(log.drained, 0);
}

// The peer closed properly; what we sent afterwards was answered with RST.
TEST(TcpStream, FinBeforeTheResetIsAnEndOfFile) {
  Loop loop;
  RawPair pair(loop);
  pair.peer->send("all");
  pair.peer->close_by_fin();
  pair.stream->write("too late");
  pair.stream->write("too late");
  StreamLog log;
  pair.stream->start(log.events());
  ASSERT_TRUE(run_until(loop, [&] { return !log.ends.empty(); }));
  EXPECT_EQ(log.text(), "all");
  EXPECT_EQ(log.ends, (std::vector<StreamEnd>{StreamEnd::eof}));
}

TEST(TcpStream, PausedStreamIsToldWhenWritingFails) {
  Loop loop;
  RawPair pair(loop);
  StreamLog log;
  pair.stream->start(log.events());
  pair.stream->pause();
  pair.stream->write(std::string(kMuch, 'x'));
  EXPECT_GT(pair.stream->queued(), 0u);
  pair.peer->close_by_reset();
  ASSERT_TRUE(run_until(loop, [&] { return !log.ends.empty(); }));
  EXPECT_EQ(log.ends, (std::vector<StreamEnd>{StreamEnd::reset}));
  EXPECT_EQ(pair.stream->queued(), 0u);
  pair.stream->resume();
  run_a_little(loop);
  EXPECT_EQ(log.ends.size(), 1u);
}

// Nobody may wait for ever for a queue that was dropped.
TEST(TcpStream, QueueIsDrainedWhenWritingFailsAfterTheEnd) {
  Loop loop;
  RawPair pair(loop);
  StreamLog log;
  pair.stream->start(log.events());
  pair.stream->write(std::string(kMuch, 'x'));
  pair.peer->close_by_fin();
  ASSERT_TRUE(run_until(loop, [&] { return !log.ends.empty() && pair.stream->queued() == 0; }));
  EXPECT_EQ(log.ends.size(), 1u);
  if (log.ends[0] == StreamEnd::eof) {
    EXPECT_EQ(log.drained, 1);
  }
}

TEST(TcpStream, QueueGrowsUntilThePeerReads) {
  Loop loop;
  StreamPair pair = connected_pair(loop);
  StreamLog client;
  StreamLog server;
  pair.client->start(client.events());
  const std::string sent = pattern(kMuch);
  const std::string_view all = sent;
  for (std::size_t at = 0; at < all.size(); at += 1 << 20) {
    const std::size_t before = pair.client->queued();
    pair.client->write(all.substr(at, 1 << 20));
    EXPECT_GE(pair.client->queued(), before);
  }
  const std::size_t queued = pair.client->queued();
  EXPECT_GT(queued, kMuch / 8);
  EXPECT_GT(pair.client->unacknowledged(), 0u);
  pair.client->finish();
  pair.server->start(server.events());
  ASSERT_TRUE(run_until(loop, [&] { return !server.ends.empty(); }));
  EXPECT_TRUE(server.text() == sent);
  EXPECT_EQ(server.ends[0], StreamEnd::eof);
  EXPECT_EQ(client.drained, 1);
  EXPECT_EQ(pair.client->queued(), 0u);
}

TEST(TcpStream, PauseHoldsThePeerBack) {
  Loop loop;
  StreamPair pair = connected_pair(loop);
  StreamLog client;
  StreamLog server;
  pair.client->start(client.events());
  pair.server->start({.read =
                          [&](std::string_view bytes) {
                            server.reads.emplace_back(bytes);
                            pair.server->pause();
                          },
                      .end = server.events().end,
                      .drained = {}});
  pair.client->write(std::string(kMuch, 'x'));
  ASSERT_TRUE(run_until(loop, [&] { return !server.reads.empty(); }));
  run_a_little(loop);
  EXPECT_EQ(server.reads.size(), 1u);
  EXPECT_GT(pair.client->queued(), 0u);
  while (server.bytes() < kMuch) {
    const std::size_t reads = server.reads.size();
    pair.server->resume();
    pair.server->resume();
    ASSERT_TRUE(run_until(loop, [&] { return server.reads.size() > reads; }));
  }
  EXPECT_EQ(server.bytes(), kMuch);
}

TEST(TcpStream, MayBeDestroyedInEachCallback) {
  Loop loop;
  for (const std::string when : {"read", "eof", "reset", "drained"}) {
    SCOPED_TRACE(when);
    RawPair pair(loop);
    const auto kept = std::make_shared<std::string>("kept by the callbacks");
    std::string seen;
    const auto destroy = [&, kept] {
      pair.stream = nullptr;
      seen = *kept;
    };
    pair.stream->start({.read =
                            [=](std::string_view bytes) {
                              if (when != "read") return;
                              destroy();
                              EXPECT_EQ(bytes, "bytes");  // still there
                            },
                        .end =
                            [=](StreamEnd, const std::string& detail) {
                              const std::string before = detail;
                              destroy();
                              EXPECT_EQ(detail, before);
                            },
                        .drained = destroy});
    if (when == "read") pair.peer->send("bytes");
    if (when == "eof") pair.peer->close_by_fin();
    if (when == "reset") pair.peer->close_by_reset();
    const bool drains = when == "drained";
    if (drains) pair.stream->write(std::string(kMuch, 'x'));
    EXPECT_TRUE(run_until(loop, [&] {
      if (drains) pair.peer->discard();
      return !seen.empty();
    }));
  }
}

TEST(TcpStream, MayBeResetInItsCallback) {
  Loop loop;
  RawPair pair(loop);
  bool was_reset = false;
  pair.stream->start({.read =
                          [&](std::string_view) {
                            pair.stream->reset();
                            pair.stream->write("nothing");
                            was_reset = true;
                          },
                      .end = [](StreamEnd, const std::string&) { ADD_FAILURE(); },
                      .drained = {}});
  pair.peer->send("x");
  EXPECT_TRUE(run_until(loop, [&] { return was_reset; }));
  EXPECT_EQ(pair.peer->receive(), "reset");
}

TEST(TcpStream, DestroyedOverUnreadBytesEndsWithFin) {
  Loop loop;
  RawPair pair(loop);
  pair.stream->write("answer");
  pair.peer->send(std::string(100'000, 'x'));
  pair.stream = nullptr;
  EXPECT_EQ(pair.peer->receive(), "answer");
  EXPECT_EQ(pair.peer->receive(), "");
}

TEST(TcpStream, ANewOwnerMayTakeOverWithinACall) {
  Loop loop;
  RawPair pair(loop);
  StreamLog second;
  std::string first;
  pair.stream->start({.read =
                          [&](std::string_view bytes) {
                            first = bytes;
                            pair.stream->start(second.events());
                          },
                      .end = [](StreamEnd, const std::string&) { ADD_FAILURE(); },
                      .drained = {}});
  pair.peer->send("one");
  ASSERT_TRUE(run_until(loop, [&] { return !first.empty(); }));
  pair.peer->send("two");
  pair.peer->close_by_fin();
  ASSERT_TRUE(run_until(loop, [&] { return !second.ends.empty(); }));
  EXPECT_EQ(first, "one");
  EXPECT_EQ(second.text(), "two");
}

// Where the allocator cannot tell (sanitizers), this passes without saying anything.
TEST(TcpStream, IdleStreamCostsLittle) {
  Loop loop;
  constexpr std::size_t kPairs = 200;
  std::vector<StreamPair> pairs;
  std::vector<StreamLog> logs(2 * kPairs);
  pairs.reserve(kPairs);
  const std::size_t before = mallinfo2().uordblks;
  for (std::size_t i = 0; i < kPairs; ++i) {
    pairs.push_back(connected_pair(loop));
    pairs.back().server->start(logs[2 * i].events());
    pairs.back().client->start(logs[2 * i + 1].events());
    pairs.back().client->write("x");
  }
  const std::size_t after = mallinfo2().uordblks;
  const std::size_t bytes_a_stream = (after - before) / (2 * kPairs);
  RecordProperty("bytes_a_stream", static_cast<int>(bytes_a_stream));
  EXPECT_LE(bytes_a_stream, 8u * 1024);
}

}  // namespace
}  // namespace playhead::net
