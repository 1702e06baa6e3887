// open, read, write, fsync and their failures.
#include "recording/posix_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

namespace playhead::recording {
namespace {

constexpr mode_t kPrivate = 0600;  // recordings hold what people wrote to a model
constexpr std::size_t kReadStep = std::size_t{64} << 10;

}  // namespace

Error system_error(std::string_view verb, const std::string& path) {
  return Error{fmt::format("cannot {} {}: {}", verb, path, std::generic_category().message(errno))};
}

Result<PosixFile> PosixFile::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return system_error("open", path);
  PosixFile file(descriptor, path);
  struct stat status {};
  if (::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
    return Error{fmt::format("{} is a folder: name a file in it", path)};
  }
  return file;
}

Result<PosixFile> PosixFile::create(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kPrivate);
  if (descriptor < 0 && errno == EEXIST) {
    return Error{fmt::format("{} exists already: name another file or remove it", path)};
  }
  if (descriptor < 0) return system_error("create", path);
  return PosixFile(descriptor, path);
}

Result<PosixFile> PosixFile::create_beside(const std::string& path) {
  std::string name = path + ".XXXXXX";
  const int descriptor = ::mkstemp(name.data());
  if (descriptor < 0) return system_error("create a file beside", path);
  return PosixFile(descriptor, name);
}

PosixFile::PosixFile(PosixFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

PosixFile& PosixFile::operator=(PosixFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(path_, other.path_);
  return *this;
}

PosixFile::~PosixFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<std::size_t> PosixFile::read(char* into, std::size_t size) {
  while (true) {
    const ssize_t count = ::read(descriptor_, into, size);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) return system_error("read", path_);
  }
}

Status PosixFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error("write to", path_);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return Done{};
}

Status PosixFile::cut(std::uint64_t size) {
  const auto end = static_cast<off_t>(size);
  if (::ftruncate(descriptor_, end) != 0 || ::lseek(descriptor_, end, SEEK_SET) < 0) {
    return system_error("cut back", path_);
  }
  return Done{};
}

Status PosixFile::sync() {
  if (::fsync(descriptor_) != 0) return system_error("sync", path_);
  return Done{};
}

Status PosixFile::close() {
  if (::close(std::exchange(descriptor_, -1)) != 0) return system_error("close", path_);
  return Done{};
}

Result<std::string> read_file(const std::string& path, std::size_t size_max) {
  Result<PosixFile> file = PosixFile::open(path);
  if (!file.ok()) return file.error();
  std::string bytes;
  std::vector<char> step(kReadStep);
  while (true) {
    const Result<std::size_t> count = file->read(step.data(), step.size());
    if (!count.ok()) return count.error();
    if (*count == 0) return bytes;
    bytes.append(step.data(), *count);
    if (bytes.size() > size_max) {
      return Error{fmt::format("{} is larger than the limit of {} bytes", path, size_max)};
    }
  }
}

Status write_file(const std::string& path, std::string_view bytes) {
  Result<PosixFile> file = PosixFile::create(path);
  if (!file.ok()) return file.error();
  if (Status status = file->write(bytes); !status.ok()) return status;
  return file->close();
}

}  // namespace playhead::recording
