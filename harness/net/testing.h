// What tests of sockets share: a loop that runs until something happened, pairs of streams, and a
// TLS server with certificates of its own. For tests only; testing.cc goes into their TESTS.
#ifndef PLAYHEAD_NET_TESTING_H_
#define PLAYHEAD_NET_TESTING_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/byte_stream.h"
#include "net/connection.h"
#include "net/loop.h"
#include "net/url.h"

namespace playhead::net {

// Runs the loop until `done`; false if that took implausibly long, or nothing can happen any more.
bool run_until(Loop& loop, const std::function<bool()>& done);
// Runs the loop for some milliseconds, in which something must not happen.
void run_a_little(Loop& loop);

// What a stream told.
struct StreamLog {
  std::vector<std::string> reads;
  std::vector<StreamEnd> ends;
  std::string detail;
  int drained = 0;

  std::string text() const;
  std::size_t bytes() const;
  // Events that write into this log, which must live as long as the stream.
  StreamEvents events();
};

// http(s)://host:port
Url url_to(std::string host, std::uint16_t port, bool tls = false);

// Two ends of one connection on loopback, both not started.
struct StreamPair {
  std::unique_ptr<ByteStream> server;
  std::unique_ptr<ByteStream> client;
};
StreamPair connected_pair(Loop& loop);

// A blocking socket, for what a stream does not do: waiting, and resets at will.
class RawSocket {
 public:
  explicit RawSocket(std::uint16_t port);  // connected to loopback
  ~RawSocket();
  RawSocket(const RawSocket&) = delete;
  RawSocket& operator=(const RawSocket&) = delete;

  bool send(std::string_view bytes) const;  // false: the connection is gone
  std::string receive() const;              // one read; empty at the end, "reset" where it is that
  void discard() const;                     // takes what has come, and does not wait for more
  void close_by_fin();                      // also over bytes that nobody has read
  void close_by_reset();

 private:
  int file_ = -1;
};

// A certificate with its key, both PEM.
struct TestIdentity {
  std::string certificate;
  std::string key;
};

// A CA made for one test.
class TestAuthority {
 public:
  TestAuthority();
  ~TestAuthority();

  const std::string& certificate() const { return certificate_; }  // PEM
  // `names` as in "DNS:localhost,IP:127.0.0.1"; valid until `days_left` from now.
  TestIdentity issue(const std::string& names, int days_left = 1) const;

 private:
  struct Keys;
  std::unique_ptr<Keys> keys_;
  std::string certificate_;
};

// Accepts TLS connections on a free loopback port; keeps the last one.
class TlsTestServer {
 public:
  TlsTestServer(Loop& loop, const TestIdentity& identity);
  ~TlsTestServer();

  std::uint16_t port() const;
  // Called with what the client sent; may send.
  void on_read(std::function<void(std::string_view bytes)> call);
  void send(std::string_view bytes);  // one record for at most 16 KiB
  void close_notify();                // the end as it should be, and FIN
  void cut();                         // FIN alone
  void reset();
  bool is_connected() const;  // the handshake is done
  bool got_close_notify() const;
  std::string server_name() const;  // what the client asked for (SNI)
  std::string protocol() const;     // what was agreed on (ALPN)

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace playhead::net

#endif  // PLAYHEAD_NET_TESTING_H_
