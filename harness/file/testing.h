// What tests with files share.
#ifndef PLAYHEAD_FILE_TESTING_H_
#define PLAYHEAD_FILE_TESTING_H_

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

namespace playhead::file {

// A fresh folder, removed with all that is in it.
class ScratchFolder {
 public:
  ScratchFolder() : path_(::testing::TempDir() + "playhead.XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) path_.clear();
  }
  ~ScratchFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

}  // namespace playhead::file

#endif  // PLAYHEAD_FILE_TESTING_H_
