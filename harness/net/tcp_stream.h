// TcpStream: a plain TCP connection as a ByteStream. Of this room only.
#ifndef PLAYHEAD_NET_TCP_STREAM_H_
#define PLAYHEAD_NET_TCP_STREAM_H_

#include <uv.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include "net/byte_stream.h"
#include "net/loop.h"

namespace playhead::net {

// What an error code of libuv (negative, UV_EOF included) means for a connection.
StreamEnd stream_end_of(int status);

class TcpStream final : public ByteStream {
 public:
  explicit TcpStream(Loop& loop);
  ~TcpStream() override;

  // Becomes the connection that waits at `server`. 0, or an error code of libuv.
  int accept(uv_stream_t* server);
  // Calls back once, later, with 0 or an error code of libuv; not after it is destroyed. Returns
  // an error code where it cannot even begin, and then calls nothing.
  int connect(const sockaddr& address, std::function<void(int status)> connected);

  void start(StreamEvents events) override;
  void pause() override;
  void resume() override;
  void write(std::string_view bytes) override;
  std::size_t queued() const override;
  std::size_t unacknowledged() const override;
  void finish() override;
  void reset() override;

 private:
  struct State;
  struct Close {
    void operator()(State* state) const;  // at once; freed when the loop has let go of it
  };
  // Empty after reset(). Callbacks of the loop hold the state, never this object.
  std::unique_ptr<State, Close> state_;
};

}  // namespace playhead::net

#endif  // PLAYHEAD_NET_TCP_STREAM_H_
