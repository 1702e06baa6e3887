// ServerConnection: one connection of an HttpServer, from its first byte to its last. Of this room
// only.
#ifndef PLAYHEAD_NET_SERVER_CONNECTION_H_
#define PLAYHEAD_NET_SERVER_CONNECTION_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/http_body.h"
#include "net/http_head.h"
#include "net/http_server.h"

namespace playhead::net {

// Our choice: so much of what a client sends beyond its request is kept while that is answered;
// then it is held back.
inline constexpr std::size_t kPipelinedBytesMax = 64 * 1024;
// How often Responder::reset() looks whether all has arrived.
inline constexpr Duration kResetPoll = milliseconds(1);

// What a connection knows of its server.
class ConnectionOwner {
 public:
  virtual ~ConnectionOwner() = default;
  virtual const ServerLimits& limits() const = 0;
  virtual bool is_draining() const = 0;
  virtual void handle(std::shared_ptr<Responder> responder) = 0;
  virtual void remove(std::uint64_t connection) = 0;  // its socket is closed
};

class ServerConnection : public std::enable_shared_from_this<ServerConnection> {
 public:
  ServerConnection(std::shared_ptr<ConnectionOwner> owner, Loop& loop, std::uint64_t id,
                   std::unique_ptr<ByteStream> stream);
  void start();
  // Closes, unless a request is being answered: then after the answer.
  void drain();
  // Closes at once and tells nobody.
  void shut();

  // Of the Responder. They do nothing when its answer has ended.
  void write(std::string_view bytes);
  std::size_t queued() const;
  void on_gone(std::function<void(StreamEnd)> call);
  void on_drained(std::function<void()> call);
  void finish_answer();
  void finish_connection();
  void reset();
  void abandon();

 private:
  enum class Phase : std::uint8_t {
    idle,        // between requests
    head,        // of a request
    body,        // of a request
    answering,   // the handler has it
    overflowed,  // the same, but the client reads too slowly and is about to be reset
    closing,     // our FIN is sent, or waits for what is queued
    resetting,   // our RST waits until all has arrived
    closed,
  };

  void read(std::string_view bytes);
  void ended(StreamEnd end);
  void drained();
  void wait(Duration time, void (ServerConnection::*then)());

  bool takes_input() const;
  std::string_view take(std::string_view bytes);
  void take_pending();
  std::size_t take_head(std::string_view bytes);
  std::size_t take_body(std::string_view bytes);
  void begin_body();
  void hand_over();

  void refuse(int status, std::string_view message);
  void head_timed_out() { refuse(408, "the head of the request took too long"); }
  void body_timed_out() { refuse(408, "the body of the request stopped"); }
  void idle_timed_out();
  void overflow();
  void poll_reset();
  void begin_idle();
  void close_after_queue();
  void linger();
  void forget_calls();
  void gone(StreamEnd end);
  void close();

  std::shared_ptr<ConnectionOwner> owner_;
  std::uint64_t id_;
  std::unique_ptr<ByteStream> stream_;
  std::optional<Timer> timer_;  // one for all: each phase waits for one thing
  Phase phase_ = Phase::idle;
  HeadReader<RequestHead> head_;
  std::optional<BodyReader> body_;
  HttpRequest request_;
  std::size_t requests_ = 0;
  bool keep_alive_ = true;
  std::string pending_;         // came while a request was being answered
  std::size_t pending_at_ = 0;  // what is before it has been taken
  bool paused_ = false;
  bool taking_ = false;
  bool client_finished_ = false;
  Duration reset_waited_;
  std::function<void(StreamEnd)> on_gone_;
  std::function<void()> on_drained_;
  std::optional<StreamEnd> gone_untold_;
};

}  // namespace playhead::net

#endif  // PLAYHEAD_NET_SERVER_CONNECTION_H_
