// MemberCensus: which members of a protocol's payloads nobody here knows, and how often they came.
// Providers add members at will (WIRE 0); one that turns up in a recording is a hint, never an
// error.
#ifndef PLAYHEAD_PROVIDER_MEMBER_CENSUS_H_
#define PLAYHEAD_PROVIDER_MEMBER_CENSUS_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/json_view.h"
#include "model/frame.h"
#include "model/protocol.h"

namespace playhead::provider {

// Our choice: how many different unknown members are told apart.
inline constexpr std::size_t kUnknownMembersMax = 256;

class MemberCensus {
 public:
  explicit MemberCensus(Protocol protocol);

  // Counts the members of a frame's payload. What is no JSON object counts as nothing.
  void count(const Frame& frame);

  // Path ("choices[].delta.audio_content") -> how often it came. Below an unknown member nothing is
  // counted.
  const std::map<std::string, std::uint64_t>& unknown() const { return unknown_; }

 private:
  void walk(const JsonView& value, const std::string& path);

  std::string_view known_;  // paths between blanks
  JsonReader reader_;
  std::map<std::string, std::uint64_t> unknown_;
};

}  // namespace playhead::provider

#endif  // PLAYHEAD_PROVIDER_MEMBER_CENSUS_H_
