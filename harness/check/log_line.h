// The text line of one fact of a replay, as the transcript prints it, with the fact's kind.
#ifndef PLAYHEAD_CHECK_LOG_LINE_H_
#define PLAYHEAD_CHECK_LOG_LINE_H_

#include <string>

#include "model/fact.h"

namespace playhead::check {

struct LogLine {
  FactKind kind = FactKind::text;
  std::string line;  // without its newline

  bool operator==(const LogLine&) const = default;
};

}  // namespace playhead::check

#endif  // PLAYHEAD_CHECK_LOG_LINE_H_
