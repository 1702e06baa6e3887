// A lock that processes share through a file beside what it guards.
#ifndef PLAYHEAD_FILE_FILE_LOCK_H_
#define PLAYHEAD_FILE_FILE_LOCK_H_

#include <string>

#include "base/result.h"

namespace playhead::file {

// Held as long as it lives, at most until the end of the process, however that comes.
class FileLock {
 public:
  // Waits for it. Makes the file (mode 0600) where there is none; it stays.
  static Result<FileLock> take(const std::string& path);

  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_ = -1;
};

}  // namespace playhead::file

#endif  // PLAYHEAD_FILE_FILE_LOCK_H_
