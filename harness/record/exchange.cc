#include "record/exchange.h"

#include <fmt/format.h>

#include <utility>

#include "net/clock.h"
#include "record/heads.h"
#include "recording/client_left.h"

namespace playhead::record {
namespace {

// Small requests leave in one write, as clients send them; large ones are not copied.
constexpr std::size_t kJoinedBytesMax = 64 * 1024;

constexpr int kBadGateway = 502;
constexpr int kGatewayTimeout = 504;

EndReason reason_of(net::StreamEnd end) {
  switch (end) {
    case net::StreamEnd::eof: return EndReason::eof_early;
    case net::StreamEnd::tls_cut:
    case net::StreamEnd::tls_error: return EndReason::tls_error;
    case net::StreamEnd::reset:
    case net::StreamEnd::failed: return EndReason::reset;
  }
  return EndReason::reset;
}

}  // namespace

Exchange::Exchange(Relay& relay, std::shared_ptr<net::Responder> responder,
                   const Upstream& upstream, std::unique_ptr<Tape> tape, Closed closed)
    : relay_(relay),
      tape_(std::move(tape)),
      client_(std::move(responder)),
      upstream_(upstream),
      closed_(std::move(closed)),
      timer_(relay.loop) {}

void Exchange::start(std::string target) {
  const std::weak_ptr<Exchange> self = weak_from_this();
  client_.responder().on_gone([self](net::StreamEnd) {
    if (const auto exchange = self.lock()) exchange->client_gone();
  });
  client_.responder().on_drained([self] {
    if (const auto exchange = self.lock()) exchange->client_drained();
  });
  connecting_ = net::connect(
      relay_.loop, upstream_.url, relay_.tls, relay_.limits.connect_time,
      [this, asked = std::move(target)](std::unique_ptr<net::ByteStream> stream) {
        connected(std::move(stream), asked);
      },
      [this](const net::ConnectFailure& failure) { connect_failed(failure); });
}

void Exchange::connected(std::unique_ptr<net::ByteStream> stream, const std::string& target) {
  const net::HttpRequest& request = client_.request();
  head_.emplace();
  head_->set_request_method(request.head.method);
  stream_ = std::move(stream);
  stream_->start({.read = [this](std::string_view bytes) { read(bytes); },
                  .end = [this](net::StreamEnd end,
                                const std::string& detail) { upstream_ended(end, detail); },
                  .drained = {}});
  std::string bytes = upstream_head(request.head, request.body.size(), upstream_.url, target);
  const bool joined = request.body.size() <= kJoinedBytesMax;
  if (joined) bytes += request.body;
  stream_->write(bytes);
  if (!joined) stream_->write(request.body);
  read_at_ = net::monotonic_now();
  wait();
}

void Exchange::connect_failed(const net::ConnectFailure& failure) {
  const auto keep = shared_from_this();
  const bool tls = failure.end == net::StreamEnd::tls_error;
  fail(tls ? EndReason::tls_error : EndReason::reset, failure.message, kBadGateway);
}

void Exchange::read(std::string_view bytes) {
  const auto keep = shared_from_this();
  connecting_.reset();
  read_at_ = net::monotonic_now();
  if (client_gone_) drained_ += bytes.size();
  if (!body_) bytes = take_heads(bytes);
  if (body_ && !over_) take_body(bytes);
  if (over_ || refuses_to_go_on()) return;
  client_.flush();
  if (client_gone_ && (drained_ > relay_.limits.drain_bytes || !tape_->is_whole())) {
    fail(EndReason::client_closed, gone_text() + "; of the rest more came than is kept");
  } else {
    hold_back();
  }
}

// Takes informational responses and the final one. Returns what is behind them.
std::string_view Exchange::take_heads(std::string_view bytes) {
  while (!body_) {
    bytes.remove_prefix(head_->feed(bytes));
    if (head_->error()) {
      fail(EndReason::reset, "the upstream's answer is malformed: " + head_->error()->message,
           kBadGateway);
      return {};
    }
    if (!head_->done()) return {};
    if (!take_head(head_->take())) return {};
  }
  head_.reset();
  return bytes;
}

// False where the exchange is over.
bool Exchange::take_head(net::ResponseHead head) {
  const bool interim = head.status < 200;
  if (!interim) {
    status_ = head.status;
    tape_->response(head);
    client_.begin(head);
    body_.emplace(head.body);
    return true;
  }
  if (head.status == 101 || ++interim_ > relay_.limits.interim_responses) {
    fail(EndReason::reset,
         head.status == 101 ? "the upstream switched to another protocol, unasked"
                            : "the upstream's answer is malformed: too many responses 1xx",
         kBadGateway);
    return false;
  }
  // 100 answers an expectation that was not passed on.
  if (head.status != 100) client_.interim(head);
  return true;
}

void Exchange::take_body(std::string_view bytes) {
  std::string& payload = relay_.payload;
  payload.clear();
  const std::size_t taken = body_->feed(bytes, payload);
  if (!payload.empty()) tape_->data(payload);
  client_.body(bytes.substr(0, body_->malformed() ? body_->sound() : taken), payload);
  if (body_->malformed()) {
    fail(EndReason::reset, "the chunks of the upstream's answer are malformed");
  } else if (body_->done()) {
    whole(bytes.substr(taken));
  }
}

void Exchange::upstream_ended(net::StreamEnd end, const std::string& detail) {
  const auto keep = shared_from_this();
  if (end == net::StreamEnd::eof && body_ && body_->may_end()) return whole({});
  upstream_finished_ = end == net::StreamEnd::eof || end == net::StreamEnd::tls_cut;
  fail(reason_of(end), end == net::StreamEnd::eof ? std::string() : detail,
       end == net::StreamEnd::tls_error ? kBadGateway : 0);
}

void Exchange::client_gone() {
  const auto keep = shared_from_this();
  if (over_) return;
  client_gone_ = true;
  gone_at_ = net::monotonic_now();
  gone_bytes_ = tape_->bytes();
  client_.forget();
  tape_->mark(gone_text());
  // Nothing was asked yet, or nothing more can be kept.
  if (stream_ == nullptr || !tape_->is_whole()) return fail(EndReason::client_closed, gone_text());
  client_drained();
  wait();
}

void Exchange::client_drained() {
  if (over_ || !std::exchange(paused_, false)) return;
  read_at_ = net::monotonic_now();  // silence while paused is not the upstream's
  wait();
  stream_->resume();
}

void Exchange::hold_back() {
  if (client_gone_ || paused_ || client_.queued() <= relay_.limits.client_queue_bytes) return;
  paused_ = true;
  paused_at_ = net::monotonic_now();
  stream_->pause();
  wait();
}

// One timer for all: when it is due it is looked what has become late. Reads do not touch it.
void Exchange::wait() {
  const RecordLimits& limits = relay_.limits;
  const Instant due = client_gone_ ? gone_at_ + limits.drain_time
                      : paused_    ? paused_at_ + limits.stall_time
                                   : read_at_ + limits.idle_time;
  timer_.start(due - net::monotonic_now(), [this] { check_time(); });
}

void Exchange::check_time() {
  const auto keep = shared_from_this();
  const RecordLimits& limits = relay_.limits;
  const Instant now = net::monotonic_now();
  if (client_gone_) {
    if (now - gone_at_ < limits.drain_time) return wait();
    return fail(EndReason::client_closed,
                gone_text() + fmt::format("; the rest was not there {} s later",
                                          limits.drain_time.us / seconds(1).us));
  }
  if (paused_) {
    if (now - paused_at_ < limits.stall_time) return wait();
    return fail(EndReason::client_closed,
                fmt::format("the client read nothing for {} s and was reset",
                            limits.stall_time.us / seconds(1).us));
  }
  if (now - read_at_ < limits.idle_time) return wait();
  fail(EndReason::idle_timeout,
       fmt::format("the upstream sent nothing for {} s", limits.idle_time.us / seconds(1).us),
       kGatewayTimeout);
}

// Strict: what cannot be recorded is not forwarded.
bool Exchange::refuses_to_go_on() {
  if (!relay_.strict || tape_->is_whole()) return false;
  constexpr std::string_view kDetail = "the recording cannot go on, and --strict was given";
  tape_->end(EndReason::recorder_stopped, kDetail);
  client_.refuse(500, kDetail);
  leave(EndReason::recorder_stopped, std::string(kDetail));
  return true;
}

void Exchange::whole(std::string_view dropped) {
  if (!body_->trailers().empty()) tape_->trailers(body_->trailers());
  if (!dropped.empty()) {
    tape_->mark(fmt::format("{} bytes behind the whole answer were dropped", dropped.size()));
  }
  // A client that goes when it has all it wants misses nothing but the end of the framing.
  const bool missed = client_gone_ && tape_->bytes() > gone_bytes_;
  const EndReason reason = missed ? EndReason::client_closed : EndReason::complete;
  const std::string detail =
      missed ? gone_text() + recording::rest_text(EndReason::complete, "") : "";
  tape_->end(reason, detail);
  if (refuses_to_go_on()) return;
  client_.flush();
  client_.finish();
  leave(reason, detail);
}

// The exchange ends before its answer is whole. `status`: for a client that has no answer yet, with
// the detail; 0: the client is told by the end of its connection alone.
void Exchange::fail(EndReason reason, const std::string& detail, int status) {
  if (client_gone_ && reason != EndReason::client_closed) {
    return fail(EndReason::client_closed, gone_text() + recording::rest_text(reason, detail));
  }
  tape_->end(reason, detail);
  if (refuses_to_go_on()) return;
  client_.flush();
  if (status != 0) {
    client_.refuse(status, tape_->text(detail));
  } else if (upstream_finished_) {
    body_ && body_->may_end() ? client_.finish() : client_.cut();
  } else {
    client_.reset();
  }
  leave(reason, detail);
}

void Exchange::stop() {
  const auto keep = shared_from_this();
  if (over_) return;
  if (client_gone_)
    return fail(EndReason::client_closed, gone_text() + "; the recorder was stopped");
  fail(EndReason::recorder_stopped, "");
}

void Exchange::leave(EndReason reason, std::string detail) {
  if (std::exchange(over_, true)) return;
  timer_.cancel();
  connecting_.reset();
  stream_.reset();
  const Closed closed = std::move(closed_);
  closed(*this, {reason, std::move(detail), status_});
}

std::string Exchange::gone_text() const { return recording::client_left_text(gone_bytes_); }

}  // namespace playhead::record
