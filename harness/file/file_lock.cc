#include "file/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "file/posix_file.h"

namespace playhead::file {

Result<FileLock> FileLock::take(const std::string& path) {
  constexpr mode_t kPrivate = 0600;
  FileLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kPrivate));
  if (lock.descriptor_ < 0) return system_error("create", path);
  while (::flock(lock.descriptor_, LOCK_EX) != 0) {
    if (errno != EINTR) return system_error("lock", path);
  }
  return lock;
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace playhead::file
