#include "serve/stream.h"

#include <algorithm>
#include <utility>

#include "net/clock.h"
#include "net/http_body.h"

namespace playhead::serve {
namespace {

using Framing = net::BodyFraming::Kind;

std::string last_chunk(const std::vector<net::HttpHeader>& trailers) {
  if (trailers.empty()) return std::string(net::kLastChunk);
  std::string text = "0\r\n";
  for (const auto& [name, value] : trailers) {
    text.append(name).append(": ").append(value).append("\r\n");
  }
  return text + "\r\n";
}

}  // namespace

Stream::Stream(Stage& stage, const Recording& recording, const RecordedExchange& exchange,
               std::shared_ptr<net::Responder> responder)
    : stage_(stage),
      exchange_(exchange),
      responder_(std::move(responder)),
      form_(form_of(recording, exchange, responder_->request().head)),
      asked_at_(net::monotonic_now()),
      timer_(stage.loop) {
  if (form_.head.empty()) next_ = Next::end;
}

void Stream::start(std::function<void()> over) {
  over_ = std::move(over);
  const std::weak_ptr<Stream> self = weak_from_this();
  responder_->on_gone([self](net::StreamEnd) {
    if (const auto stream = self.lock()) stream->leave();
  });
  responder_->on_drained([self] {
    const auto stream = self.lock();
    if (stream != nullptr && std::exchange(stream->waits_for_client_, false)) stream->go_on();
  });
  timer_.start(due(), [this] { go_on(); });
}

// Plays all that is due.
void Stream::go_on() {
  const auto keep = shared_from_this();
  for (int writes = 0; next_ != Next::silence; ++writes) {
    const Duration wait = (asked_at_ + due()) - net::monotonic_now();
    const bool is_due = wait <= Duration{0};
    if (is_due && is_held_back()) {
      waits_for_client_ = true;
      return;
    }
    if (!is_due || writes == stage_.limits.writes_in_a_row) {
      timer_.start(std::max(wait, Duration{0}), [this] { go_on(); });
      return;
    }
    if (!step()) return;
  }
}

bool Stream::is_held_back() const { return responder_->queued() > stage_.limits.held_back_bytes; }

// When the next step is due, since the request.
Duration Stream::due() const {
  const auto at = [this] {
    switch (next_) {
      case Next::head: return *exchange_.responded_at;
      case Next::body: return exchange_.chunks[chunk_].at;
      default: break;
    }
    // Silence begins at once: the recorded end is that of the recorder's patience.
    return form_.end == AnswerEnd::silence ? exchange_.requested_at : exchange_.end.at;
  };
  return stage_.speed.played(at() - exchange_.requested_at);
}

// False where the stream is over.
bool Stream::step() {
  switch (next_) {
    case Next::head:
      responder_->write(form_.head);
      form_.head = std::string();  // gives back its memory
      next_ = Next::body;
      break;
    case Next::body: write_piece(); break;
    default: return end();
  }
  const bool has_body = form_.framing != Framing::none;
  if (next_ == Next::body && (!has_body || chunk_ == exchange_.chunks.size())) next_ = Next::end;
  return true;
}

void Stream::write_piece() {
  const std::string_view left = exchange_.bytes_of(exchange_.chunks[chunk_]).substr(taken_);
  const std::string_view piece = left.substr(0, stage_.limits.piece_bytes);
  taken_ += piece.size();
  if (piece.size() == left.size()) {
    ++chunk_;
    taken_ = 0;
  }
  if (piece.empty()) return;  // as a chunk it would be the last one
  stage_.bytes += piece.size();
  if (form_.framing != Framing::chunked) return responder_->write(piece);
  stage_.chunk.clear();
  net::append_chunk(piece, stage_.chunk);
  responder_->write(stage_.chunk);
}

bool Stream::end() {
  switch (form_.end) {
    case AnswerEnd::silence:
      next_ = Next::silence;
      timer_.start(stage_.limits.silence_time, [this] {
        const auto keep = shared_from_this();
        responder_->reset();
        leave();
      });
      return true;
    case AnswerEnd::whole:
      if (form_.framing == Framing::chunked) {
        responder_->write(last_chunk(servable_trailers(exchange_)));
      }
      form_.framing == Framing::until_close ? responder_->finish_connection()
                                            : responder_->finish_answer();
      break;
    case AnswerEnd::cut: responder_->finish_connection(); break;
    case AnswerEnd::reset: responder_->reset(); break;
  }
  leave();
  return false;
}

void Stream::leave() {
  timer_.cancel();
  if (const auto over = std::exchange(over_, nullptr)) over();
}

}  // namespace playhead::serve
