#include "model/fact.h"

#include <gtest/gtest.h>

namespace playhead {
namespace {

TEST(Facts, OwnTheirText) {
  Facts facts;
  {
    const std::string text = "a piece of text that is no short string";
    facts.add({.at = Instant{5}, .kind = FactKind::text, .exchange = 1, .name = "n", .text = text});
  }
  facts.add({.kind = FactKind::finish, .text = "stop"});
  ASSERT_EQ(facts.size(), 2u);
  EXPECT_EQ(facts[0].text, "a piece of text that is no short string");
  EXPECT_EQ(facts[0].name, "n");
  EXPECT_EQ(facts[1].text, "stop");
}

TEST(Facts, KeepOnlyTheKindsAskedFor) {
  Facts facts;
  facts.keep_only(Facts::bit(FactKind::finish));
  facts.add({.kind = FactKind::text, .text = "x"});
  facts.add({.kind = FactKind::finish});
  facts.add_outcome(Instant{}, Outcome{.completed = true});
  EXPECT_EQ(facts.size(), 1u);
  EXPECT_TRUE(facts.outcome()->completed);
}

}  // namespace
}  // namespace playhead
