#include "model/policy.h"

#include <gtest/gtest.h>

namespace playhead {
namespace {

TEST(Policy, JsonFormRoundTrips) {
  Policy policy;
  policy.length.replies = 7;
  policy.end_evidence = EndEvidence::eof;
  policy.downstream.reasoning = "reasoning_content";
  const auto document = parse_json(policy_json(policy));
  ASSERT_TRUE(document) << document.error().message;
  const auto again = apply_policy(Policy{}, *document);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(policy_json(*again), policy_json(policy));
}

TEST(Policy, NamesWhatIsWrong) {
  const auto fail = [](const char* json) {
    const auto document = parse_json(json);
    return apply_policy(Policy{}, *document).error().message;
  };
  EXPECT_EQ(fail(R"({"length":{"replys":3}})"), "policy.length.replys: unknown name");
  EXPECT_EQ(fail(R"({"keepalive_ms":-1})"),
            "policy.keepalive_ms: wants a whole number from 0 to 1000000000000");
  EXPECT_EQ(fail(R"({"stale_ms":1000000000001})"),
            "policy.stale_ms: wants a whole number from 0 to 1000000000000");
  EXPECT_EQ(fail(R"({"length":3})"), "policy.length: wants an object");
  EXPECT_EQ(fail("[]"), "policy: wants a JSON object");
}

}  // namespace
}  // namespace playhead
