// The relay over real sockets: the oddest streams, byte for byte and read for read, on both sides
// and in the recording; and every ending told apart.
#include "record/recorder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "record/testing.h"
#include "recording/client_left.h"

namespace playhead::record {
namespace {

enum class Last { nothing, fin, rst };

struct OddStream {
  const char* name;
  std::string head;
  std::vector<std::string> writes;    // behind the head, each in one write
  std::vector<std::string> payloads;  // what of them is body, without those that are none
  Last last = Last::nothing;
  EndReason reason = EndReason::complete;
  StreamEnd client_end = StreamEnd::eof;  // where `last` is not nothing
};

std::vector<OddStream> odd_streams() {
  const std::string plain = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
  const std::string tail = "data: [DONE]\n\n";
  return {
      {"split in UTF-8 and in data:",
       kChunkedHead,
       {chunk("da"), chunk("ta: \xe2\x82"), chunk("\xac\n\n"), "0\r\n\r\n"},
       {"da", "ta: \xe2\x82", "\xac\n\n"}},
      {"comments, CRLF, several events in one write",
       kChunkedHead,
       {chunk(": hi\r\n\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n") + chunk("event: x\rdata: 3\r\r"),
        chunk(tail) + "0\r\n\r\n"},
       {": hi\r\n\r\ndata: 1\r\n\r\ndata: 2\r\n\r\nevent: x\rdata: 3\r\r", tail}},
      {"chunk frames split everywhere",
       kChunkedHead,
       {"5", ";ext=1\r", "\nab", "cde\r", "\n3\r\nxyz\r\n0\r\n", "\r\n"},
       {"ab", "cde", "xyz"}},
      {"two choices interleaved",
       kChunkedHead,
       {chunk(R"(data: {"choices":[{"index":1,"delta":{"content":"a"}}]})"
              "\n\n"),
        chunk(R"(data: {"choices":[{"index":0,"delta":{"content":"b"}}]})"
              "\n\n") +
            "0\r\n\r\n"},
       {"data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"a\"}}]}\n\n",
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"b\"}}]}\n\n"}},
      {"trailers", kChunkedHead, {chunk("a"), "0\r\nX-Sum: 1\r\n\r\n"}, {"a"}},
      {"length and a 429",
       "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 6\r\n\r\n",
       {"{\"a\"", ":1"},
       {"{\"a\"", ":1"}},
      {"a body until the connection closes", plain, {"data: 1\n\n"}, {"data: 1\n\n"}, Last::fin},
      {"a reset in the middle of an event",
       kChunkedHead,
       {chunk("data: {\"a\"")},
       {"data: {\"a\""},
       Last::rst,
       EndReason::reset,
       StreamEnd::reset},
      {"a FIN without the last chunk",
       kChunkedHead,
       {chunk(tail)},
       {tail},
       Last::fin,
       EndReason::eof_early},
      {"a FIN before the length",
       "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
       {"abc"},
       {"abc"},
       Last::fin,
       EndReason::eof_early},
      {"bytes that are no text",
       kChunkedHead,
       {chunk(std::string("\0\xff\r\n\r\n", 6)) + "0\r\n\r\n"},
       {std::string("\0\xff\r\n\r\n", 6)}},
  };
}

class OddStreams : public RelayTest {
 protected:
  void play(const OddStream& odd, std::size_t place) {
    SCOPED_TRACE(odd.name);
    Peer& to = client(post("/v1/chat/completions", "{\"n\":" + std::to_string(place) + "}"));
    Peer& up = asked(place);
    up.send(odd.head);
    until([&] { return to.text().ends_with("\r\n\r\n"); });
    for (const std::string& bytes : odd.writes) pass(up, to, bytes);
    if (odd.last == Last::fin) up.stream->finish();
    if (odd.last == Last::rst) up.stream->reset();
    if (odd.last != Last::nothing) {
      until([&] { return to.ended(); });
      EXPECT_EQ(to.log.ends.front(), odd.client_end);
    }
    until_ended(place + 1);
  }
  void compare(const OddStream& odd, const RecordedExchange& exchange) {
    SCOPED_TRACE(odd.name);
    EXPECT_EQ(chunks_of(exchange), odd.payloads);
    EXPECT_EQ(exchange.end.reason, odd.reason);
  }
};

TEST_F(OddStreams, PassReadForReadAndAreRecordedSo) {
  start();
  const auto streams = odd_streams();
  for (std::size_t i = 0; i < streams.size(); ++i) play(streams[i], i);
  const Recording recording = recorded();
  ASSERT_EQ(recording.exchanges.size(), streams.size());
  EXPECT_FALSE(recording.torn);
  for (std::size_t i = 0; i < streams.size(); ++i) compare(streams[i], recording.exchanges[i]);
  EXPECT_EQ(recording.exchanges[4].trailers, (std::vector<Header>{{"X-Sum", "1"}}));
  EXPECT_EQ(recording.exchanges[5].status, 429);
  EXPECT_EQ(header_value(recording.exchanges[5].response_headers, "retry-after"), "7");
}

TEST_F(RelayTest, GivesTheClientTheUpstreamsHead) {
  start();
  Peer& to = client(post("/v1/x?a=1", "{}"));
  Peer& up = asked(0);
  EXPECT_TRUE(up.text().starts_with("POST /v1/x?a=1 HTTP/1.1\r\nHost: 127.0.0.1:"));
  const std::string head =
      "HTTP/1.1 529 Overloaded\r\nx-Request-ID: r1\r\nContent-Length: 2\r\nset-cookie: a=b\r\n\r\n";
  pass(up, to, head + "no");
  until_ended(1);
  const RecordedExchange exchange = recorded().exchanges.front();
  EXPECT_EQ(exchange.method, "POST");
  EXPECT_EQ(exchange.target, "/v1/x?a=1");
  EXPECT_EQ(exchange.request_body, "{}");
  EXPECT_EQ(exchange.status, 529);
  EXPECT_EQ(header_value(exchange.response_headers, "x-request-id"), "r1");
}

TEST_F(RelayTest, KeepsTheClientsConnectionForTheNextRequest) {
  start();
  Peer& to = client(post("/a", "{}"));
  pass(asked(0), to, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
  until_ended(1);
  to.send(post("/b", "{1}"));
  pass(asked(1, "{1}"), to, "HTTP/1.1 204 No Content\r\n\r\n");
  until_ended(2);
  const Recording recording = recorded();
  ASSERT_EQ(recording.exchanges.size(), 2u);
  EXPECT_EQ(recording.exchanges[1].target, "/b");
  EXPECT_EQ(recording.exchanges[1].end.reason, EndReason::complete);
}

TEST_F(RelayTest, AnswersHeadWithoutWaitingForABody) {
  start();
  Peer& to = client("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n");
  pass(asked(0, "\r\n\r\n"), to, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n");
  until_ended(1);
  EXPECT_EQ(recorded().exchanges.front().end.reason, EndReason::complete);
}

TEST_F(RelayTest, PassesEarlyHintsAndSwallowsContinue) {
  start();
  Peer& to = client(post("/a", "{}"));
  Peer& up = asked(0);
  pass(up, to, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
  up.send("HTTP/1.1 100 Continue\r\n\r\n");
  up.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
  until_ended(1);
  until([&] { return to.text().ends_with("\r\n\r\nx"); });
  EXPECT_EQ(to.text().find("100 Continue"), std::string::npos);
  EXPECT_EQ(recorded().exchanges.front().status, 200);
}

TEST_F(RelayTest, HandsRedirectsOn) {
  start();
  Peer& to = client(post("/a", "{}"));
  const std::string answer =
      "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/evil\r\n"
      "Content-Length: 0\r\n\r\n";
  pass(asked(0), to, answer);
  until_ended(1);
  EXPECT_EQ(upstream_.connections(), 1u);
}

TEST_F(RelayTest, GivesHttp10ClientsThePayloadAlone) {
  start();
  Peer& to = client("GET /a HTTP/1.0\r\n\r\n");
  Peer& up = asked(0, "\r\n\r\n");
  up.send(kChunkedHead + chunk("ab"));
  until([&] { return to.text().ends_with("\r\n\r\nab"); });
  up.send(chunk("cd") + "0\r\n\r\n");
  until([&] { return to.ended(); });
  EXPECT_TRUE(to.text().ends_with("Connection: close\r\n\r\nabcd")) << to.text();
  EXPECT_EQ(to.log.ends.front(), StreamEnd::eof);

  Peer& cut = client("GET /b HTTP/1.0\r\n\r\n");
  Peer& second = asked(1, "\r\n\r\n");
  second.send(kChunkedHead + chunk("ab"));
  until([&] { return cut.text().ends_with("ab"); });
  second.stream->finish();
  until([&] { return cut.ended(); });
  EXPECT_EQ(cut.log.ends.front(), StreamEnd::reset);  // a FIN would tell it that all is there
}

// A malformed head is told instead (hostile_test.cc): the client has no answer yet then.
TEST_F(RelayTest, ResetsOnMalformedChunks) {
  start();
  Peer& to = client(post("/a", "{}"));
  asked(0).send(kChunkedHead + chunk("good") + "zz\r\n");
  until([&] { return to.ended(); });
  EXPECT_EQ(to.log.ends.front(), StreamEnd::reset);
  EXPECT_TRUE(to.text().ends_with("\r\n\r\n" + chunk("good"))) << to.text();
  until_ended(1);
  const RecordedExchange exchange = recorded().exchanges.front();
  EXPECT_EQ(exchange.body, "good");
  EXPECT_EQ(exchange.end.reason, EndReason::reset);
  EXPECT_NE(exchange.end.detail, "");
}

TEST_F(RelayTest, KeepsSilenceASilence) {
  start();
  // No byte of an answer: a FIN is a FIN, an RST an RST.
  Peer& fin = client(post("/a", "{}"));
  asked(0).stream->finish();
  until([&] { return fin.ended(); });
  EXPECT_EQ(fin.log.ends.front(), StreamEnd::eof);
  EXPECT_EQ(fin.text(), "");
  Peer& rst = client(post("/a", "{}"));
  asked(1).stream->reset();
  until([&] { return rst.ended(); });
  EXPECT_EQ(rst.log.ends.front(), StreamEnd::reset);
  until_ended(2);
  const Recording recording = recorded();
  EXPECT_EQ(recording.exchanges[0].end.reason, EndReason::eof_early);
  EXPECT_EQ(recording.exchanges[1].end.reason, EndReason::reset);
  EXPECT_FALSE(recording.exchanges[1].responded_at.has_value());
}

TEST_F(RelayTest, SaysThatNobodyListensUpstream) {
  std::uint16_t free_port = 0;
  {
    const HandPlayedUpstream gone(loop_);
    free_port = gone.port();
  }
  options_.upstreams.front().url.port = free_port;
  start();
  Peer& to = client(post("/a", "{}"));
  until([&] { return to.text().find("\"playhead\"") != std::string::npos; });
  EXPECT_TRUE(to.text().starts_with("HTTP/1.1 502 ")) << to.text();
  until_ended(1);
  const RecordedExchange exchange = recorded().exchanges.front();
  EXPECT_EQ(exchange.end.reason, EndReason::reset);
  EXPECT_NE(exchange.end.detail.find("cannot connect"), std::string::npos);
  EXPECT_FALSE(exchange.responded_at.has_value());
}

TEST_F(RelayTest, DrainsWhatTheClientDidNotWaitFor) {
  start();
  Peer& to = client(post("/a", "{}"));
  Peer& up = asked(0);
  up.send(kChunkedHead + chunk("one"));
  until([&] { return to.text().ends_with("one\r\n"); });
  to.stream->reset();
  until([&] { return recorder_->stats().open == 1; });
  // The rest is sent when the recorder has seen the client go: its mark is in the file then.
  until_in_file("mark 1");
  up.send(chunk("two") + "0\r\n\r\n");
  until_ended(1);
  const RecordedExchange exchange = recorded().exchanges.front();
  EXPECT_EQ(exchange.body, "onetwo");
  EXPECT_EQ(exchange.end.reason, EndReason::client_closed);
  EXPECT_EQ(recording::end_of_rest(exchange.end), EndReason::complete) << exchange.end.detail;
  ASSERT_EQ(exchange.marks.size(), 1u);
  EXPECT_EQ(exchange.marks.front().text, "the client closed after 3 bytes of the body");
}

TEST_F(RelayTest, SaysHowTheRestEndedThatTheClientDidNotWaitFor) {
  start();
  Peer& to = client(post("/a", "{}"));
  Peer& up = asked(0);
  up.send(kChunkedHead + chunk("one"));
  until([&] { return to.text().ends_with("one\r\n"); });
  to.stream->reset();
  until_in_file("mark 1");
  up.send(chunk("two"));
  up.stream->finish();
  until_ended(1);
  const RecordedExchange exchange = recorded().exchanges.front();
  EXPECT_EQ(exchange.end.reason, EndReason::client_closed);
  EXPECT_EQ(recording::end_of_rest(exchange.end), EndReason::eof_early) << exchange.end.detail;
}

TEST_F(RelayTest, TakesAClientThatHadAllBytesForComplete) {
  start();
  Peer& to = client(post("/a", "{}"));
  Peer& up = asked(0);
  up.send(kChunkedHead + chunk("data: [DONE]\n\n"));
  until([&] { return to.text().ends_with("\n\n\r\n"); });
  to.stream->finish();
  until_in_file("mark 1");
  up.send("0\r\n\r\n");
  until_ended(1);
  EXPECT_EQ(recorded().exchanges.front().end.reason, EndReason::complete);
}

TEST_F(RelayTest, EndsOpenExchangesWhenItIsStopped) {
  start();
  Peer& to = client(post("/a", "{}"));
  pass(asked(0), to, kChunkedHead);
  stop();
  until([&] { return to.ended(); });
  EXPECT_EQ(to.log.ends.front(), StreamEnd::reset);
  EXPECT_EQ(load().exchanges.front().end.reason, EndReason::recorder_stopped);
}

TEST_F(RelayTest, GivesOpenExchangesTheirGrace) {
  start();
  Peer& to = client(post("/a", "{}"));
  Peer& up = asked(0);
  pass(up, to, kChunkedHead);
  bool stopped = false;
  recorder_->stop(seconds(60), [&] { stopped = true; });
  up.send(chunk("x") + "0\r\n\r\n");
  until([&] { return stopped; });
  EXPECT_EQ(load().exchanges.front().end.reason, EndReason::complete);
  EXPECT_TRUE(to.text().ends_with("0\r\n\r\n"));
}

TEST_F(RelayTest, ChecksCertificatesAndTellsTlsErrorsApart) {
  const net::TestAuthority authority;
  net::TlsTestServer server(loop_, authority.issue("DNS:localhost"));
  recording::put_file(folder_ / "ca.pem", authority.certificate());
  options_.ca_file = folder_ / "ca.pem";
  options_.upstreams = {{"/ok", net::url_to("localhost", server.port(), true), "", ""},
                        {"/bad", net::url_to("127.0.0.1", server.port(), true), "", ""}};
  start();
  Peer& bad = client(post("/bad/a", "{}"));
  until([&] { return bad.text().find("\"playhead\"") != std::string::npos; });
  EXPECT_TRUE(bad.text().starts_with("HTTP/1.1 502 ")) << bad.text();
  const std::string head = "HTTP/1.1 200 OK\r\n";
  // Each cut without close_notify: the clients see a FIN, as they would have without us.
  const std::vector<std::string> answers = {head + "Content-Length: 9\r\n\r\nab",
                                            kChunkedHead + "5\r\nab", head + "\r\nab", ""};
  for (const std::string& answer : answers) {
    server.on_read([&](std::string_view) {
      server.send(answer);
      server.cut();
    });
    Peer& to = client(post("/ok/a", "{}"));
    until([&] { return to.ended(); });
    EXPECT_EQ(to.log.ends.front(), StreamEnd::eof) << answer;
    EXPECT_EQ(to.text().ends_with("ab"), !answer.empty()) << to.text();
  }
  until_ended(1 + answers.size());
  const Recording recording = recorded();
  for (const RecordedExchange& exchange : recording.exchanges) {
    EXPECT_EQ(exchange.end.reason, EndReason::tls_error);
    EXPECT_EQ(exchange.body, exchange.responded_at ? "ab" : "");
  }
  EXPECT_EQ(recording.exchanges[1].marks.front().text,
            "upstream localhost:" + std::to_string(server.port()) + " at /ok");
}

TEST_F(RelayTest, MarksTheUpstreamWhereTheTargetDoesNotTellIt) {
  const std::string authority = "127.0.0.1:" + std::to_string(upstream_.port());
  const net::Url url = net::url_to("127.0.0.1", upstream_.port());
  const auto marks = [&](std::vector<Upstream> upstreams, const std::string& target) {
    options_.upstreams = std::move(upstreams);
    options_.output = {folder_ / (std::to_string(upstream_.connections()) + ".rec"), false};
    start();
    const std::size_t place = upstream_.connections();
    Peer& to = client(post(target, "{}"));
    pass(asked(place), to, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    until_ended(1);
    stop();
    const RecordedExchange exchange = load(std::to_string(place) + ".rec").exchanges.front();
    EXPECT_EQ(exchange.target, "/x");
    std::vector<std::string> texts;
    for (const RecordedMark& mark : exchange.marks) texts.push_back(mark.text);
    return texts;
  };
  using Texts = std::vector<std::string>;
  const Upstream bare = {"", url, "", ""};
  EXPECT_EQ(marks({bare}, "/x"), Texts{});
  EXPECT_EQ(marks({{"/a", url, "", ""}}, "/a/x"), Texts{"upstream " + authority + " at /a"});
  EXPECT_EQ(marks({bare, {"/a", url, "", ""}}, "/x"), Texts{"upstream " + authority});
  EXPECT_EQ(marks({bare, {"/a", url, "", ""}}, "/a/x"), Texts{"upstream " + authority + " at /a"});
}

TEST_F(RelayTest, SaysWhatTheRecordingIsAbout) {
  start();
  Peer& to = client(post("/v1/chat/completions", R"({"model":"m-1"})"));
  pass(asked(0), to, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
  until_ended(1);
  const RecordingMeta meta = recorded().meta;
  EXPECT_EQ(meta.protocol, "openai-chat");
  EXPECT_EQ(meta.model, "m-1");
  EXPECT_EQ(meta.provider, "test");
  EXPECT_EQ(meta.origin, "captured");
  EXPECT_EQ(meta.timing, "read");
  EXPECT_EQ(meta.borders, "read");
  EXPECT_EQ(meta.recorder, "test");
  EXPECT_EQ(meta.recorded_at.size(), std::string("2026-04-11T12:00:00Z").size());
}

// Each stream carries its number in each chunk.
TEST_F(RelayTest, Keeps256StreamsApart) {
  constexpr std::size_t kStreams = 256;
  constexpr int kChunks = 5;
  options_.output = {folder_ / "all.rec.zst", false};
  start();
  for (std::size_t i = 0; i < kStreams; ++i)
    client(post("/a", "{\"id\":" + std::to_string(i) + "}"));
  until([&] {
    for (std::size_t i = 0; i < kStreams; ++i) {
      if (upstream_.connections() != kStreams || !upstream_[i].text().ends_with("}")) return false;
    }
    return true;
  });
  const auto id_at = [&](std::size_t place) {
    const std::string request = upstream_[place].text();
    return request.substr(request.find("{\"id\":"));
  };
  for (std::size_t i = 0; i < kStreams; ++i) upstream_[i].send(kChunkedHead);
  for (int n = 0; n < kChunks; ++n) {
    for (std::size_t i = 0; i < kStreams; ++i) upstream_[i].send(chunk(id_at(i) + "\n"));
    until([&] { return recorder_->stats().open == kStreams; });
  }
  for (std::size_t i = 0; i < kStreams; ++i) upstream_[i].send("0\r\n\r\n");
  until_ended(kStreams);
  stop();
  const Recording recording = load("all.rec.zst");
  ASSERT_EQ(recording.exchanges.size(), kStreams);
  for (const RecordedExchange& exchange : recording.exchanges) {
    std::string expected;
    for (int n = 0; n < kChunks; ++n) expected += exchange.request_body + "\n";
    EXPECT_EQ(exchange.body, expected);
  }
  for (std::size_t i = 0; i < kStreams; ++i) {
    const std::string id = "{\"id\":" + std::to_string(i) + "}";
    std::string expected;
    for (int n = 0; n < kChunks; ++n) expected += chunk(id + "\n");
    EXPECT_TRUE(clients_[i].text().ends_with(expected + "0\r\n\r\n"));
  }
}

}  // namespace
}  // namespace playhead::record
