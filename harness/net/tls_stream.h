// TlsStream: TLS, client side, on top of another stream. Of this room only.
#ifndef PLAYHEAD_NET_TLS_STREAM_H_
#define PLAYHEAD_NET_TLS_STREAM_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "net/byte_stream.h"
#include "net/connection.h"
#include "net/loop.h"
#include "net/url.h"

namespace playhead::net {

class TlsStream final : public ByteStream {
 public:
  // `inner` is connected and not started. `tls` is of make_tls_client(). The certificate must be
  // for the host of `url`.
  TlsStream(Loop& loop, std::unique_ptr<ByteStream> inner, std::shared_ptr<TlsClient> tls,
            const Url& url);
  ~TlsStream() override;

  // Before start(). Calls back once with what failed or nothing; not after it is
  // destroyed. After a failure nothing can be done with the stream.
  void handshake(std::function<void(const std::optional<ConnectFailure>& failure)> done);

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
  // Calls of the stream below and of timers hold it while they last, for the owner may destroy
  // this object within.
  std::shared_ptr<State> state_;
};

}  // namespace playhead::net

#endif  // PLAYHEAD_NET_TLS_STREAM_H_
