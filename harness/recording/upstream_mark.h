// The mark by which a recording tells to which upstream an exchange went, and under which path
// prefix its client asked for it (recordings/FORMAT.md): `record` writes it, `serve` reads it.
#ifndef PLAYHEAD_RECORDING_UPSTREAM_MARK_H_
#define PLAYHEAD_RECORDING_UPSTREAM_MARK_H_

#include <string>
#include <string_view>

#include "recording/recording.h"

namespace playhead::recording {

// The path below which `serve` answers about itself; no upstream's prefix is there.
inline constexpr std::string_view kOwnPath = "/_playhead/";

// "upstream api.mistral.ai at /mistral"; without a prefix "upstream api.mistral.ai".
std::string upstream_mark(std::string_view authority, std::string_view prefix);

// The prefix that the first mark of the exchange tells, borrowed from there. Empty: it has none,
// or that mark is another one.
std::string_view upstream_prefix_of(const RecordedExchange& exchange);

}  // namespace playhead::recording

#endif  // PLAYHEAD_RECORDING_UPSTREAM_MARK_H_
