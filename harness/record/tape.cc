#include "record/tape.h"

#include <utility>

#include "record/heads.h"
#include "recording/payload.h"

namespace playhead::record {

Tape::Tape(std::shared_ptr<RecordingFile> file, recording::Redactor& redactor,
           const RecordLimits& limits)
    : file_(std::move(file)),
      limits_(limits),
      state_(file_ != nullptr ? State::running : State::failed),
      redactor_(redactor, file_ != nullptr ? file_->note() : unused_note_) {}

Tape::~Tape() { close(); }

void Tape::request(const net::RequestHead& head, std::string_view target, std::string_view body,
                   const Upstream& upstream) {
  const recording::StoredRequest stored = redactor_.request(target, recordable(head.headers));
  const std::string method = redactor_.text(head.method);
  title_ = method + " " + stored.target;
  if (state_ != State::running) return;
  const Result<int> exchange =
      file_->begin_exchange(recording::request_payload(method, stored.target, stored.headers),
                            upstream.url.host, upstream.provider);
  if (!exchange) return fail(exchange.error());
  exchange_ = *exchange;
  if (!body.empty()) append(RecordKind::request_body, redactor_.request_body(body));
}

void Tape::response(const net::ResponseHead& head) {
  if (state_ != State::running) return;
  const std::vector<Header> headers = redactor_.response(head.headers);
  append(RecordKind::response, recording::response_payload(head.status, headers));
}

void Tape::data(std::string_view payload) {
  bytes_ += payload.size();
  if (state_ != State::running) return;
  std::string_view stored = redactor_.data(payload);
  const std::uint64_t room = file_->is_full() ? 0 : limits_.response_bytes - recorded_bytes_;
  const bool fits = stored.size() <= room;
  if (!fits) stored = stored.substr(0, static_cast<std::size_t>(room));
  recorded_bytes_ += stored.size();
  if (!stored.empty()) append(RecordKind::data, stored);
  if (fits) return;
  end(EndReason::size_cap, "the client may have got more");
  capped_ = true;
}

void Tape::trailers(const std::vector<net::HttpHeader>& headers) {
  if (state_ != State::running) return;
  append(RecordKind::trailers, recording::trailers_payload(redactor_.trailers(headers)));
}

void Tape::mark(std::string_view text) {
  if (exchange_ == 0) return;
  const std::string stored = redactor_.text(text);
  if (Status status = file_->append(RecordKind::mark, exchange_, stored); !status) {
    fail(status.error());
  }
}

void Tape::end(EndReason reason, std::string_view detail) {
  if (state_ == State::running) {
    append(RecordKind::end, recording::end_payload(reason, redactor_.text(detail),
                                                   static_cast<std::size_t>(recorded_bytes_)));
  }
  if (state_ == State::running) state_ = State::ended;
  close();
}

void Tape::append(RecordKind kind, std::string_view payload) {
  if (state_ != State::running) return;
  if (Status status = file_->append(kind, exchange_, payload); !status) fail(status.error());
}

void Tape::fail(const Error& error) {
  if (std::exchange(state_, State::failed) == State::failed) return;
  file_->set_incomplete(exchange_, error);
}

// What is masked at the end of a body is decided now; nothing but marks may follow.
void Tape::close() {
  if (exchange_ == 0 || std::exchange(closed_, true)) return;
  const recording::ExchangeCorrections corrections = redactor_.finish();
  say_losses();
  file_->close_exchange(exchange_, corrections);
}

void Tape::say_losses() {
  if (const std::string& why = redactor_.request_body_loss(); !why.empty()) {
    file_->warn(exchange_, title_,
                "the body of the request is masked whole, because " + why +
                    "; serve finds it by --match sequence only: let the client send it plain");
  }
  if (const std::string& why = redactor_.body_loss(); !why.empty()) {
    file_->set_masked_answer(exchange_, title_,
                             "the body of the answer is masked whole, because " + why +
                                 "; serve cannot answer with it: let the upstream send it plain");
  }
}

}  // namespace playhead::record
