// JSON documents: policies, case blocks, requests, and everything Playhead prints. Backed by
// RapidJSON, used only in the ways that its release 1.1.0 survives: depth checked before a document
// is built, no full-precision and no encoding-validation flag, UTF-8 checked by us.
//
// Provider payloads on the hot path are read through base/json_view.h instead.
#ifndef PLAYHEAD_BASE_JSON_H_
#define PLAYHEAD_BASE_JSON_H_

#include <rapidjson/document.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace playhead {

using JsonDocument = rapidjson::Document;
using JsonValue = rapidjson::Value;

// Our choice: deeper nesting than any provider or case needs, far below what recursion survives.
inline constexpr std::size_t kJsonDepthMax = 128;

// Parses one JSON text. Fails with "line:column: what" on bad JSON, bad UTF-8, or nesting above
// kJsonDepthMax. Duplicate members are kept; lookups find the first.
Result<JsonDocument> parse_json(std::string_view text);

std::string_view text_of(const JsonValue& string_value);

// The member of an object, or nullptr where `value` is no object or has none of that name.
const JsonValue* member(const JsonValue& value, std::string_view name);

// The member when it has that type, otherwise nothing.
std::optional<std::string_view> text_member(const JsonValue& value, std::string_view name);
std::optional<std::int64_t> int_member(const JsonValue& value, std::string_view name);
std::optional<bool> bool_member(const JsonValue& value, std::string_view name);

// Compact text of a value.
std::string json_text(const JsonValue& value);
// The value over several lines, indented by two spaces.
std::string json_pretty(const JsonValue& value);

// Appends `text` as a JSON string with its quotes. Ill-formed UTF-8 is repaired.
void append_json_string(std::string_view text, std::string& out);

// Builds JSON text from front to back. Commas are its own business; balance is CHECKed by take().
class JsonWriter {
 public:
  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);
  JsonWriter& string(std::string_view text);
  JsonWriter& number(std::int64_t value);
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  // A string, or null where there is none.
  JsonWriter& string_or_null(const std::optional<std::string>& text);
  // Already serialised JSON, as one value.
  JsonWriter& raw(std::string_view json);
  JsonWriter& value(const JsonValue& json);

  // The finished text. Leaves the writer empty.
  std::string take();

 private:
  void separate();

  std::string out_;
  std::size_t depth_ = 0;
  bool needs_comma_ = false;
};

}  // namespace playhead

#endif  // PLAYHEAD_BASE_JSON_H_
