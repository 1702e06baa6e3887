// Which line of a case file a message about one of its JSON blocks speaks of.
#ifndef PLAYHEAD_CHECK_BLOCK_LINE_H_
#define PLAYHEAD_CHECK_BLOCK_LINE_H_

#include <string_view>

#include "check/case_file.h"

namespace playhead::check {

// Of a block that begins behind `fence_line` and parses: the line of the member that `path` begins
// with, as messages write it: ".tools.search.takes_ms: wants ...", "[2].at_ms: ...", "/a/0: ...".
// Where the block has only the beginning of that path, the line of what it has; the fence's where
// it has nothing of it.
int line_in_block(std::string_view text, int fence_line, std::string_view path);

// The same for a message that begins with the name of one of the case's JSON blocks: "run.seed:
// wants
// ..."; the case's own line where it does not.
int line_in_case(const Case& c, std::string_view message);

}  // namespace playhead::check

#endif  // PLAYHEAD_CHECK_BLOCK_LINE_H_
