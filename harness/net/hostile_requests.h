// Requests of hostile clients, for what stands on an HttpServer: smuggling, injection, slow loris,
// giants. For tests only.
#ifndef PLAYHEAD_NET_HOSTILE_REQUESTS_H_
#define PLAYHEAD_NET_HOSTILE_REQUESTS_H_

#include <string>
#include <vector>

#include "net/http_server.h"

namespace playhead::net {

// Under these limits the rows below end as they say.
inline ServerLimits hostile_limits() {
  ServerLimits limits;
  limits.body_bytes = 1000;
  limits.head_time = milliseconds(200);
  limits.body_time = milliseconds(200);
  limits.linger_time = milliseconds(10);
  limits.reset_time = milliseconds(100);
  return limits;
}

struct HostileRequest {
  int status;  // of the answer, behind which the connection is closed
  std::string text;
  bool stalls = false;  // the client falls silent in the middle
};

// What a row would smuggle in.
inline const std::string kSmuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

inline std::vector<HostileRequest> hostile_requests() {
  const auto post = [](const std::string& lines, const std::string& body = "") {
    return "POST /a HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n\r\n" + body;
  };
  const auto chunked = [&post](const std::string& body) {
    return post("Transfer-Encoding: chunked", body);
  };
  const std::string nul(1, '\0');
  std::string many_headers;
  for (int i = 0; i < 100; ++i) many_headers += "X-" + std::to_string(i) + ": 1\r\n";
  return {
      // smuggling
      {400, post("Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n")},
      {400, post("Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n")},
      {400, post("Content-Length: 0\r\nContent-Length: 5")},
      {400, post("Content-Length: 5\r\nContent-Length: 5")},
      {400, post("Content-Length: +5")},
      {400, post("Content-Length: 5, 5")},
      {400, post("Content-Length: 18446744073709551616")},
      {501, post("Transfer-Encoding: xchunked")},
      {501, post("Transfer-Encoding: gzip, chunked")},
      {501, post("Transfer-Encoding: Chunked")},
      {400, post("Transfer-Encoding : chunked")},
      {400, post("Transfer-Encoding:\r\n chunked")},
      {400, post("Transfer-Encoding: \x0b"
                 "chunked")},
      {400, "POST /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {400, "POST /a HTTP/1.1\nHost: a\n\n"},
      // injection
      {400, post("X: a\rContent-Length: 5")},
      {400, post("X: a\nContent-Length: 5")},
      {400, post("X: a" + nul)},
      {400, post("Host: b")},
      {400, "GET / HTTP/1.1\r\n\r\n"},
      {400, "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n"},
      {501, "CONNECT b:443 HTTP/1.1\r\nHost: a\r\n\r\n"},
      {400, "\x16\x03\x01\x02"},
      {505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
      {505, "GET / HTTP/0.9\r\n\r\n"},
      {417, post("Expect: 200-ok\r\nContent-Length: 1")},
      // chunks
      {400, chunked("5 \r\nhello\r\n0\r\n\r\n")},
      {400, chunked("-1\r\n")},
      {400, chunked("0x5\r\nhello\r\n0\r\n\r\n")},
      {400, chunked("5\r\nhelloX\r\n0\r\n\r\n")},
      {400, chunked("5\nhello\r\n0\r\n\r\n")},
      {400, chunked("10000000000000000\r\n")},
      {400, chunked("5;" + std::string(300, 'x') + "\r\nhello\r\n0\r\n\r\n")},
      {400, chunked("0\r\nContent-Length: 5\r\n\r\n")},
      // giants
      {413, post("Content-Length: 1001", std::string(1001, 'x'))},
      {413, post("Content-Length: 999999999999999999")},
      {413, chunked("3e9\r\n" + std::string(1001, 'x') + "\r\n0\r\n\r\n")},
      {414, "GET /" + std::string(17 * 1024, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n"},
      {414, "GET /" + std::string(70 * 1024, 'x')},
      {431, post("X: " + std::string(70 * 1024, 'x'))},
      {431, post(many_headers + "X: 1")},
      // slow loris
      {408, "G", true},
      {408, "POST /a HTTP/1.1\r\nHost: a\r\nX: ", true},
      {408, post("Content-Length: 5", "hell"), true},
      {408, chunked("5\r\nhel"), true},
  };
}

}  // namespace playhead::net

#endif  // PLAYHEAD_NET_HOSTILE_REQUESTS_H_
