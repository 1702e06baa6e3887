#include "net/tcp_stream.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <optional>
#include <string>
#include <utility>

#include "base/check.h"
#include "net/loop_state.h"

namespace playhead::net {
namespace {

// Our choice: so much of what a destroyed stream has not read is taken from the kernel, because
// closing over unread bytes sends an RST, which takes from the peer what it has not read either.
constexpr std::size_t kDiscardBytesMax = 1024 * 1024;

struct ConnectRequest {
  uv_connect_t request = {};
  std::function<void(int)> connected;
};

void discard_unread(int socket) {
  constexpr std::size_t kStep = 256 * 1024;
  for (std::size_t done = 0; done < kDiscardBytesMax; done += kStep) {
    // Of TCP, MSG_TRUNC takes the bytes without copying them.
    const ssize_t count = ::recv(socket, nullptr, kStep, MSG_DONTWAIT | MSG_TRUNC);
    if (count < static_cast<ssize_t>(kStep)) return;
  }
}

}  // namespace

StreamEnd stream_end_of(int status) {
  switch (status) {
    case 0:
    case UV_EOF: return StreamEnd::eof;
    case UV_ECONNRESET:
    case UV_ECONNREFUSED:
    case UV_ECONNABORTED:
    case UV_EPIPE:
    case UV_ETIMEDOUT: return StreamEnd::reset;  // timed out: the peer acknowledges no more
    default: return StreamEnd::failed;
  }
}

struct TcpStream::State {
  explicit State(Loop& loop) : shared(loop.shared()) {
    PLAYHEAD_CHECK(uv_tcp_init(&shared.loop, &tcp) == 0);
    tcp.data = this;
    writing.data = this;
  }

  uv_handle_t* handle() { return reinterpret_cast<uv_handle_t*>(&tcp); }
  uv_stream_t* stream() { return reinterpret_cast<uv_stream_t*>(&tcp); }
  const uv_stream_t* stream() const { return reinterpret_cast<const uv_stream_t*>(&tcp); }
  bool closing() const { return uv_is_closing(reinterpret_cast<const uv_handle_t*>(&tcp)) != 0; }
  int socket() const;
  bool takes_writes() const;

  void read_on();
  void got(ssize_t count, const char* bytes);
  int take_hidden_error() const;
  void tell_end(int status);

  void send();
  void sent(int status);
  void writing_failed(int status);
  void shut_down_writing() const { ::shutdown(socket(), SHUT_WR); }

  Loop::Shared& shared;
  std::string waiting;  // behind what is sent
  // What each read and write looks at stands before `tcp`, whose first member they come by.
  std::string sending;  // with libuv; empty: nothing is
  int write_error = 0;  // the first
  bool paused = false;
  bool finishing = false;
  std::optional<StreamEnd> ended;
  // Shared with the call that is under way, so that its owner may destroy or replace it there.
  std::shared_ptr<const StreamEvents> events;
  uv_tcp_t tcp = {};
  uv_write_t writing = {};
};

int TcpStream::State::socket() const {
  uv_os_fd_t file = -1;
  uv_fileno(reinterpret_cast<const uv_handle_t*>(&tcp), &file);
  return file;
}

bool TcpStream::State::takes_writes() const {
  return write_error == 0 && !finishing && (!ended || *ended == StreamEnd::eof);
}

void TcpStream::State::read_on() {
  if (events == nullptr || paused || ended) return;
  const auto give_buffer = [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
    auto& all = static_cast<State*>(handle->data)->shared.read_buffer;
    *buffer = uv_buf_init(all.data(), static_cast<unsigned>(all.size()));
  };
  const auto on_read = [](uv_stream_t* stream, ssize_t count, const uv_buf_t* buffer) {
    static_cast<State*>(stream->data)->got(count, buffer->base);
  };
  const int status = uv_read_start(stream(), give_buffer, on_read);
  PLAYHEAD_CHECK(status == 0 || status == UV_EALREADY);
}

void TcpStream::State::got(ssize_t count, const char* bytes) {
  if (count == 0) return;
  if (count > 0) {
    const auto told = events;
    told->read(std::string_view(bytes, static_cast<std::size_t>(count)));
    return;
  }
  uv_read_stop(stream());
  int status = static_cast<int>(count);
  if (status == UV_EOF) {
    const int error = take_hidden_error();
    if (error != 0) status = error;
  }
  tell_end(status);
}

// An error that looks like an end of file: it was told to a write before, or libuv saw it in one
// poll with the last bytes and does not read on. EPIPE is none of those: there the FIN came first
// and the RST after it. Asking the socket takes the error from it.
int TcpStream::State::take_hidden_error() const {
  int error = -write_error;
  if (error == 0) {
    socklen_t size = sizeof error;
    ::getsockopt(socket(), SOL_SOCKET, SO_ERROR, &error, &size);
  }
  return error == EPIPE ? 0 : -error;
}

void TcpStream::State::tell_end(int status) {
  const StreamEnd end = stream_end_of(status);
  ended = end;
  if (end != StreamEnd::eof) waiting = std::string();
  const auto told = events;
  told->end(end, status == UV_EOF ? "end of stream" : uv_strerror(status));
}

void TcpStream::State::send() {
  const auto on_sent = [](uv_write_t* request, int status) {
    static_cast<State*>(request->data)->sent(status);
  };
  uv_buf_t buffer = {};
  buffer.base = sending.data();
  buffer.len = sending.size();
  PLAYHEAD_CHECK(uv_write(&writing, stream(), &buffer, 1, on_sent) == 0);
}

void TcpStream::State::sent(int status) {
  sending = std::string();  // gives back its memory: a stream that waits for nothing costs little
  if (closing()) return;
  if (status != 0 || write_error != 0) return writing_failed(status);
  if (!waiting.empty()) {
    sending.swap(waiting);
    return send();
  }
  if (finishing) shut_down_writing();
  const auto told = events;
  if (told != nullptr && told->drained != nullptr) told->drained();
}

// The end is told by reading, behind what the peer sent before it went. Where nobody reads it is
// told now, and after an `eof` what waits for the queue is told that it is empty.
void TcpStream::State::writing_failed(int status) {
  if (write_error == 0) write_error = status;
  waiting = std::string();
  // Reading ends behind what has come, whatever the failure was.
  ::shutdown(socket(), SHUT_RDWR);
  if (events == nullptr) return;
  if (ended) {
    const auto told = events;
    if (*ended == StreamEnd::eof && told->drained != nullptr) told->drained();
  } else if (paused) {
    tell_end(write_error);
  }
}

TcpStream::TcpStream(Loop& loop) : state_(new State(loop)) {}

TcpStream::~TcpStream() {
  if (state_ != nullptr) discard_unread(state_->socket());
}

void TcpStream::Close::operator()(State* state) const {
  state->events = nullptr;
  uv_close(state->handle(), [](uv_handle_t* handle) { delete static_cast<State*>(handle->data); });
}

int TcpStream::accept(uv_stream_t* server) {
  const int status = uv_accept(server, state_->stream());
  if (status == 0) uv_tcp_nodelay(&state_->tcp, 1);
  return status;
}

int TcpStream::connect(const sockaddr& address, std::function<void(int status)> connected) {
  auto request = std::make_unique<ConnectRequest>();
  request->connected = std::move(connected);
  request->request.data = request.get();
  const auto on_connected = [](uv_connect_t* made, int status) {
    const std::unique_ptr<ConnectRequest> done(static_cast<ConnectRequest*>(made->data));
    State& state = *static_cast<State*>(made->handle->data);
    if (state.closing()) return;
    if (status == 0) uv_tcp_nodelay(&state.tcp, 1);
    done->connected(status);
  };
  const int status = uv_tcp_connect(&request->request, &state_->tcp, &address, on_connected);
  if (status == 0) static_cast<void>(request.release());  // on_connected has it
  return status;
}

void TcpStream::start(StreamEvents events) {
  if (state_ == nullptr) return;
  state_->events = std::make_shared<const StreamEvents>(std::move(events));
  state_->read_on();
}

void TcpStream::pause() {
  if (state_ == nullptr) return;
  state_->paused = true;
  uv_read_stop(state_->stream());
}

void TcpStream::resume() {
  if (state_ == nullptr) return;
  state_->paused = false;
  state_->read_on();
}

void TcpStream::write(std::string_view bytes) {
  if (state_ == nullptr || bytes.empty() || !state_->takes_writes()) return;
  if (!state_->sending.empty()) {
    state_->waiting.append(bytes);
    return;
  }
  uv_buf_t buffer = {};
  buffer.base = const_cast<char*>(bytes.data());  // only read
  buffer.len = bytes.size();
  const int count = uv_try_write(state_->stream(), &buffer, 1);
  if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
  if (count < 0 && count != UV_EAGAIN) state_->write_error = count;
  if (bytes.empty()) return;
  // A failure is told by the loop as well, never within this call: the rest fails once more there.
  state_->sending.assign(bytes);
  state_->send();
}

std::size_t TcpStream::queued() const {
  if (state_ == nullptr || state_->sending.empty() || state_->write_error != 0) return 0;
  return uv_stream_get_write_queue_size(state_->stream()) + state_->waiting.size();
}

std::size_t TcpStream::unacknowledged() const {
  if (state_ == nullptr || state_->write_error != 0) return 0;
  if (state_->ended && *state_->ended != StreamEnd::eof) return 0;
  int count = 0;
  if (::ioctl(state_->socket(), SIOCOUTQ, &count) != 0) return 0;
  return static_cast<std::size_t>(count);
}

void TcpStream::finish() {
  if (state_ == nullptr || !state_->takes_writes()) return;
  state_->finishing = true;
  if (state_->sending.empty()) state_->shut_down_writing();
}

void TcpStream::reset() {
  if (state_ == nullptr) return;
  // uv_tcp_close_reset() refuses after a shutdown; Linux does not.
  const linger at_once = {.l_onoff = 1, .l_linger = 0};
  ::setsockopt(state_->socket(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  state_.reset();
}

}  // namespace playhead::net
