// RecordingFile: one recording while it grows, and its finished form.
//
// It grows as plain records under its final name, readable at any moment, also after kill -9. When
// it is finished it is rewritten by rename: compressed where its name says so, with what is known
// only at the end (protocol, model, what was masked) and with the masking's corrections.
#ifndef PLAYHEAD_RECORD_RECORDING_FILE_H_
#define PLAYHEAD_RECORD_RECORDING_FILE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "record/limits.h"
#include "recording/redaction.h"
#include "recording/writer.h"

namespace playhead::record {

// A line for people, without line feed.
using Log = std::function<void(std::string_view line)>;

struct FileFacts {
  std::string recorder;  // program and version
  Log log;
};

class RecordingFile {
 public:
  // Fails where the file exists or cannot be created. `limits` is borrowed.
  static Result<std::shared_ptr<RecordingFile>> create(const std::string& path,
                                                       const FileFacts& facts,
                                                       const RecordLimits& limits);

  const std::string& path() const { return path_; }
  int exchanges() const { return static_cast<int>(hosts_.size()); }
  bool takes_exchanges() const;
  // Whether the limits of readers are near: nothing but ends should follow.
  bool is_full() const;
  // The instant of the last append.
  Instant used_at() const { return used_at_; }

  // Appends a `request` record and returns the number of its exchange, which is open until
  // close_exchange(). `host` and `provider` are the upstream's.
  Result<int> begin_exchange(std::string_view request_payload, const std::string& host,
                             const std::string& provider);
  // On return the bytes are with the operating system.
  Status append(RecordKind kind, int exchange, std::string_view payload);
  void close_exchange(int exchange, recording::ExchangeCorrections corrections);
  int open_exchanges() const { return open_; }

  // Something is missing in the file: logged once, and said by a mark.
  void set_incomplete(int exchange, const Error& error);
  // What people should know about an exchange ("POST /v1/x"): logged, and said by a mark.
  void warn(int exchange, const std::string& title, const std::string& text);
  // The same where the bytes of its answer are missing.
  void set_masked_answer(int exchange, const std::string& title, const std::string& text);
  bool is_incomplete() const { return incomplete_ || masked_answer_; }

  recording::RedactionNote& note() { return note_; }

  // Rewrites it, or removes it where it holds no exchange. On failure the file stays as it grew,
  // which is a recording too. Nothing may be appended afterwards.
  Status finish();

 private:
  RecordingFile(std::string path, FileFacts facts, const RecordLimits& limits,
                recording::RecordWriter writer);
  Status begin();
  void complete(Recording& recording) const;
  Status replace(const std::vector<Recording>& recordings) const;

  std::string path_;
  FileFacts facts_;
  const RecordLimits& limits_;
  recording::RecordWriter writer_;
  recording::RedactionNote note_;
  Instant begun_at_;
  Instant used_at_;
  std::uint64_t bytes_ = 0;
  std::uint64_t records_ = 0;
  int open_ = 0;
  bool incomplete_ = false;
  bool masked_answer_ = false;
  std::string incomplete_text_;
  std::vector<std::shared_ptr<const std::string>> hosts_;  // of each exchange
  std::set<std::string> providers_;
  std::map<int, recording::ExchangeCorrections> corrections_;
};

}  // namespace playhead::record

#endif  // PLAYHEAD_RECORD_RECORDING_FILE_H_
