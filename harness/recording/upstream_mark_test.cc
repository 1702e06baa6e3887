// The mark of an upstream: what is written is read, and what people note is not.
#include "recording/upstream_mark.h"

#include <gtest/gtest.h>

namespace playhead::recording {
namespace {

RecordedExchange marked(const std::vector<std::string>& texts) {
  RecordedExchange exchange;
  for (const std::string& text : texts) exchange.marks.push_back({Instant{}, text});
  return exchange;
}

TEST(UpstreamMark, HasOneForm) {
  EXPECT_EQ(upstream_mark("api.mistral.ai", "/mistral"), "upstream api.mistral.ai at /mistral");
  EXPECT_EQ(upstream_mark("[::1]:8080", ""), "upstream [::1]:8080");
}

TEST(UpstreamMark, IsReadAsItWasWritten) {
  for (const std::string prefix : {"", "/mistral", "/a/b.c-d_e"}) {
    const RecordedExchange exchange = marked({upstream_mark("localhost:1234", prefix), "more"});
    EXPECT_EQ(upstream_prefix_of(exchange), prefix);
  }
}

TEST(UpstreamMark, IsNoOtherNote) {
  EXPECT_EQ(upstream_prefix_of(marked({})), "");
  for (const std::string text :
       {"", "upstream", "upstream ", "upstream a at ", "upstream a at /", "upstream  at /a",
        "upstream a at b", "upstream a at /b/", "upstream a at /b c", "upstream a at /b?c",
        "upstream a at /b\n", "upstream hung at once at /b", "the upstream a at /b",
        "Upstream a at /b", "upstream a  at /b"}) {
    EXPECT_EQ(upstream_prefix_of(marked({text})), "") << text;
  }
  EXPECT_EQ(upstream_prefix_of(marked({"a note", "upstream a at /b"})), "");
}

}  // namespace
}  // namespace playhead::recording
