#include "net/connection.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/testing.h"

namespace playhead::net {
namespace {

// How one connect() ended.
struct Outcome {
  std::unique_ptr<ByteStream> stream;
  std::optional<ConnectFailure> failure;
  int calls = 0;

  std::unique_ptr<Connecting> begin(Loop& loop, const Url& url, Duration timeout = seconds(60)) {
    return connect(
        loop, url, nullptr, timeout,
        [this](std::unique_ptr<ByteStream> made) {
          ++calls;
          stream = std::move(made);
        },
        [this](const ConnectFailure& failed) {
          ++calls;
          failure = failed;
        });
  }
};

std::unique_ptr<Listener> listen_for_nobody(Loop& loop, const Endpoint& endpoint = {}) {
  return listen(loop, endpoint, [](std::unique_ptr<ByteStream>) {}).value();
}

// A port where nobody listens: it was free a moment ago.
std::uint16_t free_port(Loop& loop) { return listen_for_nobody(loop)->port(); }

bool says(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

TEST(Listen, TellsThePortItGot) {
  Loop loop;
  const auto listener = listen_for_nobody(loop);
  EXPECT_NE(listener->port(), 0);
}

TEST(Listen, RefusesAPortInUse) {
  Loop loop;
  const auto listener = listen_for_nobody(loop);
  const auto second = listen(loop, {.host = "127.0.0.1", .port = listener->port()},
                             [](std::unique_ptr<ByteStream>) {});
  ASSERT_FALSE(second.ok());
  EXPECT_TRUE(says(second.error().message, "127.0.0.1:" + std::to_string(listener->port())))
      << second.error().message;
  EXPECT_TRUE(says(second.error().message, "another port")) << second.error().message;
}

TEST(Listen, RefusesAnAddressOfAnotherMachine) {
  Loop loop;
  const auto listener =
      listen(loop, {.host = "192.0.2.1", .port = 0}, [](std::unique_ptr<ByteStream>) {});
  ASSERT_FALSE(listener.ok());
  EXPECT_TRUE(says(listener.error().message, "192.0.2.1")) << listener.error().message;
}

TEST(Listen, TakesANameOfThisMachine) {
  Loop loop;
  const auto listener = listen_for_nobody(loop, {.host = "localhost", .port = 0});
  Outcome outcome;
  const auto connecting = outcome.begin(loop, url_to("localhost", listener->port()));
  EXPECT_TRUE(run_until(loop, [&] { return outcome.calls > 0; }));
  EXPECT_NE(outcome.stream, nullptr);
}

// The backlog: more clients than one turn of the loop accepts, all before the loop runs.
TEST(Listen, TakesABurstOfConnects) {
  Loop loop;
  std::vector<std::unique_ptr<ByteStream>> streams;
  const auto listener = listen(loop, {}, [&](std::unique_ptr<ByteStream> stream) {
                          streams.push_back(std::move(stream));
                        }).value();
  std::vector<std::unique_ptr<RawSocket>> clients;
  for (int i = 0; i < 300; ++i) clients.push_back(std::make_unique<RawSocket>(listener->port()));
  EXPECT_TRUE(run_until(loop, [&] { return streams.size() == clients.size(); }));
}

TEST(Listen, PausedLeavesClientsWaiting) {
  Loop loop;
  std::vector<std::unique_ptr<ByteStream>> streams;
  std::unique_ptr<Listener> listener;
  listener = listen(loop, {}, [&](std::unique_ptr<ByteStream> stream) {
               streams.push_back(std::move(stream));
               if (streams.size() == 2) listener->pause();
             }).value();
  std::vector<std::unique_ptr<RawSocket>> clients;
  for (int i = 0; i < 5; ++i) clients.push_back(std::make_unique<RawSocket>(listener->port()));
  ASSERT_TRUE(run_until(loop, [&] { return streams.size() == 2; }));
  run_a_little(loop);
  EXPECT_EQ(streams.size(), 2u);
  listener->resume();
  EXPECT_TRUE(run_until(loop, [&] { return streams.size() == 5; }));
}

TEST(Listen, StoppedRefusesAndKeepsWhatItHas) {
  Loop loop;
  std::unique_ptr<ByteStream> stream;
  const auto listener = listen(loop, {}, [&](std::unique_ptr<ByteStream> accepted) {
                          stream = std::move(accepted);
                        }).value();
  const RawSocket client(listener->port());
  ASSERT_TRUE(run_until(loop, [&] { return stream != nullptr; }));
  listener->stop();
  listener->stop();
  listener->pause();
  listener->resume();
  Outcome outcome;
  const auto connecting = outcome.begin(loop, url_to("127.0.0.1", listener->port()));
  ASSERT_TRUE(run_until(loop, [&] { return outcome.calls > 0; }));
  EXPECT_TRUE(outcome.failure.has_value());
  stream->write("still here");
  EXPECT_EQ(client.receive(), "still here");
}

TEST(Listen, MayBeDestroyedInItsCall) {
  Loop loop;
  std::unique_ptr<Listener> listener;
  bool called = false;
  listener = listen(loop, {}, [&](std::unique_ptr<ByteStream>) {
               listener = nullptr;
               called = true;
             }).value();
  const RawSocket first(listener->port());
  const RawSocket second(listener->port());
  EXPECT_TRUE(run_until(loop, [&] { return called; }));
}

TEST(Connect, NeverCallsBeforeItHasReturned) {
  Loop loop;
  for (const std::string host : {"127.0.0.1", "localhost", "::1", "255.255.255.255"}) {
    Outcome outcome;
    const auto connecting = outcome.begin(loop, url_to(host, free_port(loop)));
    EXPECT_EQ(outcome.calls, 0) << host;
    ASSERT_TRUE(run_until(loop, [&] { return outcome.calls > 0; })) << host;
    EXPECT_TRUE(outcome.failure.has_value()) << host;
    EXPECT_EQ(outcome.calls, 1) << host;
  }
}

TEST(Connect, RefusedIsAReset) {
  Loop loop;
  const std::uint16_t port = free_port(loop);
  Outcome outcome;
  const auto connecting = outcome.begin(loop, url_to("127.0.0.1", port));
  ASSERT_TRUE(run_until(loop, [&] { return outcome.calls > 0; }));
  ASSERT_TRUE(outcome.failure.has_value());
  EXPECT_EQ(outcome.failure->end, StreamEnd::reset);
  EXPECT_EQ(outcome.failure->message, "cannot connect to 127.0.0.1:" + std::to_string(port) +
                                          ": connection refused; is a server running there?");
}

// A name that no resolver is asked for, because it cannot be one.
TEST(Connect, UnknownHostIsNamed) {
  Loop loop;
  for (const std::string& host : {std::string(64, 'a') + ".invalid", std::string(300, 'a')}) {
    Outcome outcome;
    const auto connecting = outcome.begin(loop, url_to(host, 80));
    EXPECT_EQ(outcome.calls, 0);
    ASSERT_TRUE(run_until(loop, [&] { return outcome.calls > 0; }));
    ASSERT_TRUE(outcome.failure.has_value());
    EXPECT_EQ(outcome.failure->end, StreamEnd::failed);
    EXPECT_TRUE(says(outcome.failure->message, "cannot find the host " + host))
        << outcome.failure->message;
    EXPECT_TRUE(says(outcome.failure->message, "check its name")) << outcome.failure->message;
  }
}

// A TLS handshake with a server that takes connections and says nothing.
TEST(Connect, TimesOut) {
  Loop loop;
  std::unique_ptr<ByteStream> silent;
  const auto listener = listen(loop, {}, [&](std::unique_ptr<ByteStream> accepted) {
                          silent = std::move(accepted);
                        }).value();
  std::optional<ConnectFailure> failure;
  const auto connecting = connect(
      loop, url_to("127.0.0.1", listener->port(), true), make_tls_client("").value(),
      milliseconds(20), [](std::unique_ptr<ByteStream>) { ADD_FAILURE(); },
      [&](const ConnectFailure& failed) { failure = failed; });
  ASSERT_TRUE(run_until(loop, [&] { return failure.has_value(); }));
  EXPECT_EQ(failure->end, StreamEnd::failed);
  EXPECT_TRUE(says(failure->message, "too long for the TLS handshake with 127.0.0.1:"))
      << failure->message;
}

TEST(Connect, TimesOutAtOnce) {
  Loop loop;
  Outcome outcome;
  const auto connecting = outcome.begin(loop, url_to("localhost", free_port(loop)), Duration{});
  EXPECT_EQ(outcome.calls, 0);
  ASSERT_TRUE(run_until(loop, [&] { return outcome.calls > 0; }));
  EXPECT_TRUE(outcome.failure.has_value());
}

TEST(Connect, DestroyingGivesUp) {
  Loop loop;
  std::vector<std::unique_ptr<ByteStream>> accepted;
  const auto listener = listen(loop, {}, [&](std::unique_ptr<ByteStream> stream) {
                          accepted.push_back(std::move(stream));
                        }).value();
  Outcome outcome;
  for (const std::string host : {"127.0.0.1", "localhost"}) {
    auto connecting = outcome.begin(loop, url_to(host, listener->port()));
    connecting = nullptr;
  }
  run_a_little(loop);
  EXPECT_EQ(outcome.calls, 0);
}

TEST(Connect, MayBeDestroyedInItsCalls) {
  Loop loop;
  const auto listener = listen_for_nobody(loop);
  for (const std::uint16_t port : {listener->port(), free_port(loop)}) {
    std::unique_ptr<Connecting> connecting;
    const auto kept = std::make_shared<int>(7);
    int seen = 0;
    const auto destroy = [&, kept] {
      connecting = nullptr;
      seen = *kept;
    };
    connecting = connect(
        loop, url_to("127.0.0.1", port), nullptr, seconds(60),
        [destroy](std::unique_ptr<ByteStream>) { destroy(); },
        [destroy](const ConnectFailure& failure) {
          const std::string before = failure.message;
          destroy();
          EXPECT_EQ(failure.message, before);
        });
    EXPECT_TRUE(run_until(loop, [&] { return seen == 7; }));
  }
}

TEST(Connect, FreesItselfWithTheLoop) {
  Loop loop;
  Outcome outcome;
  const auto listener = listen_for_nobody(loop);
  const auto connecting = outcome.begin(loop, url_to("localhost", listener->port()));
}

}  // namespace
}  // namespace playhead::net
