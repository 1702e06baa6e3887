// What the tests of this room share: a recorder between an upstream that is played by hand and
// clients that log every read. For tests only.
#ifndef PLAYHEAD_RECORD_TESTING_H_
#define PLAYHEAD_RECORD_TESTING_H_

#include <gtest/gtest.h>

#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "net/connection.h"
#include "net/http_body.h"
#include "net/testing.h"
#include "record/recorder.h"
#include "recording/load.h"
#include "recording/testing.h"

namespace playhead::record {

using net::StreamEnd;
using net::StreamLog;

inline const std::string kChunkedHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

inline std::string post(const std::string& target, const std::string& body,
                        const std::string& headers = "") {
  return "POST " + target + " HTTP/1.1\r\nHost: client\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

inline std::string chunk(const std::string& payload) {
  std::string out;
  net::append_chunk(payload, out);
  return out;
}

// One end of a connection, with what it was told.
struct Peer {
  std::unique_ptr<net::Connecting> connecting;
  std::unique_ptr<net::ByteStream> stream;
  StreamLog log;

  void take(std::unique_ptr<net::ByteStream> made) {
    stream = std::move(made);
    stream->start(log.events());
  }
  void send(std::string_view bytes) const { stream->write(bytes); }
  std::string text() const { return log.text(); }
  bool ended() const { return !log.ends.empty(); }
};

// Accepts connections and leaves the rest to the test.
class HandPlayedUpstream {
 public:
  explicit HandPlayedUpstream(net::Loop& loop)
      : listener_(net::listen(loop, net::Endpoint{}, [this](std::unique_ptr<net::ByteStream> made) {
                    peers_.emplace_back().take(std::move(made));
                  }).value()) {}

  std::uint16_t port() const { return listener_->port(); }
  std::size_t connections() const { return peers_.size(); }
  Peer& operator[](std::size_t place) { return peers_.at(place); }

 private:
  std::deque<Peer> peers_;
  std::unique_ptr<net::Listener> listener_;
};

class RelayTest : public ::testing::Test {
 protected:
  RelayTest() {
    options_.upstreams = {{"", net::url_to("127.0.0.1", upstream_.port()), "test", ""}};
    options_.output = {folder_.path(), true};
    options_.recorder = "test";
    options_.limits.server.linger_time = milliseconds(10);  // clients of tests do not close
    options_.limits.server.reset_time = milliseconds(100);
  }
  ~RelayTest() override { recorder_.reset(); }

  void start() {
    RecorderLog log{[this](std::string_view line) { warnings_.emplace_back(line); },
                    [this](std::string_view line) { ended_.emplace_back(line); }};
    auto made = Recorder::start(loop_, options_, std::move(log));
    ASSERT_TRUE(made.ok()) << made.error().message;
    recorder_ = std::move(*made);
  }

  void until(const std::function<bool()>& done) {
    ASSERT_TRUE(net::run_until(loop_, done)) << "nothing happened";
  }

  // A client that sends `request` as soon as it is connected.
  Peer& client(const std::string& request) { return client_at(recorder_->port(), request); }
  Peer& client_at(std::uint16_t port, const std::string& request) {
    Peer& made = clients_.emplace_back();
    made.connecting = net::connect(
        loop_, net::url_to("127.0.0.1", port), nullptr, seconds(30),
        [&made, request](std::unique_ptr<net::ByteStream> stream) {
          made.take(std::move(stream));
          made.send(request);
        },
        [](const net::ConnectFailure& failure) { FAIL() << failure.message; });
    return made;
  }

  // The upstream's side of the next exchange, when its request is whole.
  Peer& asked(std::size_t place, std::string_view end_of_request = "}") {
    until([&] {
      return upstream_.connections() > place && upstream_[place].text().ends_with(end_of_request);
    });
    return upstream_[place];
  }

  // All that `up` sends arrives at `to`, in one read more.
  void pass(Peer& up, Peer& to, const std::string& bytes) {
    const std::size_t before = to.log.bytes();
    const std::size_t reads = to.log.reads.size();
    up.send(bytes);
    until([&] { return to.log.bytes() >= before + bytes.size(); });
    ASSERT_EQ(to.log.reads.size(), reads + 1);
    ASSERT_EQ(to.log.reads.back(), bytes);
  }

  void until_ended(std::size_t exchanges) {
    until(
        [&] { return recorder_->stats().exchanges >= exchanges && recorder_->stats().open == 0; });
  }

  // Until that stands in the recording that grows.
  void until_in_file(std::string_view text) {
    until([&] {
      const std::string bytes = recording::bytes_of_file(folder_ / "recording.rec.zst");
      return bytes.find(text) != std::string::npos;
    });
  }

  void stop() {
    bool stopped = false;
    recorder_->stop(Duration{}, [&] { stopped = true; });
    until([&] { return stopped; });
  }

  Recording load(const std::string& name = "recording.rec.zst") {
    auto recordings = recording::load(folder_ / name);
    EXPECT_TRUE(recordings.ok()) << recordings.error().message;
    return recordings.ok() ? std::move(recordings->front()) : Recording{};
  }
  // Stops, and gives the one recording there is.
  Recording recorded() {
    stop();
    return load();
  }

  net::Loop loop_;
  recording::ScratchFolder folder_;
  HandPlayedUpstream upstream_{loop_};
  RecorderOptions options_;
  std::deque<Peer> clients_;
  std::vector<std::string> warnings_;
  std::vector<std::string> ended_;
  std::unique_ptr<Recorder> recorder_;
};

inline std::vector<std::string> chunks_of(const RecordedExchange& exchange) {
  std::vector<std::string> chunks;
  for (const RecordedChunk& one : exchange.chunks) chunks.emplace_back(exchange.bytes_of(one));
  return chunks;
}

}  // namespace playhead::record

#endif  // PLAYHEAD_RECORD_TESTING_H_
