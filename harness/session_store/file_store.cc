// Lock, read, change, write beside, sync, rename, sync the folder.
#include "session_store/file_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "session/session_json.h"

namespace playhead::session_store {
namespace {

constexpr mode_t kPrivate = 0600;  // who talked with a model, and when, is nobody else's business
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

// "cannot <verb> <path>: <text of errno>; <what to do>".
Error system_error(std::string_view verb, const std::string& path) {
  const int code = errno;
  return Error{fmt::format("cannot {} {}: {}; {}", verb, path,
                           std::generic_category().message(code), advice_for(code))};
}

// An open file, closed when it goes out of scope.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  bool is_open() const { return number_ >= 0; }
  int number() const { return number_; }

 private:
  int number_;
};

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

struct Contents {
  std::string text;
  session::Table table;
};

// No file reads as the document of no sessions.
Result<std::string> text_of_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open() && errno == ENOENT && ::access(folder_of(path).c_str(), F_OK) == 0) {
    return session::sessions_json({});
  }
  if (!file.is_open()) return system_error("open", path);
  std::string text;
  std::vector<char> step(kReadStep);
  while (true) {
    const ssize_t count = ::read(file.number(), step.data(), step.size());
    if (count == 0) return text;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error("read", path);
    text.append(step.data(), static_cast<std::size_t>(count));
    if (text.size() > kFileBytesMax) {
      return Error{
          fmt::format("{} is larger than the limit of {} bytes; move it away to begin anew", path,
                      kFileBytesMax)};
    }
  }
}

Result<Contents> contents_of(const std::string& path) {
  Result<std::string> text = text_of_file(path);
  if (!text.ok()) return text.error();
  Result<session::Table> table = session::parse_sessions(*text);
  if (table.ok()) return Contents{*std::move(text), *std::move(table)};
  return Error{fmt::format("{}: {}; repair the file, or move it away to begin anew", path,
                           table.error().message)};
}

Status write_all(const Descriptor& file, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file.number(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error("write to", path);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  // Without it a failure of power may leave a renamed file without its bytes.
  if (::fsync(file.number()) != 0) return system_error("sync", path);
  return Done{};
}

Status sync_folder_of(const std::string& path) {
  const std::string folder = folder_of(path);
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.is_open() && ::fsync(opened.number()) == 0) return Done{};
  return Error{system_error("sync", folder).message +
               "; the change was made, but may not survive a failure of power"};
}

// Under the lock: nobody else writes these files.
Status replace(const std::string& path, std::string_view bytes) {
  const std::string beside = path + ".new";
  ::unlink(beside.c_str());  // what a killed process left; an own file is created with our mode
  const Descriptor file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kPrivate));
  if (!file.is_open()) return system_error("create", beside);
  Status status = write_all(file, bytes, beside);
  if (status.ok() && std::rename(beside.c_str(), path.c_str()) != 0) {
    status = system_error("rename a file to", path);
  }
  if (!status.ok()) ::unlink(beside.c_str());
  return status.ok() ? sync_folder_of(path) : status;
}

// The document of the table. Fails where it could not be read again.
Result<std::string> text_of_table(const session::Table& table, const std::string& path) {
  std::string text = session::sessions_json(table);
  if (text.size() > kFileBytesMax) {
    return Error{fmt::format("{} would be larger than the limit of {} bytes; nothing was written",
                             path, kFileBytesMax)};
  }
  const Result<session::Table> again = session::parse_sessions(text);
  if (again.ok() && *again == table) return text;
  return Error{fmt::format("{} could not be read again: {}; nothing was written", path,
                           again.ok() ? "two names become one" : again.error().message)};
}

Status lock(const Descriptor& file, const std::string& path) {
  if (!file.is_open()) return system_error("create", path);
  while (::flock(file.number(), LOCK_EX) != 0) {
    if (errno != EINTR) return system_error("lock", path);
  }
  return Done{};
}

}  // namespace

FileStore::FileStore(std::string path) : path_(std::move(path)) {}

Status FileStore::update(const std::function<void(session::Table&)>& change) {
  const std::string beside = path_ + ".lock";
  // The lock goes with the descriptor: at the end of this function, or of this process.
  const Descriptor file(::open(beside.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kPrivate));
  if (Status status = lock(file, beside); !status.ok()) return status;
  Result<Contents> contents = contents_of(path_);
  if (!contents.ok()) return contents.error();
  change(contents->table);
  const Result<std::string> text = text_of_table(contents->table, path_);
  if (!text.ok()) return text.error();
  return *text == contents->text ? Status(Done{}) : replace(path_, *text);
}

Result<session::Table> FileStore::read() const {
  Result<Contents> contents = contents_of(path_);
  if (!contents.ok()) return contents.error();
  return std::move(contents->table);
}

}  // namespace playhead::session_store
