// The mock provider over real sockets, with clients on the same loop.
#include "serve/server.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include "base/json.h"
#include "net/clock.h"
#include "recording/client_left.h"
#include "recording/upstream_mark.h"
#include "serve/testing.h"

namespace playhead::serve {
namespace {

// Two reads, cut inside a UTF-8 character, and an ending.
RecordedExchange stream_ending(EndReason reason, std::vector<Header> headers = {}) {
  RecordedExchange exchange = exchange_of("GET", "/s", std::move(headers));
  add_chunk(exchange, 0, "data: \xe2\x82");
  add_chunk(exchange, 0, "\xac\r\n\r\n");
  exchange.end.reason = reason;
  return exchange;
}
constexpr std::string_view kStreamBody = "data: \xe2\x82\xac\r\n\r\n";
constexpr std::string_view kStreamChunks =
    "8\r\ndata: \xe2\x82\r\n"
    "5\r\n\xac\r\n\r\n\r\n";

// ---- bytes

TEST_F(ServeTest, PlaysEachReadAsOneChunk) {
  serve({stream_ending(EndReason::complete, {{"content-type", "text/event-stream"}})});
  Client& client = connect_client(get("/s"));
  const std::string expected =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n" +
      std::string(kStreamChunks) + "0\r\n\r\n";
  until([&] { return client.got.size() >= expected.size(); });
  EXPECT_EQ(client.got, expected);
  // The connection takes the next request, and gets the same bytes.
  client.got.clear();
  client.stream->write(get("/s"));
  until([&] { return client.got.size() >= expected.size(); });
  EXPECT_EQ(client.got, expected);
  EXPECT_EQ(server_->matcher().counts().repeated, 1u);
}

// Reads are one write each: a client that takes its time between them sees the borders.
TEST_F(ServeTest, KeepsTheBordersOfReads) {
  RecordedExchange exchange = exchange_of("GET", "/s", {{"Content-Length", "8"}});
  exchange.responded_at = Instant{5'000};
  add_chunk(exchange, 10'000, "da");
  add_chunk(exchange, 15'000, "ta: \r");
  add_chunk(exchange, 20'000, "\n");
  serve({exchange}, Speed{});
  const Instant asked_at = net::monotonic_now();
  Client& client = connect_client(get("/s"));
  until([&] { return client.got.ends_with("\r\n\r\ndata: \r\n"); });
  // Never too early, however busy the machine is.
  EXPECT_GE(net::monotonic_now() - asked_at, milliseconds(20));
  EXPECT_EQ(answer_in(client.got).head.body.kind, net::BodyFraming::Kind::length);
  std::string reads;
  for (const std::string& read : client.reads) reads += fmt::format("[{}]", read);
  // A machine that stops for 5 ms joins reads, but nothing parts what was one.
  EXPECT_LE(client.reads.size(), 4u) << reads;
}

TEST_F(ServeTest, PlaysByteIdenticalOnEveryRun) {
  std::vector<std::string> runs;
  for (int run = 0; run < 2; ++run) {
    RecordedExchange odd = stream_ending(
        EndReason::reset,
        {{"X-Odd", "\xff"}, {"date", "Tue"}, {"set-cookie", "a"}, {"set-cookie", "b"}});
    odd.trailers = {{"x-sum", "1"}};
    serve({odd});
    runs.push_back(ended_client(get("/s")).got);
    server_.reset();
  }
  EXPECT_EQ(runs[0], runs[1]);
  EXPECT_TRUE(runs[0].starts_with(
      "HTTP/1.1 200 OK\r\nX-Odd: \xff\r\ndate: Tue\r\nset-cookie: a\r\nset-cookie: b\r\n"));
}

TEST_F(ServeTest, PlaysStatusAndHeadersOfErrors) {
  RecordedExchange exchange =
      exchange_of("POST", "/v1/messages", {{"retry-after", "7"}, {"content-length", "2"}});
  exchange.status = 429;
  add_chunk(exchange, 0, "{}");
  serve({exchange});
  Client& client = ended_client(
      "POST /v1/messages HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(client.got,
            "HTTP/1.1 429 Too Many Requests\r\nretry-after: 7\r\ncontent-length: 2\r\n"
            "Connection: close\r\n\r\n{}");
  EXPECT_EQ(client.end, net::StreamEnd::eof);
}

TEST_F(ServeTest, PlaysTrailersBehindTheLastChunk) {
  RecordedExchange exchange = stream_ending(EndReason::complete);
  exchange.trailers = {{"x-sum", "1"}, {"x-more", "2"}};
  serve({exchange});
  const Answer answer = answer_to(get("/s"));
  EXPECT_TRUE(answer.whole);
  EXPECT_EQ(answer.body, kStreamBody);
  EXPECT_EQ(answer.trailers, exchange.trailers);
}

TEST_F(ServeTest, LeavesOutEmptyReads) {
  RecordedExchange exchange = exchange_of("GET", "/s");
  add_chunk(exchange, 0, "a");
  add_chunk(exchange, 0, "");
  add_chunk(exchange, 0, "b");
  serve({exchange});
  EXPECT_EQ(answer_to(get("/s")).body, "ab");
}

TEST_F(ServeTest, PlaysAnyBytes) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  RecordedExchange exchange = exchange_of("POST", "/rpc", {{"Content-Type", "application/x-own"}});
  exchange.request_body = all;
  add_chunk(exchange, 0, all);
  serve({exchange});
  const Answer answer =
      answer_to("POST /rpc HTTP/1.1\r\nHost: a\r\nContent-Length: 256\r\n\r\n" + all);
  EXPECT_EQ(answer.head.status, 200);
  EXPECT_EQ(answer.body, all);
}

TEST_F(ServeTest, PlaysLargeReadsInPieces) {
  RecordedExchange exchange = exchange_of("GET", "/s");
  add_chunk(exchange, 0, "1234");
  add_chunk(exchange, 0, "123456789");
  ServerOptions options;
  options.recordings.push_back(recording_of({exchange}));
  options.limits.piece_bytes = 4;
  options.limits.writes_in_a_row = 1;
  serve(std::move(options));
  Client& client = connect_client(get("/s"));
  until([&] { return client.got.ends_with("0\r\n\r\n"); });
  EXPECT_TRUE(
      client.got.ends_with("\r\n\r\n4\r\n1234\r\n4\r\n1234\r\n4\r\n5678\r\n1\r\n9\r\n0\r\n\r\n"))
      << client.got;
}

TEST_F(ServeTest, AnswersHeadWithoutBody) {
  RecordedExchange exchange = exchange_of("HEAD", "/s", {{"content-length", "5"}});
  serve({exchange});
  Client& client = connect_client("HEAD /s HTTP/1.1\r\nHost: a\r\n\r\n" + get("/_playhead/x"));
  until([&] { return client.got.find("no such page") != std::string::npos; });
  EXPECT_TRUE(client.got.starts_with("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nHTTP/1.1 404"));
}

TEST_F(ServeTest, AnswersPipelinedRequestsInOrder) {
  RecordedExchange slow = exchange_of("GET", "/slow");
  add_chunk(slow, 20'000, "slow");
  RecordedExchange fast = exchange_of("GET", "/fast");
  add_chunk(fast, 0, "fast");
  serve({slow, fast}, Speed{});
  Client& client = connect_client(get("/slow") + get("/fast") + get("/slow"));
  std::vector<std::string> bodies;
  std::size_t at = 0;
  until([&] {
    const Answer answer = answer_in(std::string_view(client.got).substr(at));
    if (!answer.whole) return false;
    at += answer.bytes;
    bodies.push_back(answer.body);
    return bodies.size() == 3;
  });
  EXPECT_EQ(bodies, (std::vector<std::string>{"slow", "fast", "slow"}));
}

// ---- endings

TEST_F(ServeTest, EndsTooEarlyByFin) {
  serve({stream_ending(EndReason::eof_early)});
  Client& client = ended_client(get("/s"));
  EXPECT_EQ(client.end, net::StreamEnd::eof);
  EXPECT_TRUE(client.got.ends_with(kStreamChunks)) << client.got;
  EXPECT_FALSE(answer_in(client.got).whole);
}

TEST_F(ServeTest, EndsTooEarlyWithinItsLength) {
  serve({stream_ending(EndReason::eof_early, {{"Content-Length", "100"}})});
  Client& client = ended_client(get("/s"));
  EXPECT_EQ(client.end, net::StreamEnd::eof);
  EXPECT_EQ(answer_in(client.got).body, kStreamBody);
  EXPECT_FALSE(answer_in(client.got).whole);
}

TEST_F(ServeTest, EndsWithTheConnectionWhereItDid) {
  serve({stream_ending(EndReason::complete, {{"Connection", "close"}})});
  Client& client = ended_client(get("/s"));
  EXPECT_EQ(client.end, net::StreamEnd::eof);
  EXPECT_EQ(client.got, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + std::string(kStreamBody));
}

TEST_F(ServeTest, ResetsBehindTheLastByte) {
  for (const EndReason reason : {EndReason::reset, EndReason::tls_error, EndReason::size_cap,
                                 EndReason::recorder_stopped, EndReason::torn}) {
    serve({stream_ending(reason)});
    Client& client = ended_client(get("/s"));
    EXPECT_EQ(client.end, net::StreamEnd::reset) << name_of(reason);
    EXPECT_TRUE(client.got.ends_with(kStreamChunks)) << name_of(reason);
    until([&] { return server_->stats().open == 0; });
  }
}

TEST_F(ServeTest, PlaysAllThatWasDrainedBehindAClient) {
  RecordedExchange exchange = stream_ending(EndReason::client_closed);
  exchange.end.detail =
      recording::client_left_text(8) + recording::rest_text(EndReason::complete, "");
  serve({exchange});
  const Answer answer = answer_to(get("/s"));
  EXPECT_TRUE(answer.whole);
  EXPECT_EQ(answer.body, kStreamBody);
}

// No client may take a part for the whole.
TEST_F(ServeTest, ResetsWhereTheRestBehindAClientIsNotThere) {
  const std::string left = recording::client_left_text(8);
  for (const std::string& detail : {std::string(), left + "; the recorder was stopped",
                                    left + recording::rest_text(EndReason::reset, "ECONNRESET")}) {
    RecordedExchange exchange = stream_ending(EndReason::client_closed);
    exchange.end.detail = detail;
    serve({exchange});
    Client& client = ended_client(get("/s"));
    EXPECT_EQ(client.end, net::StreamEnd::reset) << detail;
    EXPECT_TRUE(client.got.ends_with(kStreamChunks)) << detail;
    until([&] { return server_->stats().open == 0; });
  }
}

TEST_F(ServeTest, FallsSilentUntilTheClientLeaves) {
  RecordedExchange exchange = stream_ending(EndReason::idle_timeout);
  exchange.end.at = Instant{1'000};
  serve({exchange}, Speed{});
  Client& client = connect_client(get("/s"));
  until([&] { return client.got.ends_with(kStreamChunks); });
  run_a_little();
  EXPECT_FALSE(client.end.has_value());
  EXPECT_TRUE(client.got.ends_with(kStreamChunks));
  EXPECT_EQ(server_->stats().open, 1u);
  client.stream.reset();
  until([&] { return server_->stats().open == 0; });
}

TEST_F(ServeTest, FallsSilentUpToALimit) {
  ServerOptions options;
  options.recordings.push_back(recording_of({stream_ending(EndReason::idle_timeout)}));
  options.limits.silence_time = milliseconds(1);
  serve(std::move(options));
  Client& client = ended_client(get("/s"));
  EXPECT_EQ(client.end, net::StreamEnd::reset);
  EXPECT_TRUE(client.got.ends_with(kStreamChunks));
  EXPECT_EQ(server_->stats().open, 0u);
}

TEST_F(ServeTest, EndsExchangesThatHadNoResponse) {
  const auto without_response = [](std::string target, EndReason reason) {
    RecordedExchange exchange = exchange_of("GET", std::move(target));
    exchange.responded_at.reset();
    exchange.status = 0;
    exchange.end.reason = reason;
    return exchange;
  };
  serve({without_response("/reset", EndReason::reset),
         without_response("/fin", EndReason::eof_early),
         without_response("/silent", EndReason::idle_timeout)});
  Client& reset = ended_client(get("/reset"));
  EXPECT_EQ(reset.end, net::StreamEnd::reset);
  EXPECT_EQ(reset.got, "");
  Client& fin = ended_client(get("/fin"));
  EXPECT_EQ(fin.end, net::StreamEnd::eof);
  EXPECT_EQ(fin.got, "");
  Client& silent = connect_client(get("/silent"));
  until([&] { return server_->stats().open == 1; });
  run_a_little();
  EXPECT_FALSE(silent.end.has_value());
  EXPECT_EQ(silent.got, "");
}

TEST_F(ServeTest, ResetsOpenStreamsWhenItGoes) {
  serve({stream_ending(EndReason::idle_timeout)});
  Client& client = connect_client(get("/s"));
  until([&] { return client.got.ends_with(kStreamChunks); });
  server_.reset();
  until([&] { return client.end.has_value(); });
  EXPECT_EQ(client.end, net::StreamEnd::reset);
}

// ---- times

// What is due earlier leaves earlier, also of two streams. The first to be asked for began first,
// so its second read is due first, however busy the machine is.
TEST_F(ServeTest, PlaysInTheOrderOfRecordedTimes) {
  RecordedExchange first = exchange_of("GET", "/1");
  add_chunk(first, 0, "begin");
  add_chunk(first, 40'000, "sooner");
  RecordedExchange second = exchange_of("GET", "/2");
  add_chunk(second, 80'000, "later");
  serve({first, second}, Speed{});
  Client& one = connect_client(get("/1"));
  until([&] { return one.got.find("begin") != std::string::npos; });
  Client& two = connect_client(get("/2"));
  until([&] { return two.got.find("later") != std::string::npos; });
  EXPECT_NE(one.got.find("sooner"), std::string::npos);
}

TEST_F(ServeTest, DividesTimesBySpeed) {
  RecordedExchange exchange = exchange_of("GET", "/s");
  exchange.requested_at = Instant{50'000'000};
  exchange.responded_at = Instant{50'000'000};
  add_chunk(exchange, 60'000'000, "ten seconds later");
  exchange.end.at = Instant{70'000'000};
  serve({exchange}, Speed{1000, false});
  const Instant asked_at = net::monotonic_now();
  Client& client = connect_client(get("/s"));
  until([&] { return client.got.find("later") != std::string::npos; });
  EXPECT_GE(net::monotonic_now() - asked_at, milliseconds(10));
  until([&] { return client.got.ends_with("0\r\n\r\n"); });
  EXPECT_GE(net::monotonic_now() - asked_at, milliseconds(20));
}

TEST_F(ServeTest, PlaysAllAtOnceWhereItIsToldTo) {
  RecordedExchange exchange = exchange_of("GET", "/s");
  for (int hour = 1; hour <= 200; ++hour) add_chunk(exchange, hour * 3'600'000'000, "x");
  serve({exchange});
  const Answer answer = answer_to(get("/s"));
  EXPECT_TRUE(answer.whole);
  EXPECT_EQ(answer.body, std::string(200, 'x'));
}

// ---- clients that are slow, or leave

TEST_F(ServeTest, HoldsBackWhatAClientDoesNotRead) {
  constexpr std::size_t kSize = 16u << 20;
  RecordedExchange exchange = exchange_of("GET", "/big");
  add_chunk(exchange, 0, std::string(kSize, 'x'));
  add_chunk(exchange, 0, "end");
  exchange.end.reason = EndReason::reset;
  serve({exchange, exchange_of("GET", "/small")});
  Client& client = connect_client(get("/big"));
  until([&] { return !client.got.empty(); });
  client.stream->pause();
  std::uint64_t before = 0;
  do {  // until the sockets are full
    before = server_->stats().bytes;
    run_a_little();
  } while (server_->stats().bytes > before);
  EXPECT_LT(server_->stats().bytes, kSize);
  EXPECT_TRUE(answer_to(get("/small")).whole);
  client.stream->resume();
  until([&] { return client.end.has_value(); });
  EXPECT_EQ(client.end, net::StreamEnd::reset);
  const Answer answer = answer_in(client.got);
  EXPECT_EQ(answer.body.size(), kSize + 3);
  EXPECT_TRUE(answer.body.ends_with("xend"));
}

TEST_F(ServeTest, ForgetsAClientThatLeaves) {
  RecordedExchange exchange = exchange_of("GET", "/s");
  add_chunk(exchange, 0, "begin");
  add_chunk(exchange, 3'600'000'000, "never");
  serve({exchange}, Speed{});
  Client& client = connect_client(get("/s"));
  until([&] { return client.got.find("begin") != std::string::npos; });
  EXPECT_EQ(server_->stats().open, 1u);
  client.stream.reset();
  until([&] { return server_->stats().open == 0; });
  EXPECT_EQ(server_->stats().bytes, 5u);
}

TEST_F(ServeTest, RefusesMoreStreamsThanItMay) {
  ServerOptions options;
  options.recordings.push_back(recording_of({stream_ending(EndReason::idle_timeout)}));
  options.limits.streams = 2;
  serve(std::move(options));
  Client& first = connect_client(get("/s"));
  connect_client(get("/s"));
  until([&] { return server_->stats().open == 2; });
  const Answer refused = answer_to(get("/s"));
  EXPECT_EQ(refused.head.status, 503);
  EXPECT_EQ(refused.body,
            R"({"error":{"type":"playhead","message":"too many streams are open at once"}})");
  EXPECT_EQ(server_->stats().refused, 1u);
  EXPECT_EQ(server_->matcher().counts().requests, 2u);
  EXPECT_EQ(answer_to(get("/_playhead/")).head.status, 200);
  first.stream.reset();
  until([&] { return server_->stats().open == 1; });
  connect_client(get("/s"));
  until([&] { return server_->stats().open == 2; });
}

TEST_F(ServeTest, SaysWhereFilesAreTooFew) {
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit few = before;
  few.rlim_cur = 264;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
  serve({exchange_of("GET", "/s")});
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_EQ(log_.size(), 1u);
  EXPECT_EQ(log_[0],
            "this process may open only 264 files, so at most 150 streams at once; `ulimit -Hn` "
            "tells and sets the limit");
}

// ---- matching

TEST_F(ServeTest, AnswersAMissWithTheNearest) {
  RecordedExchange exchange = exchange_of("POST", "/v1/chat");
  exchange.request_body = R"({"model":"a","stream":true})";
  serve({exchange});
  const std::string body = R"({"stream":true,"model":"b"})";
  const Answer answer = answer_to(fmt::format(
      "POST /v1/chat HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{}", body.size(), body));
  EXPECT_EQ(answer.head.status, 404);
  EXPECT_EQ(header_value(answer.head.headers, "Content-Type"), "application/json");
  const auto json = parse_json(answer.body);
  ASSERT_TRUE(json.ok()) << answer.body;
  const JsonValue* error = member(*json, "error");
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(text_member(*error, "type"), "playhead_no_match");
  EXPECT_NE(answer.body.find("/model"), std::string::npos);
  ASSERT_EQ(log_.size(), 1u);
  EXPECT_NE(log_[0].find("nearest is exchange 1 of a.rec"), std::string::npos) << log_[0];
  EXPECT_NE(log_[0].find("\n  /model: recorded \"a\", sent \"b\""), std::string::npos) << log_[0];
  EXPECT_EQ(server_->matcher().counts().misses, 1u);
}

// In the answer, the log and the account.
TEST_F(ServeTest, MasksTheSecretsOfARequestThatIsMissed) {
  const std::string key = "sk-proj-Abc123Def456";
  const std::string variable = "sk-proj-Ghi789Jkl012";
  ServerOptions options;
  options.recordings.push_back(recording_of({exchange_of("POST", "/v1/chat")}));
  options.secrets = {variable};
  serve(std::move(options));
  const std::string body = fmt::format(R"({{"key":"{}","env":"{}","n":1}})", key, variable);
  std::string told =
      answer_to(fmt::format("POST /v1/chat/{} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {}\r\n"
                            "Content-Length: {}\r\n\r\n{}",
                            key, key, body.size(), body))
          .body;
  ASSERT_EQ(log_.size(), 1u);
  EXPECT_NE(log_[0].find(std::string(key.size(), 'x')), std::string::npos) << log_[0];
  told += log_[0] + answer_to(get("/_playhead/")).body;
  told += answer_to(get("/_playhead/state.json")).body;
  for (const char* part : {"Abc123", "Def456", "Ghi789", "Jkl012"}) {
    EXPECT_EQ(told.find(part), std::string::npos) << told;
  }
}

TEST_F(ServeTest, MatchesAnUploadWithAnotherBoundary) {
  const auto form = [](const std::string& boundary) {
    return "--" + boundary +
           "\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--" + boundary +
           "--\r\n";
  };
  RecordedExchange exchange = exchange_of("POST", "/v1/files");
  exchange.request_headers = {{"Content-Type", "multipart/form-data; boundary=----one"}};
  exchange.request_body = form("----one");
  add_chunk(exchange, 0, "hit");
  serve({exchange});
  const std::string body = form("another");
  const Answer answer =
      answer_to(fmt::format("POST /v1/files HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n"
                            "Content-Type: multipart/form-data; boundary=\"another\"\r\n\r\n{}",
                            body.size(), body));
  EXPECT_EQ(answer.body, "hit");
}

TEST_F(ServeTest, MatchesCanonicalJson) {
  RecordedExchange exchange = exchange_of("POST", "/v1/chat");
  exchange.request_body = R"({"model":"a","n":1})";
  add_chunk(exchange, 0, "hit");
  serve({exchange});
  const std::string body = "{ \"n\": 1.0,\n\"model\": \"\\u0061\" }";
  const Answer answer = answer_to(fmt::format(
      "POST /v1/chat HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{}", body.size(), body));
  EXPECT_EQ(answer.body, "hit");
}

// Raw bodies and streams of cases do not know their requests.
TEST_F(ServeTest, ServesRawBodiesInSequence) {
  RecordedExchange raw = exchange_of("POST", "/");
  add_chunk(raw, 0, "data: raw\n\n");
  ServerOptions options;
  options.recordings = {recording_of({raw}, "one.sse"), recording_of({raw}, "two.sse")};
  options.recordings[0].meta.origin = "imported";
  options.recordings[1].meta.origin = "imported";
  options.recordings[1].exchanges[0].body = "data: two\n\n";
  options.speed.instant = true;
  ServerOptions exact = options;
  options.match.mode = MatchMode::sequence;
  serve(std::move(options));
  const std::string post = "POST /v1/any HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx";
  EXPECT_EQ(answer_to(post).body, "data: raw\n\n");
  EXPECT_EQ(answer_to(post).body, "data: two\n\n");
  EXPECT_EQ(answer_to(post).head.status, 404);
  serve(std::move(exact));
  const Answer miss = answer_to(post);
  EXPECT_EQ(miss.head.status, 404);
  EXPECT_NE(miss.body.find("--match sequence"), std::string::npos) << miss.body;
}

TEST_F(ServeTest, TakesEqualRequestsInOrder) {
  RecordedExchange first = exchange_of("GET", "/s");
  first.status = 503;
  RecordedExchange second = exchange_of("GET", "/s");
  serve({first, second});
  EXPECT_EQ(answer_to(get("/s")).head.status, 503);
  EXPECT_EQ(answer_to(get("/s")).head.status, 200);
  EXPECT_EQ(answer_to(get("/s")).head.status, 200);
}

TEST_F(ServeTest, TakesProviderPrefixesOff) {
  ServerOptions options;
  options.recordings.push_back(recording_of({exchange_of("GET", "/v1/models")}));
  options.prefixes = {"/openai"};
  serve(std::move(options));
  EXPECT_EQ(answer_to(get("/openai/v1/models")).head.status, 200);
  EXPECT_EQ(answer_to(get("/v1/models")).head.status, 200);
  EXPECT_EQ(answer_to(get("/other/v1/models")).head.status, 404);
}

TEST_F(ServeTest, AnswersEachPrefixWithItsOwnUpstream) {
  const auto of = [](const std::string& prefix, const std::string& body) {
    RecordedExchange exchange = exchange_of("GET", "/v1/models");
    exchange.marks.push_back({Instant{}, recording::upstream_mark("u.example", prefix)});
    add_chunk(exchange, 0, body);
    return exchange;
  };
  ServerOptions options;
  options.recordings.push_back(recording_of(
      {of("/openai", "openai"), of("/mistral", "mistral"), of("/own", "own"), of("", "bare")}));
  options.prefixes = {"/openai", "/mistral", "/groq"};
  serve(std::move(options));
  EXPECT_EQ(answer_to(get("/mistral/v1/models")).body, "mistral");
  EXPECT_EQ(answer_to(get("/own/v1/models")).body, "own");
  EXPECT_EQ(answer_to(get("/openai/v1/models")).body, "openai");
  EXPECT_EQ(answer_to(get("/v1/models")).body, "bare");
  EXPECT_EQ(answer_to(get("/own/v1/model")).head.status, 404);
  EXPECT_NE(log_.back().find("answers GET /own/v1/model; nearest is exchange"), std::string::npos)
      << log_.back();
  EXPECT_EQ(server_->matcher().counts().unused, 0u);
}

// ---- start

TEST_F(ServeTest, FailsWhereARecordingCannotBeServed) {
  ServerOptions options;
  options.recordings.push_back(recording_of({exchange_of("GET", "/")}));
  options.recordings[0].exchanges[0].status = 101;
  const auto server = Server::start(loop_, std::move(options), [](std::string_view) {});
  ASSERT_FALSE(server.ok());
  EXPECT_NE(server.error().message.find("status 101"), std::string::npos);
}

TEST_F(ServeTest, FailsWhereThePortIsTaken) {
  serve(std::vector<RecordedExchange>{});
  ServerOptions options;
  options.listen.port = server_->port();
  const auto server = Server::start(loop_, std::move(options), [](std::string_view) {});
  ASSERT_FALSE(server.ok());
  EXPECT_NE(server.error().message.find("choose another port"), std::string::npos);
}

TEST_F(ServeTest, WarnsOfHeadersThatItLeavesOut) {
  serve({exchange_of("GET", "/s", {{"bad name", "x"}, {"good", "y"}})});
  ASSERT_EQ(log_.size(), 1u);
  EXPECT_NE(log_[0].find("a.rec: exchange 1: the header \"bad name\" is left out"),
            std::string::npos)
      << log_[0];
  EXPECT_EQ(answer_to(get("/s")).head.headers[0].first, "good");
}

}  // namespace
}  // namespace playhead::serve
