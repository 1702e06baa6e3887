// The path of a message is followed through the document and its text at the same time.
#include "check/block_line.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>

#include "base/check.h"
#include "base/json.h"
#include "base/json_pointer.h"
#include "check/json_cursor.h"

namespace playhead::check {
namespace {

// An entry of an object or array that a path leads to.
struct Entry {
  std::size_t begin = 0;   // in the text: of its name, or of its value in an array
  std::size_t length = 0;  // of its part of the path
  JsonCursor cursor;       // at its value
  const JsonValue* value = nullptr;
};

// How many bytes of the path are this step; 0: it takes another one.
std::size_t step_length(std::string_view path, std::string_view step) {
  const bool is_step = path.starts_with(step) && std::string_view(".[/:").find(path.substr(
                                                     step.size(), 1)) != std::string_view::npos;
  return is_step ? step.size() : 0;
}

std::size_t length_of_name(std::string_view path, std::string_view name) {
  std::string pointer;
  append_json_pointer(name, pointer);
  return std::max(step_length(path, "." + std::string(name)), step_length(path, pointer));
}

std::size_t length_of_place(std::string_view path, std::size_t place) {
  const std::string number = std::to_string(place);
  return std::max(step_length(path, "[" + number + "]"), step_length(path, "/" + number));
}

// The cursor stands at the value. Names may hold what parts the steps of a path: the longest wins.
std::optional<Entry> entry_on(std::string_view path, const JsonValue& value, JsonCursor cursor) {
  std::optional<Entry> found;
  const auto offer = [&](std::size_t begin, std::size_t length, const JsonValue& inner) {
    if (length > (found ? found->length : 0)) found = Entry{begin, length, cursor, &inner};
    cursor.skip_value();
    cursor.next();
  };
  if (value.IsObject()) {
    cursor.enter();
    for (const auto& entry : value.GetObject()) {
      const std::size_t begin = cursor.at();
      cursor.skip_name();
      offer(begin, length_of_name(path, text_of(entry.name)), entry.value);
    }
  } else if (value.IsArray()) {
    cursor.enter();
    for (rapidjson::SizeType i = 0; i < value.Size(); ++i) {
      offer(cursor.at(), length_of_place(path, i), value[i]);
    }
  }
  return found;
}

struct NamedBlock {
  BlockWord word;
  std::optional<JsonBlock> Case::*block;
};

constexpr std::array<NamedBlock, 5> kJsonBlocks = {{
    {BlockWord::policy, &Case::policy},
    {BlockWord::request, &Case::request},
    {BlockWord::session, &Case::session},
    {BlockWord::run, &Case::run},
    {BlockWord::expect, &Case::expect},
}};

}  // namespace

int line_in_block(std::string_view text, int fence_line, std::string_view path) {
  const auto document = parse_json(text);
  PLAYHEAD_CHECK(document.ok());
  std::optional<Entry> last;
  std::optional<Entry> entry = entry_on(path, *document, JsonCursor(text));
  while (entry) {
    path.remove_prefix(entry->length);
    last = entry;
    entry = entry_on(path, *last->value, last->cursor);
  }
  if (!last) return fence_line;
  const std::string_view before = text.substr(0, last->begin);
  return fence_line + 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
}

int line_in_case(const Case& c, std::string_view message) {
  for (const NamedBlock& row : kJsonBlocks) {
    const std::optional<JsonBlock>& block = c.*row.block;
    const std::string_view name = name_of(row.word);
    if (!block || step_length(message, name) == 0) continue;
    return line_in_block(block->text, block->line, message.substr(name.size()));
  }
  return c.line;
}

}  // namespace playhead::check
