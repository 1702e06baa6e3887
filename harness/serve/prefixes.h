// Prefixes: provider prefixes in request targets, as base-URL variables put them there; recordings
// are without.
#ifndef PLAYHEAD_SERVE_PREFIXES_H_
#define PLAYHEAD_SERVE_PREFIXES_H_

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "recording/recording.h"

namespace playhead::serve {

class Prefixes {
 public:
  // `prefixes`: each like "/openai".
  Prefixes(std::vector<std::string> prefixes, const std::vector<Recording>& recordings);

  // The target without the longest prefix that it begins with in whole segments, which is how a
  // recording proxy records it. Where no exchange has that path, but some have it as it came, it
  // stays: Azure's own paths begin with `/openai`. Where neither is recorded, but the path without
  // a further `/v1` is, that goes as well: it stands in the variables, but not in the base URL of
  // every provider. And where only the path behind `/v1` is, it is added: some clients leave it out
  // of a base URL that a variable gives, and the recording proxy put it in.
  std::string stripped(std::string_view target) const;

 private:
  bool is_recorded(std::string_view target) const;

  std::vector<std::string> prefixes_;
  std::set<std::string> recorded_paths_;  // canonical
};

}  // namespace playhead::serve

#endif  // PLAYHEAD_SERVE_PREFIXES_H_
