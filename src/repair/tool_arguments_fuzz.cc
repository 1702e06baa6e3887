// Judges any text and checks what a judgement promises.
// Input: one byte of flags, then the text.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/json.h"
#include "repair/json_prefix.h"
#include "repair/tool_arguments.h"

namespace {

using playhead::ArgumentState;

bool is_object(std::string_view text) {
  const auto document = playhead::parse_json(text);
  return document.ok() && document.value().IsObject();
}

bool says_nothing(std::string text) {
  const std::string blanks = " \t\n\r";
  text.erase(text.find_last_not_of(blanks) + 1);
  text.erase(0, text.find_first_not_of(blanks));
  return text.empty() || text == "None" || text == "null";
}

// The string literals of a text, one behind the other, control characters written as escapes.
std::string strings_of(std::string_view text) {
  const std::string_view hex = "0123456789abcdef";
  std::string out;
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '"') inside = !inside;
    if (!inside && byte != '"') continue;
    if (byte < 0x20) {
      out += "\\u00";
      out += hex[byte >> 4];
      out += hex[byte & 15];
    } else {
      out += text[i];
      if (byte == '\\' && i + 1 < text.size()) out += text[++i];
    }
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace playhead::repair;
  if (size == 0) return 0;
  const bool may_close = (data[0] & 1) != 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);

  const JudgedArguments judged = judge_arguments(text, may_close);
  const bool valid = is_object(text) || says_nothing(std::string(text));
  PLAYHEAD_CHECK((judged.state == ArgumentState::valid) == valid);
  PLAYHEAD_CHECK((judged.state == ArgumentState::repaired) == !judged.repaired.empty());
  if (judged.state == ArgumentState::repaired) {
    PLAYHEAD_CHECK(is_object(judged.repaired));
    PLAYHEAD_CHECK(strings_of(judged.repaired) == strings_of(text));
    PLAYHEAD_CHECK(judge_arguments(judged.repaired, may_close).state == ArgumentState::valid);
  }
  // Only missing closers depend on the finish: without it a repair is at most less.
  const ArgumentState when_cut = judge_arguments(text, false).state;
  const bool same = when_cut == judged.state;
  PLAYHEAD_CHECK(same || (may_close && judged.state == ArgumentState::repaired &&
                          when_cut == ArgumentState::truncated));
  // What parses is an object to the reader of beginnings too, and each of its beginnings is one.
  if (is_object(text)) {
    PLAYHEAD_CHECK(read_json_prefix(text).extent == JsonExtent::object);
    for (std::size_t cut = text.find('{') + 1; cut < text.size(); ++cut) {
      PLAYHEAD_CHECK(read_json_prefix(text.substr(0, cut)).extent != JsonExtent::other);
    }
  }
  return 0;
}
