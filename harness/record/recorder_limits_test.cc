// Limits of the recorder, each at its border, but those of files; requests that try to choose the
// upstream.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "record/testing.h"

namespace playhead::record {
namespace {

class RecorderLimits : public RelayTest {
 protected:
  // A request that playhead itself answers; the status of the answer.
  int refused(const std::string& request) {
    const std::uint64_t before = recorder_->stats().refused;
    Peer& to = client(request);
    until([&] { return to.text().find("\r\n\r\n{") != std::string::npos; });
    EXPECT_EQ(recorder_->stats().refused, before + 1);
    EXPECT_NE(to.text().find("{\"error\":{\"type\":\"playhead\""), std::string::npos);
    return std::stoi(to.text().substr(9, 3));
  }
  // Handles what can be handled, and does not wait for more.
  void turn() {
    bool turned = false;
    net::Timer timer(loop_);
    timer.start(Duration{}, [&] { turned = true; });
    until([&] { return turned; });
  }
};

TEST_F(RecorderLimits, SizeCapEndsTheRecordingNotTheStream) {
  options_.limits.response_bytes = 6;
  start();
  Peer& to = client(post("/a", "{}"));
  Peer& up = asked(0);
  up.send(kChunkedHead + chunk("abcdef"));  // at the limit
  until([&] { return to.text().ends_with("abcdef\r\n"); });
  pass(up, to, chunk("gh"));
  pass(up, to, chunk("ij") + "0\r\n\r\n");
  until_ended(1);
  const RecordedExchange exchange = recorded().exchanges.front();
  EXPECT_EQ(exchange.body, "abcdef");
  EXPECT_EQ(exchange.end.reason, EndReason::size_cap);
  EXPECT_FALSE(recorder_->stats().incomplete);
  EXPECT_EQ(warnings_.size(), 1u);
}

TEST_F(RecorderLimits, StrictResetsWhatIsBeyondTheSizeCap) {
  options_.limits.response_bytes = 4;
  options_.strict = true;
  start();
  Peer& to = client(post("/a", "{}"));
  Peer& up = asked(0);
  up.send(kChunkedHead + chunk("ab"));
  until([&] { return to.text().ends_with("ab\r\n"); });
  up.send(chunk("cdef"));
  until([&] { return to.ended(); });
  EXPECT_EQ(to.log.ends.front(), StreamEnd::reset);
  EXPECT_EQ(to.text().find("cdef"), std::string::npos);
  until_ended(1);
  const RecordedExchange exchange = recorded().exchanges.front();
  EXPECT_EQ(exchange.body, "abcd");
  EXPECT_EQ(exchange.end.reason, EndReason::size_cap);
}

TEST_F(RecorderLimits, IdleTimeoutIsToldByItsOwnAnswerOrAReset) {
  options_.limits.idle_time = milliseconds(30);
  start();
  Peer& before = client(post("/a", "{}"));
  until([&] { return before.text().find("\"playhead\"") != std::string::npos; });
  EXPECT_TRUE(before.text().starts_with("HTTP/1.1 504 "));
  Peer& within = client(post("/b", "{1}"));
  asked(1, "{1}").send(kChunkedHead + chunk("a"));
  until([&] { return within.ended(); });
  EXPECT_EQ(within.log.ends.front(), StreamEnd::reset);
  until_ended(2);
  const Recording recording = recorded();
  EXPECT_EQ(recording.exchanges[0].end.reason, EndReason::idle_timeout);
  EXPECT_EQ(recording.exchanges[1].end.reason, EndReason::idle_timeout);
  EXPECT_EQ(recording.exchanges[1].body, "a");
}

TEST_F(RecorderLimits, DrainsNoLongerThanItsTime) {
  options_.limits.drain_time = milliseconds(20);
  start();
  Peer& to = client(post("/a", "{}"));
  Peer& up = asked(0);
  up.send(kChunkedHead + chunk("a"));
  until([&] { return to.text().ends_with("a\r\n"); });
  to.stream->reset();
  until_ended(1);
  until([&] { return up.ended(); });  // upstream is let go
  EXPECT_EQ(recorded().exchanges.front().end.reason, EndReason::client_closed);
}

TEST_F(RecorderLimits, DrainsNoMoreThanItsBytes) {
  options_.limits.drain_bytes = 8;
  start();
  Peer& to = client(post("/a", "{}"));
  Peer& up = asked(0);
  up.send(kChunkedHead + chunk("a"));
  until([&] { return to.text().ends_with("a\r\n"); });
  to.stream->reset();
  until_in_file("mark 1");
  up.send(chunk("abc"));  // 8 bytes with their frame: at the limit
  until_in_file("abc");
  EXPECT_EQ(recorder_->stats().open, 1u);
  up.send(chunk("d"));
  until_ended(1);
  EXPECT_EQ(recorded().exchanges.front().body, "aabcd");
}

TEST_F(RecorderLimits, DropsAnExchangeWhoseClientGoesBeforeUpstreamWasAsked) {
  start();
  Peer& to = client(post("/a", "{}"));
  until([&] { return recorder_->stats().open == 1; });
  to.stream->reset();
  until_ended(1);
  EXPECT_EQ(recorded().exchanges.front().end.reason, EndReason::client_closed);
}

TEST_F(RecorderLimits, HoldsUpstreamBackForASlowClient) {
  start();
  Peer& to = client(post("/a", "{}"));
  Peer& up = asked(0);
  pass(up, to, kChunkedHead);
  to.stream->pause();
  // Another stream is not disturbed by it.
  Peer& beside = client(post("/b", "{2}"));
  Peer& other = asked(1, "{2}");
  const std::string big = chunk(std::string(64 * 1024, 'x'));
  std::size_t sent = 0;
  while (up.stream->queued() < 8 * big.size() && sent < (std::size_t{256} << 20)) {
    up.send(big);
    sent += big.size();
    turn();
  }
  EXPECT_LT(recorder_->stats().bytes, std::uint64_t{64} << 20);
  pass(other, beside, kChunkedHead);
  pass(other, beside, chunk("y") + "0\r\n\r\n");
  to.stream->resume();
  up.send("0\r\n\r\n");
  const std::size_t all = kChunkedHead.size() + sent + 5;
  until([&] { return to.log.bytes() == all; });
  until_ended(2);
  const Recording recording = recorded();
  EXPECT_EQ(recording.exchanges[0].end.reason, EndReason::complete);
  EXPECT_EQ(recording.exchanges[0].body.size(), sent / big.size() * 64 * 1024);
}

TEST_F(RecorderLimits, ResetsAClientThatNeverReads) {
  options_.limits.stall_time = milliseconds(20);
  start();
  Peer& to = client(post("/a", "{}"));
  Peer& up = asked(0);
  pass(up, to, kChunkedHead);
  to.stream->pause();
  const std::string big = chunk(std::string(64 * 1024, 'x'));
  until([&] {
    if (!up.ended() && up.stream->queued() < big.size()) up.send(big);
    return recorder_->stats().exchanges == 1;
  });
  const RecordedExchange exchange = recorded().exchanges.front();
  EXPECT_EQ(exchange.end.reason, EndReason::client_closed);
  EXPECT_NE(exchange.end.detail.find("read nothing"), std::string::npos);
}

TEST_F(RecorderLimits, RefusesMoreExchangesThanItsLimit) {
  options_.limits.exchanges = 1;
  start();
  client(post("/a", "{}"));
  asked(0);
  EXPECT_EQ(refused(post("/b", "{}")), 503);
}

TEST_F(RecorderLimits, TakesSixteenInterimAnswers) {
  options_.limits.interim_responses = 2;
  start();
  const std::string hint = "HTTP/1.1 103 H\r\n\r\n";
  Peer& at = client(post("/a", "{}"));
  asked(0).send(hint + hint + "HTTP/1.1 204 N\r\n\r\n");
  until_ended(1);
  until([&] { return at.text().ends_with("204 N\r\n\r\n"); });
  Peer& beyond = client(post("/a", "{}"));
  asked(1).send(hint + hint + hint);
  until([&] { return beyond.text().ends_with("}}"); });
  EXPECT_TRUE(beyond.text().starts_with(hint + hint + "HTTP/1.1 502 ")) << beyond.text();
}

TEST_F(RecorderLimits, RefusesNamesThatAreNone) {
  start();
  for (const std::string name : {"..", "a/b", "A", "", "a..b"}) {
    EXPECT_EQ(refused(post("/a", "{}", "x-playhead-recording: " + name + "\r\n")), 400) << name;
  }
  EXPECT_EQ(refused(post("/a", "{}", "x-playhead-recording: a\r\nx-playhead-recording: b\r\n")),
            400);
  EXPECT_EQ(upstream_.connections(), 0u);
  stop();
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

// A TLS peer that takes the connection and says nothing. What was connected in time, and is silent
// for longer, goes on.
TEST_F(RecorderLimits, ConnectsForNoLongerThanItsTime) {
  options_.limits.connect_time = milliseconds(200);
  const std::string there = "127.0.0.1:" + std::to_string(upstream_.port());
  options_.upstreams = {{"/plain", net::url_to("127.0.0.1", upstream_.port()), "", ""},
                        {"/tls", net::url_to("127.0.0.1", upstream_.port(), true), "", ""}};
  start();
  Peer& within = client(post("/plain/a", "{}"));
  Peer& up = asked(0);
  Peer& beyond = client(post("/tls/a", "{}"));
  until([&] { return beyond.text().ends_with("}}"); });
  const std::string told = "it took too long for the TLS handshake with " + there;
  EXPECT_TRUE(beyond.text().starts_with("HTTP/1.1 502 ")) << beyond.text();
  EXPECT_NE(beyond.text().find(told), std::string::npos) << beyond.text();
  pass(up, within, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
  until_ended(2);
  EXPECT_EQ(upstream_.connections(), 2u);
  const Recording recording = recorded();
  EXPECT_EQ(recording.exchanges[0].end.reason, EndReason::complete);
  EXPECT_EQ(recording.exchanges[1].end.reason, EndReason::reset);
  EXPECT_TRUE(recording.exchanges[1].end.detail.starts_with(told));
  EXPECT_FALSE(recording.exchanges[1].responded_at.has_value());
}

// A disk that is full, as far as one process can have it: no file may grow beyond a size.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit = {bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_ = {};
};

TEST_F(RecorderLimits, AFullDiskDoesNotStopTheClient) {
  start();
  const FullDisk full(2048);
  Peer& to = client(post("/a", "{}"));
  Peer& up = asked(0);
  up.send(kChunkedHead + chunk("first"));
  until([&] { return to.text().ends_with("first\r\n"); });
  pass(up, to, chunk(std::string(4000, 'a')));
  pass(up, to, chunk("b") + "0\r\n\r\n");
  until_ended(1);
  stop();
  EXPECT_TRUE(recorder_->stats().incomplete);
  const RecordedExchange exchange = load().exchanges.front();
  EXPECT_EQ(exchange.body, "first");
  EXPECT_EQ(exchange.end.reason, EndReason::torn);
  ASSERT_FALSE(exchange.marks.empty());
  EXPECT_NE(exchange.marks.front().text.find("incomplete"), std::string::npos);
  ASSERT_FALSE(warnings_.empty());
  EXPECT_NE(warnings_.front().find("is incomplete"), std::string::npos);
}

TEST_F(RecorderLimits, StrictDoesNotForwardWhatAFullDiskDidNotTake) {
  options_.strict = true;
  start();
  const FullDisk full(2048);
  Peer& to = client(post("/a", "{}"));
  Peer& up = asked(0);
  up.send(kChunkedHead + chunk("first"));
  until([&] { return to.text().ends_with("first\r\n"); });
  up.send(chunk(std::string(4000, 'a')));
  until([&] { return to.ended(); });
  EXPECT_EQ(to.log.ends.front(), StreamEnd::reset);
  EXPECT_TRUE(to.text().ends_with("first\r\n"));
  until_ended(1);
  EXPECT_TRUE(recorder_->stats().incomplete);
}

TEST_F(RecorderLimits, NothingInARequestChoosesTheUpstream) {
  HandPlayedUpstream evil(loop_);
  const std::string there = "127.0.0.1:" + std::to_string(evil.port());
  options_.upstreams.front().prefix = "/only";
  start();
  const std::vector<std::string> elsewhere = {
      "/" + there + "/",   "/http://" + there + "/", "//" + there + "/x",
      "/only//" + there,   "/only/../" + there,      "/only/%2e%2e/x",
      "/only/..%2f..%2fx", "/only\\..\\x",           "/only/..;/x"};
  for (const std::string& target : elsewhere) {
    const int status = refused("GET " + target + " HTTP/1.1\r\nHost: " + there + "\r\n\r\n");
    EXPECT_TRUE(status == 400 || status == 404) << target;
  }
  EXPECT_EQ(upstream_.connections(), 0u);
  // Not even refused by the relay: the server does not take them.
  for (const std::string& request : {"GET http://" + there + "/only/x HTTP/1.1\r\nHost: a\r\n\r\n",
                                     "CONNECT " + there + " HTTP/1.1\r\nHost: a\r\n\r\n"}) {
    Peer& to = client(request);
    until([&] { return to.ended(); });
    const bool refused =
        to.text().starts_with("HTTP/1.1 400") || to.text().starts_with("HTTP/1.1 501");
    EXPECT_TRUE(refused) << to.text();
  }
  EXPECT_EQ(upstream_.connections(), 0u);
  // Headers neither.
  Peer& to =
      client("GET /only/@" + there + "/x?url=http://" + there + "/ HTTP/1.1\r\nHost: " + there +
             "\r\nX-Forwarded-Host: " + there + "\r\nForwarded: host=" + there + "\r\n\r\n");
  Peer& up = asked(0, "\r\n\r\n");
  EXPECT_TRUE(up.text().starts_with("GET /@" + there + "/x?url=http://" + there + "/ HTTP/1.1\r\n" +
                                    "Host: 127.0.0.1:" + std::to_string(upstream_.port())));
  EXPECT_EQ(up.text().find("orwarded"), std::string::npos);
  pass(up, to, "HTTP/1.1 302 F\r\nLocation: http://" + there + "/\r\nContent-Length: 0\r\n\r\n");
  until_ended(1);
  EXPECT_EQ(evil.connections(), 0u);
}

TEST_F(RecorderLimits, RefusesUnusableOptions) {
  const auto fails = [&](const RecorderOptions& options) {
    return !Recorder::start(loop_, options, {[](std::string_view) {}, {}}).ok();
  };
  RecorderOptions options = options_;
  options.upstreams.clear();
  EXPECT_TRUE(fails(options));
  options = options_;
  options.name = "../x";
  EXPECT_TRUE(fails(options));
  options = options_;
  options.ca_file = folder_ / "none.pem";
  EXPECT_TRUE(fails(options));
  options = options_;
  options.listen.port = upstream_.port();  // taken
  EXPECT_TRUE(fails(options));
}

}  // namespace
}  // namespace playhead::record
