// FileShelf: which exchange goes into which file: one file a name, and never one that was there.
#ifndef PLAYHEAD_RECORD_FILE_SHELF_H_
#define PLAYHEAD_RECORD_FILE_SHELF_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "record/limits.h"
#include "record/recording_file.h"
#include "record/recording_name.h"

namespace playhead::record {

struct FinishedFile {
  std::string path;
  int exchanges = 0;
  bool incomplete = false;
  std::uint64_t masked_places = 0;  // of secrets (recording/redaction.h)
  std::uint64_t bodies_masked_whole = 0;
};

class FileShelf {
 public:
  // `limits` is borrowed.
  FileShelf(Output output, FileFacts facts, const RecordLimits& limits);

  // Creates what a recorder needs from the start: the folder (mode 0700), or the one file. Fails
  // where that file exists.
  Status open();

  // The file for the next exchange with that name. In a folder it is NAME.rec.zst, or NAME-2, ...
  // where that exists or is full. Fails where none can be made.
  Result<std::shared_ptr<RecordingFile>> file_for(std::string_view name);
  bool is_folder() const { return output_.folder; }

  // Finishes all. CHECKs that no exchange is open.
  void finish();
  // Those that hold an exchange, in the order in which they were finished.
  const std::vector<FinishedFile>& finished() const { return finished_; }
  bool has_incomplete() const { return has_incomplete_; }

 private:
  using Files = std::vector<std::shared_ptr<RecordingFile>>;

  Result<std::shared_ptr<RecordingFile>> create(std::string_view name);
  Status make_room();
  void finish(RecordingFile& file);

  Output output_;
  FileFacts facts_;
  const RecordLimits& limits_;
  std::map<std::string, std::shared_ptr<RecordingFile>, std::less<>> growing_;  // by name
  Files full_;  // take no further exchange, but may have open ones
  std::vector<FinishedFile> finished_;
  bool has_incomplete_ = false;
};

}  // namespace playhead::record

#endif  // PLAYHEAD_RECORD_FILE_SHELF_H_
