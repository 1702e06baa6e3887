// Profiles: named policies that ship with the library, for comparison (SPEC 12). Each is a file of
// src/model/profiles; src/model/POLICY.md shows what differs.
#ifndef PLAYHEAD_MODEL_POLICY_PROFILE_H_
#define PLAYHEAD_MODEL_POLICY_PROFILE_H_

#include <span>
#include <string_view>

namespace playhead {

struct PolicyProfile {
  std::string_view name;
  std::string_view json;  // every member of a policy, as policy_json() writes it
};

// All profiles, `default` first.
std::span<const PolicyProfile> policy_profiles();

}  // namespace playhead

#endif  // PLAYHEAD_MODEL_POLICY_PROFILE_H_
