#include "record/recording_file.h"

#include <unistd.h>

#include <filesystem>
#include <utility>

#include "file/posix_file.h"
#include "net/clock.h"
#include "record/recording_facts.h"
#include "recording/load.h"
#include "recording/payload.h"

namespace playhead::record {
namespace {

// Hidden, so that nobody takes it for a recording, should we be killed meanwhile.
std::string unfinished_name(const std::string& path) {
  const std::filesystem::path whole(path);
  return (whole.parent_path() / (".unfinished." + whole.filename().string())).string();
}

}  // namespace

RecordingFile::RecordingFile(std::string path, FileFacts facts, const RecordLimits& limits,
                             recording::RecordWriter writer)
    : path_(std::move(path)),
      facts_(std::move(facts)),
      limits_(limits),
      writer_(std::move(writer)),
      begun_at_(net::monotonic_now()),
      used_at_(begun_at_) {}

Result<std::shared_ptr<RecordingFile>> RecordingFile::create(const std::string& path,
                                                             const FileFacts& facts,
                                                             const RecordLimits& limits) {
  auto writer = recording::RecordWriter::create(path);
  if (!writer) return writer.error();
  const std::shared_ptr<RecordingFile> file(
      new RecordingFile(path, facts, limits, std::move(*writer)));
  if (Status begun = file->begin(); !begun) {
    ::unlink(path.c_str());
    return begun.error();
  }
  return file;
}

Status RecordingFile::begin() {
  RecordingMeta meta;
  meta.origin = "captured";
  meta.recorded_at = net::wall_now_rfc3339();
  meta.recorder = facts_.recorder;
  meta.timing = "read";
  meta.borders = "read";
  recording::set_redacted(meta, note_.json(false));
  return writer_.append({RecordKind::meta, 0, Instant{}, recording::meta_payload(meta)});
}

bool RecordingFile::takes_exchanges() const {
  return bytes_ < limits_.file_bytes && records_ < limits_.file_records &&
         exchanges() < limits_.file_exchanges;
}

bool RecordingFile::is_full() const {
  return bytes_ >= limits_.file_bytes_max || records_ >= limits_.file_records_max;
}

Result<int> RecordingFile::begin_exchange(std::string_view request_payload, const std::string& host,
                                          const std::string& provider) {
  const int exchange = exchanges() + 1;
  if (Status status = append(RecordKind::request, exchange, request_payload); !status) {
    return status.error();
  }
  const bool same = !hosts_.empty() && *hosts_.back() == host;
  hosts_.push_back(same ? hosts_.back() : std::make_shared<const std::string>(host));
  providers_.insert(provider);
  ++open_;
  return exchange;
}

Status RecordingFile::append(RecordKind kind, int exchange, std::string_view payload) {
  used_at_ = net::monotonic_now();
  Status status = writer_.append({kind, exchange, Instant{(used_at_ - begun_at_).us}, payload});
  if (status) {
    bytes_ += payload.size() + recording::kHeaderLineMax;
    ++records_;
  }
  return status;
}

void RecordingFile::close_exchange(int exchange, recording::ExchangeCorrections corrections) {
  --open_;
  if (!corrections.empty()) corrections_.emplace(exchange, std::move(corrections));
}

void RecordingFile::set_incomplete(int exchange, const Error& error) {
  const std::string text = "incomplete from here on: " + error.message;
  // It may well fail too; finish() sees to it then.
  static_cast<void>(append(RecordKind::mark, exchange, text));
  if (std::exchange(incomplete_, true)) return;
  incomplete_text_ = "this recording is incomplete: " + error.message;
  facts_.log(path_ + " is incomplete: " + error.message);
}

void RecordingFile::warn(int exchange, const std::string& title, const std::string& text) {
  // Where it fails, finish() sees to it.
  static_cast<void>(append(RecordKind::mark, exchange, text));
  facts_.log(title + ": " + text);
}

void RecordingFile::set_masked_answer(int exchange, const std::string& title,
                                      const std::string& text) {
  masked_answer_ = true;
  warn(exchange, title, text);
}

void RecordingFile::complete(Recording& recording) const {
  OneValue protocol;
  OneValue model;
  for (RecordedExchange& exchange : recording.exchanges) {
    const auto found = corrections_.find(exchange.index);
    if (found != corrections_.end()) recording::apply_corrections(found->second, exchange);
    const std::size_t place = static_cast<std::size_t>(exchange.index) - 1;
    protocol.add(protocol_of(exchange, *hosts_.at(place)));
    model.add(model_of(exchange));
  }
  recording.meta.protocol = protocol.value();
  recording.meta.model = model.value();
  if (providers_.size() == 1) recording.meta.provider = *providers_.begin();
  recording::set_redacted(recording.meta, note_.json(true));
  if (!incomplete_) return;
  const Instant last{(used_at_ - begun_at_).us};
  recording.marks.push_back({last, incomplete_text_});
}

Status RecordingFile::finish() {
  if (Status status = writer_.close(); !status) return status;
  if (exchanges() == 0) {
    ::unlink(path_.c_str());
    return Done{};
  }
  auto recordings = recording::load(path_);
  if (!recordings) return recordings.error();
  complete(recordings->front());
  return replace(*recordings);
}

// What was written is read before it takes the place of what there is.
Status RecordingFile::replace(const std::vector<Recording>& recordings) const {
  const std::string made = unfinished_name(path_);
  if (Status status = recording::write_recordings(recordings, made); !status) return status;
  if (const auto read = recording::load(made); !read) {
    ::unlink(made.c_str());
    return read.error();
  }
  return file::move_over(made, path_);
}

}  // namespace playhead::record
