#include "assemble/tool_identity.h"

#include "base/json.h"

namespace playhead::assemble {
namespace {

// The call last active at an index.
std::optional<std::size_t> active_at(std::int64_t index, const std::vector<ToolCall>& calls,
                                     const std::vector<std::uint64_t>& last_pieces) {
  std::optional<std::size_t> active;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (calls[i].index != index) continue;
    if (!active || last_pieces[i] > last_pieces[*active]) active = i;
  }
  return active;
}

std::optional<std::size_t> with_id(std::string_view id, const std::vector<ToolCall>& calls) {
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (calls[i].id == id) return i;
  }
  return std::nullopt;
}

bool is_whole_json(std::string_view text) { return !text.empty() && parse_json(text).ok(); }

// Without any ids, a name may open a call only when the arguments before it are whole: another name
// does, and so does the same name with whole arguments of its own (nothing else could follow a
// whole value).
bool opens_by_name(const Delta& piece, const ToolCall& call) {
  if (piece.name.empty() || call.name.empty() || !call.id.empty()) return false;
  if (call.name == piece.name && (piece.text.empty() || !is_whole_json(piece.text))) return false;
  return is_whole_json(call.arguments);
}

}  // namespace

Identity identify(const Delta& piece, const std::vector<ToolCall>& calls,
                  const std::vector<std::uint64_t>& last_pieces) {
  if (!piece.id.empty()) {
    if (const auto known = with_id(piece.id, calls)) return {*known, std::nullopt};
  }
  const auto active = active_at(piece.index.value_or(0), calls, last_pieces);
  if (!active) return {calls.size(), std::nullopt};
  const ToolCall& call = calls[*active];
  if (piece.id.empty()) {
    return {opens_by_name(piece, call) ? calls.size() : *active, std::nullopt};
  }
  if (call.id.empty()) return {*active, std::nullopt};  // its id comes late
  if (piece.name.empty()) return {*active, Anomaly::tool_id_changed};
  return {calls.size(), Anomaly::tool_index_reused};
}

}  // namespace playhead::assemble
