// Says whether a text is a JSON object, the beginning of one, or neither.
#ifndef PLAYHEAD_REPAIR_JSON_PREFIX_H_
#define PLAYHEAD_REPAIR_JSON_PREFIX_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace playhead::repair {

enum class JsonExtent : std::uint8_t {
  object,     // one whole object, blanks around it
  beginning,  // a proper prefix of one, at least its '{'
  other,      // no text that goes on from here is an object, or nothing has begun
};

// Where a beginning ends.
enum class JsonCut : std::uint8_t {
  none,          // not a beginning
  after_opener,  // of an object or array
  in_string,     // of a key or a value
  after_key,
  after_colon,
  in_scalar,    // of a number or word that is not whole yet
  after_value,  // a whole value; a number may have been meant to go on
  after_comma,
};

struct JsonPrefix {
  JsonExtent extent = JsonExtent::other;
  JsonCut cut = JsonCut::none;
  std::string open_closers;  // what closes the open objects and arrays, innermost first
};

// Reads RFC 8259 strictly, but leaves UTF-8 unchecked. Nesting above kJsonDepthMax is `other`.
JsonPrefix read_json_prefix(std::string_view text);

}  // namespace playhead::repair

#endif  // PLAYHEAD_REPAIR_JSON_PREFIX_H_
