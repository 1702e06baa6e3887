#include "record/file_shelf.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "base/check.h"
#include "file/posix_file.h"

namespace playhead::record {
namespace {

constexpr mode_t kPrivateFolder = 0700;  // recordings hold what people wrote to a model

// With those above it; those that exist stay as they are.
Status make_folder(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return Done{};
  if (path.has_parent_path() && path.parent_path() != path) {
    if (Status status = make_folder(path.parent_path()); !status) return status;
  }
  if (::mkdir(path.c_str(), kPrivateFolder) == 0) return Done{};
  return file::system_error("create the folder", path.string());
}

bool exists(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 || errno != ENOENT;
}

}  // namespace

FileShelf::FileShelf(Output output, FileFacts facts, const RecordLimits& limits)
    : output_(std::move(output)), facts_(std::move(facts)), limits_(limits) {}

Status FileShelf::open() {
  if (output_.folder) return make_folder(output_.path);
  auto file = RecordingFile::create(output_.path, facts_, limits_);
  if (!file) return file.error();
  growing_.emplace("", std::move(*file));
  return Done{};
}

Result<std::shared_ptr<RecordingFile>> FileShelf::file_for(std::string_view name) {
  if (!output_.folder) name = {};
  const auto found = growing_.find(name);
  if (found != growing_.end()) {
    if (found->second->takes_exchanges()) return found->second;
    full_.push_back(std::move(found->second));
    growing_.erase(found);
  }
  if (Status room = make_room(); !room) return room.error();
  auto file = create(name);
  if (file) growing_.emplace(std::string(name), *file);
  return file;
}

Result<std::shared_ptr<RecordingFile>> FileShelf::create(std::string_view name) {
  const std::string first =
      output_.folder ? output_.path + "/" + std::string(name) + ".rec.zst" : output_.path;
  for (int number = 1; number <= limits_.file_number_max; ++number) {
    const std::string path = numbered(first, number);
    if (!exists(path)) return RecordingFile::create(path, facts_, limits_);
  }
  return Error{first + " and " + std::to_string(limits_.file_number_max) +
               " numbered ones exist already: name another folder"};
}

Status FileShelf::make_room() {
  if (growing_.size() + full_.size() < limits_.files) return Done{};
  const auto idle_full = std::find_if(full_.begin(), full_.end(),
                                      [](const auto& file) { return file->open_exchanges() == 0; });
  if (idle_full != full_.end()) {
    finish(**idle_full);
    full_.erase(idle_full);
    return Done{};
  }
  auto oldest = growing_.end();
  for (auto i = growing_.begin(); i != growing_.end(); ++i) {
    if (i->second->open_exchanges() > 0) continue;
    if (oldest == growing_.end() || i->second->used_at() < oldest->second->used_at()) oldest = i;
  }
  if (oldest == growing_.end()) {
    return Error{"all of " + std::to_string(limits_.files) + " recordings have open exchanges"};
  }
  finish(*oldest->second);
  growing_.erase(oldest);
  return Done{};
}

void FileShelf::finish(RecordingFile& file) {
  PLAYHEAD_CHECK(file.open_exchanges() == 0);
  const Status status = file.finish();
  if (!status) facts_.log("a recording stays as it grew: " + status.error().message);
  const bool incomplete = !status || file.is_incomplete();
  has_incomplete_ = has_incomplete_ || incomplete;
  if (file.exchanges() == 0) return;
  finished_.push_back({file.path(), file.exchanges(), incomplete, file.note().masked_places(),
                       file.note().bodies_masked_whole()});
}

void FileShelf::finish() {
  for (const auto& file : std::exchange(full_, {})) finish(*file);
  for (const auto& [name, file] : std::exchange(growing_, {})) finish(*file);
}

}  // namespace playhead::record
