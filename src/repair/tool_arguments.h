// Judges the argument text of a tool call and repairs it where nothing has to be guessed.
#ifndef PLAYHEAD_REPAIR_TOOL_ARGUMENTS_H_
#define PLAYHEAD_REPAIR_TOOL_ARGUMENTS_H_

#include <string>
#include <string_view>

#include "model/message.h"

namespace playhead::repair {

struct JudgedArguments {
  ArgumentState state = ArgumentState::valid;
  std::string repaired;  // a JSON object; only where the state is repaired
};

// Judges `text`, the whole argument text of one call (SPEC 4):
// - valid: an object that parse_json() accepts, or nothing but blanks, `None` or `null`;
// - repaired: an object after some of the repairs, which never touch what a string says;
// - truncated: a beginning of an object (after the repairs), said of the text alone;
// - invalid: everything else.
// Missing closers are appended only when the reply ended with a finish other than `length`:
// otherwise the text may have been cut.
JudgedArguments judge_arguments(std::string_view text, bool ended_with_other_finish_than_length);

}  // namespace playhead::repair

#endif  // PLAYHEAD_REPAIR_TOOL_ARGUMENTS_H_
