// open, read, write, fsync and their failures.
#include "file/posix_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>
#include <vector>

namespace playhead::file {
namespace {

constexpr mode_t kPrivate = 0600;  // what people wrote to a model is nobody else's business
constexpr std::size_t kReadStep = std::size_t{64} << 10;

std::string_view advice_for(int code) {
  switch (code) {
    case ENOENT:
    case ENOTDIR: return "name a file in a folder that exists";
    case EACCES:
    case EPERM:
    case EROFS: return "let this user read and write the file and its folder";
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return "make room on the disk";
    case EISDIR: return "name a file, not a folder";
    default: return "look after the disk";
  }
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

}  // namespace

Error system_error(std::string_view verb, const std::string& path) {
  const int code = errno;
  return Error{fmt::format("cannot {} {}: {}; {}", verb, path,
                           std::generic_category().message(code), advice_for(code))};
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

Result<std::optional<std::string>> read_file_if_there(const std::string& path,
                                                      std::size_t size_max) {
  const bool is_there = ::access(path.c_str(), F_OK) == 0 || errno != ENOENT;
  if (!is_there && ::access(folder_of(path).c_str(), F_OK) == 0)
    return std::optional<std::string>();
  Result<std::string> bytes = read_file(path, size_max);
  if (!bytes.ok()) return bytes.error();
  return std::optional<std::string>(*std::move(bytes));
}

Status write_file(const std::string& path, std::string_view bytes) {
  Result<PosixFile> file = PosixFile::create(path);
  if (!file.ok()) return file.error();
  if (Status status = file->write(bytes); !status.ok()) return status;
  return file->close();
}

Status move_over(const std::string& temporary, const std::string& path) {
  if (std::rename(temporary.c_str(), path.c_str()) != 0) {
    const Error failure = system_error("rename a file to", path);
    ::unlink(temporary.c_str());
    return failure;
  }
  const std::string folder = folder_of(path);
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  const Error failure = system_error("sync", folder);
  if (descriptor >= 0) ::close(descriptor);
  if (synced) return Done{};
  return Error{failure.message + "; the change was made, but may not survive a failure of power"};
}

}  // namespace playhead::file
