#include "net/server_connection.h"

#include <utility>

namespace playhead::net {

namespace {

class ConnectionResponder final : public Responder {
 public:
  ConnectionResponder(std::shared_ptr<ServerConnection> connection, std::uint64_t id,
                      HttpRequest request)
      : connection_(std::move(connection)), id_(id), request_(std::move(request)) {}
  ~ConnectionResponder() override {
    if (const auto connection = end()) connection->abandon();
  }

  const HttpRequest& request() const override { return request_; }
  std::uint64_t connection() const override { return id_; }
  void write(std::string_view bytes) override {
    if (connection_) connection_->write(bytes);
  }
  std::size_t queued() const override { return connection_ ? connection_->queued() : 0; }
  void on_gone(std::function<void(StreamEnd)> call) override {
    if (connection_) connection_->on_gone(std::move(call));
  }
  void on_drained(std::function<void()> call) override {
    if (connection_) connection_->on_drained(std::move(call));
  }
  void finish_answer() override {
    if (const auto connection = end()) connection->finish_answer();
  }
  void finish_connection() override {
    if (const auto connection = end()) connection->finish_connection();
  }
  void reset() override {
    if (const auto connection = end()) connection->reset();
  }

 private:
  // An answer ends once.
  std::shared_ptr<ServerConnection> end() { return std::exchange(connection_, nullptr); }

  std::shared_ptr<ServerConnection> connection_;
  std::uint64_t id_;
  HttpRequest request_;
};

std::string error_answer(int status, std::string_view message) {
  const std::string body = error_json(message);
  return response_text(status, reason_of(status),
                       {{"Content-Type", "application/json"},
                        {"Content-Length", std::to_string(body.size())},
                        {"Connection", "close"}}) +
         body;
}

}  // namespace

ServerConnection::ServerConnection(std::shared_ptr<ConnectionOwner> owner, Loop& loop,
                                   std::uint64_t id, std::unique_ptr<ByteStream> stream)
    : owner_(std::move(owner)), id_(id), stream_(std::move(stream)), timer_(loop) {}

void ServerConnection::start() {
  begin_idle();
  stream_->start({.read = [this](std::string_view bytes) { read(bytes); },
                  .end = [this](StreamEnd end, const std::string&) { ended(end); },
                  .drained = [this] { drained(); }});
}

void ServerConnection::drain() {
  const bool has_request = phase_ != Phase::idle && phase_ != Phase::head && phase_ != Phase::body;
  if (has_request) return;
  stream_->queued() > 0 ? close_after_queue() : close();
}

void ServerConnection::shut() {
  phase_ = Phase::closed;
  forget_calls();
  timer_.reset();
  stream_.reset();
}

// What came; `keep`: any call out of here may end in our removal.
void ServerConnection::read(std::string_view bytes) {
  const auto keep = shared_from_this();
  if (pending_.empty()) bytes = take(bytes);
  if (phase_ == Phase::closing || phase_ == Phase::resetting || phase_ == Phase::closed) return;
  pending_.erase(0, std::exchange(pending_at_, 0));
  pending_.append(bytes);
  if (pending_.size() < kPipelinedBytesMax) return;
  paused_ = true;
  stream_->pause();
}

void ServerConnection::ended(StreamEnd end) {
  const auto keep = shared_from_this();
  client_finished_ = end == StreamEnd::eof;
  switch (phase_) {
    case Phase::answering:
    case Phase::overflowed: gone(end); break;
    case Phase::idle:
    case Phase::closing:
      // A client that has said all it has to say still reads what is queued.
      client_finished_ && stream_->queued() > 0 ? close_after_queue() : close();
      break;
    case Phase::resetting:
      if (!client_finished_) close();
      break;
    case Phase::head:
    case Phase::body: close(); break;
    case Phase::closed: break;
  }
}

void ServerConnection::drained() {
  const auto keep = shared_from_this();
  if (phase_ == Phase::closing) {
    linger();
  } else if (phase_ == Phase::answering && on_drained_) {
    const auto call = on_drained_;  // it may replace itself
    call();
  } else if (phase_ == Phase::idle && !pending_.empty()) {
    take_pending();
  }
}

void ServerConnection::wait(Duration time, void (ServerConnection::*then)()) {
  timer_->start(time, [this, then] {
    const auto keep = shared_from_this();
    (this->*then)();
  });
}

// The next request is not looked at before the last answer is on its way: clients that pipeline and
// do not read cost no memory.
bool ServerConnection::takes_input() const {
  if (phase_ == Phase::idle) return stream_->queued() == 0;
  return phase_ == Phase::head || phase_ == Phase::body;
}

// Returns what is left for later.
std::string_view ServerConnection::take(std::string_view bytes) {
  taking_ = true;
  while (!bytes.empty() && takes_input()) {
    bytes.remove_prefix(phase_ == Phase::body ? take_body(bytes) : take_head(bytes));
  }
  taking_ = false;
  return bytes;
}

void ServerConnection::take_pending() {
  const std::string_view left = take(std::string_view(pending_).substr(pending_at_));
  pending_at_ = pending_.size() - left.size();
  if (left.empty()) {
    pending_ = std::string();  // gives back its memory
    pending_at_ = 0;
  }
  if (paused_ && left.size() < kPipelinedBytesMax && phase_ != Phase::closed) {
    paused_ = false;
    stream_->resume();
  }
}

std::size_t ServerConnection::take_head(std::string_view bytes) {
  if (phase_ == Phase::idle) {
    phase_ = Phase::head;
    wait(owner_->limits().head_time, &ServerConnection::head_timed_out);
  }
  const std::size_t taken = head_.feed(bytes);
  if (head_.error()) {
    refuse(head_.error()->status, head_.error()->message);
  } else if (head_.done()) {
    begin_body();
  }
  return taken;
}

void ServerConnection::begin_body() {
  const ServerLimits& limits = owner_->limits();
  request_.head = head_.take();
  RequestHead& head = request_.head;
  if (++requests_ >= limits.requests || owner_->is_draining()) head.keep_alive = false;
  if (head.body.length > limits.body_bytes) return refuse(413, "the body is too large");
  body_.emplace(head.body);
  if (body_->done()) return hand_over();
  phase_ = Phase::body;
  wait(limits.body_time, &ServerConnection::body_timed_out);
  if (head.expects_continue) stream_->write(response_text(100, reason_of(100), {}));
}

std::size_t ServerConnection::take_body(std::string_view bytes) {
  const std::size_t taken = body_->feed(bytes, request_.body);
  if (request_.body.size() > owner_->limits().body_bytes) {
    refuse(413, "the body is too large");
  } else if (body_->malformed()) {
    refuse(400, "the chunks of the body are malformed");
  } else if (body_->done()) {
    hand_over();
  } else {
    wait(owner_->limits().body_time, &ServerConnection::body_timed_out);
  }
  return taken;
}

void ServerConnection::hand_over() {
  phase_ = Phase::answering;
  timer_->cancel();
  keep_alive_ = request_.head.keep_alive;
  owner_->handle(std::make_shared<ConnectionResponder>(shared_from_this(), id_,
                                                       std::exchange(request_, HttpRequest())));
}

void ServerConnection::refuse(int status, std::string_view message) {
  stream_->write(error_answer(status, message));
  close_after_queue();
}

void ServerConnection::idle_timed_out() { stream_->queued() > 0 ? close() : close_after_queue(); }

void ServerConnection::overflow() {
  stream_->reset();
  gone(StreamEnd::reset);
}

void ServerConnection::write(std::string_view bytes) {
  if (phase_ != Phase::answering) return;
  if (stream_->queued() > owner_->limits().queued_bytes) {
    phase_ = Phase::overflowed;
    wait(Duration{0},
         &ServerConnection::overflow);  // the handler is not called from within its call
    return;
  }
  stream_->write(bytes);
}

std::size_t ServerConnection::queued() const {
  return phase_ == Phase::answering ? stream_->queued() : 0;
}

void ServerConnection::on_gone(std::function<void(StreamEnd)> call) {
  on_gone_ = std::move(call);
  if (!gone_untold_) return;
  timer_->start(Duration{0}, [this] {
    const auto keep = shared_from_this();
    const auto tell = std::exchange(on_gone_, nullptr);
    const auto end = std::exchange(gone_untold_, std::nullopt);
    if (tell && end) tell(*end);
  });
}

void ServerConnection::on_drained(std::function<void()> call) {
  if (phase_ == Phase::answering) on_drained_ = std::move(call);
}

void ServerConnection::finish_answer() {
  if (phase_ != Phase::answering) return abandon();
  if (!keep_alive_ || owner_->is_draining()) return close_after_queue();
  forget_calls();
  begin_idle();
}

void ServerConnection::finish_connection() {
  phase_ == Phase::answering ? close_after_queue() : abandon();
}

void ServerConnection::reset() {
  if (phase_ != Phase::answering) return abandon();
  phase_ = Phase::resetting;
  forget_calls();
  poll_reset();
}

// The answer ends without its end; also what is left to do when the client went away before.
void ServerConnection::abandon() {
  const auto keep = shared_from_this();
  forget_calls();
  if (phase_ == Phase::closed) return;
  stream_->reset();
  close();
}

void ServerConnection::poll_reset() {
  const bool has_arrived = stream_->queued() + stream_->unacknowledged() == 0;
  if (has_arrived || reset_waited_ >= owner_->limits().reset_time) return abandon();
  reset_waited_ = reset_waited_ + kResetPoll;
  wait(kResetPoll, &ServerConnection::poll_reset);
}

void ServerConnection::begin_idle() {
  phase_ = Phase::idle;
  const bool goes_on = !taking_ && !pending_.empty() && stream_->queued() == 0;
  if (goes_on) {
    wait(Duration{0}, &ServerConnection::take_pending);
  } else {
    wait(owner_->limits().idle_time, &ServerConnection::idle_timed_out);
  }
}

void ServerConnection::close_after_queue() {
  phase_ = Phase::closing;
  forget_calls();
  stream_->finish();
  if (std::exchange(paused_, false)) stream_->resume();  // to see the client's FIN
  linger();
}

void ServerConnection::linger() {
  const bool has_queue = stream_->queued() > 0;
  if (client_finished_ && !has_queue) return close();
  const ServerLimits& limits = owner_->limits();
  wait(has_queue ? limits.idle_time : limits.linger_time, &ServerConnection::close);
}

void ServerConnection::forget_calls() {
  // Destroying them may destroy the Responder, which calls us.
  const auto gone_call = std::exchange(on_gone_, nullptr);
  const auto drained_call = std::exchange(on_drained_, nullptr);
}

void ServerConnection::gone(StreamEnd end) {
  const auto call = std::exchange(on_gone_, nullptr);
  if (!call) gone_untold_ = end;
  phase_ = Phase::closed;
  stream_.reset();
  owner_->remove(id_);
  if (call) call(end);
  forget_calls();
}

void ServerConnection::close() {
  shut();
  owner_->remove(id_);
}

}  // namespace playhead::net
