#include "cli/recording_paths.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <string_view>
#include <tuple>
#include <utility>

#include "recording/import.h"

namespace playhead::cli {
namespace {

namespace fs = std::filesystem;

bool is_recording(const fs::path& path) {
  const std::string name = path.filename().string();
  if (name.starts_with('.') || name.ends_with(".request.json") ||
      name.ends_with(".boundaries.json")) {
    return false;
  }
  return name.ends_with(".rec") || name.ends_with(".rec.zst") || recording::is_raw_body(name);
}

// What `record` numbers stands in the order of its numbers: s.rec, s-2.rec, s-10.rec.
std::tuple<std::string, int> place_of(const std::string& path) {
  std::string name = path;
  for (const std::string_view ending : {".zst", ".rec"}) {
    if (name.ends_with(ending)) name.resize(name.size() - ending.size());
  }
  const std::size_t dash = name.rfind('-');
  int number = 1;
  if (dash != std::string::npos) {
    const char* const end = name.data() + name.size();
    const auto read = std::from_chars(name.data() + dash + 1, end, number);
    if (read.ec == std::errc{} && read.ptr == end) {
      name.resize(dash);
    } else {
      number = 1;
    }
  }
  return {std::move(name), number};
}

Result<std::vector<std::string>> below(const std::string& folder) {
  std::vector<std::string> found;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    if (it->is_regular_file(error) && is_recording(it->path()))
      found.push_back(it->path().string());
  }
  if (error) return Error{folder + ": cannot be read: " + error.message()};
  if (found.empty()) return Error{folder + ": holds no recording (.rec, .rec.zst or a raw body)"};
  std::sort(found.begin(), found.end(), [](const std::string& a, const std::string& b) {
    return std::tuple(place_of(a), a) < std::tuple(place_of(b), b);
  });
  return found;
}

}  // namespace

Result<std::vector<std::string>> find_recordings(const std::vector<std::string>& paths) {
  std::vector<std::string> found;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::exists(path, error))
      return Error{path + ": no such file or folder; check the spelling"};
    if (!fs::is_directory(path, error)) {
      found.push_back(path);
      continue;
    }
    auto files = below(path);
    if (!files) return files.error();
    found.insert(found.end(), files->begin(), files->end());
  }
  return found;
}

}  // namespace playhead::cli
