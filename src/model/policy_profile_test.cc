#include "model/policy_profile.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "model/policy.h"

namespace playhead {
namespace {

// A policy member by member: "length.replies" -> "4".
std::vector<std::pair<std::string, std::string>> members_of(const JsonValue& policy) {
  std::vector<std::pair<std::string, std::string>> members;
  for (const auto& entry : policy.GetObject()) {
    const std::string name(text_of(entry.name));
    if (!entry.value.IsObject()) {
      members.emplace_back(name, json_text(entry.value));
      continue;
    }
    for (const auto& inner : entry.value.GetObject()) {
      members.emplace_back(name + "." + std::string(text_of(inner.name)), json_text(inner.value));
    }
  }
  return members;
}

TEST(PolicyProfile, DefaultIsTheDefaultPolicy) {
  const auto policy = policy_of_profile("default");
  ASSERT_TRUE(policy) << policy.error().message;
  EXPECT_EQ(policy_json(*policy), policy_json(Policy{}));
  EXPECT_EQ(policy_profiles().front().name, "default");
}

TEST(PolicyProfile, EachSaysEveryMember) {
  for (const PolicyProfile& profile : policy_profiles()) {
    const auto document = parse_json(profile.json);
    ASSERT_TRUE(document) << profile.name << ": " << document.error().message;
    const auto policy = apply_policy(Policy{}, *document);
    ASSERT_TRUE(policy) << profile.name << ": " << policy.error().message;
    EXPECT_EQ(json_text(*document), policy_json(*policy)) << profile.name;
  }
}

TEST(PolicyProfile, IsNamedInAPolicyAndOverridden) {
  const auto document =
      parse_json(R"({"length": {"tool_retries": 7}, "profile": "hermes-2026-04"})");
  const auto policy = apply_policy(Policy{}, *document);
  ASSERT_TRUE(policy) << policy.error().message;
  EXPECT_EQ(policy->length.replies, 3);
  EXPECT_EQ(policy->length.tool_retries, 7);
  EXPECT_EQ(policy->length.hidden_tool_retries, 0);
}

TEST(PolicyProfile, SaysWhichNamesThereAre) {
  EXPECT_EQ(policy_of_profile("hermes").error().message,
            "policy.profile: unknown profile \"hermes\"; known are default, hermes-2026-04, "
            "hermes-2026-07");
  EXPECT_EQ(apply_policy(Policy{}, *parse_json(R"({"profile": 4})")).error().message,
            "policy.profile: wants the name of a profile");
}

// The table of POLICY.md: `| member | value in each profile ... | meaning |`.
TEST(PolicyProfile, TableOfTheDocumentIsTrue) {
  std::ifstream in(PLAYHEAD_SOURCE_DIR "/src/model/POLICY.md");
  const std::string page(std::istreambuf_iterator<char>(in), {});
  std::string head = "| member |";
  std::vector<std::string> rows;
  for (const PolicyProfile& profile : policy_profiles()) {
    head += " `" + std::string(profile.name) + "` |";
    const auto document = parse_json(profile.json);
    const auto members = members_of(*document);
    rows.resize(members.size());
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (rows[i].empty()) rows[i] = "| `" + members[i].first + "` |";
      rows[i] += " " + members[i].second + " |";
    }
  }
  EXPECT_NE(page.find(head), std::string::npos) << head;
  for (const std::string& row : rows) EXPECT_NE(page.find("\n" + row), std::string::npos) << row;
}

}  // namespace
}  // namespace playhead
