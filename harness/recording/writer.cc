// Appending and compact writing, plain and zstd.
#include "recording/writer.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <span>
#include <utility>

#include "recording/serialize.h"

namespace playhead::recording {
namespace {

constexpr int kAppendLevel = 1;  // a frame for each read: speed counts
constexpr int kCompactLevel =
    9;  // written once, kept for years; its window is below the reader's limit
constexpr std::size_t kStepBytes = std::size_t{128} << 10;

// Bytes on their way into a file, gathered to larger writes, in one zstd frame where wanted.
class CompactOutput {
 public:
  CompactOutput(file::PosixFile& file, bool compress) : file_(file) {
    if (compress) encoder_.emplace(kCompactLevel);
  }

  Status add(std::string_view bytes) {
    if (!encoder_) {
      pending_ += bytes;
    } else if (Status status = encoder_->add(bytes, pending_); !status.ok()) {
      return status;
    }
    return pending_.size() < kStepBytes ? Status(Done{}) : flush();
  }
  Status finish() {
    if (encoder_) encoder_->end_frame(pending_);
    return flush();
  }

 private:
  Status flush() {
    Status status = file_.write(pending_);
    pending_.clear();
    return status;
  }

  file::PosixFile& file_;
  std::optional<ZstdEncoder> encoder_;  // none: plain
  std::string pending_;
};

Status write_all(std::span<const Recording> recordings, file::PosixFile& file, bool compress) {
  CompactOutput output(file, compress);
  std::string text;
  for (const Recording& recording : recordings) {
    if (Status status = output.add(kVersionLine); !status.ok()) return status;
    const Status status = each_record(recording, [&](const Record& record) {
      text.clear();
      append_record(record, text);
      return output.add(text);
    });
    if (!status.ok()) return status;
  }
  if (Status status = output.finish(); !status.ok()) return status;
  if (Status status = file.sync(); !status.ok()) return status;
  return file.close();
}

Status write_and_rename(std::span<const Recording> recordings, const std::string& path) {
  Result<file::PosixFile> file = file::PosixFile::create_beside(path);
  if (!file.ok()) return file.error();
  const std::string temporary = file->path();
  Status status = write_all(recordings, *file, path.ends_with(".zst"));
  if (status.ok()) return file::move_over(temporary, path);
  ::unlink(temporary.c_str());
  return status;
}

}  // namespace

RecordWriter::RecordWriter(file::PosixFile file, bool compress) : file_(std::move(file)) {
  if (compress) encoder_.emplace(kAppendLevel);
}

Result<RecordWriter> RecordWriter::create(const std::string& path, const WriterOptions& options) {
  Result<file::PosixFile> file = file::PosixFile::create(path);
  if (!file.ok()) return file.error();
  RecordWriter writer(std::move(file).value(), options.compress);
  if (Status status = writer.put(kVersionLine); !status.ok()) {
    ::unlink(path.c_str());  // an empty file is no recording, and would be in the way of the next
    return status.error();
  }
  return writer;
}

Status RecordWriter::append(const Record& record) {
  if (Status status = check_record(record); !status.ok()) return status;
  if (record.at < last_) {
    return Error{fmt::format("a {} record at {} us after one at {} us: times never decrease",
                             name_of(record.kind), record.at.us, last_.us)};
  }
  text_.clear();
  append_record(record, text_);
  Status status = put(text_);
  if (status.ok()) last_ = record.at;
  return status;
}

Status RecordWriter::put(std::string_view bytes) {
  if (spoilt_) return Error{file_.path() + " ends in a partial record since a write failed"};
  if (encoder_) {
    frame_.clear();
    if (Status status = encoder_->add(bytes, frame_); !status.ok()) return status;
    encoder_->end_frame(frame_);
    bytes = frame_;
  }
  const Status status = file_.write(bytes);
  if (status.ok()) {
    size_ += bytes.size();
  } else {
    spoilt_ = !file_.cut(size_).ok();
  }
  return status;
}

Status RecordWriter::close() { return file_.close(); }

Status write_recordings(const std::vector<Recording>& recordings, const std::string& path) {
  return write_and_rename(recordings, path);
}

Status write_recording(const Recording& recording, const std::string& path) {
  return write_and_rename({&recording, 1}, path);
}

}  // namespace playhead::recording
