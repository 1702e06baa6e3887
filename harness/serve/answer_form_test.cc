#include "serve/answer_form.h"

#include <gtest/gtest.h>

#include <utility>

#include "recording/client_left.h"
#include "serve/testing.h"

namespace playhead::serve {
namespace {

using Framing = net::BodyFraming::Kind;

net::RequestHead request_head(std::string method = "GET", int minor_version = 1) {
  net::RequestHead head;
  head.method = std::move(method);
  head.minor_version = minor_version;
  return head;
}

// Of four bytes.
RecordedExchange exchange_ending(EndReason reason, std::vector<Header> headers = {}) {
  RecordedExchange exchange = exchange_of("GET", "/", std::move(headers));
  add_chunk(exchange, 0, "body");
  exchange.end.reason = reason;
  return exchange;
}

AnswerForm form(const RecordedExchange& exchange,
                const net::RequestHead& request = request_head()) {
  return form_of(Recording{}, exchange, request);
}

TEST(AnswerForm, EndsAsRecorded) {
  const auto end_of = [](EndReason reason) { return form(exchange_ending(reason)).end; };
  EXPECT_EQ(end_of(EndReason::complete), AnswerEnd::whole);
  EXPECT_EQ(end_of(EndReason::eof_early), AnswerEnd::cut);
  EXPECT_EQ(end_of(EndReason::idle_timeout), AnswerEnd::silence);
  for (const EndReason reason :
       {EndReason::client_closed, EndReason::reset, EndReason::tls_error, EndReason::size_cap,
        EndReason::recorder_stopped, EndReason::torn}) {
    EXPECT_EQ(end_of(reason), AnswerEnd::reset) << name_of(reason);
  }
}

TEST(AnswerForm, WithoutResponseIsNothingButItsEnd) {
  const auto end_of = [](EndReason reason) {
    RecordedExchange exchange = exchange_ending(reason);
    exchange.responded_at.reset();
    const AnswerForm made = form(exchange);
    EXPECT_EQ(made.head, "");
    return made.end;
  };
  EXPECT_EQ(end_of(EndReason::complete), AnswerEnd::cut);
  EXPECT_EQ(end_of(EndReason::eof_early), AnswerEnd::cut);
  EXPECT_EQ(end_of(EndReason::client_closed), AnswerEnd::silence);
  EXPECT_EQ(end_of(EndReason::idle_timeout), AnswerEnd::silence);
  EXPECT_EQ(end_of(EndReason::reset), AnswerEnd::reset);
  EXPECT_EQ(end_of(EndReason::torn), AnswerEnd::reset);
}

// Clients see a FIN, as they did.
TEST(AnswerForm, WithoutCloseNotifyIsCutOrEndsWithTheConnection) {
  const auto cut = [](std::vector<Header> headers) {
    RecordedExchange exchange = exchange_ending(EndReason::tls_error, std::move(headers));
    exchange.end.detail = net::kNoCloseNotify;
    return exchange;
  };
  EXPECT_EQ(form(cut({{"Transfer-Encoding", "chunked"}})).end, AnswerEnd::cut);
  EXPECT_EQ(form(cut({{"Content-Length", "1000"}})).end, AnswerEnd::cut);
  const AnswerForm until_close = form(cut({{"Connection", "close"}}));
  EXPECT_EQ(until_close.framing, net::BodyFraming::Kind::until_close);
  EXPECT_EQ(until_close.end, AnswerEnd::whole);
  RecordedExchange silent = cut({});
  silent.responded_at.reset();
  EXPECT_EQ(form(silent).end, AnswerEnd::cut);
}

TEST(AnswerForm, KeepsALengthThatFits) {
  const auto framing = [](EndReason reason, const char* length) {
    return form(exchange_ending(reason, {{"content-length", length}})).framing;
  };
  EXPECT_EQ(framing(EndReason::complete, "4"), Framing::length);
  EXPECT_EQ(framing(EndReason::complete, "5"), Framing::chunked);
  EXPECT_EQ(framing(EndReason::complete, "3"), Framing::chunked);
  EXPECT_EQ(framing(EndReason::complete, ""), Framing::chunked);
  EXPECT_EQ(framing(EndReason::complete, "+4"), Framing::chunked);
  EXPECT_EQ(framing(EndReason::complete, "0000000000000000004"), Framing::chunked);
  EXPECT_EQ(framing(EndReason::eof_early, "5"), Framing::length);
  EXPECT_EQ(framing(EndReason::eof_early, "4"), Framing::chunked);
  EXPECT_EQ(framing(EndReason::reset, "5"), Framing::length);
  EXPECT_EQ(framing(EndReason::idle_timeout, "3"), Framing::chunked);
}

TEST(AnswerForm, OfALengthThatFitsStandsInTheHead) {
  EXPECT_EQ(form(exchange_ending(EndReason::complete, {{"content-length", "4"}, {"b", "c"}})).head,
            "HTTP/1.1 200 OK\r\ncontent-length: 4\r\nb: c\r\n\r\n");
  EXPECT_EQ(form(exchange_ending(EndReason::complete, {{"content-length", "5"}, {"b", "c"}})).head,
            "HTTP/1.1 200 OK\r\nb: c\r\nTransfer-Encoding: chunked\r\n\r\n");
  const RecordedExchange twice =
      exchange_ending(EndReason::complete, {{"content-length", "4"}, {"Content-Length", "4"}});
  EXPECT_EQ(form(twice).head, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
}

TEST(AnswerForm, EndsBehindAClientThatLeftAsTheRestDid) {
  const std::string left = recording::client_left_text(4);
  const auto end_of = [](const std::string& detail) {
    RecordedExchange exchange = exchange_ending(EndReason::client_closed);
    exchange.end.detail = detail;
    return form(exchange).end;
  };
  const auto end_by = [&](EndReason reason) {
    return end_of(left + recording::rest_text(reason, ""));
  };
  EXPECT_EQ(end_by(EndReason::complete), AnswerEnd::whole);
  EXPECT_EQ(end_by(EndReason::eof_early), AnswerEnd::cut);
  EXPECT_EQ(end_by(EndReason::idle_timeout), AnswerEnd::silence);
  EXPECT_EQ(end_by(EndReason::reset), AnswerEnd::reset);
  EXPECT_EQ(end_by(EndReason::tls_error), AnswerEnd::reset);
  for (const std::string& detail :
       {std::string(), left, left + "; the recorder was stopped",
        left + "; of the rest more came than is kept", left + "; the rest was not there 30 s later",
        std::string("the client read nothing for 300 s and was reset")}) {
    EXPECT_EQ(end_of(detail), AnswerEnd::reset) << detail;
  }
}

TEST(AnswerForm, IsWholeWhereNothingCanBeMissing) {
  const auto made = [](const char* length) {
    return form(exchange_ending(EndReason::client_closed, {{"content-length", length}}));
  };
  EXPECT_EQ(made("4").end, AnswerEnd::whole);
  EXPECT_EQ(made("4").framing, Framing::length);
  EXPECT_EQ(made("5").end, AnswerEnd::reset);
  EXPECT_EQ(made("5").framing, Framing::length);
  EXPECT_EQ(made("3").end, AnswerEnd::reset);
  RecordedExchange empty = exchange_of("GET", "/");
  empty.end.reason = EndReason::client_closed;
  EXPECT_EQ(form(empty).end, AnswerEnd::reset);
  empty.status = 204;
  EXPECT_EQ(form(empty).end, AnswerEnd::whole);
  empty.status = 200;
  empty.method = "HEAD";
  EXPECT_EQ(form(empty, request_head("HEAD")).end, AnswerEnd::whole);
}

TEST(AnswerForm, IsChunkedAsRecordedAndWhereNothingIsKnown) {
  EXPECT_EQ(form(exchange_ending(EndReason::complete)).framing, Framing::chunked);
  const RecordedExchange chunked =
      exchange_ending(EndReason::complete, {{"Transfer-Encoding", "chunked"},
                                            {"Connection", "keep-alive, X-Hop"},
                                            {"Keep-Alive", "timeout=5"},
                                            {"x-hop", "1"},
                                            {"Content-Encoding", "gzip"}});
  EXPECT_EQ(form(chunked).head,
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n");
}

TEST(AnswerForm, EndsWithTheConnectionWhereItDid) {
  const RecordedExchange closed =
      exchange_ending(EndReason::complete, {{"Connection", "foo , Close"}});
  EXPECT_EQ(form(closed).framing, Framing::until_close);
  EXPECT_EQ(form(closed).head, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
  Recording captured;
  captured.meta.origin = "captured";
  captured.meta.recorder = "playhead 0.1.0";
  const RecordedExchange plain = exchange_ending(EndReason::complete);
  EXPECT_EQ(form_of(captured, plain, request_head()).framing, Framing::until_close);
  captured.meta.recorder = "other 1";
  EXPECT_EQ(form_of(captured, plain, request_head()).framing, Framing::chunked);
  // Otherwise its end would look like that of a whole answer.
  EXPECT_EQ(form(exchange_ending(EndReason::eof_early, {{"Connection", "close"}})).framing,
            Framing::chunked);
}

TEST(AnswerForm, HasNoBodyForHeadAndStatusWithout) {
  RecordedExchange exchange = exchange_ending(EndReason::complete, {{"Content-Length", "4"}});
  const AnswerForm head = form(exchange, request_head("HEAD"));
  EXPECT_EQ(head.framing, Framing::none);
  EXPECT_EQ(head.head, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
  exchange.status = 304;
  EXPECT_EQ(form(exchange).framing, Framing::none);
  EXPECT_EQ(form(exchange).head, "HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n");
  exchange.status = 204;
  EXPECT_EQ(form(exchange).framing, Framing::none);
  EXPECT_EQ(form(exchange).head, "HTTP/1.1 204 No Content\r\n\r\n");
}

TEST(AnswerForm, OfOldClientsIsWithoutChunks) {
  net::RequestHead old = request_head("GET", 0);
  old.keep_alive = false;
  EXPECT_EQ(form(exchange_ending(EndReason::complete), old).framing, Framing::until_close);
  EXPECT_EQ(form(exchange_ending(EndReason::eof_early), old).end, AnswerEnd::reset);
  EXPECT_EQ(form(exchange_ending(EndReason::complete), old).head,
            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
  old.keep_alive = true;
  EXPECT_EQ(form(exchange_ending(EndReason::complete, {{"Content-Length", "4"}}), old).head,
            "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: keep-alive\r\n\r\n");
}

TEST(AnswerForm, LeavesOutWhatIsNoHeader) {
  const RecordedExchange exchange = exchange_ending(
      EndReason::complete, {{"Content-Length", "4"}, {"a b", "c"}, {"d", "e\x01"}, {"f", "g"}});
  EXPECT_EQ(form(exchange).head, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nf: g\r\n\r\n");
}

TEST(AnswerForm, TakesTrailersThatDoNotChangeTheFraming) {
  RecordedExchange exchange = exchange_ending(EndReason::complete);
  exchange.trailers = {{"x-sum", "1"},    {"Content-Length", "2"}, {"Transfer-Encoding", "chunked"},
                       {"bad name", "3"}, {"Host", "h"},           {"x-sum", "4"}};
  const std::vector<net::HttpHeader> expected = {{"x-sum", "1"}, {"x-sum", "4"}};
  EXPECT_EQ(servable_trailers(exchange), expected);
}

TEST(AnswerForm, IsNoneForInformationalStatus) {
  Recording recording = recording_of({exchange_of("GET", "/"), exchange_of("GET", "/")}, "x.rec");
  EXPECT_TRUE(check_servable(recording).ok());
  recording.exchanges[1].status = 199;
  const Status status = check_servable(recording);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().message,
            "x.rec: exchange 2 has status 199, which is that of no final response; correct it or "
            "leave the recording out");
  recording.exchanges[1].status = 200;
  EXPECT_TRUE(check_servable(recording).ok());
  recording.exchanges[1].status = 0;
  recording.exchanges[1].responded_at.reset();
  EXPECT_TRUE(check_servable(recording).ok());
}

}  // namespace
}  // namespace playhead::serve
