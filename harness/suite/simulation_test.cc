// Schedules over whole cases: what they catch, that it can be seen again, and how they are counted.
#include "suite/simulation.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/json.h"
#include "recording/testing.h"

namespace playhead::suite {
namespace {

using check::Verdict;
using check::VerdictKind;
using recording::put_file;
using recording::ScratchFolder;

constexpr std::string_view kCase =
    "## the case\n\n```stream openai-chat\n"
    R"(+10ms data: {"choices":[{"index":0,"delta":{"content":"Hello "}}]}\n\n)"
    "\n"
    R"(+10ms data: {"choices":[{"index":0,"delta":{"content":"you"},"finish_reason":"stop"}]}\n\n)"
    "\n+10ms data: [DONE]\\n\\n\n```\n\n";

std::string case_text(const std::string& name) {
  return std::string(kCase).replace(kCase.find("the case"), 8, name);
}

suite::Run run_of(const std::string& path, const Options& options) {
  auto run = suite::run({path}, options);
  EXPECT_TRUE(run.ok()) << run.error().message;
  return run.ok() ? *std::move(run) : suite::Run{};
}

// Keeps every law as long as the stream never stalls: it sends no keepalive.
class Sleeper final : public Engine {
 public:
  void step(const Input& input, Facts& facts) override {
    if (input.kind == InputKind::start) {
      facts.add({.at = input.at, .kind = FactKind::downstream, .text = ": hello\n\n"});
      facts.add({.at = input.at, .kind = FactKind::request, .exchange = 1, .name = "first"});
    }
    if (input.kind != InputKind::end) return;
    facts.add({.at = input.at,
               .kind = FactKind::downstream,
               .text = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
                       "data: [DONE]\n\n"});
    facts.add_outcome(input.at, {});
  }
};

Options sleeping(Seeds seeds) {
  Options options;
  options.laws = true;
  options.seeds = seeds;
  options.engine = [](const Policy&) { return std::make_unique<Sleeper>(); };
  return options;
}

std::uint64_t failing_seed_of(const Verdict& verdict) {
  const std::size_t at = verdict.reproduce.rfind("..");
  return at == std::string::npos ? 0 : std::stoull(verdict.reproduce.substr(at + 2));
}

TEST(Simulation, OwnEngineKeepsTheLaws) {
  const ScratchFolder folder;
  put_file(folder / "a.md", std::string(kCase));
  const auto run = run_of(folder.path(), {.laws = true, .seeds = {1, 200}});
  EXPECT_EQ(run.count(VerdictKind::passed), 1U);
  EXPECT_EQ(run.schedules, 200U);
}

TEST(Simulation, WithoutSeedsPlaysNone) {
  const ScratchFolder folder;
  put_file(folder / "a.md", std::string(kCase));
  const auto run = run_of(folder.path(), sleeping({}));
  EXPECT_EQ(run.count(VerdictKind::passed), 1U);
  EXPECT_EQ(run.schedules, 0U);
}

TEST(Simulation, CatchesAnEngineThatSleepsAndSaysHowToSeeItAgain) {
  const ScratchFolder folder;
  put_file(folder / "a.md", std::string(kCase));
  const auto run = run_of(folder.path(), sleeping({1, 200}));
  ASSERT_EQ(run.count(VerdictKind::failed), 1U);
  const Verdict& verdict = run.verdicts.at(0);
  ASSERT_EQ(verdict.differences.size(), 1U) << "up to the first failing seed";
  EXPECT_EQ(verdict.differences[0].at, "/laws/keepalive");
  const std::uint64_t seed = failing_seed_of(verdict);
  ASSERT_GT(seed, 0U) << verdict.reproduce;
  const std::string text = std::to_string(seed);
  EXPECT_EQ(run.schedules, seed);
  EXPECT_NE(verdict.differences[0].actual.find("; seed " + text + ": "), std::string::npos);
  EXPECT_TRUE(verdict.differences[0].actual.ends_with("later seeds of this case were not run"));
  EXPECT_EQ(verdict.reproduce, "playhead check " + (folder / "a.md") +
                                   " --case 'the case' --laws --seeds " + text + ".." + text);
  const auto again = run_of(folder.path(), sleeping({seed, seed}));
  ASSERT_EQ(again.verdicts.at(0).differences, verdict.differences);
  EXPECT_EQ(again.schedules, 1U);
  EXPECT_EQ(run_of(folder.path(), sleeping({1, seed - 1})).count(VerdictKind::failed), 0U);
}

TEST(Simulation, KeepsTheReplayOfTheFailingSeed) {
  const ScratchFolder folder;
  put_file(folder / "a.md", std::string(kCase));
  Options options = sleeping({1, 200});
  options.keep_replays = true;
  const auto document = parse_json(run_of(folder.path(), options).verdicts.at(0).replay_json);
  ASSERT_TRUE(document.ok());
  EXPECT_NE(member(*document, "transcript"), nullptr);
  const JsonValue* downstream = member(*document, "downstream");
  ASSERT_NE(downstream, nullptr);
  EXPECT_GT(int_member(*downstream, "longest_silence_us"), 30'000'000);
}

TEST(Simulation, ThreadsChangeNothing) {
  const ScratchFolder folder;
  std::string text;
  for (int i = 0; i < 20; ++i) text += case_text("case " + std::to_string(i));
  put_file(folder / "a.md", text);
  Options options = sleeping({1, 30});
  const auto one = run_of(folder.path(), options);
  options.jobs = 8;
  const auto many = run_of(folder.path(), options);
  EXPECT_EQ(one.schedules, many.schedules);
  ASSERT_EQ(one.verdicts.size(), many.verdicts.size());
  for (std::size_t i = 0; i < one.verdicts.size(); ++i) {
    EXPECT_EQ(one.verdicts[i].differences, many.verdicts[i].differences);
  }
}

// Gives another answer at every run.
class Forgetful final : public Engine {
 public:
  explicit Forgetful(int run) : run_(run) {}
  void step(const Input& input, Facts& facts) override {
    facts.add({.at = input.at, .kind = FactKind::notice, .text = std::to_string(run_)});
  }

 private:
  int run_;
};

TEST(Simulation, TellsRepeatFromRechunk) {
  const ScratchFolder folder;
  put_file(folder / "a.md", std::string(kCase) + "```run\n{\"downstream\": \"none\"}\n```\n");
  int runs = 0;
  Options options = sleeping({1, 5});
  options.engine = [&runs](const Policy&) { return std::make_unique<Forgetful>(++runs); };
  const auto run = run_of(folder.path(), options);
  const Verdict& verdict = run.verdicts.at(0);
  ASSERT_EQ(verdict.differences.size(), 2U) << "of the case, and of its first schedule";
  EXPECT_EQ(verdict.differences[1].at, "/laws/repeat");
  EXPECT_EQ(failing_seed_of(verdict), 1U);
}

// Says the chunks it gets as visible text, but only of a reply that was stopped.
class ChunkReader final : public Engine {
 public:
  void step(const Input& input, Facts& facts) override {
    if (input.kind == InputKind::start) {
      facts.add({.at = input.at, .kind = FactKind::request, .exchange = 1, .name = "first"});
    }
    if (input.kind == InputKind::stop) stopped_ = true;
    if (input.kind == InputKind::chunk && stopped_) {
      facts.add({.at = input.at, .kind = FactKind::visible, .exchange = 1, .text = input.bytes});
    }
    if (input.kind == InputKind::end) facts.add_outcome(input.at, {});
  }

 private:
  bool stopped_ = false;
};

TEST(Simulation, CatchesChunkBordersThatShowOnlyUnderASchedule) {
  const ScratchFolder folder;
  put_file(folder / "a.md", std::string(kCase) + "```run\n{\"downstream\": \"none\"}\n```\n");
  Options options = sleeping({1, 300});
  options.engine = [](const Policy&) { return std::make_unique<ChunkReader>(); };
  const auto run = run_of(folder.path(), options);
  ASSERT_EQ(run.verdicts.at(0).differences.size(), 1U);
  EXPECT_EQ(run.verdicts[0].differences[0].at, "/laws/rechunk");
  EXPECT_NE(run.verdicts[0].differences[0].actual.find("stop at "), std::string::npos);
}

}  // namespace
}  // namespace playhead::suite
