// A repaired text carries each lone surrogate as a private mark: U+FDD0 (a noncharacter) and four
// hex digits. A real U+FDD0 in such a text is marked too, so the marks are unambiguous; text()
// turns them back. No mark leaves this file.
#include "base/json_view.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/json.h"
#include "base/utf8.h"

namespace playhead {
namespace {

constexpr std::string_view kMark = "\xEF\xB7\x90";  // U+FDD0
constexpr std::size_t kMarkDigits = 4;

// What a reader holds at first: most payloads, and little to set up for a stream of a few frames.
// The parser needs some ten times as much.
constexpr std::size_t kFirstCapacity = 1024;

std::optional<std::uint32_t> hex4(std::string_view text, std::size_t at) {
  if (at + kMarkDigits > text.size()) return std::nullopt;
  std::uint32_t value = 0;
  for (std::size_t i = at; i < at + kMarkDigits; ++i) {
    const char c = text[i];
    std::uint32_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<std::uint32_t>(c - '0');
    } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
      digit = static_cast<std::uint32_t>((c | 0x20) - 'a' + 10);
    } else {
      return std::nullopt;
    }
    value = value * 16 + digit;
  }
  return value;
}

// The code unit of the escape \uXXXX at `at`, or nothing.
std::optional<std::uint32_t> unicode_escape(std::string_view text, std::size_t at) {
  if (text.substr(at, 2) != "\\u") return std::nullopt;
  return hex4(text, at + 2);
}

bool is_high(std::uint32_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low(std::uint32_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

// Rewrites the escape at `at` into `out`; returns its length.
std::size_t repair_escape(std::string_view text, std::size_t at, std::string& out,
                          JsonRepairs& repairs) {
  const auto unit = unicode_escape(text, at);
  if (!unit || (!is_high(*unit) && !is_low(*unit) && *unit != 0xFDD0)) {
    const std::size_t size = std::min<std::size_t>(2, text.size() - at);
    out.append(text.substr(at, size));
    return size;
  }
  const auto next = unicode_escape(text, at + 6);
  if (is_high(*unit) && next && is_low(*next)) {
    out.append(text.substr(at, 12));
    return 12;
  }
  if (*unit != 0xFDD0) repairs.lone_surrogate = true;
  out.append(kMark);
  out.append(text.substr(at + 2, kMarkDigits));
  return 6;
}

bool is_number_char(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

// A number that no double or 64-bit integer holds is clamped; others stay as they are.
void repair_number(std::string_view number, std::string& out) {
  const bool integral = number.find_first_of(".eE") == std::string_view::npos;
  constexpr std::size_t kSafeDigits = 18;
  if (integral && number.size() > kSafeDigits) {
    out.append(number).append("e0");
    return;
  }
  const std::size_t exponent = number.find_first_of("eE");
  const std::size_t digits = number.find_first_of("0123456789", exponent);
  constexpr std::size_t kSafeExponentDigits = 2;
  if (exponent != std::string_view::npos && digits != std::string_view::npos &&
      number.size() - digits > kSafeExponentDigits) {
    out.append(number.find('-', exponent) != std::string_view::npos ? "0"
               : number.front() == '-'                              ? "-1e308"
                                                                    : "1e308");
    return;
  }
  out.append(number);
}

// A text that differs from `text` only in what a strict parser would refuse for its encoding or
// range.
void repair_text(std::string_view text, std::string& out, JsonRepairs& repairs) {
  bool in_string = false;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (in_string && c == '\\') {
      i += repair_escape(text, i, out, repairs);
    } else if (in_string && text.substr(i, kMark.size()) == kMark) {
      out.append(kMark).append("FDD0");
      i += kMark.size();
    } else if (!in_string && (c == '-' || (c >= '0' && c <= '9'))) {
      const auto end = std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(i), text.end(),
                                        is_number_char);
      const auto size = static_cast<std::size_t>(end - text.begin()) - i;
      repair_number(text.substr(i, size), out);
      i += size;
    } else {
      if (c == '"') in_string = !in_string;
      out.push_back(c);
      ++i;
    }
  }
}

std::string without_marks(std::string_view text) {
  std::string out;
  for (std::size_t at; (at = text.find(kMark)) != std::string_view::npos;) {
    out.append(text.substr(0, at));
    append_code_point(hex4(text, at + kMark.size()).value_or(0xFFFD), out);
    text.remove_prefix(at + kMark.size() + kMarkDigits);
  }
  out.append(text);
  return out;
}

}  // namespace

JsonReader::JsonReader() = default;

std::optional<JsonView> JsonReader::parse(std::string_view text) {
  if (padded_.size() < text.size() + simdjson::SIMDJSON_PADDING) {
    padded_.resize(std::max(text.size() * 2, kFirstCapacity) + simdjson::SIMDJSON_PADDING);
  }
  std::memcpy(padded_.data(), text.data(), text.size());
  if (parser_.capacity() < text.size() || parser_.max_depth() != kJsonDepthMax) {
    if (parser_.allocate(padded_.size(), kJsonDepthMax) != simdjson::SUCCESS) return std::nullopt;
  }
  simdjson::dom::element root;
  if (parser_.parse(padded_.data(), text.size(), false).get(root) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  return JsonView(root, this);
}

std::optional<JsonView> JsonReader::read(std::string_view text) {
  repairs_ = {};
  repaired_.clear();
  if (text.empty()) return std::nullopt;
  if (auto view = parse(text)) return view;
  unmarked_.clear();
  std::string utf8;
  if (!is_utf8(text)) {
    repairs_.bad_utf8 = true;
    append_utf8_repaired(text, utf8);
    text = utf8;
  }
  repair_text(text, repaired_, repairs_);
  return parse(repaired_);
}

// A string of a repaired text with its marks turned back.
std::string_view JsonReader::unmarked(std::string_view text) {
  if (text.find(kMark) == std::string_view::npos) return text;
  return unmarked_.emplace_back(without_marks(text));
}

// Of a number that is no 64-bit integer.
std::optional<std::int64_t> JsonView::rounded() const {
  double number = 0;
  if (element_.get(number) != simdjson::SUCCESS) return std::nullopt;
  constexpr double kLimit = 9.2e18;
  if (number >= kLimit) return std::numeric_limits<std::int64_t>::max();
  if (number <= -kLimit) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(number);
}

bool JsonView::is_true() const {
  bool value = false;
  return element_.get(value) == simdjson::SUCCESS && value;
}

std::string JsonView::json() const {
  const std::string text = simdjson::minify(element_);
  return reader_->repaired_.empty() ? text : without_marks(text);
}

std::optional<JsonView> JsonView::find(std::string_view name) const {
  simdjson::dom::object object;
  if (element_.get(object) != simdjson::SUCCESS) return std::nullopt;
  simdjson::dom::element found;
  if (object.at_key(name).get(found) != simdjson::SUCCESS) return std::nullopt;
  return JsonView(found, reader_);
}

bool JsonView::has(std::string_view name) const {
  const auto found = find(name);
  return found && !found->is_null();
}

std::string_view JsonView::text_at(std::string_view name) const {
  const auto found = find(name);
  return found ? found->text() : std::string_view{};
}

std::optional<std::int64_t> JsonView::integer_at(std::string_view name) const {
  const auto found = find(name);
  return found ? found->integer() : std::nullopt;
}

}  // namespace playhead
