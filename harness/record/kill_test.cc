// A recorder that is killed at any moment: every recording is readable, and has every byte that a
// client received.
#include <gtest/gtest.h>

#include "base/prng.h"
#include "record/recorder_process.h"
#include "record/testing.h"

namespace playhead::record {
namespace {

constexpr std::size_t kStreams = 16;
constexpr int kKills = 200;
constexpr int kMostChunks = 400;  // of all streams, before the kill

// One life of a recorder: streams run through it until it is killed.
class Life {
 public:
  explicit Life(std::uint64_t seed) : prng_(seed) {}

  void run() {
    RecorderOptions options;
    options.upstreams = {{"", net::url_to("127.0.0.1", upstream_.port()), "", ""}};
    options.output = {folder_ / "x.rec.zst", false};
    RecorderProcess recorder(options);
    for (std::size_t i = 0; i < kStreams; ++i) connect(recorder.port(), i);
    ASSERT_TRUE(net::run_until(loop_, [&] { return all_asked(); }));
    for (std::size_t i = 0; i < kStreams; ++i) upstream_[i].send(kChunkedHead);
    const auto chunks = prng_.below(kMostChunks);
    for (std::uint64_t n = 0; n < chunks; ++n) {
      upstream_[prng_.below(kStreams)].send(chunk("data: " + std::to_string(n) + "\n\n"));
      if (prng_.below(8) == 0) turn();
    }
    recorder.kill();
    ASSERT_TRUE(net::run_until(loop_, [&] { return all_ended(); }));
  }

  // What each client received is in the recording.
  void check() {
    const auto recordings = recording::load(folder_ / "x.rec.zst");
    ASSERT_TRUE(recordings.ok()) << recordings.error().message;
    const Recording& recording = recordings->front();
    ASSERT_EQ(recording.exchanges.size(), kStreams);
    for (const RecordedExchange& exchange : recording.exchanges) {
      const std::size_t place = std::stoul(exchange.request_body.substr(1));
      const std::string received = payload_of(clients_[place].text());
      EXPECT_TRUE(exchange.body.starts_with(received))
          << "stream " << place << " lost " << received.size() - exchange.body.size();
      received_ += received.size();
    }
  }
  std::size_t received() const { return received_; }

 private:
  void connect(std::uint16_t port, std::size_t place) {
    Peer& made = clients_.emplace_back();
    made.connecting = net::connect(
        loop_, net::url_to("127.0.0.1", port), nullptr, seconds(30),
        [&made, place](std::unique_ptr<net::ByteStream> stream) {
          made.take(std::move(stream));
          made.send(post("/a", "{" + std::to_string(place) + "}"));
        },
        [](const net::ConnectFailure& failure) { FAIL() << failure.message; });
  }
  bool all_asked() {
    for (std::size_t i = 0; i < kStreams; ++i) {
      if (upstream_.connections() != kStreams || !upstream_[i].text().ends_with("}")) return false;
    }
    return true;
  }
  bool all_ended() const {
    for (const Peer& peer : clients_) {
      if (!peer.ended()) return false;
    }
    return true;
  }
  void turn() {
    bool turned = false;
    net::Timer timer(loop_);
    timer.start(Duration{}, [&] { turned = true; });
    net::run_until(loop_, [&] { return turned; });
  }
  static std::string payload_of(const std::string& text) {
    const std::size_t end = text.find("\r\n\r\n");
    if (end == std::string::npos) return {};
    std::string payload;
    net::BodyReader body({net::BodyFraming::Kind::chunked, 0});
    body.feed(std::string_view(text).substr(end + 4), payload);
    return payload;
  }

  Prng prng_;
  net::Loop loop_;
  recording::ScratchFolder folder_;
  HandPlayedUpstream upstream_{loop_};
  std::deque<Peer> clients_;
  std::size_t received_ = 0;
};

TEST(KilledRecorder, LosesNoByteThatAClientReceived) {
  std::size_t received = 0;
  for (std::uint64_t seed = 0; seed < kKills; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Life life(seed);
    life.run();
    life.check();
    if (::testing::Test::HasFailure()) return;
    received += life.received();
  }
  EXPECT_GT(received, 0u);
}

}  // namespace
}  // namespace playhead::record
