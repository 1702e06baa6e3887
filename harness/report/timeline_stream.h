// An exchange as far as a timeline has come: what it is sending, and where in it a cut would fall.
#ifndef PLAYHEAD_REPORT_TIMELINE_STREAM_H_
#define PLAYHEAD_REPORT_TIMELINE_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/fact.h"
#include "model/message.h"

namespace playhead::report {

inline constexpr std::size_t kNameColumns = 32;  // of a name inside the words of a line

// The name, printable, in kNameColumns.
std::string name_text(std::string_view name);

struct Stream {
  std::uint64_t bytes = 0;
  std::uint64_t chunks = 0;
  std::uint64_t framed = 0;  // bytes up to the end of the last whole frame
  bool failing = false;      // its body is an error document
  bool finished = false;     // a finish came, or the reply is over
  std::string sending;       // the content that came last; empty: none yet
  std::string call;          // "tool call search", the last one
  // Calls of its message whose first piece is to come; borrowed from the exchange's report.
  std::vector<const ToolCall*> unopened;

  // ", in the middle of text": where in its reply the exchange is. Empty for an error document.
  std::string place() const;

  // Whether the piece is the first of its call, which is then `call`. Names and ids may come again
  // with every piece, or be others, or be missing: the exchange's message tells which calls there
  // are. Pieces of calls that are sent at once count to the one that was opened last.
  bool open_call(const Fact& piece);
};

}  // namespace playhead::report

#endif  // PLAYHEAD_REPORT_TIMELINE_STREAM_H_
