// The files of the project as tidy sees them, and what is code in them.
#ifndef PLAYHEAD_CI_TIDY_TREE_H_
#define PLAYHEAD_CI_TIDY_TREE_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace playhead::ci {

struct TreeFile {
  std::string path;  // relative to the root, with `/`
  std::string text;  // empty where the file is binary or above kFileBytesMax
  std::uint64_t size_bytes = 0;
};

// Sorted by path.
using Tree = std::vector<TreeFile>;

// STYLE: no file in git above it.
inline constexpr std::uint64_t kFileBytesMax = 1024 * 1024;

// The files that git has or would add; without git all but build folders and hidden folders.
Tree read_tree(const std::filesystem::path& root);

// C++ text with comments turned into blanks, in code_only() literals too. Lines keep their numbers,
// columns their places.
std::string without_comments(std::string_view text);
std::string code_only(std::string_view text);

// Lines without their ends.
std::vector<std::string_view> lines_of(std::string_view text);

bool is_word(char c);

// An identifier or number of code_only() text.
struct Word {
  std::string_view text;  // borrowed
  int line = 0;           // from 1
  char before = ' ';      // nearest character around it that is not blank
  char after = ' ';
  bool is_qualified_other = false;  // by a scope that is neither std nor global
  bool is_std = false;              // std::text
};
std::vector<Word> words_of(std::string_view code);

// Where `word` stands in `text` by itself; npos: nowhere.
std::size_t find_word(std::string_view text, std::string_view word, std::size_t from = 0);

struct FunctionBody {
  int line = 0;        // of its opening brace
  int line_count = 0;  // up to its closing brace, both included
};

// The functions at the level of a file, a namespace or a class, in code_only() text; what stands
// inside a function belongs to it.
std::vector<FunctionBody> function_bodies(std::string_view code);

}  // namespace playhead::ci

#endif  // PLAYHEAD_CI_TIDY_TREE_H_
