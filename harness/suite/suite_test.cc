// Suites in a scratch folder: what is run, how it is counted, and that laws catch a wrong engine.
#include "suite/suite.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "recording/testing.h"
#include "recording/writer.h"
#include "suite/case_runner.h"

namespace playhead::suite {
namespace {

using check::Verdict;
using check::VerdictKind;
// GoogleTest has a Run of its own in every test.
using SuiteRun = Run;
using recording::put_file;
using recording::ScratchFolder;

// A case of one short reply, expecting `completed` to be that.
std::string case_text(std::string_view name, bool completed = true) {
  std::string text = "## ";
  text.append(name).append("\n\n```stream openai-chat\n");
  text += R"(+10ms data: {"choices":[{"index":0,"delta":{"content":"Hello "}}]}\n\n)"
          "\n";
  text += R"(+10ms data: {"choices":[{"index":0,"delta":{"content":"you"},)"
          R"("finish_reason":"stop"}]}\n\ndata: [DONE]\n\n)"
          "\n";
  text += "```\n\n```expect\n{\"outcome\": {\"completed\": ";
  text += completed ? "true" : "false";
  return text + "}}\n```\n\n";
}

SuiteRun run_of(const std::vector<std::string>& paths, const Options& options = {}) {
  auto run = suite::run(paths, options);
  EXPECT_TRUE(run.ok()) << run.error().message;
  return run.ok() ? *std::move(run) : SuiteRun{};
}

std::string failure_of(const std::vector<std::string>& paths, const Options& options = {}) {
  const auto run = suite::run(paths, options);
  EXPECT_FALSE(run.ok());
  return run.ok() ? "" : run.error().message;
}

std::vector<std::string> names_of(const SuiteRun& run) {
  std::vector<std::string> names;
  for (const Verdict& verdict : run.verdicts) names.push_back(verdict.name);
  return names;
}

using Names = std::vector<std::string>;

TEST(Suite, RunsEveryCaseOfAFolderInOrder) {
  const ScratchFolder folder;
  put_file(folder / "b.md", case_text("three"));
  put_file(folder / "a.md", case_text("one") + case_text("two", false));
  put_file(folder / "deeper/c.md", case_text("four"));
  const SuiteRun run = run_of({folder.path()});
  EXPECT_EQ(names_of(run), (Names{"one", "two", "three", "four"}));
  EXPECT_EQ(run.count(VerdictKind::passed), 3U);
  EXPECT_EQ(run.count(VerdictKind::failed), 1U);
}

TEST(Suite, FailedCaseSaysWhereWhatAndHowToSeeItAgain) {
  const ScratchFolder folder;
  put_file(folder / "it's a.md", case_text("the case", false));
  const SuiteRun run = run_of({folder.path()}, {.laws = true});
  ASSERT_EQ(run.verdicts.size(), 1U);
  const Verdict& verdict = run.verdicts[0];
  EXPECT_EQ(verdict.file, folder / "it's a.md");
  EXPECT_EQ(verdict.line, 1);
  ASSERT_EQ(verdict.differences.size(), 1U);
  EXPECT_EQ(verdict.differences[0].at, "/outcome/completed");
  EXPECT_EQ(verdict.differences[0].expected, "false");
  EXPECT_EQ(verdict.differences[0].actual, "true");
  EXPECT_EQ(verdict.reproduce,
            "playhead check '" + folder.path() + "/it'\\''s a.md' --case 'the case' --laws");
}

TEST(Suite, BrokenFileIsOneBrokenVerdictAndTheOthersRun) {
  const ScratchFolder folder;
  put_file(folder / "a.md", case_text("one"));
  put_file(folder / "b.md", case_text("two") + "## three\n\n```wrong\n```\n");
  put_file(folder / "c.md", case_text("four"));
  const SuiteRun run = run_of({folder.path()});
  EXPECT_EQ(names_of(run), (Names{"one", "", "four"}));
  EXPECT_EQ(run.count(VerdictKind::broken), 1U);
  EXPECT_EQ(run.verdicts[1].file, folder / "b.md");
  EXPECT_TRUE(run.verdicts[1].message.starts_with(folder / "b.md:")) << run.verdicts[1].message;
  EXPECT_NE(run.verdicts[1].message.find("unknown block `wrong`"), std::string::npos);
}

TEST(Suite, CaseThatCannotRunIsBroken) {
  const ScratchFolder folder;
  put_file(folder / "a.md",
           "## missing\n\n```recording\nnone.rec\n```\n\n"
           "## not yet\n\n```stream anthropic-nothing\n```\n");
  const SuiteRun parse = run_of({folder / "a.md"});
  EXPECT_EQ(parse.count(VerdictKind::broken), 1U) << "an unknown protocol is a broken file";
  put_file(folder / "a.md", "## missing\n\n```recording\nnone.rec\n```\n\n" + case_text("fine") +
                                "## badly run\n\n```stream openai-chat\n+1ms x\n```\n"
                                "```run\n{\"sped\": 1}\n```\n");
  const SuiteRun run = run_of({folder / "a.md"}, {.root = "elsewhere"});
  ASSERT_EQ(run.verdicts.size(), 3U);
  EXPECT_EQ(run.verdicts[0].kind, VerdictKind::broken);
  EXPECT_TRUE(run.verdicts[0].message.starts_with((folder / "a.md") + ":1: no recording at "));
  EXPECT_NE(run.verdicts[0].message.find("--root"), std::string::npos);
  EXPECT_EQ(run.verdicts[1].kind, VerdictKind::passed);
  EXPECT_EQ(run.verdicts[2].kind, VerdictKind::broken);
  EXPECT_NE(run.verdicts[2].message.find("run.sped: unknown name"), std::string::npos);
}

TEST(Suite, WrongBlockIsNamedWithTheLineInIt) {
  const std::string stream = "## a\n```stream openai-chat\n+1ms x\n```\n";  // lines 1 to 4
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"```run\n{\"seed\": 1,\n\"tools\": {\"t\":\n{\"takes\": 1}}}\n```\n",
       ":8: run.tools.t.takes: unknown"},
      {"```run\n{\"seed\": 1}\n```\n```request\n{\"model\": \"m\",\n\"max_tokens\": 0}\n```\n",
       ":10: request.max_tokens: wants"},
      {"```session\n[{\"event\": \"access\"},\n\n{\"event\": \"acess\"}]\n```\n",
       ":8: session[1].event: wants"},
      {"```session\n[\n{\"at_ms\": 1}]\n```\n", ":7: session[0].event: wants"},
  };
  for (const auto& [block, wanted] : cases) {
    const ScratchFolder folder;
    put_file(folder / "a.md", stream + block);
    const SuiteRun run = run_of({folder / "a.md"});
    ASSERT_EQ(run.verdicts.size(), 1U);
    EXPECT_TRUE(run.verdicts[0].message.starts_with((folder / "a.md") + wanted))
        << run.verdicts[0].message;
    EXPECT_EQ(run.verdicts[0].line, 1) << "of the case";
  }
}

TEST(Suite, RecordingsAreFoundBesideTheCaseAndBelowTheRoot) {
  const ScratchFolder folder;
  Recording recording = recording::sample_recording();
  recording.marks.clear();
  ASSERT_TRUE(recording::write_recording(recording, folder / "sample.rec").ok());
  std::filesystem::create_directory(folder / "root");
  ASSERT_TRUE(recording::write_recording(recording, folder / "root/rooted.rec.zst").ok());
  put_file(folder / "a.md",
           "## one\n\n```recording\nsample.rec\n```\n\n"
           "## two\n\n```recording\nrooted.rec.zst\n```\n");
  const SuiteRun run = run_of({folder / "a.md"}, {.root = folder / "root"});
  EXPECT_EQ(run.count(VerdictKind::broken), 0U) << run.verdicts[0].message;
  EXPECT_TRUE(run.verdicts[0].no_expectation);
  EXPECT_EQ(run_of({folder / "a.md"}).count(VerdictKind::broken), 1U) << "without the root";
}

TEST(Suite, FileWithSeveralRecordingsIsNoCase) {
  const ScratchFolder folder;
  const Recording recording = recording::sample_recording();
  ASSERT_TRUE(recording::write_recordings({recording, recording}, folder / "two.rec").ok());
  put_file(folder / "a.md", "## one\n\n```recording\ntwo.rec\n```\n");
  const SuiteRun run = run_of({folder / "a.md"});
  EXPECT_NE(run.verdicts.at(0).message.find("holds 2 recordings"), std::string::npos);
}

TEST(Suite, CaseNameFilters) {
  const ScratchFolder folder;
  put_file(folder / "a.md", case_text("one") + case_text("two"));
  put_file(folder / "b.md", case_text("two", false));
  EXPECT_EQ(names_of(run_of({folder.path()}, {.case_name = "two"})), (Names{"two", "two"}));
  const std::string message = failure_of({folder.path()}, {.case_name = "tw"});
  EXPECT_NE(message.find("no case is named \"tw\""), std::string::npos) << message;
}

TEST(Suite, PathsThatAreNotThereAreAFailure) {
  const ScratchFolder folder;
  EXPECT_NE(failure_of({folder / "none.md"}).find(folder / "none.md"), std::string::npos);
  EXPECT_NE(failure_of({folder.path()}).find(folder.path()), std::string::npos) << "no case there";
}

TEST(Suite, ShardsPartTheCases) {
  const ScratchFolder folder;
  Names all;
  std::string text;
  for (int i = 0; i < 7; ++i) {
    all.push_back("case " + std::to_string(i));
    text += case_text(all.back());
  }
  put_file(folder / "a.md", text);
  Names found;
  for (int shard = 1; shard <= 3; ++shard) {
    const Names part = names_of(run_of({folder.path()}, {.shard = shard, .shards = 3}));
    EXPECT_GE(part.size(), 2U);
    EXPECT_LE(part.size(), 3U);
    found.insert(found.end(), part.begin(), part.end());
  }
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, all);
}

std::string facts_of(const SuiteRun& run) {
  std::string text;
  for (const Verdict& verdict : run.verdicts) {
    text += verdict.file + "|" + verdict.name + "|" + std::string(name_of(verdict.kind)) + "|" +
            verdict.replay_json + "\n";
  }
  return text;
}

TEST(Suite, ThreadsChangeNothing) {
  const ScratchFolder folder;
  std::string text;
  for (int i = 0; i < 40; ++i) text += case_text("case " + std::to_string(i), i % 3 != 0);
  put_file(folder / "a.md", text);
  const std::string one = facts_of(run_of({folder.path()}, {.jobs = 1, .keep_replays = true}));
  const std::string many = facts_of(run_of({folder.path()}, {.jobs = 8, .keep_replays = true}));
  EXPECT_EQ(one, many);
  EXPECT_NE(one.find("\"fingerprint\""), std::string::npos);
}

TEST(Suite, ProgressCountsEveryCaseOnce) {
  const ScratchFolder folder;
  std::string text;
  for (int i = 0; i < 20; ++i) text += case_text("case " + std::to_string(i));
  put_file(folder / "a.md", text);
  std::vector<std::size_t> seen;
  Options options;
  options.jobs = 4;
  options.progress = [&seen](std::size_t done, std::size_t total) {
    EXPECT_EQ(total, 20U);
    seen.push_back(done);
  };
  run_of({folder.path()}, options);
  ASSERT_EQ(seen.size(), 20U);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
}

// Says the chunks it gets as visible text: what it does depends on their borders.
class ChunkReader final : public Engine {
 public:
  void step(const Input& input, Facts& facts) override {
    if (input.kind == InputKind::start) {
      facts.add({.at = input.at, .kind = FactKind::request, .exchange = 1, .name = "first"});
    }
    if (input.kind == InputKind::chunk) {
      facts.add({.at = input.at, .kind = FactKind::visible, .exchange = 1, .text = input.bytes});
    }
    if (input.kind == InputKind::end) facts.add_outcome(input.at, {});
  }
};

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

// Nobody listens, so that the laws on downstream bytes say nothing.
constexpr std::string_view kBareCase =
    "## bare\n\n```stream openai-chat\n+1ms data: a\\n\\n\n+1ms data: b\\n\\n\n```\n\n"
    "```run\n{\"downstream\": \"none\"}\n```\n";

TEST(Suite, LawsCatchAnEngineThatDependsOnChunks) {
  const ScratchFolder folder;
  put_file(folder / "a.md", kBareCase);
  Options options;
  options.engine = [](const Policy&) { return std::make_unique<ChunkReader>(); };
  EXPECT_EQ(run_of({folder.path()}, options).count(VerdictKind::passed), 1U) << "without --laws";
  options.laws = true;
  const SuiteRun run = run_of({folder.path()}, options);
  ASSERT_EQ(run.verdicts.size(), 1U);
  EXPECT_EQ(run.verdicts[0].kind, VerdictKind::failed);
  ASSERT_FALSE(run.verdicts[0].differences.empty());
  EXPECT_EQ(run.verdicts[0].differences[0].at, "/laws/rechunk");
  EXPECT_NE(run.verdicts[0].reproduce.find("--laws"), std::string::npos);
}

TEST(Suite, LawsCatchAnEngineThatIsNotTheSameTwice) {
  const ScratchFolder folder;
  put_file(folder / "a.md", kBareCase);
  int runs = 0;
  Options options;
  options.engine = [&runs](const Policy&) { return std::make_unique<Forgetful>(++runs); };
  options.repeat = 3;
  const SuiteRun repeated = run_of({folder.path()}, options);
  EXPECT_EQ(repeated.verdicts.at(0).differences.at(0).at, "/laws/repeat");
  options.repeat = 1;
  options.laws = true;
  const SuiteRun lawful = run_of({folder.path()}, options);
  EXPECT_EQ(lawful.verdicts.at(0).differences.at(0).at, "/laws/repeat");
}

TEST(Suite, OwnEngineKeepsTheLaws) {
  const ScratchFolder folder;
  put_file(folder / "a.md", case_text("one"));
  EXPECT_EQ(run_of({folder.path()}, {.laws = true, .repeat = 3}).count(VerdictKind::passed), 1U);
}

TEST(Suite, EngineGetsThePolicyOfTheCase) {
  const ScratchFolder folder;
  put_file(folder / "a.md", std::string(kBareCase) + "\n```policy\n{\"max_rounds\": 7}\n```\n");
  std::int64_t seen = 0;
  Options options;
  options.engine = [&seen](const Policy& policy) {
    seen = policy.max_rounds;
    return std::make_unique<ChunkReader>();
  };
  run_of({folder.path()}, options);
  EXPECT_EQ(seen, 7);
}

TEST(Suite, ReplaysAreKeptOnlyWhenAsked) {
  const ScratchFolder folder;
  put_file(folder / "a.md", case_text("one"));
  EXPECT_EQ(run_of({folder.path()}).verdicts.at(0).replay_json, "");
  const SuiteRun run = run_of({folder.path()}, {.keep_replays = true});
  const auto document = parse_json(run.verdicts.at(0).replay_json);
  ASSERT_TRUE(document.ok());
  EXPECT_NE(member(*document, "transcript"), nullptr);
}

TEST(Suite, BlessedTextPasses) {
  const ScratchFolder folder;
  put_file(folder / "a.md", case_text("one", false) + case_text("two"));
  const auto file = check::load_case_file(folder / "a.md");
  ASSERT_TRUE(file.ok());
  const auto text = blessed_text(*file, {});
  ASSERT_TRUE(text.ok());
  EXPECT_EQ(*text, case_text("one") + case_text("two")) << "only what changed is rewritten";
}

}  // namespace
}  // namespace playhead::suite
