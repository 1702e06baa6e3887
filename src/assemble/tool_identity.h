// Which tool call a piece belongs to (SPEC 2, "Tool-call pieces"): identity by id, then by index,
// never by a slot number that another call may take.
#ifndef PLAYHEAD_ASSEMBLE_TOOL_IDENTITY_H_
#define PLAYHEAD_ASSEMBLE_TOOL_IDENTITY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "model/anomaly.h"
#include "model/delta.h"
#include "model/message.h"

namespace playhead::assemble {

struct Identity {
  std::size_t call = 0;  // position in `calls`; calls.size(): a new call
  std::optional<Anomaly> oddity;
};

// `calls` in order of first sight; `last_pieces` holds for each of them a number that grows with
// every piece: when its last one came.
Identity identify(const Delta& piece, const std::vector<ToolCall>& calls,
                  const std::vector<std::uint64_t>& last_pieces);

}  // namespace playhead::assemble

#endif  // PLAYHEAD_ASSEMBLE_TOOL_IDENTITY_H_
