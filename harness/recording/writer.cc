// Appending and compact writing, plain and zstd.
#include "recording/writer.h"

#include <fmt/format.h>
#include <unistd.h>
#include <zstd.h>

#include <cstdio>
#include <span>
#include <utility>

#include "base/check.h"
#include "recording/serialize.h"

namespace playhead::recording {
namespace {

constexpr int kAppendLevel = 1;  // a frame for each read: speed counts
constexpr int kCompactLevel =
    9;  // written once, kept for years; its window is below the reader's limit
constexpr std::size_t kStepBytes = std::size_t{128} << 10;

using Encoder = std::unique_ptr<ZSTD_CCtx_s, decltype(&ZSTD_freeCCtx)>;

ZSTD_CCtx_s* new_encoder(int level) {
  ZSTD_CCtx_s* encoder = ZSTD_createCCtx();
  PLAYHEAD_CHECK(encoder != nullptr);
  ZSTD_CCtx_setParameter(encoder, ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(encoder, ZSTD_c_checksumFlag, 1);
  return encoder;
}

// Bytes on their way into a file, gathered to larger writes, in one zstd frame where wanted.
class CompactOutput {
 public:
  CompactOutput(file::PosixFile& file, bool compress)
      : file_(file), encoder_(compress ? new_encoder(kCompactLevel) : nullptr, &ZSTD_freeCCtx) {}

  Status add(std::string_view bytes) {
    pending_ += bytes;
    return pending_.size() < kStepBytes ? Status(Done{}) : flush(false);
  }
  Status finish() { return flush(true); }

 private:
  Status flush(bool is_last) {
    const std::string pending = std::exchange(pending_, {});
    if (!encoder_) return file_.write(pending);
    std::string step(kStepBytes, '\0');
    ZSTD_inBuffer in{pending.data(), pending.size(), 0};
    while (true) {
      ZSTD_outBuffer out{step.data(), step.size(), 0};
      const std::size_t rest =
          ZSTD_compressStream2(encoder_.get(), &out, &in, is_last ? ZSTD_e_end : ZSTD_e_continue);
      PLAYHEAD_CHECK(ZSTD_isError(rest) == 0);
      const Status status = file_.write(std::string_view(step).substr(0, out.pos));
      if (!status.ok()) return status;
      if (is_last ? rest == 0 : in.pos == in.size) return Done{};
    }
  }

  file::PosixFile& file_;
  Encoder encoder_;
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

void RecordWriter::FreeEncoder::operator()(ZSTD_CCtx_s* encoder) const { ZSTD_freeCCtx(encoder); }

RecordWriter::RecordWriter(file::PosixFile file, bool compress)
    : file_(std::move(file)), encoder_(compress ? new_encoder(kAppendLevel) : nullptr) {}
RecordWriter::RecordWriter(RecordWriter&&) noexcept = default;
RecordWriter& RecordWriter::operator=(RecordWriter&&) noexcept = default;
RecordWriter::~RecordWriter() = default;

Result<RecordWriter> RecordWriter::create(const std::string& path, const WriterOptions& options) {
  Result<file::PosixFile> file = file::PosixFile::create(path);
  if (!file.ok()) return file.error();
  RecordWriter writer(std::move(file).value(), options.compress);
  if (Status status = writer.put(kVersionLine); !status.ok()) return status.error();
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
    frame_.resize(ZSTD_compressBound(bytes.size()));
    const std::size_t size =
        ZSTD_compress2(encoder_.get(), frame_.data(), frame_.size(), bytes.data(), bytes.size());
    PLAYHEAD_CHECK(ZSTD_isError(size) == 0);
    bytes = std::string_view(frame_).substr(0, size);
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
