// JsonNode: a JSON text as a tree in which equal values are equal text: members sorted, numbers by
// value however many digits they have.
#ifndef PLAYHEAD_MATCH_JSON_NODE_H_
#define PLAYHEAD_MATCH_JSON_NODE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace playhead::match {

// Our choices; what is above either is compared as bytes. The first is what providers take with
// pictures inside (Anthropic: 32 MB); the second keeps a tree of tiny values below 100 MB.
inline constexpr std::size_t kJsonBytesMax = std::size_t{32} << 20;
inline constexpr std::size_t kJsonValuesMax = 1'000'000;

struct JsonNode {
  enum class Kind : std::uint8_t { bytes, scalar, array, object };

  Kind kind = Kind::bytes;
  std::string text;                // of a scalar: canonical JSON; of bytes: those
  std::vector<std::string> names;  // of an object: sorted by their bytes, each once
  std::vector<JsonNode> children;  // items in their order, or the values of `names`

  bool operator==(const JsonNode&) const = default;
};

// The tree of a JSON text, or one node of kind `bytes` where it is none (base/json.h: UTF-8, at
// most kJsonDepthMax deep) or is larger than the limits above. Of members with one name the last
// counts, as for the parsers of clients and providers.
JsonNode read_node(std::string_view text);

// The tree as one text without blanks. Bytes stay as they are.
std::string text_of(const JsonNode& node);

// The one spelling of a JSON number's exact decimal value: 1.0, 10e-1 and 1 are `1`, -0 is `0`,
// 12345678901234567890123 keeps all digits. CHECKs that the text begins like a JSON number.
std::string canonical_number(std::string_view number);

// The value at a JSON pointer (RFC 6901), or nullptr where there is none.
const JsonNode* find_node(const JsonNode& root, std::string_view pointer);

}  // namespace playhead::match

#endif  // PLAYHEAD_MATCH_JSON_NODE_H_
