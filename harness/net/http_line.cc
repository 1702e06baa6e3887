#include "net/http_line.h"

#include <algorithm>

namespace playhead::net {

namespace {

bool is_field_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return c == '\t' || (byte >= 0x20 && byte != 0x7f);
}

bool is_token_byte(char c) {
  if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) return true;
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return kMarks.find(c) != std::string_view::npos;
}

}  // namespace

LineStep append_line_byte(char byte, std::string& text) {
  const bool behind_cr = !text.empty() && text.back() == '\r';
  text.push_back(byte);
  if (behind_cr) return byte == '\n' ? LineStep::line : LineStep::bad;
  return byte == '\r' || is_field_byte(byte) ? LineStep::more : LineStep::bad;
}

std::string_view add_header_line(std::string_view line, std::vector<HttpHeader>& headers) {
  if (line.empty()) return "an empty line where a header belongs";
  if (line.front() == ' ' || line.front() == '\t') return "a folded header line";
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return "a header line without a colon";
  const std::string_view name = line.substr(0, colon);
  if (name.empty()) return "a header without a name";
  if (name.back() == ' ' || name.back() == '\t') return "a blank before the colon of a header";
  if (!is_token(name)) return "a header name that is no token";
  headers.emplace_back(name, without_outer_blanks(line.substr(colon + 1)));
  return {};
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_byte);
}

bool is_field_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_field_byte);
}

std::string_view without_outer_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace playhead::net
