// The seam through which provider payloads are read: one JSON text at a time, borrowed, without
// allocation once warm. Backed by simdjson's DOM (chosen by measurement, see bench/README.md).
//
// Providers send JSON that a strict parser refuses: bytes that are no UTF-8, lone surrogate
// escapes, numbers beyond a double. Such a text is repaired and read again, and says so; what is
// still no JSON after that is no JSON. Only src/base and src/provider include this header.
#ifndef PLAYHEAD_BASE_JSON_VIEW_H_
#define PLAYHEAD_BASE_JSON_VIEW_H_

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace playhead {

// What had to be repaired before a text was JSON.
struct JsonRepairs {
  bool bad_utf8 = false;        // ill-formed bytes became U+FFFD
  bool lone_surrogate = false;  // an escape \uD800..\uDFFF stands without its other half
};

class JsonView;

// Reads texts one after the other. A view, and every string of it, is borrowed until the next read.
class JsonReader {
 public:
  JsonReader();

  // The root of the text, or nothing when it is no JSON (or nested deeper than 128).
  std::optional<JsonView> read(std::string_view text);

  // What the last read had to repair.
  const JsonRepairs& repairs() const { return repairs_; }

 private:
  std::optional<JsonView> parse(std::string_view text);
  std::string_view unmarked(std::string_view text);

  simdjson::dom::parser parser_;
  std::vector<char> padded_;
  JsonRepairs repairs_;
  std::string repaired_;
  // Strings of a repaired text with lone surrogates, in their WTF-8 form. Borrowed by views.
  std::deque<std::string> unmarked_;

  friend class JsonView;
};

// One value of a text. Accessors of another type than the value's return nothing, zero or empty.
class JsonView {
 public:
  JsonView(simdjson::dom::element element, JsonReader* reader)
      : element_(element), reader_(reader) {}

  bool is_object() const { return element_.is_object(); }
  bool is_array() const { return element_.is_array(); }
  bool is_string() const { return element_.is_string(); }
  bool is_null() const { return element_.is_null(); }
  bool is_number() const { return element_.is_number(); }
  bool is_bool() const { return element_.is_bool(); }

  // The string; empty where the value is none.
  std::string_view text() const {
    std::string_view text;
    if (element_.get(text) != simdjson::SUCCESS) return {};
    return reader_->repaired_.empty() ? text : reader_->unmarked(text);
  }
  // The number rounded toward zero, clamped to 64 bits; nothing where the value is none.
  std::optional<std::int64_t> integer() const {
    std::int64_t integer = 0;
    if (element_.get(integer) == simdjson::SUCCESS) return integer;
    return rounded();
  }
  bool is_true() const;
  // Compact JSON text of the value.
  std::string json() const;

  // The member of an object; nothing where there is none.
  std::optional<JsonView> find(std::string_view name) const;
  // Whether the object has that member and it is not null.
  bool has(std::string_view name) const;
  // The string member; empty where there is none.
  std::string_view text_at(std::string_view name) const;
  std::optional<std::int64_t> integer_at(std::string_view name) const;

  // Calls visit(name, value) for each member of an object in order; for other values not at all.
  template <typename Visit>
  void each_member(Visit&& visit) const;
  // Calls visit(value) for each element of an array in order; for other values not at all.
  template <typename Visit>
  void each_element(Visit&& visit) const;

 private:
  std::optional<std::int64_t> rounded() const;

  simdjson::dom::element element_;
  JsonReader* reader_;
};

template <typename Visit>
void JsonView::each_member(Visit&& visit) const {
  simdjson::dom::object object;
  if (element_.get(object) != simdjson::SUCCESS) return;
  for (const auto field : object) visit(field.key, JsonView(field.value, reader_));
}

template <typename Visit>
void JsonView::each_element(Visit&& visit) const {
  simdjson::dom::array array;
  if (element_.get(array) != simdjson::SUCCESS) return;
  for (const auto element : array) visit(JsonView(element, reader_));
}

}  // namespace playhead

#endif  // PLAYHEAD_BASE_JSON_VIEW_H_
