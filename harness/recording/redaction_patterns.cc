// The spellings of characters, and the index by which the beginning of a pattern is told.
#include "recording/redaction_patterns.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "base/base64.h"
#include "base/check.h"
#include "base/utf8.h"

namespace playhead::recording {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kUpperHexDigits = "0123456789ABCDEF";
// Characters that a JSON string may write as a backslash and a letter, and that letter.
constexpr std::string_view kEscaped = "\"\\/\b\f\n\r\t";
constexpr std::string_view kEscapes = "\"\\/bfnrt";

// One bit in so many is set: a stream seldom stops for nothing.
constexpr std::size_t kFilterBitsPerStart = 64;
constexpr std::size_t kFilterBitsMin = std::size_t{1} << 14;
constexpr std::size_t kFilterBitsMax = std::size_t{1} << 20;
constexpr std::uint64_t kWindowMask = (std::uint64_t{1} << (8 * SecretPatterns::kWindow)) - 1;

unsigned char byte_of(char c) { return static_cast<unsigned char>(c); }

// The eight bytes, the first one lowest; compilers make one load of it.
std::uint64_t eight_bytes(const char* bytes) {
  const auto byte = [bytes](int i) { return std::uint64_t{byte_of(bytes[i])} << (8 * i); };
  return byte(0) | byte(1) | byte(2) | byte(3) | byte(4) | byte(5) | byte(6) | byte(7);
}

// A window of a Start as eight_bytes() & kWindowMask has it.
std::uint64_t turned(std::uint64_t window) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < SecretPatterns::kWindow; ++i) {
    out = out << 8 | (window & 0xFF);
    window >>= 8;
  }
  return out;
}

std::string hex_of(char c) { return {kHexDigits[byte_of(c) >> 4], kHexDigits[byte_of(c) & 15]}; }

std::string percent_of(std::string_view bytes, std::string_view sign) {
  std::string out;
  for (const char c : bytes) out.append(sign).append(hex_of(c));
  return out;
}

// `\uXXXX`, or two of them where the code point needs a surrogate pair.
std::string escape_of(std::uint32_t code_point, std::string_view backslash) {
  const auto unit = [backslash](std::uint32_t value) {
    std::string out(backslash);
    out += 'u';
    for (const int shift : {12, 8, 4, 0}) out += kHexDigits[value >> shift & 15];
    return out;
  };
  if (code_point < 0x10000) return unit(code_point);
  const std::uint32_t rest = code_point - 0x10000;
  return unit(0xD800 + (rest >> 10)) + unit(0xDC00 + (rest & 0x3FF));
}

// What every character can be written as: `bytes` is its UTF-8.
Unit spellings_of(std::string_view bytes, std::uint32_t code_point) {
  return {{std::string(bytes), false},
          {percent_of(bytes, "%"), true},
          {percent_of(bytes, "%25"), true},
          {escape_of(code_point, "\\"), true},
          {escape_of(code_point, "\\\\"), true}};
}

Unit ascii_spellings(char c) {
  Unit unit = spellings_of({&c, 1}, byte_of(c));
  if (c == ' ') unit.push_back({"+", false});
  const std::size_t at = kEscaped.find(c);
  if (at == std::string_view::npos) return unit;
  const std::string letter(1, kEscapes[at]);
  unit.push_back({"\\" + letter, false});
  if (c == '"' || c == '\\') {
    unit.push_back({"\\\\\\" + letter, false});  // both characters of the escape are escaped again
  } else {
    unit.push_back({"\\\\" + letter, false});
  }
  if (c == '/') unit.push_back({"\\\\\\/", false});
  return unit;
}

Unit base64_spellings(char c) {
  if (c != '+' && c != '/') return {{std::string(1, c), false}};
  Unit unit = ascii_spellings(c);
  unit.push_back({c == '+' ? "-" : "_", false});
  return unit;
}

// Spellings of all bytes, made once: most units are shared by all secrets.
struct UnitTables {
  std::array<Unit, 128> ascii;
  std::array<Unit, 128> base64;
  std::array<Unit, 256> hex;
  std::array<Unit, 256> stray;  // bytes that are no UTF-8

  UnitTables() {
    for (std::size_t i = 0; i < 256; ++i) {
      const char c = static_cast<char>(i);
      hex[i] = {{hex_of(c), true}};
      stray[i] = {{std::string(1, c), false},
                  {percent_of({&c, 1}, "%"), true},
                  {percent_of({&c, 1}, "%25"), true}};
      if (i >= 128) continue;
      ascii[i] = ascii_spellings(c);
      base64[i] = base64_spellings(c);
    }
  }
};

const UnitTables& tables() {
  static const UnitTables kTables;
  return kTables;
}

bool is_continuation(char c) { return (byte_of(c) & 0xC0) == 0x80; }

// The first code point of the text and its size in bytes; size 0 where it is no UTF-8.
std::pair<std::uint32_t, std::size_t> code_point_at(std::string_view text) {
  const unsigned char first = byte_of(text.front());
  const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (size > text.size() || !is_utf8(text.substr(0, size))) return {0, 0};
  std::uint32_t code_point = size == 1 ? first : first & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) code_point = code_point << 6 | (byte_of(text[i]) & 0x3FU);
  return {code_point, size};
}

// `at`, or the beginning of the character that it lies in.
std::size_t border_before(std::string_view text, std::size_t at) {
  std::size_t begin = at;
  while (begin > 0 && at - begin < 3 && is_continuation(text[begin])) --begin;
  return begin;
}

std::vector<std::string_view> pieces_of(std::string_view secret) {
  std::vector<std::string_view> pieces;
  std::size_t at = 0;
  for (; secret.size() - at > SecretPatterns::kPieceBytes;) {
    const std::size_t end = border_before(secret, at + SecretPatterns::kPieceBytes);
    pieces.push_back(secret.substr(at, end - at));
    at = border_before(secret, end - SecretPatterns::kPieceOverlap);
  }
  pieces.push_back(secret.substr(at));
  return pieces;
}

// What stands in a document that is base64 or hex as a whole: the secret, and as JSON and URLs
// spell it.
std::vector<std::string> encoded_variants(std::string_view secret) {
  std::string json;
  std::string json_slash;
  std::string url;
  for (const char c : secret) {
    const std::size_t escape = kEscaped.find(c);
    const std::string escaped =
        escape == std::string_view::npos ? std::string(1, c) : std::string{'\\', kEscapes[escape]};
    json += c == '/' ? "/" : escaped;
    json_slash += escaped;
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
    if (is_plain) {
      url += c;
    } else {
      url += {'%', kUpperHexDigits[byte_of(c) >> 4], kUpperHexDigits[byte_of(c) & 15]};
    }
  }
  std::vector<std::string> variants{std::string(secret)};
  for (const std::string& variant : {json, json_slash, url}) {
    if (std::find(variants.begin(), variants.end(), variant) == variants.end()) {
      variants.push_back(variant);
    }
  }
  return variants;
}

}  // namespace

class SecretPatterns::Compiler {
 public:
  explicit Compiler(SecretPatterns& out) : out_(out) {}

  void add(std::string_view secret) {
    for (const std::string_view piece : pieces_of(secret)) add_text(piece);
    for (const std::string& variant : encoded_variants(secret)) {
      for (const std::string_view piece : pieces_of(variant)) {
        add_hex(piece);
        for (std::size_t alignment = 0; alignment < 3; ++alignment) add_base64(piece, alignment);
      }
    }
  }

  void finish() {
    for (std::uint32_t i = 0; i < out_.patterns_.size(); ++i) {
      pattern_ = i;
      expand_unit(0, 0, 0);
    }
    std::sort(out_.starts_.begin(), out_.starts_.end());
    out_.starts_.erase(std::unique(out_.starts_.begin(), out_.starts_.end()), out_.starts_.end());
    const std::size_t bits = std::bit_ceil(
        std::clamp(kFilterBitsPerStart * out_.starts_.size(), kFilterBitsMin, kFilterBitsMax));
    out_.filter_shift_ = 64 - std::countr_zero(bits);
    out_.filter_.resize(bits / 64);
    for (const Start& start : out_.starts_) {
      const std::uint64_t bit = out_.filter_bit(turned(start.window));
      out_.filter_[bit / 64] |= std::uint64_t{1} << (bit % 64);
    }
  }

 private:
  void add_text(std::string_view piece) {
    SecretPattern pattern;
    while (!piece.empty()) {
      const auto [code_point, size] = code_point_at(piece);
      if (size == 0) {
        pattern.units.push_back(&tables().stray[byte_of(piece.front())]);
      } else if (size == 1) {
        pattern.units.push_back(&tables().ascii[code_point]);
      } else {
        out_.own_units_.push_back(spellings_of(piece.substr(0, size), code_point));
        pattern.units.push_back(&out_.own_units_.back());
      }
      piece.remove_prefix(std::max<std::size_t>(size, 1));
    }
    out_.patterns_.push_back(std::move(pattern));
  }

  void add_hex(std::string_view piece) {
    SecretPattern pattern{SecretForm::hex, 0, {}};
    for (const char c : piece) pattern.units.push_back(&tables().hex[byte_of(c)]);
    out_.patterns_.push_back(std::move(pattern));
  }

  void add_base64(std::string_view piece, std::size_t alignment) {
    const std::string encoded = base64(std::string(alignment, '\0').append(piece));
    const std::size_t begin = (8 * alignment + 5) / 6;
    const std::size_t end = 8 * (alignment + piece.size()) / 6;
    SecretPattern pattern{SecretForm::base64, static_cast<unsigned>(begin % 4), {}};
    for (std::size_t i = begin; i < end; ++i) {
      pattern.units.push_back(&tables().base64[byte_of(encoded[i])]);
    }
    out_.patterns_.push_back(std::move(pattern));
  }

  // Enters all windows that begin with the `size` bytes of `window` and go on with the unit.
  void expand_unit(std::size_t unit, std::uint64_t window, std::size_t size) {
    const SecretPattern& pattern = out_.patterns_[pattern_];
    PLAYHEAD_CHECK(unit < pattern.units.size());
    for (const Spelling& spelling : *pattern.units[unit]) {
      expand_spelling(unit, spelling, 0, window, size);
    }
  }

  void expand_spelling(std::size_t unit, const Spelling& spelling, std::size_t at,
                       std::uint64_t window, std::size_t size) {
    if (size == kWindow) {
      out_.starts_.push_back({window, pattern_});
      return;
    }
    if (at == spelling.bytes.size()) {
      expand_unit(unit + 1, window, size);
      return;
    }
    const char c = spelling.bytes[at];
    expand_spelling(unit, spelling, at + 1, window << 8 | byte_of(c), size + 1);
    if (!spelling.any_case || c < 'a' || c > 'z') return;
    const char upper = static_cast<char>(c - ('a' - 'A'));
    expand_spelling(unit, spelling, at + 1, window << 8 | byte_of(upper), size + 1);
  }

  SecretPatterns& out_;
  std::uint32_t pattern_ = 0;
};

bool Spelling::matches(std::size_t at, char c) const {
  if (any_case && c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return bytes[at] == c;
}

std::shared_ptr<const SecretPatterns> SecretPatterns::compile(const SecretSet& secrets) {
  auto patterns = std::make_shared<SecretPatterns>();
  patterns->mask_everything_ = secrets.overflowed();
  Compiler compiler(*patterns);
  for (const SecretSet::Secret& secret : secrets.secrets()) compiler.add(secret.value);
  compiler.finish();
  return patterns;
}

const SecretPatterns::Start* SecretPatterns::lower_bound(std::uint64_t window) const {
  const auto is_below = [](const Start& start, std::uint64_t w) { return start.window < w; };
  return starts_.data() +
         (std::lower_bound(starts_.begin(), starts_.end(), window, is_below) - starts_.begin());
}

bool SecretPatterns::may_begin(std::string_view bytes) const {
  if (starts_.empty() || bytes.size() < kWindow) return !starts_.empty();
  std::uint64_t window = 0;
  for (std::size_t i = 0; i < kWindow; ++i) {
    window |= std::uint64_t{byte_of(bytes[i])} << (8 * i);
  }
  return may_start(window);
}

std::size_t SecretPatterns::next_start(std::string_view bytes, std::size_t from) const {
  if (starts_.empty()) return bytes.size();
  std::size_t at = from;
  for (; at + 8 <= bytes.size(); ++at) {
    if (may_start(eight_bytes(bytes.data() + at) & kWindowMask)) return at;
  }
  for (; at < bytes.size(); ++at) {
    bool found = false;
    each_start(bytes.substr(at), [&found](const SecretPattern&) { found = true; });
    if (found) return at;
  }
  return at;
}

}  // namespace playhead::recording
