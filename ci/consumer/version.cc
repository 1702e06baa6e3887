// Links every library that is not about GoogleTest.
#include <model/policy.h>

#include <cstdio>

int main() {
  const std::string policy = playhead::policy_json(playhead::Policy{});
  std::printf("%s\n", policy.c_str());
  return policy.empty() ? 1 : 0;
}
