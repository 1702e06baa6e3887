#include "serve/prefixes.h"

#include <gtest/gtest.h>

namespace playhead::serve {
namespace {

Prefixes prefixes_for(const std::vector<std::string>& recorded) {
  Recording recording;
  for (const std::string& target : recorded) recording.exchanges.emplace_back().target = target;
  return Prefixes({"/openai", "/open", "/anthropic"}, {recording});
}

TEST(Prefixes, AreTakenOff) {
  const Prefixes prefixes = prefixes_for({"/v1/models"});
  EXPECT_EQ(prefixes.stripped("/openai/v1/models"), "/v1/models");
  EXPECT_EQ(prefixes.stripped("/anthropic/v1/messages?beta=true"), "/v1/messages?beta=true");
  EXPECT_EQ(prefixes.stripped("/openai"), "/");
  EXPECT_EQ(prefixes.stripped("/openai/"), "/");
  EXPECT_EQ(prefixes.stripped("/openai?a=b"), "/?a=b");
}

TEST(Prefixes, AreWholeSegments) {
  const Prefixes prefixes = prefixes_for({});
  EXPECT_EQ(prefixes.stripped("/openaix/v1"), "/openaix/v1");
  EXPECT_EQ(prefixes.stripped("/open/v1"), "/v1");
  EXPECT_EQ(prefixes.stripped("/v1/openai/x"), "/v1/openai/x");
  EXPECT_EQ(prefixes.stripped("*"), "*");
}

TEST(Prefixes, StayWhereThePathWasRecordedSo) {
  const Prefixes prefixes = prefixes_for({"/openai/deployments/a/chat/completions?api-version=1"});
  EXPECT_EQ(prefixes.stripped("/openai/deployments/%61/chat/completions?api-version=2"),
            "/openai/deployments/%61/chat/completions?api-version=2");
  EXPECT_EQ(prefixes.stripped("/openai/v1/models"), "/v1/models");
}

// Groq's own paths begin with `/openai` too: beside OpenAI's they do not take its requests.
TEST(Prefixes, GoWhereBothPathsAreRecorded) {
  const Prefixes prefixes = prefixes_for({"/openai/v1/models", "/v1/models"});
  EXPECT_EQ(prefixes.stripped("/openai/v1/models"), "/v1/models");
  EXPECT_EQ(prefixes.stripped("/open/openai/v1/models"), "/openai/v1/models");
}

TEST(Prefixes, TakeTheVersionAlongWhereItWasNotRecorded) {
  const Prefixes bare = prefixes_for({"/chat/completions"});
  EXPECT_EQ(bare.stripped("/openai/v1/chat/completions?a"), "/chat/completions?a");
  EXPECT_EQ(bare.stripped("/v1/chat/completions"), "/v1/chat/completions");
  EXPECT_EQ(bare.stripped("/openai/v1/models"), "/v1/models");
  EXPECT_EQ(bare.stripped("/openai/v1"), "/v1");
  const Prefixes both = prefixes_for({"/chat/completions", "/v1/chat/completions"});
  EXPECT_EQ(both.stripped("/openai/v1/chat/completions"), "/v1/chat/completions");
}

// @ai-sdk/anthropic takes the variable as it stands and asks for /messages.
TEST(Prefixes, AddTheVersionThatTheRecordingProxyPutIn) {
  const Prefixes prefixes = prefixes_for({"/v1/messages"});
  EXPECT_EQ(prefixes.stripped("/anthropic/messages?beta=true"), "/v1/messages?beta=true");
  EXPECT_EQ(prefixes.stripped("/anthropic/models"), "/models");
  EXPECT_EQ(prefixes.stripped("/messages"), "/messages");
}

TEST(Prefixes, MayBeNone) { EXPECT_EQ(Prefixes({}, {}).stripped("/openai/v1"), "/openai/v1"); }

}  // namespace
}  // namespace playhead::serve
