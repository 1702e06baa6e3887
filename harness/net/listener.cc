#include <uv.h>

#include <utility>

#include "base/check.h"
#include "net/address.h"
#include "net/connection.h"
#include "net/tcp_stream.h"

namespace playhead::net {
namespace {

using Accepted = std::function<void(std::unique_ptr<ByteStream>)>;

struct ListenState {
  explicit ListenState(Loop& of) : loop(of) {
    PLAYHEAD_CHECK(uv_tcp_init(loop.handle(), &tcp) == 0);
    tcp.data = this;
  }

  uv_stream_t* stream() { return reinterpret_cast<uv_stream_t*>(&tcp); }
  void take();

  Loop& loop;
  uv_tcp_t tcp = {};
  std::shared_ptr<const Accepted> accepted;  // empty: stopped
  bool paused = false;
  // libuv has taken a connection and takes no further one until we have it.
  bool one_waits = false;
};

void ListenState::take() {
  auto connection = std::make_unique<TcpStream>(loop);
  if (connection->accept(stream()) != 0) return;
  const auto call = accepted;
  (*call)(std::move(connection));
}

void on_connection(uv_stream_t* stream, int status) {
  ListenState& state = *static_cast<ListenState*>(stream->data);
  // The client gave up meanwhile, or libuv has closed the connection for want of a free file.
  if (status != 0) return;
  if (state.paused) {
    state.one_waits = true;
  } else {
    state.take();
  }
}

struct CloseListen {
  void operator()(ListenState* state) const {
    state->accepted = nullptr;
    uv_close(reinterpret_cast<uv_handle_t*>(&state->tcp),
             [](uv_handle_t* handle) { delete static_cast<ListenState*>(handle->data); });
  }
};

class TcpListener final : public Listener {
 public:
  explicit TcpListener(Loop& loop) : state_(new ListenState(loop)) {}

  // 0, or an error code of libuv.
  int listen_at(const sockaddr& address, Accepted accepted);

  std::uint16_t port() const override { return port_; }
  void pause() override {
    if (state_ != nullptr) state_->paused = true;
  }
  void resume() override;
  void stop() override { state_.reset(); }

 private:
  std::unique_ptr<ListenState, CloseListen> state_;  // empty after stop()
  std::uint16_t port_ = 0;
};

int TcpListener::listen_at(const sockaddr& address, Accepted accepted) {
  state_->accepted = std::make_shared<const Accepted>(std::move(accepted));
  // Sets SO_REUSEADDR.
  if (const int status = uv_tcp_bind(&state_->tcp, &address, 0); status != 0) return status;
  if (const int status = uv_listen(state_->stream(), kListenBacklog, on_connection); status != 0) {
    return status;
  }
  sockaddr_storage bound = {};
  int size = sizeof bound;
  const int status = uv_tcp_getsockname(&state_->tcp, reinterpret_cast<sockaddr*>(&bound), &size);
  port_ = port_of(bound);
  return status;
}

void TcpListener::resume() {
  if (state_ == nullptr) return;
  state_->paused = false;
  if (std::exchange(state_->one_waits, false)) state_->take();
}

std::vector<sockaddr_storage> look_up(Loop& loop, const Endpoint& endpoint) {
  if (const auto address = numeric_address(endpoint.host, endpoint.port)) return {*address};
  uv_getaddrinfo_t request = {};
  const addrinfo hints = lookup_hints();
  // Without a callback it waits; nothing is served yet.
  if (uv_getaddrinfo(loop.handle(), &request, nullptr, endpoint.host.c_str(), nullptr, &hints) !=
      0) {
    return {};
  }
  auto addresses = addresses_of(request.addrinfo, endpoint.port);
  uv_freeaddrinfo(request.addrinfo);
  return addresses;
}

std::string failure_text(const Endpoint& endpoint, int status) {
  std::string text = "cannot listen on " + endpoint.host + ":" + std::to_string(endpoint.port) +
                     ": " + uv_strerror(status);
  switch (status) {
    case UV_EADDRINUSE: return text + "; choose another port, or 0 for any free one";
    case UV_EACCES: return text + "; choose a port from 1024 on";
    case UV_EADDRNOTAVAIL: return text + "; choose an address of this machine";
    default: return text;
  }
}

}  // namespace

Result<std::unique_ptr<Listener>> listen(
    Loop& loop, const Endpoint& endpoint,
    std::function<void(std::unique_ptr<ByteStream>)> accepted) {
  const std::vector<sockaddr_storage> addresses = look_up(loop, endpoint);
  if (addresses.empty()) {
    return Error{"cannot listen on " + endpoint.host + ": there is no such host; 127.0.0.1 is " +
                 "this machine"};
  }
  int status = 0;
  for (const sockaddr_storage& address : addresses) {
    auto listener = std::make_unique<TcpListener>(loop);
    status = listener->listen_at(as_sockaddr(address), accepted);
    if (status == 0) return std::unique_ptr<Listener>(std::move(listener));
  }
  return Error{failure_text(endpoint, status)};
}

}  // namespace playhead::net
