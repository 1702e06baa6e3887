// Hostile clients and upstreams, while a healthy stream runs through the same recorder: each gets
// its error, nothing smuggled passes, and the healthy stream notices nothing.
#include <gtest/gtest.h>

#include "net/hostile_requests.h"
#include "record/testing.h"

namespace playhead::record {
namespace {

constexpr std::size_t kHostileClientsMin = 25;
constexpr std::size_t kHostileUpstreamsMin = 12;
constexpr int kTinyChunks = 100'000;
const std::string kHint = "HTTP/1.1 103 Early Hints\r\nX: 1\r\n\r\n";
const std::string kMalformed = "the upstream's answer is malformed: ";
const std::string kSwitched = "the upstream switched to another protocol, unasked";
const std::string kOneByte = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";

std::size_t count_of(std::string_view text, std::string_view word) {
  std::size_t count = 0;
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1))
    ++count;
  return count;
}

// What a client is told in the place of an answer that it cannot have.
std::string refusal(const std::string& message, const std::string& headers = "") {
  const std::string body = net::error_json(message);
  return "HTTP/1.1 502 Bad Gateway\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body;
}

class Hostile : public RelayTest {
 protected:
  Hostile() { options_.limits.server = net::hostile_limits(); }

  // Exchange 1, of upstream connection 0.
  void begin_healthy() {
    healthy_ = &client(post("/healthy", "{}"));
    pass(asked(0), *healthy_, kChunkedHead);
  }
  void go_on_healthy() {
    const std::string text = "data: " + std::to_string(healthy_body_.size()) + "\n\n";
    healthy_body_ += text;
    pass(upstream_[0], *healthy_, chunk(text));
  }
  // Ends it, and stops; all that the recorder wrote.
  Recording end_healthy() {
    pass(upstream_[0], *healthy_, "0\r\n\r\n");
    until([&] { return recorder_->stats().open == 0; });
    Recording recording = recorded();
    EXPECT_EQ(recording.exchanges.front().body, healthy_body_);
    EXPECT_EQ(recording.exchanges.front().end.reason, EndReason::complete);
    return recording;
  }

  void pipeline(int requests);

  Peer* healthy_ = nullptr;
  std::string healthy_body_;
};

TEST_F(Hostile, ClientsGetTheirErrorAndReachNobody) {
  const std::vector<net::HostileRequest> rows = net::hostile_requests();
  ASSERT_GE(rows.size(), kHostileClientsMin);
  start();
  begin_healthy();
  for (const net::HostileRequest& row : rows) {
    SCOPED_TRACE(row.text.substr(0, 200));
    Peer& to = client(row.text + (row.stalls ? "" : net::kSmuggled));
    go_on_healthy();
    until([&] { return to.ended(); });
    go_on_healthy();
    EXPECT_TRUE(to.text().starts_with("HTTP/1.1 " + std::to_string(row.status) + " "));
    EXPECT_EQ(count_of(to.text(), "Content-Length: "), 1u) << to.text();
    EXPECT_EQ(upstream_.connections(), 1u);
  }
  EXPECT_EQ(end_healthy().exchanges.size(), 1u);
}

// Requests behind one another: each waits for the answer before it.
void Hostile::pipeline(int requests) {
  start();
  begin_healthy();
  std::string text;
  for (int i = 0; i < requests; ++i) text += post("/piped", "{" + std::to_string(i) + "}");
  Peer& to = client(text);
  for (std::size_t i = 0; i < 3; ++i) {
    Peer& up = asked(1 + i);
    EXPECT_TRUE(up.text().ends_with("{" + std::to_string(i) + "}"));
    EXPECT_EQ(count_of(up.text(), "POST "), 1u);
    net::run_a_little(loop_);
    EXPECT_EQ(upstream_.connections(), 2 + i);
    go_on_healthy();
    if (i < 2) pass(up, to, kOneByte);
  }
  to.stream->reset();
}

TEST_F(Hostile, PipelinesEndWithTheirClient) {
  pipeline(100);
  until([&] { return !load().exchanges.back().marks.empty(); });  // it is noticed
  upstream_[3].send(kOneByte);
  until([&] { return recorder_->stats().open == 1; });
  net::run_a_little(loop_);
  EXPECT_EQ(upstream_.connections(), 4u);
  const Recording recording = end_healthy();
  ASSERT_EQ(recording.exchanges.size(), 4u);
  EXPECT_EQ(recording.exchanges.back().end.reason, EndReason::client_closed);
}

// So many that they are not all read: then it is only seen at an answer that the client is gone.
TEST_F(Hostile, LongPipelinesEndAtTheNextAnswers) {
  pipeline(5000);
  std::size_t answered = 3;
  until([&] {
    if (answered < upstream_.connections() && upstream_[answered].text().ends_with("}")) {
      upstream_[answered++].send(kOneByte);
    }
    return recorder_->stats().open == 1 && recorder_->stats().exchanges == answered - 1;
  });
  net::run_a_little(loop_);
  EXPECT_LE(upstream_.connections(), 6u);
  EXPECT_EQ(recorder_->stats().open, 1u);
  end_healthy();
}

struct HostileAnswer {
  EndReason reason;       // of the recording
  StreamEnd client_end;   // how the client is told; complete answers keep the connection
  std::string text;       // and then FIN
  std::string body;       // recorded
  std::string told = {};  // what was wrong, to the client in a 502, and to the recording
  bool at_once = false;   // before the request is there
};

std::string repeated(const std::string& text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

std::string with(const std::string& lines) { return "HTTP/1.1 200 OK\r\n" + lines + "\r\n\r\n"; }

// What comes before an answer, or in its place.
std::vector<HostileAnswer> hostile_heads() {
  const std::string nul(1, '\0');
  const std::string version = "no HTTP version where one belongs";
  const std::string status = "no status where one belongs";
  const std::string byte = "a control character or an incomplete CRLF in the head";
  std::vector<HostileAnswer> rows;
  for (const auto& [text, what] : std::vector<std::pair<std::string, std::string>>{
           {"HTTP/1.1 2x0 OK\r\n\r\n", status},
           {"ICY 200 OK\r\n\r\n", version},
           {"HTTP/2 200\r\n\r\n", version},
           {"HTTP/1.1 0200 OK\r\n\r\n", status},
           {"HTTP/1.1 200 OK\n\n", byte},
           {"<html>no HTTP at all</html>\r\n\r\n", version},
           {with("Transfer-Encoding: chunked\r\nContent-Length: 5") + "5\r\nEVIL!\r\n0\r\n\r\n",
            "Transfer-Encoding beside Content-Length"},
           {with("Content-Length: 5\r\nContent-Length: 6") + "EVIL!!", "several Content-Lengths"},
           {with("Transfer-Encoding: gzip, chunked"), "a Transfer-Encoding other than chunked"},
           {with("X: a\rSet-Cookie: EVIL"), byte},
           {with("X: a\nSet-Cookie: EVIL"), byte},
           {with("X: a" + nul), byte},
           {with("X: a\r\n folded"), "a folded header line"},
           {with("X: " + std::string(70 * 1024, 'x')), "the head is larger than 64 KiB"},
           {with(repeated("X: 1\r\n", 100) + "X: 1"), "more than 100 headers"},
           {"HTTP/1.1 200 OK\r\n" + repeated("X: 1234567890\r\n", 20'000), "more than 100 headers"},
           {"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding in HTTP/1.0"},
           {repeated(kHint, 10'000), "too many responses 1xx"},
           {kHint + "HTTP/1.1 2x0 OK\r\n\r\n", status}}) {
    rows.push_back({EndReason::reset, StreamEnd::eof, text, "", kMalformed + what});
  }
  rows.push_back(
      {EndReason::reset, StreamEnd::eof, with("X: 1").replace(9, 3, "101"), "", kSwitched});
  rows.push_back({EndReason::reset, StreamEnd::eof, nul + "junk\r\n\r\n", "", kMalformed + byte,
                  /*at_once=*/true});
  return rows;
}

std::vector<HostileAnswer> hostile_answers() {
  constexpr auto kReset = EndReason::reset;
  constexpr auto kEarly = EndReason::eof_early;
  constexpr auto kWhole = EndReason::complete;
  const std::string tiny = std::string(kTinyChunks, 'x');
  std::vector<HostileAnswer> rows = hostile_heads();
  for (const std::string bad : {"zz\r\n", "-1\r\n", "11111111111111111\r\n", "1\r\nxEVIL\r\n",
                                "0\r\nContent-Length: 5\r\n\r\n", "\r\n"}) {
    const std::string body = bad.starts_with("1\r\n") ? "okx" : "ok";
    rows.push_back({kReset, StreamEnd::reset, kChunkedHead + chunk("ok") + bad, body});
  }
  rows.push_back({kEarly, StreamEnd::eof, "", ""});
  rows.push_back({kEarly, StreamEnd::eof, kHint, ""});
  rows.push_back({kEarly, StreamEnd::eof, "HTTP/1.1 200 OK\r\nX: ", ""});
  rows.push_back({kEarly, StreamEnd::eof, with("Content-Length: 5") + "shor", "shor"});
  rows.push_back({kEarly, StreamEnd::eof, kChunkedHead + "5\r\nshor", "shor"});
  rows.push_back({kWhole, StreamEnd::eof, with("Content-Length: 2") + "okEVIL HTTP/1.1 ", "ok"});
  rows.push_back({kWhole, StreamEnd::eof, kChunkedHead + chunk("ok") + "0\r\n\r\nEVIL", "ok"});
  // Compressed though identity was asked for: passed on, and masked, because it cannot be searched.
  rows.push_back({kWhole, StreamEnd::eof,
                  with("Content-Encoding: gzip\r\nContent-Length: 4") + "\x1f\x8b\x08\x01",
                  "xxxx"});
  rows.push_back({kWhole, StreamEnd::eof,
                  kChunkedHead + repeated("1\r\nx\r\n", kTinyChunks) + "0\r\n\r\n", tiny});
  return rows;
}

// Nothing but whole interim answers, and then, where `told` says why, the 502.
void expect_refusal(const std::string& text, const std::string& told) {
  std::string_view rest = text;
  while (rest.starts_with(kHint)) rest.remove_prefix(kHint.size());
  EXPECT_EQ(rest, refusal(told, "Connection: close\r\n"));
}

TEST_F(Hostile, UpstreamsHurtOnlyTheirOwnClient) {
  const std::vector<HostileAnswer> rows = hostile_answers();
  ASSERT_GE(rows.size(), kHostileUpstreamsMin);
  start();
  begin_healthy();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const HostileAnswer& row = rows[i];
    SCOPED_TRACE(std::to_string(i) + " " + row.text.substr(0, 200));
    Peer& to = client(post("/hostile", "{}", "Connection: close\r\n"));
    if (row.at_once) until([&] { return upstream_.connections() > 1 + i; });
    Peer& up = row.at_once ? upstream_[1 + i] : asked(1 + i);
    go_on_healthy();
    up.send(row.text);
    up.stream->finish();
    until([&] { return to.ended(); });
    go_on_healthy();
    ASSERT_FALSE(HasFatalFailure());
    EXPECT_EQ(to.log.ends.front(), row.client_end);
    EXPECT_EQ(to.text().find("EVIL"), std::string::npos) << to.text();
    if (!row.told.empty()) expect_refusal(to.text(), row.told);
    EXPECT_LE(count_of(to.text(), "HTTP/1.1 200"), 1u);
    EXPECT_EQ(upstream_.connections(), 2 + i);
  }
  const Recording recording = end_healthy();
  ASSERT_EQ(recording.exchanges.size(), rows.size() + 1);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const RecordedExchange& exchange = recording.exchanges[i + 1];
    EXPECT_EQ(exchange.end.reason, rows[i].reason) << rows[i].text.substr(0, 200);
    EXPECT_EQ(exchange.body, rows[i].body) << rows[i].text.substr(0, 200);
    EXPECT_EQ(exchange.end.detail.empty(), rows[i].reason != EndReason::reset);
    if (rows[i].told.empty()) continue;
    EXPECT_EQ(exchange.end.detail, rows[i].told);
    EXPECT_FALSE(exchange.responded_at.has_value());
  }
}

// The 502 is an answer like others: what came before it stays, and the connection goes on.
TEST_F(Hostile, ConnectionsOutliveAMalformedAnswer) {
  const std::string malformed = "HTTP/2 200\r\n\r\n";
  const std::string told = refusal(kMalformed + "no HTTP version where one belongs");
  start();
  Peer& to = client(post("/a", "{}"));
  Peer& up = asked(0);
  pass(up, to, kHint);
  up.send(malformed);
  until([&] { return to.text().ends_with("}}"); });
  EXPECT_EQ(to.text(), kHint + told);
  to.send(post("/b", "{1}"));
  asked(1, "{1}").send(kHint + malformed);
  until([&] { return to.text().size() >= 2 * (kHint + told).size(); });
  EXPECT_EQ(to.text(), kHint + told + kHint + told);
  to.send(post("/c", "{2}"));
  pass(asked(2, "{2}"), to, kOneByte);
  until_ended(3);
  EXPECT_FALSE(to.ended());
  const Recording recording = recorded();
  EXPECT_EQ(recording.exchanges[0].end.reason, EndReason::reset);
  EXPECT_EQ(recording.exchanges[2].end.reason, EndReason::complete);
}

TEST_F(Hostile, AMalformedAnswerIsToldInTheFormThatWasAskedFor) {
  const std::string malformed = kHint + "HTTP/2 200\r\n\r\n";
  const std::string told = refusal(kMalformed + "no HTTP version where one belongs");
  start();
  Peer& head = client("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n");
  asked(0, "\r\n\r\n").send(malformed);
  until([&] { return head.text().ends_with("\r\n\r\n") && head.text().size() > kHint.size(); });
  EXPECT_EQ(head.text(), kHint + told.substr(0, told.find("{")));
  // HTTP/1.0 knows no interim answers.
  Peer& old = client("GET /a HTTP/1.0\r\n\r\n");
  asked(1, "\r\n\r\n").send(malformed);
  until([&] { return old.ended(); });
  EXPECT_EQ(old.log.ends.front(), StreamEnd::eof);
  expect_refusal(old.text(), kMalformed + "no HTTP version where one belongs");
  EXPECT_FALSE(old.text().starts_with(kHint));
}

// A reset of the upstream's stays one, also behind an interim answer and in the middle of a head.
TEST_F(Hostile, AResetBeforeTheAnswerStaysAReset) {
  start();
  Peer& hinted = client(post("/a", "{}"));
  pass(asked(0), hinted, kHint);
  upstream_[0].stream->reset();
  until([&] { return hinted.ended(); });
  EXPECT_EQ(hinted.log.ends.front(), StreamEnd::reset);
  EXPECT_EQ(hinted.text(), kHint);
  Peer& halved = client(post("/b", "{}"));
  pass(asked(1), halved, kHint);
  upstream_[1].send("HTTP/1.1 200 OK\r\nX: ");
  upstream_[1].stream->reset();
  until([&] { return halved.ended(); });
  EXPECT_EQ(halved.log.ends.front(), StreamEnd::reset);
  EXPECT_EQ(halved.text(), kHint);
  until_ended(2);
  for (const RecordedExchange& exchange : recorded().exchanges) {
    EXPECT_EQ(exchange.end.reason, EndReason::reset);
    EXPECT_EQ(exchange.end.detail.find("malformed"), std::string::npos) << exchange.end.detail;
  }
}

}  // namespace
}  // namespace playhead::record
