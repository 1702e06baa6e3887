// Where a reader pulls its bytes from: a file, or memory.
#ifndef PLAYHEAD_RECORDING_BYTE_SOURCE_H_
#define PLAYHEAD_RECORDING_BYTE_SOURCE_H_

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "file/posix_file.h"

namespace playhead::recording {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Reads up to `size` bytes; 0 at the end. Fails when the source does, naming it.
  virtual Result<std::size_t> read(char* into, std::size_t size) = 0;
};

class FileSource final : public ByteSource {
 public:
  explicit FileSource(file::PosixFile file) : file_(std::move(file)) {}
  Result<std::size_t> read(char* into, std::size_t size) override { return file_.read(into, size); }

 private:
  file::PosixFile file_;
};

// Bytes borrowed for the life of the source.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::string_view bytes) : rest_(bytes) {}
  Result<std::size_t> read(char* into, std::size_t size) override {
    const std::size_t count = std::min(size, rest_.size());
    std::copy_n(rest_.data(), count, into);
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
};

}  // namespace playhead::recording

#endif  // PLAYHEAD_RECORDING_BYTE_SOURCE_H_
