// How requests are told to be the same: what `--match` says.
#ifndef PLAYHEAD_MATCH_MATCH_OPTIONS_H_
#define PLAYHEAD_MATCH_MATCH_OPTIONS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/name_table.h"
#include "base/result.h"

namespace playhead {

// Method and target have to be the same in every mode (match/canonical.h); the modes differ in what
// they ask of the body.
enum class MatchMode : std::uint8_t { exact, sequence, fields };

inline constexpr NameTable<MatchMode, 3> kMatchModes{{
    {MatchMode::exact, "exact", "the whole body is the same in canonical form"},
    {MatchMode::sequence, "sequence", "any body; each method and target in recorded order, once"},
    {MatchMode::fields, "fields", "only the named parts of the body are the same"},
}};
static_assert(covers_enum(kMatchModes, MatchMode::fields));

// Our choice: fields that one command line may name.
inline constexpr std::size_t kMatchFieldsMax = 64;

struct MatchOptions {
  MatchMode mode = MatchMode::exact;
  std::vector<std::string> fields;  // JSON pointers, none empty; of mode `fields`
  // Equal requests take equal exchanges one after the other; when these are used up the last is
  // served again, as often as asked. Without it, and in mode `sequence` always, such a request is
  // a miss: a client that asks on behind the end of a sequence would never be done.
  bool repeat_last = true;
};

namespace match {

// "exact", "sequence", or "fields=" and a list of top-level names and JSON pointers with commas
// between ("fields=model,/messages/0/content"; a comma inside a name cannot be written). Fails with
// what is wrong and what to write.
Result<MatchOptions> parse_match(std::string_view text);

}  // namespace match
}  // namespace playhead

#endif  // PLAYHEAD_MATCH_MATCH_OPTIONS_H_
