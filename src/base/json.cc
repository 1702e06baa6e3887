#include "base/json.h"

#include <rapidjson/error/en.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>

#include "base/utf8.h"

namespace playhead {
namespace {

std::string position(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 == 0
  return std::to_string(line) + ":" + std::to_string(before.size() - line_start + 1);
}

// The offset where nesting passes kJsonDepthMax, or nothing.
std::optional<std::size_t> too_deep(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kJsonDepthMax) return i;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return std::nullopt;
}

}  // namespace

Result<JsonDocument> parse_json(std::string_view text) {
  if (const auto offset = too_deep(text)) {
    return Error{position(text, *offset) + ": nested deeper than " + std::to_string(kJsonDepthMax) +
                 " levels"};
  }
  if (!is_utf8(text)) return Error{"1:1: not valid UTF-8"};
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return Error{position(text, nul) + ": a NUL byte is not JSON"};
  }
  JsonDocument document;
  document.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  if (document.HasParseError()) {
    return Error{position(text, document.GetErrorOffset()) + ": " +
                 rapidjson::GetParseError_En(document.GetParseError())};
  }
  return document;
}

std::string_view text_of(const JsonValue& string_value) {
  return {string_value.GetString(), string_value.GetStringLength()};
}

const JsonValue* member(const JsonValue& value, std::string_view name) {
  if (!value.IsObject()) return nullptr;
  for (const auto& entry : value.GetObject()) {
    if (text_of(entry.name) == name) return &entry.value;
  }
  return nullptr;
}

std::optional<std::string_view> text_member(const JsonValue& value, std::string_view name) {
  const JsonValue* found = member(value, name);
  if (found == nullptr || !found->IsString()) return std::nullopt;
  return text_of(*found);
}

std::optional<std::int64_t> int_member(const JsonValue& value, std::string_view name) {
  const JsonValue* found = member(value, name);
  if (found == nullptr || !found->IsInt64()) return std::nullopt;
  return found->GetInt64();
}

std::optional<bool> bool_member(const JsonValue& value, std::string_view name) {
  const JsonValue* found = member(value, name);
  if (found == nullptr || !found->IsBool()) return std::nullopt;
  return found->GetBool();
}

std::string json_text(const JsonValue& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

std::string json_pretty(const JsonValue& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> writer(buffer);
  writer.SetIndent(' ', 2);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

namespace {

// Objects, not functions: the algorithms below are to inline them.
constexpr auto needs_escape = [](char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
};
// Whether it needs an escape, or UTF-8 has to be looked at.
constexpr auto is_special = [](char c) {
  return needs_escape(c) || static_cast<unsigned char>(c) >= 0x80;
};

void append_escape(char c, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out.push_back('\\');
  switch (c) {
    case '"':
    case '\\': out.push_back(c); return;
    case '\b': out.push_back('b'); return;
    case '\f': out.push_back('f'); return;
    case '\n': out.push_back('n'); return;
    case '\r': out.push_back('r'); return;
    case '\t': out.push_back('t'); return;
    default: break;
  }
  out.append("u00");
  out.push_back(kHex[static_cast<unsigned char>(c) >> 4]);
  out.push_back(kHex[static_cast<unsigned char>(c) & 15]);
}

void append_escaped(std::string_view text, std::string& out) {
  while (!text.empty()) {
    const auto stop = std::find_if(text.begin(), text.end(), needs_escape);
    const auto plain = static_cast<std::size_t>(stop - text.begin());
    out.append(text.substr(0, plain));
    if (stop == text.end()) return;
    append_escape(*stop, out);
    text.remove_prefix(plain + 1);
  }
}

}  // namespace

void append_json_string(std::string_view text, std::string& out) {
  out.push_back('"');
  if (std::none_of(text.begin(), text.end(), is_special)) {
    out.append(text);
  } else if (is_utf8(text)) {
    append_escaped(text, out);
  } else {
    append_escaped(to_utf8(text), out);
  }
  out.push_back('"');
}

void JsonWriter::separate() {
  if (needs_comma_) out_.push_back(',');
  needs_comma_ = true;
}

JsonWriter& JsonWriter::begin_object() {
  separate();
  out_.push_back('{');
  ++depth_;
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  PLAYHEAD_CHECK(depth_ > 0);
  out_.push_back('}');
  --depth_;
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  separate();
  out_.push_back('[');
  ++depth_;
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  PLAYHEAD_CHECK(depth_ > 0);
  out_.push_back(']');
  --depth_;
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  append_json_string(name, out_);
  out_.push_back(':');
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view text) {
  separate();
  append_json_string(text, out_);
  return *this;
}

JsonWriter& JsonWriter::number(std::int64_t value) { return raw(std::to_string(value)); }

JsonWriter& JsonWriter::boolean(bool value) { return raw(value ? "true" : "false"); }

JsonWriter& JsonWriter::null() { return raw("null"); }

JsonWriter& JsonWriter::string_or_null(const std::optional<std::string>& text) {
  return text ? string(*text) : null();
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_.append(json);
  return *this;
}

JsonWriter& JsonWriter::value(const JsonValue& json) { return raw(json_text(json)); }

std::string JsonWriter::take() {
  PLAYHEAD_CHECK(depth_ == 0);
  needs_comma_ = false;
  return std::exchange(out_, {});
}

}  // namespace playhead
