// Addresses as a command line names them.
#ifndef PLAYHEAD_NET_URL_H_
#define PLAYHEAD_NET_URL_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace playhead::net {

// The base URL of an upstream.
struct Url {
  bool tls = false;  // https
  std::string host;  // without brackets
  std::uint16_t port = 0;
  std::string path;  // begins with `/` or is empty; no `/` at its end

  // host, or host:port where the port is not that of the scheme; as a Host header says it.
  std::string authority() const;
};

// http:// and https:// only. Refuses user names, queries, fragments, blanks and control characters;
// says what is wrong and what to write.
Result<Url> parse_url(std::string_view text);

// host:port to listen on; "127.0.0.1:0" is any free port. A bare port means loopback. Hosts other
// than 127.0.0.0/8, ::1 and localhost are told by is_loopback().
struct Endpoint {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;

  bool is_loopback() const;
};
Result<Endpoint> parse_endpoint(std::string_view text);

}  // namespace playhead::net

#endif  // PLAYHEAD_NET_URL_H_
