// The parts of a Markdown text that a case file is made of: headings and fenced blocks, with the
// places where they stand. Everything else is prose and left out.
#ifndef PLAYHEAD_CHECK_MARKDOWN_H_
#define PLAYHEAD_CHECK_MARKDOWN_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace playhead::check {

// `# title`, `## case`, ...: the level is the number of number signs.
struct Heading {
  int level = 1;
  std::string text;  // trimmed, without closing number signs
  int line = 0;      // of the file, from 1
};

// A block fenced by three or more backticks or tildes.
struct Block {
  std::string first_word;  // of the opening fence; empty where there is none
  std::string arguments;   // the rest of the opening fence, trimmed
  std::string text;        // the lines between the fences, as they stand in the file
  std::string fence;       // the run of backticks or tildes that opened it
  int line = 0;            // of the opening fence, from 1
  bool indented = false;   // the opening fence does not begin in the first column
  bool crlf = false;       // the opening fence's line ends in CR LF
  std::size_t begin = 0;   // byte span of `text` in the file
  std::size_t end = 0;
};

using MarkdownPart = std::variant<Heading, Block>;

// The parts in order. Fails with "path:line: what" where a fence is never closed.
Result<std::vector<MarkdownPart>> scan_markdown(const std::string& path, std::string_view text);

// Whether the line, without its newline, closes a block that `fence` opened.
bool closes_fence(std::string_view line, std::string_view fence);

// One line of a text. Borrowed from it.
struct Line {
  std::string_view text;  // without its end (LF or CR LF)
  std::size_t begin = 0;
  std::size_t end = 0;  // past its end
};

// Moves `line` to the line behind it, from a fresh Line to the first. False past the last line.
bool next_line(std::string_view text, Line& line);

// Without spaces and tabs at both ends.
std::string_view trimmed(std::string_view text);

// Takes the first word, and the blanks behind it, off `text`.
std::string_view take_word(std::string_view& text);

// "path:line: what".
Error error_at(std::string_view path, int line, std::string_view what);

}  // namespace playhead::check

#endif  // PLAYHEAD_CHECK_MARKDOWN_H_
