#include "timeline/timeline.h"

#include <gtest/gtest.h>

#include <string>

namespace playhead::timeline {
namespace {

std::string drain(Timeline<char>& timeline) {
  std::string out;
  while (timeline.next_at()) out.push_back(timeline.take().second);
  return out;
}

TEST(Timeline, OrdersByInstantThenClassThenInsertion) {
  Timeline<char> timeline;
  timeline.add(Instant{10}, Class::client, 'e');
  timeline.add(Instant{10}, Class::tool_result, 'd');
  timeline.add(Instant{10}, Class::recorded, 'b');
  timeline.add(Instant{10}, Class::recorded, 'c');
  timeline.add(Instant{5}, Class::client, 'a');
  EXPECT_EQ(drain(timeline), "abcde");
}

TEST(Timeline, DropsWhatIsUnwanted) {
  Timeline<char> timeline;
  for (const char item : {'x', 'a', 'x', 'b'}) timeline.add(Instant{1}, Class::recorded, item);
  timeline.drop([](char item) { return item == 'x'; });
  EXPECT_EQ(drain(timeline), "ab");
}

}  // namespace
}  // namespace playhead::timeline
