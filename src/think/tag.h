// Reads one think tag or tool-markup tag at the start of a text.
#ifndef PLAYHEAD_THINK_TAG_H_
#define PLAYHEAD_THINK_TAG_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace playhead::think {

// A set of tag names: one bit for each row of the table in tag.cc.
using TagNames = std::uint16_t;
inline constexpr TagNames kThinkNames = 0x01f;
inline constexpr TagNames kToolNames = 0x3e0;
inline constexpr int kFirstToolName = 5;  // the bit of the first tool name
inline constexpr int kToolNameCount = 5;

// Blanks are space, tab and newline (SPEC 3).
constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

enum class TagKind : std::uint8_t {
  none,     // no tag begins here
  partial,  // the text ends before that can be said
  opener,   // <name> or <name attributes>
  empty,    // <name/> or <name attributes/>, of the think names only
  closer,   // </name>, blanks allowed before the '>'
};

struct Tag {
  TagKind kind = TagKind::none;
  TagNames name = 0;       // its single bit; 0 unless the tag is whole
  std::size_t length = 0;  // bytes, from '<' to '>'
};

// Reads the tag at the start of `text`, which begins with '<' (SPEC 3). Names in any ASCII case.
// Attributes begin with a blank and go on to the first '>'; a '<' among them makes the whole thing
// text. So does a length above `bytes_max`.
Tag read_tag(std::string_view text, std::size_t bytes_max);

// The same for closers of `names` only; everything else is none.
Tag read_closer(std::string_view text, TagNames names, std::size_t bytes_max);

}  // namespace playhead::think

#endif  // PLAYHEAD_THINK_TAG_H_
