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
  EXPECT_EQ(prefixes.recorded("/openai/v1/models"), "/v1/models");
  EXPECT_EQ(prefixes.recorded("/anthropic/v1/messages?beta=true"), "/v1/messages?beta=true");
  EXPECT_EQ(prefixes.recorded("/openai"), "/");
  EXPECT_EQ(prefixes.recorded("/openai/"), "/");
  EXPECT_EQ(prefixes.recorded("/openai?a=b"), "/?a=b");
}

TEST(Prefixes, AreWholeSegments) {
  const Prefixes prefixes = prefixes_for({});
  EXPECT_EQ(prefixes.recorded("/openaix/v1"), "/openaix/v1");
  EXPECT_EQ(prefixes.recorded("/open/v1"), "/v1");
  EXPECT_EQ(prefixes.recorded("/v1/openai/x"), "/v1/openai/x");
  EXPECT_EQ(prefixes.recorded("*"), "*");
}

TEST(Prefixes, StayWhereThePathWasRecordedSo) {
  const Prefixes prefixes = prefixes_for({"/openai/deployments/a/chat/completions?api-version=1"});
  EXPECT_EQ(prefixes.recorded("/openai/deployments/%61/chat/completions?api-version=2"),
            "/openai/deployments/%61/chat/completions?api-version=2");
  EXPECT_EQ(prefixes.recorded("/openai/v1/models"), "/v1/models");
}

// Groq's own paths begin with `/openai` too: beside OpenAI's they do not take its requests.
TEST(Prefixes, GoWhereBothPathsAreRecorded) {
  const Prefixes prefixes = prefixes_for({"/openai/v1/models", "/v1/models"});
  EXPECT_EQ(prefixes.recorded("/openai/v1/models"), "/v1/models");
  EXPECT_EQ(prefixes.recorded("/open/openai/v1/models"), "/openai/v1/models");
}

TEST(Prefixes, TakeTheVersionAlongWhereItWasNotRecorded) {
  const Prefixes bare = prefixes_for({"/chat/completions"});
  EXPECT_EQ(bare.recorded("/openai/v1/chat/completions?a"), "/chat/completions?a");
  EXPECT_EQ(bare.recorded("/v1/chat/completions"), "/v1/chat/completions");
  EXPECT_EQ(bare.recorded("/openai/v1/models"), "/v1/models");
  EXPECT_EQ(bare.recorded("/openai/v1"), "/v1");
  const Prefixes both = prefixes_for({"/chat/completions", "/v1/chat/completions"});
  EXPECT_EQ(both.recorded("/openai/v1/chat/completions"), "/v1/chat/completions");
}

// @ai-sdk/anthropic takes the variable as it stands and asks for /messages.
TEST(Prefixes, AddTheVersionThatTheRecordingProxyPutIn) {
  const Prefixes prefixes = prefixes_for({"/v1/messages"});
  EXPECT_EQ(prefixes.recorded("/anthropic/messages?beta=true"), "/v1/messages?beta=true");
  EXPECT_EQ(prefixes.recorded("/anthropic/models"), "/models");
  EXPECT_EQ(prefixes.recorded("/messages"), "/messages");
}

// ---- exchanges that a mark gives a prefix

struct Marked {
  std::string mark;  // none where it is empty
  std::string target;
};

std::vector<Recording> recordings_of(const std::vector<Marked>& exchanges) {
  Recording recording;
  for (const Marked& marked : exchanges) {
    RecordedExchange& exchange = recording.exchanges.emplace_back();
    exchange.target = marked.target;
    if (!marked.mark.empty()) exchange.marks.push_back({Instant{}, marked.mark});
  }
  std::vector<Recording> all = {std::move(recording)};
  restore_prefixes(all);
  return all;
}

Prefixes prefixes_of_marked(const std::vector<Marked>& exchanges) {
  return Prefixes({"/openai", "/mistral", "/anthropic", "/groq"}, recordings_of(exchanges));
}

TEST(Prefixes, AreRestoredWhereAMarkTellsThem) {
  const std::vector<Recording> all = recordings_of({{"upstream u.example at /a", "/x"},
                                                    {"upstream u.example", "/x"},
                                                    {"", "/x"},
                                                    {"a note", "/x?q"},
                                                    {"upstream u.example:80 at /a/b", "/?q"}});
  std::vector<std::string> targets;
  for (const RecordedExchange& exchange : all[0].exchanges) targets.push_back(exchange.target);
  EXPECT_EQ(targets, (std::vector<std::string>{"/a/x", "/x", "/x", "/x?q", "/a/b/?q"}));
}

TEST(Prefixes, OfTheCommandLineFindTheirOwnUpstream) {
  const Prefixes prefixes =
      prefixes_of_marked({{"upstream u at /a", "/x"}, {"upstream u at /b", "/x"}});
  EXPECT_EQ(prefixes.recorded("/a/x"), "/a/x");
  EXPECT_EQ(prefixes.recorded("/b/x?q=1"), "/b/x?q=1");
  EXPECT_EQ(prefixes.recorded("/a/%78"), "/a/%78");
  EXPECT_EQ(prefixes.recorded("/x"), "/a/x");  // without a prefix: the first
  EXPECT_EQ(prefixes.recorded("/b/y"), "/b/y");
  EXPECT_EQ(prefixes.recorded("/y"), "/y");
}

TEST(Prefixes, NeverLeadToAnotherUpstream) {
  const Prefixes one = prefixes_of_marked({{"upstream o at /openai", "/v1/chat/completions"}});
  EXPECT_EQ(one.recorded("/openai/v1/chat/completions"), "/openai/v1/chat/completions");
  EXPECT_EQ(one.recorded("/v1/chat/completions"), "/openai/v1/chat/completions");
  EXPECT_EQ(one.recorded("/mistral/v1/chat/completions"), "/mistral/v1/chat/completions");
  const Prefixes both = prefixes_of_marked({{"upstream o at /openai", "/v1/chat/completions"},
                                            {"upstream m at /mistral", "/v1/chat/completions"}});
  EXPECT_EQ(both.recorded("/mistral/v1/chat/completions"), "/mistral/v1/chat/completions");
  EXPECT_EQ(both.recorded("/openai/v1/chat/completions"), "/openai/v1/chat/completions");
}

TEST(Prefixes, TakeAndAddTheVersionOfTheirOwnUpstream) {
  const Prefixes prefixes = prefixes_of_marked({{"upstream o at /openai", "/chat/completions"},
                                                {"upstream a at /anthropic", "/v1/messages"}});
  EXPECT_EQ(prefixes.recorded("/openai/v1/chat/completions"), "/openai/chat/completions");
  EXPECT_EQ(prefixes.recorded("/anthropic/messages?beta=true"), "/anthropic/v1/messages?beta=true");
  EXPECT_EQ(prefixes.recorded("/openai/v1beta/chat"), "/openai/v1beta/chat");
  EXPECT_EQ(prefixes.recorded("/openai"), "/openai/");
}

TEST(Prefixes, GoBeforeExchangesWithoutAMark) {
  const Prefixes prefixes =
      prefixes_of_marked({{"", "/v1/chat/completions"}, {"upstream m at /mistral", "/v1/models"}});
  EXPECT_EQ(prefixes.recorded("/mistral/v1/chat/completions"), "/v1/chat/completions");
  EXPECT_EQ(prefixes.recorded("/mistral/v1/models"), "/mistral/v1/models");
  EXPECT_EQ(prefixes.recorded("/v1/models"), "/mistral/v1/models");
  // The nearest to a miss: of the own upstream, else of those without a mark.
  EXPECT_EQ(prefixes.recorded("/mistral/v1/none"), "/mistral/v1/none");
  EXPECT_EQ(prefixes.recorded("/openai/v1/none"), "/v1/none");
}

// Paths of Azure and Groq begin with what is another provider's prefix.
TEST(Prefixes, OfProvidersMayBeginTheOwnPathsOfAnother) {
  const Prefixes prefixes = prefixes_of_marked({{"upstream g at /groq", "/openai/v1/models"},
                                                {"upstream z at /azure", "/openai/deployments/a"}});
  EXPECT_EQ(prefixes.recorded("/groq/openai/v1/models"), "/groq/openai/v1/models");
  EXPECT_EQ(prefixes.recorded("/openai/v1/models"), "/groq/openai/v1/models");
  EXPECT_EQ(prefixes.recorded("/openai/deployments/a"), "/azure/openai/deployments/a");
}

TEST(Prefixes, MayBeNone) { EXPECT_EQ(Prefixes({}, {}).recorded("/openai/v1"), "/openai/v1"); }

}  // namespace
}  // namespace playhead::serve
