// Files of this program: private, and every failure a Result that names the path and what to do.
#ifndef PLAYHEAD_FILE_POSIX_FILE_H_
#define PLAYHEAD_FILE_POSIX_FILE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace playhead::file {

// An open file. Closed when it goes out of scope.
class PosixFile {
 public:
  // For reading.
  static Result<PosixFile> open(const std::string& path);
  // For writing, mode 0600. Fails where the path exists: evidence is never overwritten in place.
  static Result<PosixFile> create(const std::string& path);
  // For writing, mode 0600, under a fresh name beside `path`.
  static Result<PosixFile> create_beside(const std::string& path);

  PosixFile(PosixFile&& other) noexcept;
  PosixFile& operator=(PosixFile&& other) noexcept;
  ~PosixFile();

  const std::string& path() const { return path_; }

  // How many bytes were read; 0 at the end of the file.
  Result<std::size_t> read(char* into, std::size_t size);
  // All of them; on return they are with the operating system and survive a kill of this process.
  Status write(std::string_view bytes);
  // Cuts the file to `size` bytes and goes on writing there.
  Status cut(std::uint64_t size);
  // Brings what was written onto the disk.
  Status sync();
  Status close();

 private:
  PosixFile(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}

  int descriptor_ = -1;
  std::string path_;
};

// The whole file. Fails above `size_max` bytes.
Result<std::string> read_file(const std::string& path, std::size_t size_max);

// The same; nothing where the file is not there, but its folder is.
Result<std::optional<std::string>> read_file_if_there(const std::string& path,
                                                      std::size_t size_max);

// Creates the file (mode 0600) with these bytes. Fails where it exists.
Status write_file(const std::string& path, std::string_view bytes);

// Puts the whole file `temporary` of the same folder in the place of `path`, and brings that onto
// the disk: `path` is the old file or the new one. On failure `temporary` is removed, unless only
// the folder could not be synced, which the message says.
Status move_over(const std::string& temporary, const std::string& path);

// "cannot <verb> <path>: <text of errno>; <what to do>".
Error system_error(std::string_view verb, const std::string& path);

}  // namespace playhead::file

#endif  // PLAYHEAD_FILE_POSIX_FILE_H_
