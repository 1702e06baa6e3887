// Where streams come from: listening, and connecting to an upstream.
#ifndef PLAYHEAD_NET_CONNECTION_H_
#define PLAYHEAD_NET_CONNECTION_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/instant.h"
#include "base/result.h"
#include "net/byte_stream.h"
#include "net/loop.h"
#include "net/url.h"

namespace playhead::net {

// Our choice: a burst of so many connects waits in the kernel without being refused.
inline constexpr int kListenBacklog = 4096;

// Accepts connections as long as it lives.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual std::uint16_t port() const = 0;
  // Lets connections wait in the kernel for the time being; goes on. resume() may call `accepted`
  // from within.
  virtual void pause() = 0;
  virtual void resume() = 0;
  // Accepts no more; connections that exist stay.
  virtual void stop() = 0;
};

Result<std::unique_ptr<Listener>> listen(Loop& loop, const Endpoint& endpoint,
                                         std::function<void(std::unique_ptr<ByteStream>)> accepted);

// TLS towards upstreams: certificates and host names are checked, always.
class TlsClient {
 public:
  virtual ~TlsClient() = default;
};
// `ca_file`: further trusted certificates (PEM) beside the system's; empty: none. Fails where the
// file cannot be used.
Result<std::shared_ptr<TlsClient>> make_tls_client(const std::string& ca_file);

// A connection that is being made. Destroying it gives up.
class Connecting {
 public:
  virtual ~Connecting() = default;
};

struct ConnectFailure {
  StreamEnd end = StreamEnd::failed;  // reset: refused; tls_error; failed: no such host, timed out
  std::string message;                // names host and port, and what to do
};

using Connected = std::function<void(std::unique_ptr<ByteStream> stream)>;
using ConnectFailed = std::function<void(const ConnectFailure& failure)>;

// Resolves, connects, and with https does the handshake, all within `timeout`. Exactly one of the
// two is called, never before connect() has returned.
std::unique_ptr<Connecting> connect(Loop& loop, const Url& url, std::shared_ptr<TlsClient> tls,
                                    Duration timeout, Connected connected, ConnectFailed failed);

}  // namespace playhead::net

#endif  // PLAYHEAD_NET_CONNECTION_H_
