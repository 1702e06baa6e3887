// Lock, read, change, write beside, sync, rename, sync the folder.
#include "session_store/file_store.h"

#include <fmt/format.h>
#include <unistd.h>

#include <optional>
#include <string_view>
#include <utility>

#include "file/file_lock.h"
#include "file/posix_file.h"
#include "session/session_json.h"

namespace playhead::session_store {
namespace {

struct Contents {
  std::string text;
  session::Table table;
};

Result<Contents> contents_of(const std::string& path) {
  Result<std::optional<std::string>> found = file::read_file_if_there(path, kFileBytesMax);
  if (!found.ok()) return found.error();
  // No file reads as the document of no sessions.
  std::string text = *found ? **std::move(found) : session::sessions_json({});
  Result<session::Table> table = session::parse_sessions(text);
  if (table.ok()) return Contents{std::move(text), *std::move(table)};
  return Error{fmt::format("{}: {}; repair the file, or move it away to begin anew", path,
                           table.error().message)};
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

// Under the lock: nobody else writes these files.
Status replace(const std::string& path, std::string_view bytes) {
  const std::string beside = path + ".new";
  ::unlink(beside.c_str());  // what a killed process left; an own file is created with our mode
  Result<file::PosixFile> file = file::PosixFile::create(beside);
  if (!file.ok()) return file.error();
  Status status = file->write(bytes);
  // Without it a failure of power may leave a renamed file without its bytes.
  if (status.ok()) status = file->sync();
  if (status.ok()) return file::move_over(beside, path);
  ::unlink(beside.c_str());
  return status;
}

}  // namespace

FileStore::FileStore(std::string path) : path_(std::move(path)) {}

Status FileStore::update(const std::function<void(session::Table&)>& change) {
  const Result<file::FileLock> lock = file::FileLock::take(path_ + ".lock");
  if (!lock.ok()) return lock.error();
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
