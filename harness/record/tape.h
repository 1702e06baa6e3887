// Tape: one exchange as it is recorded: redacted, and written before it returns.
#ifndef PLAYHEAD_RECORD_TAPE_H_
#define PLAYHEAD_RECORD_TAPE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/end_reason.h"
#include "net/http_head.h"
#include "record/limits.h"
#include "record/recording_file.h"
#include "record/router.h"
#include "recording/redaction.h"

namespace playhead::record {

class Tape {
 public:
  // Without a file nothing is written, and is_whole() is false. `redactor` and `limits` are
  // borrowed.
  Tape(std::shared_ptr<RecordingFile> file, recording::Redactor& redactor,
       const RecordLimits& limits);
  // An exchange without its end stays torn.
  ~Tape();
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;

  // Once, first.
  void request(const net::RequestHead& head, std::string_view target, std::string_view body,
               const Upstream& upstream);
  void response(const net::ResponseHead& head);
  // Bytes of one read, not none. Beyond the size cap the rest is left out, and the recording ends.
  void data(std::string_view payload);
  void trailers(const std::vector<net::HttpHeader>& headers);
  void mark(std::string_view text);
  // Once; after it, and after a failure, nothing is written any more but marks.
  void end(EndReason reason, std::string_view detail);

  // All that was given so far is in the file.
  bool is_whole() const { return !has_failed() && !capped_; }
  // It could not be written.
  bool has_failed() const { return state_ == State::failed; }
  std::uint64_t bytes() const { return bytes_; }  // of the response body, as given
  // "POST /v1/messages", without secrets.
  const std::string& title() const { return title_; }
  // Any text about the exchange without its secrets.
  std::string text(std::string_view text) const { return redactor_.text(text); }

 private:
  enum class State : std::uint8_t { running, ended, failed };

  void append(RecordKind kind, std::string_view payload);
  void fail(const Error& error);
  void close();
  void say_losses();

  std::shared_ptr<RecordingFile> file_;
  const RecordLimits& limits_;
  State state_ = State::running;
  bool closed_ = false;
  bool capped_ = false;
  int exchange_ = 0;  // 0: not in the file
  std::uint64_t bytes_ = 0;
  std::uint64_t recorded_bytes_ = 0;
  recording::RedactionNote unused_note_;  // where there is no file
  recording::ExchangeRedactor redactor_;
  std::string title_;
};

}  // namespace playhead::record

#endif  // PLAYHEAD_RECORD_TAPE_H_
