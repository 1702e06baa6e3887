// What all adapters do with deltas: adding them, reading members, and saying what is odd.
#ifndef PLAYHEAD_PROVIDER_DELTAS_H_
#define PLAYHEAD_PROVIDER_DELTAS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_view.h"
#include "model/delta.h"

namespace playhead::provider {

using Member = std::optional<JsonView>;

inline Delta& add(DeltaKind kind, std::vector<Delta>& out) {
  Delta& delta = out.emplace_back();
  delta.kind = kind;
  return delta;
}

// `detail` is borrowed: a literal, or text that lives as long as the deltas.
inline void note(Anomaly anomaly, std::string_view detail, std::vector<Delta>& out) {
  Delta& delta = add(DeltaKind::anomaly, out);
  delta.anomaly = anomaly;
  delta.text = detail;
}

// `path` names the member as people write it: "choices[].delta".
inline void wrong_type(std::string_view path, std::vector<Delta>& out) {
  note(Anomaly::wrong_type, path, out);
}

inline bool is_present(const Member& member) { return member && !member->is_null(); }

inline bool is_object(const Member& member) { return member && member->is_object(); }

// The string of a member; null and missing ones are empty, other types too, with an anomaly.
inline std::string_view text_of(const Member& member, std::string_view path,
                                std::vector<Delta>& out) {
  if (!is_present(member)) return {};
  if (!member->is_string()) wrong_type(path, out);
  return member->text();
}

// Adds a delta of that text unless it is empty. Returns whether it did.
inline bool add_text(DeltaKind kind, std::string_view text, std::vector<Delta>& out) {
  if (text.empty()) return false;
  add(kind, out).text = text;
  return true;
}

// The beginning of a payload for an anomaly's detail, cut between characters, as UTF-8.
std::string quoted(std::string_view data);

}  // namespace playhead::provider

#endif  // PLAYHEAD_PROVIDER_DELTAS_H_
