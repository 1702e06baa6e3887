// Routes: what reaches which upstream, and what none.
#include "record/router.h"

#include <gtest/gtest.h>

namespace playhead::record {
namespace {

Upstream upstream(const std::string& prefix, const std::string& url) {
  return {prefix, net::parse_url(url).value(), "", ""};
}

Router router(std::vector<Upstream> upstreams) {
  return Router::make(std::move(upstreams)).value();
}

TEST(Router, PutsTheUpstreamsPathBeforeTheRest) {
  const Router one = router({upstream("", "https://a.example/llm")});
  EXPECT_EQ(one.route("/v1/chat?x=/../y").target, "/llm/v1/chat?x=/../y");
  EXPECT_EQ(one.route("/v1/chat?x=/../y").recorded, "/v1/chat?x=/../y");
  EXPECT_EQ(one.route("/").target, "/llm/");
  EXPECT_EQ(router({upstream("", "https://a.example")}).route("/?a").target, "/?a");
}

TEST(Router, TakesTheLongestPrefixInWholeSegments) {
  const Router three =
      router({upstream("/a", "http://a.example"), upstream("/a/b", "http://b.example"),
              upstream("", "http://c.example")});
  EXPECT_EQ(three.route("/a/x").upstream, 0u);
  EXPECT_EQ(three.route("/a/x").target, "/x");
  EXPECT_EQ(three.route("/a/b/x").upstream, 1u);
  EXPECT_EQ(three.route("/a/bc").upstream, 0u);
  EXPECT_EQ(three.route("/ab").upstream, 2u);
  EXPECT_EQ(three.route("/a").target, "/");
  EXPECT_EQ(three.route("/a?x").target, "/?x");
  EXPECT_EQ(three.route("/%61/x").upstream, 2u);
}

TEST(Router, WritesAnApiVersionOnce) {
  const Router one = router({upstream("", "https://a.example/openai/v1")});
  EXPECT_EQ(one.route("/v1/chat").target, "/openai/v1/chat");
  EXPECT_EQ(one.route("/v1").target, "/openai/v1");
  EXPECT_EQ(one.route("/v1?x").target, "/openai/v1?x");
  EXPECT_EQ(one.route("/openai/v1/chat").target, "/openai/v1/chat");
  EXPECT_EQ(one.route("/chat").target, "/openai/v1/chat");
  EXPECT_EQ(one.route("/v1beta/chat").target, "/openai/v1/v1beta/chat");
  EXPECT_EQ(one.route("/v1/chat").recorded, "/v1/chat");
  // Only versions: two equal folders are two folders.
  EXPECT_EQ(router({upstream("", "https://a.example/x")}).route("/x/y").target, "/x/x/y");
}

TEST(Router, PutsInTheApiPathThatSomeClientsLeaveOut) {
  Upstream one = upstream("/anthropic", "https://a.example");
  one.api_path = "/v1";
  const Router made = router({one});
  EXPECT_EQ(made.route("/anthropic/messages").target, "/v1/messages");
  EXPECT_EQ(made.route("/anthropic/messages").recorded, "/v1/messages");
  EXPECT_EQ(made.route("/anthropic/v1/messages").target, "/v1/messages");
  EXPECT_EQ(made.route("/anthropic/v2?x").target, "/v2?x");
}

TEST(Router, RefusesWhatLeavesThePrefixOrIsNoPath) {
  const Router one = router({upstream("/a", "http://a.example/base")});
  for (const std::string target :
       {"/a/../b", "/a/..", "/a/./b", "/a/%2e%2e/b", "/a/.%2E/b", "/a/..%2fb", "/a/..;x/b",
        "/a/x%5c..%5cy", "/a/\\b", "/a//evil.example/x", "/a/%00", "*", "http://evil.example/a/x",
        "/a/x#y", "/a/\x7f", "/a/\xc3\xa4", "/a/%2e"}) {
    const Route route = one.route(target);
    ASSERT_TRUE(route.refused.has_value()) << target;
    EXPECT_EQ(route.refused->status, 400) << target;
  }
  EXPECT_EQ(one.route("/b/x").refused->status, 404);
  EXPECT_EQ(one.route("/ab").refused->status, 404);
}

TEST(Router, LetsEncodedNamesPass) {
  const Router one = router({upstream("", "http://a.example")});
  for (const std::string target :
       {"/model/arn%3Aaws%3Abedrock%2Fx.y/converse", "/v1beta/models/g-1.5:stream?alt=sse",
        "/a/...", "/a/..b", "/a//b", "/a;x=1/b", "/?next=../../x"}) {
    EXPECT_EQ(one.route(target).target, target);
  }
}

TEST(Router, RefusesUnusablePrefixes) {
  const auto fails = [](std::vector<Upstream> upstreams) {
    return !Router::make(std::move(upstreams)).ok();
  };
  EXPECT_TRUE(fails({}));
  for (const std::string prefix : {"a", "/", "/a/", "/a//b", "/..", "/a/../b", "/a?b", "/a%2f"}) {
    EXPECT_TRUE(fails({upstream(prefix, "http://a.example")})) << prefix;
  }
  for (const std::string prefix : {"/_playhead", "/_playhead/a"}) {
    EXPECT_TRUE(fails({upstream(prefix, "http://a.example")})) << prefix;
  }
  EXPECT_FALSE(fails({upstream("/_playheads", "http://a.example")}));
  EXPECT_TRUE(fails({upstream("", "http://a.example"), upstream("", "http://b.example")}));
  EXPECT_TRUE(fails({upstream("/a", "http://a.example"), upstream("/a", "http://b.example")}));
}

}  // namespace
}  // namespace playhead::record
