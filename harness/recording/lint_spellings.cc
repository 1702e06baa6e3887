#include "recording/lint_spellings.h"

#include <algorithm>

#include "base/ascii.h"
#include "recording/redaction_secrets.h"

namespace playhead::recording {
namespace {

// Fewer characters hold no key worth finding.
constexpr std::size_t kBase64Min = 24;
constexpr std::size_t kHexMin = 40;
constexpr std::size_t kUnicodeBytes = 6;  // \u0041
constexpr std::size_t kPercentBytes = 3;  // %41

bool is_base64(char c) {
  return is_digit(c) || is_letter(c) || std::string_view("+/-_").find(c) != std::string_view::npos;
}

bool is_printable(char c) { return c >= 0x20 && c < 0x7f; }

struct Escape {
  char meaning = 0;
  std::size_t size = 0;  // 0: none
};

// What two hex digits at `at` say behind an escape's beginning.
Escape printable_at(std::string_view text, std::size_t at, std::size_t size) {
  if (at + 2 > text.size() || !is_hex_digit(text[at]) || !is_hex_digit(text[at + 1])) return {};
  const std::string triple = "%" + std::string(text.substr(at, 2));
  const char c = percent_decoded(triple).front();
  return is_printable(c) ? Escape{c, size} : Escape{};
}

Escape escape_at(std::string_view text, std::size_t at) {
  if (text[at] == '%') return printable_at(text, at + 1, kPercentBytes);
  if (text[at] != '\\' || at + 1 == text.size()) return {};
  if (text.substr(at, 4) == "\\u00") return printable_at(text, at + 4, kUnicodeBytes);
  switch (text[at + 1]) {
    case '"':
    case '\\':
    case '/': return {text[at + 1], 2};
    case 'n':
    case 'r':
    case 't': return {'\n', 2};
    default: return {};
  }
}

std::vector<EncodedRun> runs_of(std::string_view text, bool (*is_in)(char), std::size_t size_min,
                                std::string (*decode)(std::string_view)) {
  std::vector<EncodedRun> runs;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_in(text[end])) ++end;
    if (end - at >= size_min) runs.push_back({at, end - at, decode(text.substr(at, end - at))});
    at = end + 1;
  }
  return runs;
}

std::string hex_decoded(std::string_view digits) {
  std::string triples;
  for (std::size_t at = 0; at + 2 <= digits.size(); at += 2) {
    triples.append("%").append(digits.substr(at, 2));
  }
  return percent_decoded(triples);
}

}  // namespace

std::size_t UnescapedText::origin(std::size_t at) const {
  const auto behind =
      std::upper_bound(jumps.begin(), jumps.end(), at,
                       [](std::size_t offset, const auto& jump) { return offset < jump.first; });
  if (behind == jumps.begin()) return at;
  const auto& [here, there] = *std::prev(behind);
  return there + (at - here);
}

std::optional<UnescapedText> unescaped(std::string_view text) {
  UnescapedText out;
  std::size_t copied = 0;
  for (std::size_t at = text.find_first_of("\\%"); at < text.size();
       at = text.find_first_of("\\%", at)) {
    const Escape escape = escape_at(text, at);
    if (escape.size == 0) {
      ++at;
      continue;
    }
    out.text.append(text.substr(copied, at - copied)).append(1, escape.meaning);
    at += escape.size;
    copied = at;
    out.jumps.emplace_back(out.text.size(), at);
  }
  if (out.jumps.empty()) return std::nullopt;
  out.text.append(text.substr(copied));
  return out;
}

std::vector<EncodedRun> base64_runs(std::string_view text) {
  return runs_of(text, is_base64, kBase64Min, base64_decoded);
}

std::vector<EncodedRun> hex_runs(std::string_view text) {
  return runs_of(text, is_hex_digit, kHexMin, hex_decoded);
}

}  // namespace playhead::recording
