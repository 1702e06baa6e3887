#include "net/tls_stream.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/check.h"
#include "net/loop_state.h"
#include "net/tls_client.h"

namespace playhead::net {
namespace {

// Our choice: records are handed to the stream below in batches of about this size.
constexpr std::size_t kBatchBytes = 64 * 1024;
constexpr std::size_t kRecordBytes = 16 * 1024;  // RFC 8446 section 5.1

}  // namespace

struct TlsStream::State : std::enable_shared_from_this<TlsStream::State> {
  State(Loop& of, std::unique_ptr<ByteStream> below, std::shared_ptr<TlsClient> client,
        const Url& to)
      : loop(of), inner(std::move(below)), tls(std::move(client)), url(to), soon(of) {}

  StreamEvents events_below();
  void flush();
  void encrypted(std::string_view bytes);
  void cut(StreamEnd end, const std::string& detail);

  void shake();
  void shaken(std::optional<ConnectFailure> failure);

  void deliver_soon();
  void deliver();
  bool deliver_record();
  void tell_end(StreamEnd end, const std::string& detail);

  Loop& loop;
  std::unique_ptr<ByteStream> inner;  // empty: destroyed or reset
  std::shared_ptr<TlsClient> tls;
  Url url;
  std::unique_ptr<SSL, FreeSsl> session;
  std::function<void(const std::optional<ConnectFailure>&)> on_shaken;  // during the handshake
  std::shared_ptr<const StreamEvents> events;
  // What waits for start() or resume() is delivered by the loop, never within those.
  Timer soon;
  bool paused = false;
  bool finishing = false;
  bool failed = false;  // TLS itself: nothing can be written any more
  // An end of the stream below that came while nobody listened.
  std::optional<std::pair<StreamEnd, std::string>> cut_before;
  std::optional<StreamEnd> ended;
};

StreamEvents TlsStream::State::events_below() {
  const std::weak_ptr<State> weak = weak_from_this();
  return {.read =
              [weak](std::string_view bytes) {
                if (const auto self = weak.lock()) self->encrypted(bytes);
              },
          .end =
              [weak](StreamEnd end, const std::string& detail) {
                if (const auto self = weak.lock()) self->cut(end, detail);
              },
          .drained =
              [weak] {
                const auto self = weak.lock();
                if (self == nullptr || self->events == nullptr) return;
                const auto told = self->events;
                if (told->drained != nullptr) told->drained();
              }};
}

// What OpenSSL wants to send goes down.
void TlsStream::State::flush() {
  BIO* out = SSL_get_wbio(session.get());
  char* bytes = nullptr;
  const long count = BIO_get_mem_data(out, &bytes);
  if (count <= 0) return;
  inner->write(std::string_view(bytes, static_cast<std::size_t>(count)));
  static_cast<void>(BIO_reset(out));
}

void TlsStream::State::encrypted(std::string_view bytes) {
  if (ended || failed) return;
  const int taken =
      BIO_write(SSL_get_rbio(session.get()), bytes.data(), static_cast<int>(bytes.size()));
  PLAYHEAD_CHECK(taken == static_cast<int>(bytes.size()));
  if (on_shaken != nullptr) {
    shake();
  } else {
    deliver();
  }
}

// The stream below has ended.
void TlsStream::State::cut(StreamEnd end, const std::string& detail) {
  if (on_shaken != nullptr) {
    const std::string place = url.host + ":" + std::to_string(url.port);
    const StreamEnd told = end == StreamEnd::eof ? StreamEnd::tls_error : end;
    return shaken(ConnectFailure{told, place + " broke off the TLS handshake: " + detail});
  }
  if (ended) return;
  if (events == nullptr) {
    cut_before.emplace(end, detail);
    return;
  }
  if (end == StreamEnd::eof) {
    tell_end(StreamEnd::tls_cut, std::string(kNoCloseNotify));
  } else {
    tell_end(end, detail);
  }
}

void TlsStream::State::shake() {
  ERR_clear_error();
  const int result = SSL_do_handshake(session.get());
  flush();
  if (result == 1) {
    inner->pause();  // until start()
    return shaken(std::nullopt);
  }
  if (SSL_get_error(session.get(), result) == SSL_ERROR_WANT_READ) return;
  failed = true;
  shaken(ConnectFailure{StreamEnd::tls_error, handshake_failure(*session, url)});
}

void TlsStream::State::shaken(std::optional<ConnectFailure> failure) {
  const auto done = std::exchange(on_shaken, nullptr);
  done(failure);
}

void TlsStream::State::deliver_soon() {
  const std::weak_ptr<State> weak = weak_from_this();
  soon.start(Duration{}, [weak] {
    const auto self = weak.lock();
    if (self == nullptr || self->inner == nullptr) return;
    self->deliver();
    if (self->inner == nullptr || self->ended || self->paused) return;
    if (self->cut_before) return self->cut(self->cut_before->first, self->cut_before->second);
    self->inner->resume();
  });
}

void TlsStream::State::deliver() {
  while (inner != nullptr && events != nullptr && !paused && !ended) {
    if (!deliver_record()) return;
  }
}

// False where there is no whole record, or there will be none.
bool TlsStream::State::deliver_record() {
  ERR_clear_error();
  auto& buffer = loop.shared().read_buffer;
  const int count = SSL_read(session.get(), buffer.data(), static_cast<int>(buffer.size()));
  flush();  // a key update is answered
  if (count > 0) {
    const auto told = events;
    told->read(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
    return true;
  }
  switch (SSL_get_error(session.get(), count)) {
    case SSL_ERROR_WANT_READ: return false;
    case SSL_ERROR_ZERO_RETURN: tell_end(StreamEnd::eof, "close_notify"); return false;
    default:
      failed = true;
      tell_end(StreamEnd::tls_error, take_openssl_reason("the TLS session failed"));
      return false;
  }
}

void TlsStream::State::tell_end(StreamEnd end, const std::string& detail) {
  ended = end;
  const auto told = events;
  told->end(end, detail);
}

TlsStream::TlsStream(Loop& loop, std::unique_ptr<ByteStream> inner, std::shared_ptr<TlsClient> tls,
                     const Url& url)
    : state_(std::make_shared<State>(loop, std::move(inner), std::move(tls), url)) {
  const auto* client = dynamic_cast<const OpenSslClient*>(state_->tls.get());
  PLAYHEAD_CHECK(client != nullptr);
  state_->session = make_tls_session(*client, url);
}

TlsStream::~TlsStream() {
  state_->inner = nullptr;
  state_->events = nullptr;
  state_->soon.cancel();
}

void TlsStream::handshake(std::function<void(const std::optional<ConnectFailure>& failure)> done) {
  const auto state = state_;  // `done` may destroy this object
  state->on_shaken = std::move(done);
  state->inner->start(state->events_below());
  state->shake();
}

void TlsStream::start(StreamEvents events) {
  if (state_->inner == nullptr) return;
  state_->events = std::make_shared<const StreamEvents>(std::move(events));
  if (!state_->paused) state_->deliver_soon();
}

void TlsStream::pause() {
  if (state_->inner == nullptr) return;
  state_->paused = true;
  state_->inner->pause();
}

void TlsStream::resume() {
  if (state_->inner == nullptr) return;
  state_->paused = false;
  if (state_->events != nullptr) state_->deliver_soon();
}

void TlsStream::write(std::string_view bytes) {
  State& state = *state_;
  if (state.inner == nullptr || state.finishing || state.failed) return;
  if (state.ended && *state.ended != StreamEnd::eof) return;
  std::size_t batch = 0;
  while (!bytes.empty()) {
    ERR_clear_error();
    const std::string_view record = bytes.substr(0, kRecordBytes);
    const int taken =
        SSL_write(state.session.get(), record.data(), static_cast<int>(record.size()));
    if (taken <= 0) {
      state.failed = true;
      break;
    }
    bytes.remove_prefix(static_cast<std::size_t>(taken));
    batch += static_cast<std::size_t>(taken);
    if (batch >= kBatchBytes) {
      state.flush();
      batch = 0;
    }
  }
  state.flush();
  if (!state.failed) return;
  state.cut_before.emplace(StreamEnd::tls_error, take_openssl_reason("the TLS session failed"));
  if (state.events != nullptr) state.deliver_soon();
}

std::size_t TlsStream::queued() const {
  return state_->inner == nullptr ? 0 : state_->inner->queued();
}

std::size_t TlsStream::unacknowledged() const {
  return state_->inner == nullptr ? 0 : state_->inner->unacknowledged();
}

void TlsStream::finish() {
  if (state_->inner == nullptr || state_->finishing) return;
  state_->finishing = true;
  if (!state_->failed) {
    SSL_shutdown(state_->session.get());
    ERR_clear_error();
    state_->flush();
  }
  state_->inner->finish();
}

void TlsStream::reset() {
  if (state_->inner == nullptr) return;
  state_->inner->reset();
  state_->inner = nullptr;
  state_->soon.cancel();
}

}  // namespace playhead::net
