// HttpServer: accepts HTTP/1.1 requests whole, one after the other on each connection, and leaves
// the answer, byte for byte, to its handler. The recording proxy and the mock provider stand on it.
#ifndef PLAYHEAD_NET_HTTP_SERVER_H_
#define PLAYHEAD_NET_HTTP_SERVER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"
#include "net/byte_stream.h"
#include "net/connection.h"
#include "net/http_head.h"
#include "net/loop.h"

namespace playhead::net {

// Each is our choice; the README lists them.
struct ServerLimits {
  std::size_t connections = 4096;      // more wait in the kernel until one is closed
  std::size_t body_bytes = 64u << 20;  // of a request: 413
  Duration head_time = seconds(10);    // from the first byte to the end of a head: 408
  Duration body_time = seconds(30);    // between two reads of a body: 408
  Duration idle_time = seconds(75);    // of a connection between requests: closed
  // Per connection that its client does not read: a write while more is queued resets the
  // connection and tells on_gone(). Handlers hold themselves back by queued() and on_drained().
  std::size_t queued_bytes = 8u << 20;
  std::size_t requests = 10'000;  // of one connection, then it is closed
  // After our FIN, for the client to read the answer and close too. Closing at once would send an
  // RST where it is still sending, and take the answer from it.
  Duration linger_time = seconds(2);
  // How long Responder::reset() waits for what was written to arrive.
  Duration reset_time = seconds(2);
};

struct HttpRequest {
  // `keep_alive` is false for the last request of its connection, whoever wants it to end: the
  // answer should say "Connection: close".
  RequestHead head;
  std::string body;  // payload, without its transfer coding
};

// The answer to one request, written by the handler as raw HTTP. Held by the handler; the
// connection goes on only after finish_*() or reset() was called, and from then on, as after
// on_gone(), every call does nothing. Callbacks come from the loop, never from within a call of the
// handler. Gone before the loop is; the callbacks may hold it, they are let go with its end.
class Responder {
 public:
  virtual ~Responder() = default;  // without an end before: the connection is reset

  virtual const HttpRequest& request() const = 0;
  virtual std::uint64_t connection() const = 0;  // number of the connection, from 1

  // Bytes for the client: head, body, in any pieces; each call is one write(2) where the client
  // reads.
  virtual void write(std::string_view bytes) = 0;
  virtual std::size_t queued() const = 0;
  // The client went away before the end; a FIN counts, because that is how clients give up. Comes
  // at most once, also when it went before this call; writing does nothing from then on.
  virtual void on_gone(std::function<void(StreamEnd)> call) = 0;
  virtual void on_drained(std::function<void()> call) = 0;

  // The answer is whole; the connection takes the next request if the client and we may.
  virtual void finish_answer() = 0;
  // FIN behind what was written: the answer ends with the connection, or too early. The socket is
  // closed when the client has closed too, or linger_time later.
  virtual void finish_connection() = 0;
  // RST once what was written has reached the client's kernel, so that it is not lost, or after
  // reset_time.
  virtual void reset() = 0;
};

class HttpServer {
 public:
  using Handler = std::function<void(std::shared_ptr<Responder>)>;

  // Requests that are not HTTP, too large or too slow are answered (400, 408, 413, 414, 417, 431,
  // 501, 505; {"error":{"type":"playhead","message":...}}) and their connection closed; the handler
  // never sees them. `Expect: 100-continue` is answered before the handler is called. Pipelined
  // requests are answered in order: the next one is read when the last answer is on its way.
  static Result<std::unique_ptr<HttpServer>> start(Loop& loop, const Endpoint& endpoint,
                                                   const ServerLimits& limits, Handler handler);
  virtual ~HttpServer() = default;
  virtual std::uint16_t port() const = 0;
  virtual std::size_t connections() const = 0;  // open now
  // Takes no further request; connections without one are closed.
  virtual void drain() = 0;
};

// A whole answer in one go, with Content-Length and, where it is due, Connection; then
// finish_answer(). HEAD, 204 and 304 get no body.
void answer(Responder& responder, int status, std::string_view content_type, std::string_view body);

// What playhead itself says where it refuses: {"error":{"type":"playhead","message":...}}.
std::string error_json(std::string_view message);
void answer_error(Responder& responder, int status, std::string_view message);

}  // namespace playhead::net

#endif  // PLAYHEAD_NET_HTTP_SERVER_H_
