// Writes recording files: record by record while things happen, or a finished recording compactly.
#ifndef PLAYHEAD_RECORDING_WRITER_H_
#define PLAYHEAD_RECORDING_WRITER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "file/posix_file.h"
#include "recording/record.h"
#include "recording/recording.h"
#include "recording/zstd_encoder.h"

namespace playhead::recording {

struct WriterOptions {
  bool compress = false;  // a zstd frame with checksum for each record
};

// Appends records to a new file (mode 0600). What append() has returned for is with the operating
// system: it is there after a kill of this process (DESIGN 3, "Acknowledged means written").
class RecordWriter {
 public:
  // Fails where the file exists or cannot be created.
  static Result<RecordWriter> create(const std::string& path, const WriterOptions& options = {});

  // Fails where the record breaks the format (record.h), its time is before the last one's, a
  // compressed file is full (zstd_encoder.h), or the disk fails; the file then still ends in a
  // whole record, as far as the disk lets it, and takes further ones.
  Status append(const Record& record);

  Status close();

 private:
  RecordWriter(file::PosixFile file, bool compress);
  Status put(std::string_view bytes);

  file::PosixFile file_;
  std::optional<ZstdEncoder> encoder_;  // none: plain
  std::string text_;
  std::string frame_;
  std::uint64_t size_ = 0;  // of the file, up to the last whole record
  Instant last_;
  bool spoilt_ = false;  // a partial record could not be cut off
};

// Writes the recordings one behind the other to a temporary name beside `path` (mode 0600), then
// renames: `path` is the old file or the whole new one. One zstd frame where the name ends in .zst.
// Fails where a recording cannot be a file (serialize.h), all of them together no compressed one
// (zstd_encoder.h), or the disk fails; nothing is left behind then.
Status write_recordings(const std::vector<Recording>& recordings, const std::string& path);
Status write_recording(const Recording& recording, const std::string& path);

}  // namespace playhead::recording

#endif  // PLAYHEAD_RECORDING_WRITER_H_
