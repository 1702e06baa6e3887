// Heads on their way to the upstream and back.
#include "record/heads.h"

#include <gtest/gtest.h>

namespace playhead::record {
namespace {

net::RequestHead request_of(const std::string& text) {
  net::HeadReader<net::RequestHead> reader;
  reader.feed(text);
  EXPECT_TRUE(reader.done()) << text;
  return reader.take();
}

net::ResponseHead response_of(const std::string& text) {
  net::HeadReader<net::ResponseHead> reader;
  reader.feed(text);
  EXPECT_TRUE(reader.done()) << text;
  return reader.take();
}

const net::Url kUrl = net::parse_url("https://api.example:8443/v1").value();

TEST(UpstreamHead, KeepsOrderAndCaseOfWhatIsEndToEnd) {
  const auto request = request_of(
      "POST /x HTTP/1.1\r\nHOST: localhost:1\r\nX-One: 1\r\nAccept-Encoding: gzip, br\r\n"
      "Connection: keep-alive, X-Hop\r\nX-Hop: 1\r\nTE: trailers\r\nUpgrade: h2c\r\n"
      "X-Forwarded-For: 1.2.3.4\r\nx-forwarded-host: evil\r\nForwarded: host=evil\r\n"
      "Expect: 100-continue\r\nX-Playhead-Recording: a\r\nAuthorization: Bearer k\r\n"
      "Content-Length: 3\r\n\r\n");
  EXPECT_EQ(upstream_head(request, 3, kUrl, "/v1/x"),
            "POST /v1/x HTTP/1.1\r\nHOST: api.example:8443\r\nX-One: 1\r\n"
            "Accept-Encoding: identity\r\nAuthorization: Bearer k\r\nContent-Length: 3\r\n\r\n");
}

TEST(UpstreamHead, FramesABodyOfChunksByItsLength) {
  const auto request =
      request_of("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(upstream_head(request, 5, kUrl, "/"),
            "POST / HTTP/1.1\r\nHost: api.example:8443\r\nAccept-Encoding: identity\r\n"
            "Content-Length: 5\r\n\r\n");
}

TEST(UpstreamHead, SaysHostToHttp10ClientsUpstreamAndNoLengthWithoutABody) {
  EXPECT_EQ(upstream_head(request_of("GET / HTTP/1.0\r\n\r\n"), 0, kUrl, "/"),
            "GET / HTTP/1.1\r\nHost: api.example:8443\r\nAccept-Encoding: identity\r\n\r\n");
}

TEST(ClientHead, SaysHowTheAnswerEnds) {
  const auto http11 = request_of("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto http10 = request_of("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const auto chunked = response_of(
      "HTTP/1.1 200 Fine\r\nX-A: 1\r\nTransfer-Encoding: chunked\r\nTrailer: x\r\n"
      "Connection: close\r\n\r\n");
  EXPECT_EQ(client_head(http11, chunked),
            "HTTP/1.1 200 Fine\r\nX-A: 1\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(client_head(http10, chunked),
            "HTTP/1.1 200 Fine\r\nX-A: 1\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(ends_by_close(http10, chunked));
  const auto sized =
      response_of("HTTP/1.1 429 Slow\r\nContent-Length: 2\r\nRetry-After: 3\r\n\r\n");
  EXPECT_EQ(client_head(http11, sized),
            "HTTP/1.1 429 Slow\r\nContent-Length: 2\r\nRetry-After: 3\r\n\r\n");
  EXPECT_FALSE(ends_by_close(http11, sized));
  const auto open = response_of("HTTP/1.0 200 OK\r\n\r\n");
  EXPECT_EQ(client_head(http11, open), "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
}

}  // namespace
}  // namespace playhead::record
