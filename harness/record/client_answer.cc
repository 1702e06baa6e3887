#include "record/client_answer.h"

#include <utility>

namespace playhead::record {

ClientAnswer::ClientAnswer(std::shared_ptr<net::Responder> responder)
    : responder_(std::move(responder)) {}

void ClientAnswer::interim(const net::ResponseHead& head) {
  if (over_ || request().head.minor_version == 0) return;
  head_ += net::response_text(head.status, head.reason, net::end_to_end(head.headers));
}

void ClientAnswer::begin(const net::ResponseHead& head) {
  if (over_) return;
  begun_ = true;
  framing_ = framing_for(request().head, head);
  by_close_ = ends_by_close(request().head, head);
  head_ += client_head(request().head, head);
}

void ClientAnswer::body(std::string_view raw, std::string_view payload) {
  body_ = framing_ == ClientFraming::same ? raw : payload;
}

void ClientAnswer::flush() {
  const std::string_view bytes = std::exchange(body_, {});
  if (over_) return;
  if (head_.empty()) {
    if (!bytes.empty()) responder_->write(bytes);
    return;
  }
  head_ += bytes;
  responder_->write(head_);
  head_ = std::string();  // gives back its memory
}

void ClientAnswer::finish() {
  if (std::exchange(over_, true)) return;
  by_close_ ? responder_->finish_connection() : responder_->finish_answer();
}

// A client with HTTP/1.0 would take the FIN for the end of a whole body.
void ClientAnswer::cut() {
  if (framing_ == ClientFraming::until_end) return reset();
  if (std::exchange(over_, true)) return;
  responder_->finish_connection();
}

void ClientAnswer::reset() {
  if (std::exchange(over_, true)) return;
  responder_->reset();
}

void ClientAnswer::refuse(int status, std::string_view message) {
  if (begun_) return reset();
  if (std::exchange(over_, true)) return;
  net::answer_error(*responder_, status, message);
}

void ClientAnswer::forget() { over_ = true; }

}  // namespace playhead::record
