#include "report/printable.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

#include "base/utf8.h"

namespace playhead::report {
namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

// What is escaped: controls, soft hyphen, what has no width, line separators, what changes the
// direction of writing, private characters, tags. Joiners stay: scripts and emoji need them.
constexpr Range kHidden[] = {
    {0x0000, 0x001F}, {0x007F, 0x009F}, {0x00AD, 0x00AD}, {0x061C, 0x061C},   {0x180E, 0x180E},
    {0x200B, 0x200B}, {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F},   {0xFEFF, 0xFEFF},
    {0xFFF9, 0xFFFB}, {0xE000, 0xF8FF}, {0xFFFE, 0xFFFF}, {0xE0000, 0xE0FFF},
};

// East Asian Wide and Fullwidth of Unicode's EastAsianWidth.txt, blocks taken whole.
constexpr Range kWide[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x23E9, 0x23F3},   {0x25FD, 0x25FE},
    {0x2600, 0x27BF},   {0x2B00, 0x2BFF},   {0x2E80, 0x303E},   {0x3041, 0x4DBF},
    {0x4E00, 0xA4CF},   {0xA960, 0xA97F},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
    {0xFE10, 0xFE19},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},
    {0x16FE0, 0x18AFF}, {0x1B000, 0x1B2FF}, {0x1F000, 0x1FAFF}, {0x20000, 0x3FFFD},
};

template <std::size_t N>
bool is_in(const Range (&ranges)[N], std::uint32_t code_point) {
  return std::any_of(std::begin(ranges), std::end(ranges), [code_point](const Range& range) {
    return range.first <= code_point && code_point <= range.last;
  });
}

struct Glyph {
  std::string text;
  std::size_t columns = 1;
};

// Takes the first character off well-formed UTF-8.
std::string_view take_character(std::string_view& rest) {
  const auto lead = static_cast<unsigned char>(rest.front());
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  const std::string_view character = rest.substr(0, size);
  rest.remove_prefix(character.size());
  return character;
}

std::uint32_t code_point_of(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character.front());
  if (character.size() == 1) return lead;
  std::uint32_t code_point = lead & (0x7FU >> character.size());
  for (const char c : character.substr(1)) {
    code_point = (code_point << 6) | (static_cast<unsigned char>(c) & 0x3FU);
  }
  return code_point;
}

Glyph glyph_of(std::string_view character) {
  const std::uint32_t code_point = code_point_of(character);
  if (!is_in(kHidden, code_point)) {
    return {std::string(character), is_in(kWide, code_point) ? std::size_t{2} : std::size_t{1}};
  }
  std::string escape = code_point == '\n'   ? "\\n"
                       : code_point == '\t' ? "\\t"
                       : code_point == '\r' ? "\\r"
                                            : fmt::format("\\u{:04x}", code_point);
  const std::size_t columns = escape.size();
  return {std::move(escape), columns};
}

std::vector<Glyph> glyphs_of(std::string_view text) {
  const std::string repaired = to_utf8(text);
  std::vector<Glyph> glyphs;
  for (std::string_view rest = repaired; !rest.empty();) {
    glyphs.push_back(glyph_of(take_character(rest)));
  }
  return glyphs;
}

std::size_t width_of(const std::vector<Glyph>& glyphs) {
  std::size_t columns = 0;
  for (const Glyph& glyph : glyphs) columns += glyph.columns;
  return columns;
}

// As many of the glyphs, from the first on, as the columns hold.
template <typename Iterator>
Iterator end_of_columns(Iterator first, Iterator last, std::size_t columns) {
  while (first != last && first->columns <= columns) columns -= (first++)->columns;
  return first;
}

template <typename Iterator>
std::string joined(Iterator first, Iterator last) {
  std::string out;
  for (; first != last; ++first) out += first->text;
  return out;
}

}  // namespace

std::string printable(std::string_view text) {
  const std::vector<Glyph> glyphs = glyphs_of(text);
  return joined(glyphs.begin(), glyphs.end());
}

std::size_t columns_of(std::string_view printable_text) {
  return width_of(glyphs_of(printable_text));
}

std::string fitted(std::string_view text, std::size_t columns) {
  constexpr std::string_view kLeftOut = " ... ";
  columns = std::min(columns, kFittedEdge / 4);  // a character has at most 4 bytes
  std::string edges(text.substr(0, std::min(text.size(), 2 * kFittedEdge)));
  if (text.size() > 2 * kFittedEdge) {
    edges.replace(kFittedEdge, kFittedEdge, text.substr(text.size() - kFittedEdge));
  }
  const std::vector<Glyph> glyphs = glyphs_of(edges);
  if (width_of(glyphs) <= columns) return joined(glyphs.begin(), glyphs.end());
  const std::size_t room = columns - std::min(columns, kLeftOut.size());
  const auto head = end_of_columns(glyphs.begin(), glyphs.end(), room - room / 3);
  const auto tail = end_of_columns(glyphs.rbegin(), glyphs.rend(), room / 3);
  const auto is_blank = [](const Glyph& glyph) { return glyph.text == " "; };
  const auto begin = std::find_if_not(tail.base(), glyphs.end(), is_blank);
  const auto end = std::find_if_not(std::make_reverse_iterator(head), glyphs.rend(), is_blank);
  return joined(glyphs.begin(), end.base()) + std::string(kLeftOut.substr(0, columns)) +
         joined(begin, glyphs.end());
}

}  // namespace playhead::report
