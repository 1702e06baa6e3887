// The repairs, in their order.
#include "repair/tool_arguments.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/json.h"
#include "repair/json_prefix.h"

namespace playhead::repair {
namespace {

constexpr std::string_view kJsonBlanks = " \t\n\r";

bool is_json_object(std::string_view text) {
  const Result<JsonDocument> document = parse_json(text);
  return document.ok() && document.value().IsObject();
}

bool says_nothing(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kJsonBlanks);
  if (first == std::string_view::npos) return true;
  text = text.substr(first, text.find_last_not_of(kJsonBlanks) + 1 - first);
  return text == "None" || text == "null";
}

// The offset behind the string that begins at `start`, or the text's end.
std::size_t string_end(std::string_view text, std::size_t start) {
  std::size_t at = start + 1;
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return std::min(at + 1, text.size());
}

// Copies a string. A control character behind a backslash stays: escaping it would make the
// backslash speak for itself, so the text stays broken.
void append_escaped_string(std::string_view string, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  for (std::size_t i = 0; i < string.size(); ++i) {
    const auto byte = static_cast<unsigned char>(string[i]);
    if (byte == '\\' && i + 1 < string.size()) {
      out.append(string.substr(i++, 2));
    } else if (byte < 0x20) {
      out.append("\\u00");
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15]);
    } else {
      out.push_back(string[i]);
    }
  }
}

std::string escape_controls(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '"') {
      out.push_back(text[i++]);
      continue;
    }
    const std::size_t end = string_end(text, i);
    append_escaped_string(text.substr(i, end - i), out);
    i = end;
  }
  return out;
}

// Removes each comma with nothing but blanks between it and a closer, and these blanks.
std::string remove_trailing_commas(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '"') {
      const std::size_t end = string_end(text, i);
      out.append(text.substr(i, end - i));
      i = end;
      continue;
    }
    if (text[i] == ',') {
      const std::size_t next = std::min(text.find_first_not_of(kJsonBlanks, i + 1), text.size());
      if (next < text.size() && (text[next] == '}' || text[next] == ']')) {
        i = next;
        continue;
      }
    }
    out.push_back(text[i++]);
  }
  return out;
}

// Removes closers of a kind of which nothing is open. A closer of an outer opener stays: something
// else is missing before it.
std::string remove_surplus_closers(std::string_view text) {
  std::string out;
  std::size_t open_objects = 0;
  std::size_t open_arrays = 0;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '"') {
      const std::size_t end = string_end(text, i);
      out.append(text.substr(i, end - i));
      i = end;
      continue;
    }
    ++i;
    if (c == '{') ++open_objects;
    if (c == '[') ++open_arrays;
    if (c == '}' || c == ']') {
      std::size_t& open = c == '}' ? open_objects : open_arrays;
      if (open == 0) continue;
      --open;
    }
    out.push_back(c);
  }
  return out;
}

}  // namespace

JudgedArguments judge_arguments(std::string_view text, bool ended_with_other_finish_than_length) {
  if (says_nothing(text) || is_json_object(text)) return {ArgumentState::valid, {}};

  std::string repaired(text);
  for (const auto repair : {escape_controls, remove_trailing_commas, remove_surplus_closers}) {
    std::string next = repair(repaired);
    if (next == repaired) continue;
    repaired = std::move(next);
    if (is_json_object(repaired)) return {ArgumentState::repaired, std::move(repaired)};
  }

  const JsonPrefix prefix = read_json_prefix(repaired);
  if (prefix.extent != JsonExtent::beginning) return {ArgumentState::invalid, {}};
  if (ended_with_other_finish_than_length && prefix.cut == JsonCut::after_value) {
    repaired += prefix.open_closers;
    if (is_json_object(repaired)) return {ArgumentState::repaired, std::move(repaired)};
  }
  return {ArgumentState::truncated, {}};
}

}  // namespace playhead::repair
