#include "net/http_head.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace playhead::net {
namespace {

using Kind = BodyFraming::Kind;

// Feeds `text` whole, and expects it to be taken to its end.
template <typename Head>
Head read_good(std::string_view text, std::string_view method = "GET") {
  HeadReader<Head> reader;
  reader.set_request_method(method);
  EXPECT_EQ(reader.feed(text), text.size()) << text;
  EXPECT_FALSE(reader.error()) << text << reader.error()->message;
  EXPECT_TRUE(reader.done()) << text;
  return reader.done() ? reader.take() : Head{};
}

// The status of the error, 0 where the head was taken or is not whole.
template <typename Head>
int status_of(std::string_view text) {
  HeadReader<Head> reader;
  reader.feed(text);
  if (!reader.error()) return 0;
  EXPECT_FALSE(reader.error()->message.empty());
  EXPECT_FALSE(reader.done());
  EXPECT_EQ(reader.feed("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), 0u);
  return reader.error()->status;
}

template <typename Head>
void expect_same_in_all_splits(std::string_view text) {
  HeadReader<Head> whole;
  const std::size_t taken = whole.feed(text);
  for (std::size_t at = 0; at <= text.size(); ++at) {
    HeadReader<Head> split;
    std::size_t count = split.feed(text.substr(0, at));
    count += split.feed(text.substr(at));
    ASSERT_EQ(count, taken) << text << " at " << at;
    ASSERT_EQ(split.done(), whole.done()) << text << " at " << at;
    ASSERT_EQ(split.error().has_value(), whole.error().has_value()) << text << " at " << at;
    if (!whole.error()) continue;
    ASSERT_EQ(split.error()->message, whole.error()->message) << text;
  }
}

struct Hostile {
  int status;
  std::string text;
};

std::string with_header(const std::string& lines) {
  return "POST /v1 HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n\r\n";
}

const std::string kNul(1, '\0');

// Where two readers could see two messages, or none.
const Hostile kHostileFraming[] = {
    {400, with_header("Transfer-Encoding: chunked\r\nContent-Length: 5")},
    {400, with_header("Content-Length: 5\r\nTransfer-Encoding: chunked")},
    {400, with_header("Content-Length: 5\r\nTransfer-Encoding: identity")},
    {400, with_header("Content-Length: 5\r\nContent-Length: 5")},
    {400, with_header("Content-Length: 5\r\nContent-Length: 6")},
    {400, with_header("Content-Length: 5\r\ncontent-length: 5")},
    {400, with_header("Content-Length: 5, 5")},
    {400, with_header("Content-Length: +5")},
    {400, with_header("Content-Length: -5")},
    {400, with_header("Content-Length: -0")},
    {400, with_header("Content-Length:")},
    {400, with_header("Content-Length: \t ")},
    {400, with_header("Content-Length: 5 5")},
    {400, with_header("Content-Length: 0x5")},
    {400, with_header("Content-Length: 5;")},
    {400, with_header("Content-Length: 5.0")},
    {400, with_header("Content-Length: 1e1")},
    {400, with_header("Content-Length: \xd9\xa5")},  // an Arabic digit
    {400, with_header("Content-Length: 1234567890123456789")},
    {400, with_header("Content-Length: 18446744073709551621")},
    {501, with_header("Transfer-Encoding: chunked, identity")},
    {501, with_header("Transfer-Encoding: identity, chunked")},
    {501, with_header("Transfer-Encoding: gzip, chunked")},
    {501, with_header("Transfer-Encoding: chunked, chunked")},
    {501, with_header("Transfer-Encoding: xchunked")},
    {501, with_header("Transfer-Encoding: chunkedx")},
    {501, with_header("Transfer-Encoding: Chunked")},
    {501, with_header("Transfer-Encoding: chunked;q=1")},
    {501, with_header("Transfer-Encoding: \"chunked\"")},
    {501, with_header("Transfer-Encoding: identity")},
    {501, with_header("Transfer-Encoding:")},
    {501, with_header("Transfer-Encoding: \xc2\xa0"
                      "chunked")},
    {400, with_header("Transfer-Encoding: \x0b"
                      "chunked")},
    {400, with_header("Transfer-Encoding: chunked" + kNul)},
    {400, with_header("Transfer-Encoding : chunked")},
    {400, with_header("Transfer-Encoding\t: chunked")},
    {400, with_header("Transfer-Encoding:\r\n chunked")},
    {400, with_header(" Transfer-Encoding: chunked")},
    {400, with_header("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked")},
    {400, with_header("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity")},
    {400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"},
    {400, with_header("X: a\r\n\tTransfer-Encoding: chunked")},
    {400, with_header("X: a\rTransfer-Encoding: chunked")},
    {400, with_header("X: a\nTransfer-Encoding: chunked")},
    {400, with_header("X: a\r\r\nTransfer-Encoding: chunked")},
    {400, with_header("X: a\n\rTransfer-Encoding: chunked")},
    {400, with_header("X: a" + kNul + "b")},
    {400, with_header("X: a\x1b[2J")},
    {400, with_header("X: a\x7f")},
    {400, with_header(kNul + "X: a")},
    {400, with_header("X\x01: a")},
};

const Hostile kHostileLines[] = {
    {400, with_header(": no name")},
    {400, with_header("no colon")},
    {400, with_header("a b: c")},
    {400, with_header("a(b): c")},
    {400, with_header("\"a\": c")},
    {400, with_header("h\xc3\xb6st: c")},
    {400, with_header("Host: a")},
    {400, with_header("host: b")},
    {400, "GET / HTTP/1.1\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\nX-Host: a\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\nHost:\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\nHost: user@a\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\nHost : a\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\n Host: a\r\n\r\n"},
    {400, "GET http://evil/ HTTP/1.1\r\nHost: a\r\n\r\n"},
    {400, "GET evil HTTP/1.1\r\nHost: a\r\n\r\n"},
    {400, "GET * HTTP/1.1\r\nHost: a\r\n\r\n"},
    {400, "OPTIONS ** HTTP/1.1\r\nHost: a\r\n\r\n"},
    {501, "CONNECT evil:443 HTTP/1.1\r\nHost: a\r\n\r\n"},
    {501, "CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {400, "GET /\r\n"},
    {400, "GET /\r\n\r\n"},
    {400, "GET  HTTP/1.1\r\nHost: a\r\n\r\n"},
    {400, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {400, "GET /  HTTP/1.1\r\nHost: a\r\n\r\n"},
    {400, "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"},
    {400, " GET / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {400, "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"},
    {400, "GET / x HTTP/1.1\r\nHost: a\r\n\r\n"},
    {400, "GET /\tx HTTP/1.1\r\nHost: a\r\n\r\n"},
    {400, "GET /h\xc3\xb6 HTTP/1.1\r\nHost: a\r\n\r\n"},
    {400, "GET /#x HTTP/1.1\r\nHost: a\r\n\r\n"},
    {400, "G(T / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {400, " / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"},
    {505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
    {505, "GET / HTTP/0.9\r\n\r\n"},
    {505, "GET / HTTP/1.2\r\nHost: a\r\n\r\n"},
    {400, "GET / HTTP/1.10\r\nHost: a\r\n\r\n"},
    {400, "GET / HTTP/1\r\nHost: a\r\n\r\n"},
    {400, "GET / http/1.1\r\nHost: a\r\n\r\n"},
    {400, "GET / HTTP/1.1\nHost: a\n\n"},
    {400, "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {400, "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {400, "\x16\x03\x01\x02"},  // TLS
    {400, "\r\r"},
    {417, with_header("Expect: 200-ok")},
    {417, with_header("Expect: 100-continue, x")},
    {417, with_header("Expect: 100-continue\r\nExpect: x")},
};

TEST(HttpHead, RefusesHostileRequestsInAllSplits) {
  static_assert(std::size(kHostileFraming) + std::size(kHostileLines) >= 40);
  for (const auto& row : kHostileFraming) {
    EXPECT_EQ(status_of<RequestHead>(row.text), row.status) << row.text;
    expect_same_in_all_splits<RequestHead>(row.text);
  }
  for (const auto& row : kHostileLines) {
    EXPECT_EQ(status_of<RequestHead>(row.text), row.status) << row.text;
    expect_same_in_all_splits<RequestHead>(row.text);
  }
}

TEST(HttpHead, RefusesTheSameFramingInResponses) {
  constexpr std::string_view kRequestLine = "POST /v1 HTTP/1.1";
  for (const auto& row : kHostileFraming) {
    if (!row.text.starts_with(kRequestLine)) continue;
    const std::string text = "HTTP/1.1 200 OK" + row.text.substr(kRequestLine.size());
    EXPECT_NE(status_of<ResponseHead>(text), 0) << text;
    expect_same_in_all_splits<ResponseHead>(text);
  }
}

TEST(HttpHead, RefusesHostileResponses) {
  for (const std::string text :
       {"HTTP/1.1 200 OK\n\n",
        "HTTP/1.1 200 OK\nA: b\n\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.2 200 OK\r\n\r\n",
        "ICY 200 OK\r\n\r\n",
        "HTTP/1.1 20\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 099 OK\r\n\r\n",
        "HTTP/1.1  200 OK\r\n\r\n",
        "HTTP/1.1 200OK\r\n\r\n",
        "HTTP/1.1 +20 OK\r\n\r\n",
        "HTTP/1.1\r\n\r\n",
        "HTTP/1.1 \r\n\r\n",
        "\r\nHTTP/1.1 200 OK\r\n\r\n",
        "\r\n\r\n",
        "HTTP/1.1 200 O\x01K\r\n\r\n",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
        "{\"error\":1}\r\n"}) {
    EXPECT_NE(status_of<ResponseHead>(text), 0) << text;
    expect_same_in_all_splits<ResponseHead>(text);
  }
}

TEST(HttpHead, ReadsRequests) {
  const std::string text =
      "POST /v1/m:s?alt=sse&x=%20 HTTP/1.1\r\nHost: a.example:8080\r\nX_y:\t b c \t\r\nEmpty:\r\n"
      "Utf: \xc3\xb6\r\nTab: a\tb\r\nUpgrade: h2c\r\nContent-Length: 999999999999999999\r\n\r\n";
  const RequestHead head = read_good<RequestHead>(text);
  EXPECT_EQ(head.method, "POST");
  EXPECT_EQ(head.target, "/v1/m:s?alt=sse&x=%20");
  EXPECT_EQ(head.minor_version, 1);
  const std::vector<HttpHeader> headers = {{"Host", "a.example:8080"},
                                           {"X_y", "b c"},
                                           {"Empty", ""},
                                           {"Utf", "\xc3\xb6"},
                                           {"Tab", "a\tb"},
                                           {"Upgrade", "h2c"},
                                           {"Content-Length", "999999999999999999"}};
  EXPECT_EQ(head.headers, headers);
  EXPECT_EQ(head.body.kind, Kind::length);
  EXPECT_EQ(head.body.length, 999'999'999'999'999'999u);
  EXPECT_TRUE(head.keep_alive);
  EXPECT_FALSE(head.expects_continue);
  expect_same_in_all_splits<RequestHead>(text);
}

TEST(HttpHead, ReadsGoodOnes) {
  for (const std::string text :
       {"GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "M-SEARCH /a;b=c//../%2e HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: a\r\nContent-Length: 00\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTRANSFER-ENCODING: \tchunked \r\n\r\n"}) {
    read_good<RequestHead>(text);
    expect_same_in_all_splits<RequestHead>(text);
  }
}

TEST(HttpHead, SaysWhetherAConnectionGoesOn) {
  const struct {
    const char* head;
    bool keep_alive;
  } rows[] = {
      {"1.1\r\nHost: a", true},
      {"1.1\r\nHost: a\r\nConnection: close", false},
      {"1.1\r\nHost: a\r\nConnection: x, CLOSE ,y", false},
      {"1.1\r\nHost: a\r\nConnection: x\r\nconnection: close", false},
      {"1.1\r\nHost: a\r\nConnection: keep-alive, close", false},
      {"1.1\r\nHost: a\r\nConnection: closed,", true},
      {"1.0\r\nHost: a", false},
      {"1.0\r\nHost: a\r\nConnection: Keep-Alive", true},
      {"1.0\r\nHost: a\r\nConnection: Keep-Alive\r\nConnection: close", false},
  };
  for (const auto& row : rows) {
    const std::string text = "GET / HTTP/" + std::string(row.head) + "\r\n\r\n";
    EXPECT_EQ(read_good<RequestHead>(text).keep_alive, row.keep_alive) << text;
  }
}

TEST(HttpHead, ReadsExpectations) {
  EXPECT_TRUE(read_good<RequestHead>(with_header("Expect: 100-Continue")).expects_continue);
  EXPECT_FALSE(
      read_good<RequestHead>("GET / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n").expects_continue);
}

TEST(HttpHead, FindsTheEndOfResponseBodies) {
  const struct {
    const char* head;
    const char* method;
    Kind kind;
    bool keep_alive;
  } rows[] = {
      {"1.1 200 OK", "GET", Kind::until_close, false},
      {"1.1 200", "GET", Kind::until_close, false},
      {"1.1 200 ", "GET", Kind::until_close, false},
      {"1.1 999 Our own", "GET", Kind::until_close, false},
      {"1.1 200 OK\r\nContent-Length: 7", "POST", Kind::length, true},
      {"1.0 200 OK\r\nContent-Length: 7", "POST", Kind::length, false},
      {"1.1 200 OK\r\nTransfer-Encoding: chunked", "POST", Kind::chunked, true},
      {"1.1 500 No\r\nTransfer-Encoding: chunked\r\nConnection: close", "POST", Kind::chunked,
       false},
      {"1.1 200 OK\r\nContent-Length: 7", "HEAD", Kind::none, true},
      {"1.1 200 OK", "HEAD", Kind::none, true},
      {"1.1 204 No Content", "GET", Kind::none, true},
      {"1.1 304 Not Modified\r\nContent-Length: 7", "GET", Kind::none, true},
      {"1.1 100 Continue", "POST", Kind::none, true},
      {"1.1 103 Early Hints\r\nLink: </x>", "POST", Kind::none, true},
  };
  for (const auto& row : rows) {
    const std::string text = "HTTP/" + std::string(row.head) + "\r\n\r\n";
    const ResponseHead head = read_good<ResponseHead>(text, row.method);
    EXPECT_EQ(head.body.kind, row.kind) << text;
    EXPECT_EQ(head.keep_alive, row.keep_alive) << text;
    expect_same_in_all_splits<ResponseHead>(text);
  }
}

TEST(HttpHead, InterimResponsesComeBeforeTheAnswer) {
  const std::string_view interim = "HTTP/1.1 100 Continue\r\n\r\n";
  const std::string text = std::string(interim) + "HTTP/1.1 200 Fine\r\nA: b\r\n\r\nbody";
  HeadReader<ResponseHead> reader;
  reader.set_request_method("HEAD");
  ASSERT_EQ(reader.feed(text), interim.size());
  EXPECT_EQ(reader.take().status, 100);
  EXPECT_TRUE(reader.empty());
  ASSERT_EQ(reader.feed(std::string_view(text).substr(interim.size())),
            text.size() - interim.size() - 4);
  const ResponseHead head = reader.take();
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.reason, "Fine");
  EXPECT_EQ(head.body.kind, Kind::none);  // the method is still known
}

TEST(HttpHead, LeavesWhatIsBehindTheHead) {
  HeadReader<RequestHead> reader;
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  EXPECT_EQ(reader.feed(head + "\r\nbody"), head.size());
  reader.take();
  EXPECT_FALSE(reader.done());
}

TEST(HttpHead, KeepsItsLimits) {
  const std::string begin = "GET / HTTP/1.1\r\nHost: a\r\n";
  std::string many = begin;
  for (std::size_t i = 1; i < kHeadersMax; ++i) many += "A: b\r\n";
  read_good<RequestHead>(many + "\r\n");
  EXPECT_EQ(status_of<RequestHead>(many + "A: b\r\n\r\n"), 431);

  const std::size_t frame = begin.size() + std::string_view("A: \r\n\r\n").size();
  const std::string fill(kHeadBytesMax - frame, 'x');
  read_good<RequestHead>(begin + "A: " + fill + "\r\n\r\n");
  EXPECT_EQ(status_of<RequestHead>(begin + "A: x" + fill + "\r\n\r\n"), 431);
  EXPECT_EQ(status_of<ResponseHead>("HTTP/1.1 200 " + std::string(kHeadBytesMax, 'x')), 431);

  const std::string target = "/" + std::string(kTargetBytesMax - 1, 'x');
  const std::string rest = " HTTP/1.1\r\nHost: a\r\n\r\n";
  read_good<RequestHead>("GET " + target + rest);
  EXPECT_EQ(status_of<RequestHead>("GET " + target + "x" + rest), 414);
  EXPECT_EQ(status_of<RequestHead>("GET /" + std::string(kHeadBytesMax, 'x')), 414);
}

TEST(HttpHead, ErrorsQuoteNothing) {
  for (const auto& row : kHostileLines) {
    HeadReader<RequestHead> reader;
    reader.feed(row.text);
    ASSERT_TRUE(reader.error());
    EXPECT_EQ(reader.error()->message.find("evil"), std::string::npos);
  }
}

TEST(HttpHead, DropsHopByHopHeaders) {
  const std::vector<HttpHeader> headers = {{"Host", "a"},
                                           {"connection", "close, X-Mine,Content-Length , host"},
                                           {"x-mine", "1"},
                                           {"Keep-Alive", "5"},
                                           {"Proxy-Authorization", "s"},
                                           {"proxy-connection", "x"},
                                           {"TE", "trailers"},
                                           {"Trailer", "x"},
                                           {"Transfer-Encoding", "chunked"},
                                           {"Upgrade", "h2c"},
                                           {"Content-Length", "5"},
                                           {"Connection", "X-Other"},
                                           {"X-Other", "2"},
                                           {"Proxy", "kept"},
                                           {"X-Kept", "3"}};
  const std::vector<HttpHeader> kept = {
      {"Host", "a"}, {"Content-Length", "5"}, {"Proxy", "kept"}, {"X-Kept", "3"}};
  EXPECT_EQ(end_to_end(headers), kept);
}

TEST(HttpHeadDeathTest, WritesNoInjection) {
  for (const std::string& value :
       {std::string("a\r\nEvil: 1"), std::string("a\rb"), std::string("a\nb"), "a" + kNul,
        std::string("a\x1b"), std::string("\x7f")}) {
    EXPECT_FALSE(is_safe({"A", value}));
    EXPECT_DEATH(request_text("GET", "/", {{"A", value}}), "check failed");
    EXPECT_DEATH(response_text(200, "OK", {{"A", value}}), "check failed");
    EXPECT_DEATH(response_text(200, value, {}), "check failed");
    EXPECT_DEATH(request_text("GET", "/" + value, {}), "check failed");
    EXPECT_DEATH(request_text("GET" + value, "/", {}), "check failed");
  }
  for (const char* name : {"", "a b", "a:", "a\r\n", "a\n", "h\xc3\xb6"}) {
    EXPECT_FALSE(is_safe({name, "x"})) << name;
  }
  EXPECT_DEATH(request_text("GET", "/ x", {}), "check failed");
  EXPECT_TRUE(is_safe({"X_a-1", "\xc3\xb6 \t~"}));
}

TEST(HttpHead, WritesHeads) {
  EXPECT_EQ(request_text("GET", "/x", {{"Host", "a"}, {"B", ""}}),
            "GET /x HTTP/1.1\r\nHost: a\r\nB: \r\n\r\n");
  EXPECT_EQ(response_text(429, reason_of(429), {{"Retry-After", "1"}}),
            "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\n\r\n");
  EXPECT_EQ(response_text(799, reason_of(799), {}), "HTTP/1.1 799 \r\n\r\n");
}

TEST(HttpHead, FindsHeadersInAnyCase) {
  const std::vector<HttpHeader> headers = {{"A", "1"}, {"a", "2"}, {"Bb", "3"}};
  EXPECT_EQ(header_value(headers, "a"), "1");
  EXPECT_EQ(header_value(headers, "bB"), "3");
  EXPECT_EQ(header_value(headers, "b"), "");
}

}  // namespace
}  // namespace playhead::net
