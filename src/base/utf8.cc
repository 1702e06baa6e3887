#include "base/utf8.h"

#include <simdjson.h>

namespace playhead {
namespace {

unsigned byte_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

bool is_continuation(std::string_view text, std::size_t i) {
  return i < text.size() && (byte_at(text, i) & 0xC0) == 0x80;
}

struct Sequence {
  std::size_t size;  // bytes consumed
  bool well_formed;  // otherwise `size` is a maximal ill-formed part
};

// Table 3-7 of the Unicode standard: the second byte decides most of it.
Sequence sequence_at(std::string_view text, std::size_t i) {
  const unsigned lead = byte_at(text, i);
  if (lead < 0x80) return {1, true};
  std::size_t length = 0;
  unsigned low = 0x80;
  unsigned high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return {1, false};
  }
  if (i + 1 >= text.size() || byte_at(text, i + 1) < low || byte_at(text, i + 1) > high) {
    return {1, false};
  }
  for (std::size_t n = 2; n < length; ++n) {
    if (!is_continuation(text, i + n)) return {n, false};
  }
  return {length, true};
}

constexpr std::size_t kSurrogateBytes = 3;  // ED A0..BF 80..BF in WTF-8

bool is_surrogate_half(std::string_view text, std::size_t i, unsigned low, unsigned high) {
  return i + kSurrogateBytes <= text.size() && byte_at(text, i) == 0xED &&
         byte_at(text, i + 1) >= low && byte_at(text, i + 1) <= high &&
         is_continuation(text, i + 2);
}

std::uint32_t surrogate_at(std::string_view text, std::size_t i) {
  return 0xD000U | ((byte_at(text, i + 1) & 0x3FU) << 6) | (byte_at(text, i + 2) & 0x3FU);
}

}  // namespace

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

std::size_t append_utf8_repaired(std::string_view bytes, std::string& out) {
  std::size_t replaced = 0;
  for (std::size_t i = 0; i < bytes.size();) {
    const Sequence sequence = sequence_at(bytes, i);
    out.append(sequence.well_formed ? bytes.substr(i, sequence.size) : kReplacement);
    if (!sequence.well_formed) ++replaced;
    i += sequence.size;
  }
  return replaced;
}

std::string to_utf8(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  std::string out;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (!is_surrogate_half(text, i, 0xA0, 0xBF)) {
      ++i;
      continue;
    }
    append_utf8_repaired(text.substr(begin, i - begin), out);
    out.append(kReplacement);
    i += kSurrogateBytes;
    begin = i;
  }
  append_utf8_repaired(text.substr(begin), out);
  return out;
}

void append_code_point(std::uint32_t code_point, std::string& out) {
  const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6));
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | (code_point >> 12));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | (code_point >> 18));
    put(0x80 | ((code_point >> 12) & 0x3F));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
}

bool ends_in_high_surrogate(std::string_view text) {
  return text.size() >= kSurrogateBytes &&
         is_surrogate_half(text, text.size() - kSurrogateBytes, 0xA0, 0xAF);
}

void append_joined(std::string_view piece, std::string& text) {
  if (ends_in_high_surrogate(text) && is_surrogate_half(piece, 0, 0xB0, 0xBF)) {
    const std::uint32_t high = surrogate_at(text, text.size() - kSurrogateBytes);
    const std::uint32_t low = surrogate_at(piece, 0);
    text.resize(text.size() - kSurrogateBytes);
    append_code_point(0x10000U + ((high - 0xD800U) << 10) + (low - 0xDC00U), text);
    piece.remove_prefix(kSurrogateBytes);
  }
  text.append(piece);
}

}  // namespace playhead
