#include "match/multipart.h"

#include <algorithm>

#include "base/ascii.h"

namespace playhead::match {
namespace {

constexpr std::string_view kBlanks = " \t";

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
}

void trim_end(std::string_view& text) { text = text.substr(0, text.find_last_not_of(kBlanks) + 1); }

// Takes what is before the character, and the character.
std::string_view take_before(std::string_view& text, char stop) {
  const std::size_t end = std::min(text.find(stop), text.size());
  const std::string_view before = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return before;
}

// Takes a value that begins here, and the `;` behind it.
std::string take_value(std::string_view& text) {
  if (!text.starts_with('"')) {
    std::string_view token = take_before(text, ';');
    trim_end(token);
    return std::string(token);
  }
  std::string out;
  std::size_t at = 1;
  for (; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    out += text[at];
  }
  text.remove_prefix(std::min(at, text.size()));
  take_before(text, ';');
  return out;
}

std::size_t line_end_size(std::string_view text) {
  return text.starts_with("\r\n") ? 2 : text.starts_with('\n') ? 1 : 0;
}

// A line that is a delimiter.
struct Delimiter {
  std::size_t begin = 0;
  std::size_t end = 0;  // behind its line end
  bool closes = false;
};

// The first one at or behind `from`. `dashed`: two hyphens and the boundary.
std::optional<Delimiter> find_delimiter(std::string_view body, std::string_view dashed,
                                        std::size_t from) {
  for (std::size_t at = body.find(dashed, from); at != std::string_view::npos;
       at = body.find(dashed, at + 1)) {
    if (at > 0 && body[at - 1] != '\n') continue;
    std::string_view rest = body.substr(at + dashed.size());
    const bool closes = rest.starts_with("--");
    if (closes) rest.remove_prefix(2);
    skip_blanks(rest);
    const std::size_t size = line_end_size(rest);
    if (size == 0 && !(closes && rest.empty())) continue;
    return Delimiter{at, body.size() - rest.size() + size, closes};
  }
  return std::nullopt;
}

// The line end in front of a delimiter belongs to it.
std::string_view before_delimiter(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

// `part 2`, with the name of the form's field where the part's headers tell it.
std::string label_of(std::size_t number, std::string_view part) {
  std::string label = "part " + std::to_string(number);
  while (!part.empty()) {
    std::string_view line = take_before(part, '\n');
    if (line.empty() || line == "\r") break;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!same_ignoring_case(take_before(line, ':'), "content-disposition")) continue;
    if (const auto name = header_parameter(line, "name")) label += " (" + *name + ")";
    break;
  }
  return label;
}

std::optional<std::string> boundary_of(std::string_view content_type) {
  const std::string_view type = content_type.substr(0, content_type.find('/'));
  if (!same_ignoring_case(type, "multipart")) return std::nullopt;
  auto boundary = header_parameter(content_type, "boundary");
  if (!boundary || boundary->empty() || boundary->size() > kBoundaryBytesMax) return std::nullopt;
  return boundary;
}

}  // namespace

std::optional<std::string> header_parameter(std::string_view value, std::string_view name) {
  take_before(value, ';');
  while (!value.empty()) {
    skip_blanks(value);
    const std::size_t end = std::min(value.find_first_of(";="), value.size());
    std::string_view key = value.substr(0, end);
    const bool has_value = end < value.size() && value[end] == '=';
    value.remove_prefix(std::min(end + 1, value.size()));
    if (!has_value) continue;
    trim_end(key);
    skip_blanks(value);
    std::string found = take_value(value);
    if (same_ignoring_case(key, name)) return found;
  }
  return std::nullopt;
}

std::optional<std::vector<MultipartPart>> multipart_parts(std::string_view content_type,
                                                          std::string_view body) {
  const auto boundary = boundary_of(content_type);
  if (!boundary) return std::nullopt;
  const std::string dashed = "--" + *boundary;
  auto delimiter = find_delimiter(body, dashed, 0);
  if (!delimiter) return std::nullopt;
  std::vector<MultipartPart> parts;
  const std::string_view preamble = before_delimiter(body.substr(0, delimiter->begin));
  if (!preamble.empty()) parts.push_back({"preamble", preamble});
  for (std::size_t number = 1; !delimiter->closes; ++number) {
    const std::size_t begin = delimiter->end;
    delimiter = find_delimiter(body, dashed, begin);
    if (!delimiter || number > kMultipartPartsMax) return std::nullopt;
    const std::string_view part = before_delimiter(body.substr(begin, delimiter->begin - begin));
    parts.push_back({label_of(number, part), part});
  }
  const std::string_view epilogue = body.substr(delimiter->end);
  if (!epilogue.empty()) parts.push_back({"epilogue", epilogue});
  return parts;
}

}  // namespace playhead::match
