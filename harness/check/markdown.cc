// Line by line: a fence opens a block and only its closing fence ends it, as in CommonMark.
#include "check/markdown.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace playhead::check {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::size_t kHeadingLevelMax = 6;
constexpr std::size_t kFenceMin = 3;

std::size_t run_of(char c, std::string_view text) {
  return std::min(text.find_first_not_of(c), text.size());
}

std::string_view without_leading_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  return text;
}

std::string_view without_closing_signs(std::string_view text) {
  const std::size_t last = text.find_last_not_of('#');
  if (last == std::string_view::npos) return {};
  return kBlanks.find(text[last]) == std::string_view::npos ? text : trimmed(text.substr(0, last));
}

std::optional<Heading> heading_in(const Line& line, int number) {
  const std::string_view text = without_leading_blanks(line.text);
  const std::size_t level = run_of('#', text);
  if (level == 0 || level > kHeadingLevelMax) return std::nullopt;
  const std::string_view rest = text.substr(level);
  if (!rest.empty() && kBlanks.find(rest.front()) == std::string_view::npos) return std::nullopt;
  const std::string name(without_closing_signs(trimmed(rest)));
  return Heading{.level = static_cast<int>(level), .text = name, .line = number};
}

std::optional<Block> fence_in(const Line& line, std::string_view text, int number) {
  std::string_view rest = without_leading_blanks(line.text);
  if (rest.empty() || (rest.front() != '`' && rest.front() != '~')) return std::nullopt;
  const std::size_t size = run_of(rest.front(), rest);
  if (size < kFenceMin) return std::nullopt;
  Block block;
  block.fence = rest.substr(0, size);
  rest.remove_prefix(size);
  // A backtick behind the run: inline code, not a fence.
  if (block.fence.front() == '`' && rest.find('`') != std::string_view::npos) return std::nullopt;
  rest = trimmed(rest);
  block.first_word = take_word(rest);
  block.arguments = rest;
  block.line = number;
  block.indented = line.text.front() != block.fence.front();
  block.crlf = text.substr(0, line.end).ends_with("\r\n");
  block.begin = line.end;
  return block;
}

}  // namespace

bool next_line(std::string_view text, Line& line) {
  if (line.end >= text.size()) return false;
  line.begin = line.end;
  const std::size_t newline = text.find('\n', line.begin);
  line.end = newline == std::string_view::npos ? text.size() : newline + 1;
  line.text = text.substr(line.begin, std::min(newline, text.size()) - line.begin);
  if (line.text.ends_with('\r')) line.text.remove_suffix(1);
  return true;
}

std::string_view trimmed(std::string_view text) {
  text = without_leading_blanks(text);
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);  // npos + 1 == 0
}

std::string_view take_word(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find_first_of(kBlanks));
  text = without_leading_blanks(text.substr(word.size()));
  return word;
}

Error error_at(std::string_view path, int line, std::string_view what) {
  return Error{std::string(path) + ":" + std::to_string(line) + ": " + std::string(what)};
}

bool closes_fence(std::string_view line, std::string_view fence) {
  const std::string_view text = trimmed(line);
  return text.size() >= fence.size() && run_of(fence.front(), text) == text.size();
}

Result<std::vector<MarkdownPart>> scan_markdown(const std::string& path, std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  std::vector<MarkdownPart> parts;
  std::optional<Block> open;
  Line line;
  if (text.starts_with(kByteOrderMark)) line.end = kByteOrderMark.size();
  for (int number = 1; next_line(text, line); ++number) {
    if (open) {
      if (!closes_fence(line.text, open->fence)) continue;
      open->end = line.begin;
      open->text = text.substr(open->begin, open->end - open->begin);
      parts.emplace_back(*std::exchange(open, std::nullopt));
    } else if (auto block = fence_in(line, text, number)) {
      open = std::move(block);
    } else if (auto heading = heading_in(line, number)) {
      parts.emplace_back(*std::move(heading));
    }
  }
  if (!open) return parts;
  return error_at(path, open->line,
                  "this block is never closed; end it with a line " + open->fence);
}

}  // namespace playhead::check
