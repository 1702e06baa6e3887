// Prefixes: path prefixes in request targets, as clients have them in their base URLs. Recorded
// targets are without; a mark of their exchange tells the prefix (recording/upstream_mark.h).
#ifndef PLAYHEAD_SERVE_PREFIXES_H_
#define PLAYHEAD_SERVE_PREFIXES_H_

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "recording/recording.h"

namespace playhead::serve {

// Puts before each target the prefix that its exchange is marked with: what its client asked for.
void restore_prefixes(std::vector<Recording>& recordings);

class Prefixes {
 public:
  // `known`: each like "/openai", of providers; those of marks are known too. `recordings` have
  // their prefixes restored.
  Prefixes(std::vector<std::string> known, const std::vector<Recording>& recordings);

  // The target of the recordings that is meant by a sent one: the first of these that is recorded,
  // if only with other queries.
  //
  // - With the longest known prefix that it begins with in whole segments: the rest as it is;
  //   without a further `/v1`, which stands in the variables, but not in the base URL of every
  //   provider; with `/v1`, which some clients leave out of a base URL that a variable gives, and
  //   the recording proxy put it in. So each client gets the answers of its own upstream.
  // - Without that prefix, the same three: exchanges that no mark gives a prefix.
  // - As it came: Azure's own paths begin with `/openai`.
  // - Behind each prefix of a mark, in the order of the recordings: the client's base URL has none.
  //
  // Where none is recorded, the one that is nearest to what is: with the prefix if exchanges are
  // recorded under it, else without, else as it came.
  std::string recorded(std::string_view target) const;

 private:
  std::string_view prefix_of(std::string_view target) const;

  std::vector<std::string> known_;
  std::vector<std::string> marked_;    // in the order of the recordings
  std::set<std::string> own_paths_;    // canonical, with the prefix of their mark
  std::set<std::string> plain_paths_;  // canonical, of exchanges without
};

}  // namespace playhead::serve

#endif  // PLAYHEAD_SERVE_PREFIXES_H_
