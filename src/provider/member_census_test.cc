#include "provider/member_census.h"

#include <gtest/gtest.h>

namespace playhead::provider {
namespace {

using Counts = std::map<std::string, std::uint64_t>;

Counts census(Protocol protocol, std::initializer_list<std::string_view> payloads) {
  MemberCensus census(protocol);
  for (const std::string_view payload : payloads) {
    Frame frame;
    frame.data = payload;
    census.count(frame);
  }
  return census.unknown();
}

TEST(MemberCensus, CountsUnknownMembersByPath) {
  EXPECT_EQ(census(Protocol::openai_chat,
                   {R"({"id":"x","sla_metrics":{"ts_us":1},"choices":[{"index":0,"seed":1,)"
                    R"("delta":{"content":"a","token_id":7}},{"delta":{"token_id":8}}]})",
                    R"({"sla_metrics":null,"choices":null})"}),
            (Counts{{"choices[].delta.token_id", 2}, {"choices[].seed", 1}, {"sla_metrics", 2}}));
}

TEST(MemberCensus, PassesOverWhatIsKnownOrNoObject) {
  EXPECT_EQ(census(Protocol::openai_chat,
                   {R"({"id":"x","choices":[{"delta":{"role":"assistant"}}],"usage":{"odd":1}})",
                    "[DONE]", "12", "[]", "{bad", ""}),
            Counts{});
}

TEST(MemberCensus, NameThatIsPartOfAKnownOneIsUnknown) {
  EXPECT_EQ(census(Protocol::anthropic_messages, {R"({"type":"ping","mess":1,"delta":{"tex":1}})"}),
            (Counts{{"delta.tex", 1}, {"mess", 1}}));
}

TEST(MemberCensus, EveryProtocolHasItsMembers) {
  for (const auto& row : kProtocols) {
    EXPECT_EQ(census(row.value, {R"({"surely_unknown":1})"}), (Counts{{"surely_unknown", 1}}))
        << row.name;
  }
}

TEST(MemberCensus, TellsALimitedNumberApart) {
  MemberCensus census(Protocol::ollama);
  for (std::size_t i = 0; i < kUnknownMembersMax + 10; ++i) {
    const std::string payload = "{\"m" + std::to_string(i) + "\":1}";
    Frame frame;
    frame.data = payload;
    census.count(frame);
  }
  EXPECT_EQ(census.unknown().size(), kUnknownMembersMax);
}

}  // namespace
}  // namespace playhead::provider
