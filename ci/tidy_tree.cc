// Reading the tree through git where there is one.
#include "ci/tidy_tree.h"

#include <stdio.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>

namespace playhead::ci {
namespace {

namespace fs = std::filesystem;

// What git prints for the command, or nothing where git cannot be asked.
std::optional<std::string> git_output(const fs::path& root, const std::string& command) {
  if (!fs::exists(root / ".git")) return std::nullopt;
  const std::string line = "git -C '" + root.string() + "' " + command + " 2>/dev/null";
  FILE* pipe = popen(line.c_str(), "r");
  if (pipe == nullptr) return std::nullopt;
  std::string output;
  char buffer[4096];
  for (std::size_t size = 0; (size = fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
    output.append(buffer, size);
  }
  if (pclose(pipe) != 0 || output.empty()) return std::nullopt;
  return output;
}

std::set<std::string> split_at_nul(const std::string& text) {
  std::set<std::string> parts;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\0', begin), text.size());
    parts.insert(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

bool is_left_out(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with("build") || name.starts_with(".") || name == "node_modules";
}

std::set<std::string> walk(const fs::path& root) {
  std::set<std::string> paths;
  for (auto it = fs::recursive_directory_iterator(root); it != fs::end(it); ++it) {
    if (it->is_directory() && is_left_out(it->path())) it.disable_recursion_pending();
    if (it->is_regular_file()) paths.insert(it->path().lexically_relative(root).generic_string());
  }
  return paths;
}

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(in), {});
  return text.find('\0') == std::string::npos ? text : std::string();
}

}  // namespace

Tree read_tree(const fs::path& root) {
  const auto listed = git_output(root, "ls-files -z --cached --others --exclude-standard");
  Tree tree;
  for (const std::string& path : listed ? split_at_nul(*listed) : walk(root)) {
    if (!fs::is_regular_file(root / path)) continue;  // deleted, but not yet in the index
    TreeFile file{path, {}, fs::file_size(root / path)};
    if (file.size_bytes <= kFileBytesMax) file.text = read_text(root / path);
    tree.push_back(std::move(file));
  }
  return tree;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace playhead::ci
