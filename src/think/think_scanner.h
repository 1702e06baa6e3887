// Tells the visible text of a reply from the reasoning in think tags, while the reply streams.
#ifndef PLAYHEAD_THINK_THINK_SCANNER_H_
#define PLAYHEAD_THINK_THINK_SCANNER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/anomaly.h"
#include "think/code_lines.h"
#include "think/tag.h"

namespace playhead::think {

// The policy `think`.
struct ScanOptions {
  // How long a tag in the middle of a line, or tool markup, is held back: bytes from its '<'.
  std::int64_t hold_bytes = 16 * 1024;
  // The model's template opened the block: the text before the first closer is reasoning.
  bool starts_inside = false;
};

struct ScanNote {
  Anomaly anomaly = Anomaly::think_unterminated;
  std::uint64_t offset = 0;  // bytes of content before its tag
};

// Our choice: a reply with more oddities than this is noise; further ones are not listed.
inline constexpr std::size_t kScanNotesMax = 4096;

// Reads the content of one reply and tells visible text, reasoning and markup apart (SPEC 3).
//
// Law: everything it gives out depends on the text alone, never on how the text was cut. A decision
// looks only at the text and at what was decided before it, waits until the text decides it, and is
// never taken back.
//
// Where SPEC 3 leaves room: the pair of a mid-line opener is looked for in the text as it stands,
// code or not. A closing fence has only blanks behind its run; a fence of backticks has no further
// backtick on its opening line. A tag whose place in a code span is still open after hold_bytes is
// text. A tag is at most as long as hold_bytes, but never less than kTagBytesMin or more than
// kTagBytesMax. Orphan closers and removed markup between two blocks count as more than blanks.
class ThinkScanner {
 public:
  explicit ThinkScanner(ScanOptions options = {});

  // Feeds one piece of content: well-formed UTF-8, cut anywhere. CHECKs that finish() was not
  // called.
  void feed(std::string_view content);

  // The reply ended: decides what is still held.
  void finish();

  // The visible text decided by the last feed() or finish(), untrimmed. Borrowed until the next
  // call.
  std::string_view visible() const { return visible_; }

  // All reasoning so far, untrimmed. Blocks with only blanks between them join exactly, others by a
  // blank line.
  const std::string& reasoning() const { return reasoning_; }

  // Whether an opener of the family stood in the content, outside code. Reasoning of a reply that
  // starts inside counts: its opener stands in the template.
  bool saw_opener() const { return saw_opener_; }

  // think_unterminated, think_orphan_closer, tool_markup_in_content: one per occurrence, by offset,
  // at most kScanNotesMax.
  const std::vector<ScanNote>& notes() const { return notes_; }

 private:
  std::size_t advance(std::string_view text);
  std::size_t read_block(std::string_view rest);
  std::size_t read_text(std::string_view rest);
  std::size_t skip_blanks(std::string_view rest);
  std::size_t read_candidate(std::string_view rest);
  std::size_t take_tag(const Tag& tag, std::string_view rest);
  std::size_t take_pair(const Tag& tag, std::string_view rest);
  void show(std::string_view text);
  void think(std::string_view text);
  void note(Anomaly anomaly, std::uint64_t offset);

  struct Closer;
  Closer find_closer(const Tag& tag, std::string_view rest);

  // Our choices: no model writes longer tags; a plain tag is waited for however small hold_bytes
  // is.
  static constexpr std::size_t kTagBytesMax = 4096;
  static constexpr std::size_t kTagBytesMin = 64;

  std::size_t hold_bytes_;
  std::size_t tag_bytes_max_;

  bool inside_;                   // a block
  std::uint64_t block_at_ = 0;    // its opener's offset
  bool swallows_blanks_ = false;  // behind an orphan closer
  bool line_is_blank_ = true;     // of the visible text
  bool saw_opener_ = false;
  bool gap_ = false;  // more than blanks since the last block
  bool ended_ = false;
  CodeLines code_;

  std::uint64_t offset_ = 0;  // of the first byte not decided yet
  std::string held_;          // holds the text from there on, behind held_start_
  std::size_t held_start_ = 0;
  // No closer begins before these offsets: of the think family, and of each tool name.
  std::array<std::uint64_t, 1 + kToolNameCount> no_closer_before_{};

  std::string visible_;
  std::string reasoning_;
  std::vector<ScanNote> notes_;
};

struct ScanResult {
  std::string visible;
  std::string reasoning;
  bool saw_opener = false;
  std::vector<ScanNote> notes;
};

// The whole content at once; the same rules.
ScanResult scan(std::string_view content, ScanOptions options = {});

}  // namespace playhead::think

#endif  // PLAYHEAD_THINK_THINK_SCANNER_H_
