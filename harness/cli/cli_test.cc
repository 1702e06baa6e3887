// The program as its users meet it: exit code, stdout and stderr of the real binary.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "cli/testing.h"
#include "recording/load.h"
#include "recording/testing.h"
#include "recording/writer.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PLAYHEAD_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define PLAYHEAD_SANITIZED 1
#endif
#endif

namespace playhead {
namespace {

using cli::Ran;
using recording::bytes_of_file;
using recording::put_file;
using recording::ScratchFolder;

// So much memory at most, before a line of the shell. Sanitizers reserve more than any limit.
#ifdef PLAYHEAD_SANITIZED
constexpr const char* kInOneGigabyte = "";
#else
constexpr const char* kInOneGigabyte = "ulimit -v 1000000; ";
#endif

// A fresh folder in which `playhead` is run.
class Cli : public testing::Test {
 protected:
  // Runs a line of the shell in the folder, where `playhead` is the binary. CI is not set.
  Ran run(const std::string& line) {
    const std::string programs = std::filesystem::path(PLAYHEAD_BINARY).parent_path().string();
    return cli::run_shell(folder_, "unset CI && PATH='" + programs + "':\"$PATH\"", line);
  }
  void put(const std::string& name, std::string_view bytes) { put_file(folder_ / name, bytes); }
  std::string read(const std::string& name) { return bytes_of_file(folder_ / name); }
  void put_sample(const std::string& name) {
    std::filesystem::create_directories(std::filesystem::path(folder_ / name).parent_path());
    const Status written = recording::write_recording(sample(), folder_ / name);
    ASSERT_TRUE(written.ok()) << written.error().message;
  }
  // An operating failure: exit 2, nothing on stdout, and a message with each of these words.
  void expect_failure(const std::string& line, const std::vector<std::string>& words) {
    const Ran ran = run(line);
    EXPECT_EQ(ran.exit_code, 2) << line << "\n" << ran.err;
    EXPECT_EQ(ran.out, "") << line;
    for (const std::string& word : words) {
      EXPECT_NE(ran.err.find(word), std::string::npos) << line << " should say " << word << "\n"
                                                       << ran.err;
    }
  }
  static Recording sample() {
    Recording recording = recording::sample_recording();
    recording.exchanges[0].chunks.clear();
    recording.exchanges[0].body.clear();
    recording::add_chunk(recording.exchanges[0], 40, kFirstPiece);
    recording::add_chunk(recording.exchanges[0], 60, kSecondPiece);
    return recording;
  }

  static constexpr std::string_view kFirstPiece =
      "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}]}\n\nda";
  static constexpr std::string_view kSecondPiece =
      "ta: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
      ": \xFF\n\ndata: [DONE]\n\n";
  ScratchFolder folder_;
};

// One JSON document, a line end, and nothing else.
JsonDocument document_of(const Ran& ran) {
  EXPECT_TRUE(ran.out.ends_with('\n'));
  auto document = parse_json(ran.out);
  EXPECT_TRUE(document.ok()) << document.error().message << "\n" << ran.out;
  return document.ok() ? std::move(document).value() : JsonDocument{};
}

void expect_members(const JsonValue& object, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    EXPECT_NE(member(object, name), nullptr) << name << " is missing in " << json_text(object);
  }
}

std::string case_text(std::string_view name, bool completed) {
  std::string text = "## " + std::string(name) + "\n\n```stream openai-chat\n";
  text += R"(+10ms data: {"choices":[{"index":0,"delta":{"content":"Hello"},)"
          R"("finish_reason":"stop"}]}\n\ndata: [DONE]\n\n)";
  text += "\n```\n\n```expect\n{\"outcome\": {\"completed\": ";
  text += completed ? "true" : "false";
  return text + "}}\n```\n\n";
}

// ---- usage

TEST_F(Cli, WithoutArgumentsTellsItsUsage) {
  const Ran ran = run("playhead");
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_EQ(ran.out, "");
  EXPECT_NE(ran.err.find("Usage: playhead"), std::string::npos);
}

TEST_F(Cli, HelpOfEverySubcommandIsOnStdout) {
  const std::string all = run("playhead --help").out;
  EXPECT_NE(all.find("Exit codes: 0 all held, 1 a verdict failed, 2 usage"), std::string::npos);
  for (const std::string verb : {"check", "replay", "show", "bless", "import", "pack", "unpack"}) {
    EXPECT_NE(all.find("\n  " + verb + " "), std::string::npos) << verb;
    const Ran ran = run("playhead " + verb + " --help");
    EXPECT_EQ(ran.exit_code, 0) << verb;
    EXPECT_NE(ran.out.find("Usage: playhead " + verb), std::string::npos) << ran.out;
    EXPECT_EQ(ran.err, "") << verb;
  }
}

TEST_F(Cli, Version) {
  const Ran ran = run("playhead --version");
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_TRUE(ran.out.starts_with("playhead ")) << ran.out;
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 1);
  EXPECT_EQ(ran.err, "");
}

TEST_F(Cli, UsageErrorsSayWhatIsWrong) {
  put("a.md", case_text("a", true));
  put_sample("a.rec");
  expect_failure("playhead check --bogus a.md", {"--bogus"});
  expect_failure("playhead check", {"CASES"});
  expect_failure("playhead check a.md --jobs 0", {"--jobs"});
  expect_failure("playhead check a.md --shard 3/2", {"--shard 3/2", "1 <= I <= N"});
  expect_failure("playhead check a.md --shard x", {"--shard x", "1 <= I <= N"});
  expect_failure("playhead show a.rec --protocol smoke", {"--protocol smoke", "openai-chat"});
  expect_failure("playhead import a.rec", {"--output"});
  expect_failure("playhead show a.rec --raw --frames", {"--raw", "--frames"});
  expect_failure("playhead replay a.rec --exchange 9", {"a.rec", "no exchange 9"});
  put("x.sse", "data: [DONE]\n\n");
  expect_failure("playhead import x.sse -o y.rec --protocol openai-chat --end smoke",
                 {"--end smoke", "eof_early"});
}

// ---- what cannot be read

TEST_F(Cli, UnknownSubcommandIsNamed) {
  expect_failure("playhead frob x.rec", {"frob: no such subcommand", "playhead --help"});
}

// Providers add members at will: one that nobody knows is counted.
TEST_F(Cli, ShowCountsUnknownMembers) {
  put("x.sse",
      "data: {\"id\":\"a\",\"brand_new\":1,\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n"
      "data: {\"brand_new\":2,\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n");
  const JsonDocument document = document_of(run("playhead show --json x.sse"));
  const JsonValue& exchange = (*member(document, "exchanges"))[0];
  EXPECT_EQ(int_member(*member(exchange, "unknown_members"), "brand_new"), 2);
  EXPECT_NE(run("playhead show x.sse").out.find("brand_new (2 times)"), std::string::npos);
}

// A recorder that was killed before its first record left nothing to read, and nothing to ask for.
TEST_F(Cli, RecordingTornBeforeItsFirstRecordIsShownEmpty) {
  put("torn.rec", "playhead-recording 1\nmeta 0 0 9");
  const Ran ran = run("playhead show --json torn.rec");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_NE(ran.out.find("\"exchanges\":[]"), std::string::npos) << ran.out;
}

TEST_F(Cli, FoldersAreInTheOrderOfTheirNumbers) {
  const std::vector<std::string> names = {"r-a.rec", "s.rec", "s-2.rec", "s-10.rec", "t.rec"};
  for (const std::string& name : names) {
    put("recs/" + name, "playhead-recording 1\nmeta 0 0 9");
  }
  const Ran ran = run("playhead show recs");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  std::size_t at = 0;
  for (const std::string& name : names) {
    at = ran.out.find("recs/" + name + "\n", at);
    ASSERT_NE(at, std::string::npos) << name << "\n" << ran.out;
  }
}

TEST_F(Cli, MissingFilesAreNamedByEveryVerb) {
  for (const std::string verb : {"check", "bless", "show", "replay"}) {
    expect_failure("playhead " + verb + " none.there", {"none.there", "o such file"});
  }
  for (const std::string verb : {"import", "pack", "unpack"}) {
    expect_failure("playhead " + verb + " none.there -o out.rec", {"none.there"});
  }
}

TEST_F(Cli, SchedulesAreCountedAndTheirSeedsRead) {
  put("a.md", case_text("a", true) + case_text("b", true));
  const Ran counted = run("playhead check a.md --laws --seeds 20 --json");
  EXPECT_EQ(counted.exit_code, 0) << counted.err;
  EXPECT_NE(counted.err.find("2 passed, 0 failed, 0 broken, 0 skipped; 40 schedules, "),
            std::string::npos)
      << counted.err;
  EXPECT_NE(counted.err.find(" a second"), std::string::npos) << counted.err;
  EXPECT_EQ(int_member(document_of(counted), "schedules"), 40);
  EXPECT_NE(run("playhead check a.md --laws --seeds 7..9").err.find("; 6 schedules, "),
            std::string::npos);
  const Ran none = run("playhead check a.md --laws --json");
  EXPECT_EQ(none.err.find("schedules"), std::string::npos);
  EXPECT_EQ(member(document_of(none), "schedules"), nullptr);
  expect_failure("playhead check a.md --seeds 20", {"--seeds 20", "add --laws"});
  for (const std::string seeds :
       {"0", "x", "-1", "2..1", "0..3", "1..", "..3", "1...3", "1..x", "1.5", "9007199254740993"}) {
    expect_failure("playhead check a.md --laws --seeds=" + seeds,
                   {"--seeds " + seeds, "wants N or A..B with 1 <= A <= B"});
  }
}

TEST_F(Cli, CaseFilesThatAreWrongNameTheLine) {
  put("unknown.md", "# t\n\n## a\n\n```stram openai-chat\n```\n");
  expect_failure("playhead check unknown.md",
                 {"unknown.md:5: unknown block `stram`", "known: recording stream", "0 passed"});
  put("json.md",
      "## a\n\n```stream openai-chat\n+1ms x\n```\n\n```expect\n{\n  \"a\": ,\n}\n```\n");
  expect_failure("playhead check json.md", {"json.md:9:"});
  put("policy.md", "## a\n\n```stream openai-chat\n+1ms x\n```\n\n```policy\n{\"a\": 1}\n```\n");
  expect_failure("playhead check policy.md", {"policy.md:", "policy.a: unknown name"});
  put("none.md", "## a\n\n```recording\nnot/there.rec\n```\n");
  expect_failure("playhead check none.md --root .",
                 {"none.md:1: no recording at ", "not/there.rec", "--root"});
  put("empty.md", "# nothing\n");
  expect_failure("playhead check empty.md", {"empty.md", "a case is a `##` heading"});
}

TEST_F(Cli, BrokenCaseDoesNotHideTheOthers) {
  put("a.md", case_text("a", false));
  put("b.md", "## b\n\n```wrong\n```\n");
  const Ran ran = run("playhead check a.md b.md");
  EXPECT_EQ(ran.exit_code, 2) << "an operating failure goes before a failed verdict";
  EXPECT_NE(ran.err.find("failed: a.md:1: a"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("broken: b.md"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("0 passed, 1 failed, 1 broken, 0 skipped"), std::string::npos);
}

TEST_F(Cli, RecordingsThatAreWrongSayWhereAndWhatToDo) {
  const std::string version = "playhead-recording 1\n";
  put("text.rec", "hello");
  put("two.rec", "playhead-recording 2\n");
  put("lies.rec", version + "meta 0 0 5\n{}\nrequest 1 0 2\n{}\n");
  put("huge.rec", version + "meta 0 0 99999999999\n{}\n");
  put("kind.rec", version + "wrong 0 0 2\n{}\n");
  put("garbage.rec.zst", "\x28\xB5\x2F\xFD" + std::string(100, '\xFF'));
  for (const std::string verb : {"show", "replay", "show --json", "replay --json"}) {
    expect_failure("playhead " + verb + " text.rec", {"text.rec: not a recording", ".sse"});
    expect_failure("playhead " + verb + " two.rec", {"two.rec", "version 2", "use a newer"});
    expect_failure("playhead " + verb + " lies.rec", {"lies.rec: byte 21", "FORMAT.md"});
    expect_failure("playhead " + verb + " huge.rec", {"huge.rec: byte 21", "FORMAT.md"});
    expect_failure("playhead " + verb + " kind.rec", {"kind.rec: byte 21", "FORMAT.md"});
    expect_failure("playhead " + verb + " garbage.rec.zst", {"garbage.rec.zst: byte 0"});
  }
  put("case.md", "## a\n\n```recording\nlies.rec\n```\n");
  expect_failure("playhead check case.md", {"lies.rec: byte 21"});
}

TEST_F(Cli, ZstdBombsAreRefused) {
  constexpr std::size_t kBlock = 128 * 1024;
  constexpr std::size_t kRecord = 48 << 20;
  recording::HandMadeFrame frame;
  frame.raw(recording::kVersionLine);
  frame.raw(recording::record_text(RecordKind::request, 1, 0,
                                   R"({"method":"POST","target":"/","headers":[]})"));
  for (int i = 0; i < 44; ++i) {  // above 2 GiB
    frame.raw(recording::header_line({RecordKind::request_body, 1, Instant{}, kRecord}));
    frame.run('x', kRecord, kBlock).raw("\n");
  }
  put("bomb.rec.zst", frame.finish());
  EXPECT_LT(read("bomb.rec.zst").size(), 200'000U);
  expect_failure(std::string(kInOneGigabyte) + "playhead show bomb.rec.zst",
                 {"bomb.rec.zst: ", "more than 1000 times its size", "zstd -d first"});
  put("zeros.rec.zst", recording::HandMadeFrame().run('\0', std::size_t{2} << 30, kBlock).finish());
  expect_failure(std::string(kInOneGigabyte) + "playhead show zeros.rec.zst", {"zeros.rec.zst"});
}

TEST_F(Cli, TornRecordingIsReadAsFarAsItGoes) {
  put_sample("whole.rec");
  const std::string whole = read("whole.rec");
  put("torn.rec", whole.substr(0, whole.find("end 1 ") + 9));
  const Ran ran = run("playhead show --json torn.rec");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const JsonDocument document = document_of(ran);
  const JsonValue& exchange = (*member(document, "exchanges"))[0];
  EXPECT_EQ(text_member(exchange, "end"), "torn");
  EXPECT_EQ(text_member(*member(exchange, "message"), "content"), "Hello");
}

// ---- check

TEST_F(Cli, PassingCasesExitZeroAndSayNothingOnStdout) {
  put("a.md", case_text("a", true));
  const Ran ran = run("playhead check a.md");
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, "1 passed, 0 failed, 0 broken, 0 skipped\n");
}

TEST_F(Cli, CheckJsonIsOneDocumentOnStdout) {
  put("a.md", case_text("good", true) + case_text("bad", false));
  const Ran ran = run("playhead check --json a.md");
  EXPECT_EQ(ran.exit_code, 1);
  const JsonDocument document = document_of(ran);
  EXPECT_EQ(int_member(document, "passed"), 1);
  EXPECT_EQ(int_member(document, "failed"), 1);
  EXPECT_EQ(int_member(document, "broken"), 0);
  EXPECT_EQ(int_member(document, "skipped"), 0);
  const JsonValue& verdicts = *member(document, "verdicts");
  ASSERT_EQ(verdicts.Size(), 2U);
  for (const JsonValue& verdict : verdicts.GetArray()) {
    expect_members(verdict, {"file", "case", "verdict", "differences", "reproduce", "replay"});
    expect_members(*member(verdict, "replay"), {"outcome", "downstream", "exchanges"});
  }
  EXPECT_EQ(text_member(verdicts[0], "verdict"), "passed");
  EXPECT_EQ(text_member(verdicts[1], "verdict"), "failed");
  const JsonValue& difference = (*member(verdicts[1], "differences"))[0];
  EXPECT_EQ(text_member(difference, "at"), "/outcome/completed");
  EXPECT_EQ(bool_member(difference, "expected"), false);
  EXPECT_EQ(bool_member(difference, "actual"), true);
}

TEST_F(Cli, CheckJsonIsADocumentForBrokenFilesToo) {
  put("a.md", "## a\n\n```wrong\n```\n");
  const Ran ran = run("playhead check --json a.md");
  EXPECT_EQ(ran.exit_code, 2);
  const JsonDocument document = document_of(ran);
  EXPECT_EQ(int_member(document, "broken"), 1);
  const JsonValue& verdict = (*member(document, "verdicts"))[0];
  EXPECT_EQ(text_member(verdict, "verdict"), "broken");
  EXPECT_NE(text_member(verdict, "message")->find("unknown block"), std::string_view::npos);
}

TEST_F(Cli, FailedCaseShowsItsDifferencesAndHowToSeeThemAgain) {
  put("it's a case.md", case_text("good", true) + case_text("the \"bad\" one's", false));
  const Ran text = run("playhead check \"it's a case.md\"");
  EXPECT_EQ(text.exit_code, 1);
  EXPECT_EQ(text.out, "");
  for (const char* line :
       {"failed: it's a case.md:11: the \"bad\" one's\n", "  at /outcome/completed\n",
        "    expected: false\n", "    actual:   true\n", "  reproduce: playhead check "}) {
    EXPECT_NE(text.err.find(line), std::string::npos) << line << text.err;
  }
  const Ran json = run("playhead check --json \"it's a case.md\"");
  const JsonDocument document = document_of(json);
  const std::string command(
      text_member((*member(document, "verdicts"))[1], "reproduce").value_or(""));
  EXPECT_NE(text.err.find("  reproduce: " + command + "\n"), std::string::npos) << command;
  const Ran again = run(command);
  EXPECT_EQ(again.exit_code, 1) << command << again.err;
  const std::size_t begin = text.err.find("failed: ");
  const std::string shown = text.err.substr(begin, text.err.find("reproduce") - begin);
  EXPECT_NE(again.err.find(shown), std::string::npos) << again.err;
  EXPECT_NE(again.err.find("0 passed, 1 failed"), std::string::npos) << "that case alone";
}

TEST_F(Cli, LogDifferencesAreJsonTexts) {
  std::string text = case_text("a", true);
  put("a.md", text + "```log finish\nt=1 x1 finish \"stop\"\n```\n");
  const Ran ran = run("playhead check --json a.md");
  EXPECT_EQ(ran.exit_code, 1);
  const JsonDocument document = document_of(ran);
  const JsonValue& difference = (*member((*member(document, "verdicts"))[0], "differences"))[0];
  EXPECT_EQ(text_member(difference, "at"), "/log/0");
  EXPECT_EQ(text_member(difference, "actual"), "line 1: t=10000 x1 finish \"stop\"");
}

TEST_F(Cli, ShardsAndCaseNamesSelect) {
  put("a.md", case_text("one", true) + case_text("two", true) + case_text("three", true));
  EXPECT_TRUE(run("playhead check a.md --shard 1/2").err.starts_with("2 passed"));
  EXPECT_TRUE(run("playhead check a.md --shard 2/2").err.starts_with("1 passed"));
  EXPECT_TRUE(run("playhead check a.md --case two").err.starts_with("1 passed"));
  EXPECT_TRUE(run("playhead check a.md --laws --repeat 2 --jobs 3").err.starts_with("3 passed"));
  expect_failure("playhead check a.md --case four", {"no case is named \"four\""});
}

// ---- bless

TEST_F(Cli, BlessRewritesWhatIsExpected) {
  put("a.md", case_text("a", false));
  const Ran ran = run("playhead bless a.md");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(read("a.md"), case_text("a", true));
  EXPECT_EQ(run("playhead check a.md").exit_code, 0);
  EXPECT_NE(run("playhead bless a.md").err.find("0 of 1 files changed"), std::string::npos);
}

TEST_F(Cli, BlessNeverWritesWhenCiIsSet) {
  put("a.md", case_text("a", false));
  expect_failure("CI=true playhead bless a.md", {"CI is set", "by hand"});
  EXPECT_EQ(read("a.md"), case_text("a", false));
}

// ---- show

TEST_F(Cli, ShowTellsPeopleWhatIsInARecording) {
  put_sample("a.rec");
  const Ran ran = run("playhead show a.rec");
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.err, "");
  for (const char* word : {"two at once", "exchange 1: openai-chat, status 200, complete",
                           "\"Hello\"", "exchange 2: openai-chat, status 0, reset"}) {
    EXPECT_NE(ran.out.find(word), std::string::npos) << word << "\n" << ran.out;
  }
}

TEST_F(Cli, ShowJsonHasTheMembersThatToolsRelyOn) {
  put_sample("a.rec.zst");
  const Ran ran = run("playhead show --json a.rec.zst");
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.err, "");
  const JsonDocument document = document_of(ran);
  ASSERT_TRUE(document.IsObject());
  EXPECT_EQ(text_member(document, "recording"), "a.rec.zst");
  EXPECT_EQ(text_member(*member(document, "meta"), "title"), "two at once");
  const JsonValue& exchange = (*member(document, "exchanges"))[0];
  expect_members(exchange, {"index", "protocol", "status", "end", "bytes", "chunks", "frames",
                            "comments", "first_byte_us", "last_byte_us", "longest_gap_us",
                            "message", "completion", "anomalies"});
  expect_members(*member(exchange, "message"),
                 {"id", "model", "role", "content", "visible", "reasoning", "refusal", "tool_calls",
                  "provider_tools", "usage"});
  expect_members(*member(exchange, "completion"),
                 {"finish_reason", "provider_finish_reason", "truncated", "why", "error"});
  EXPECT_EQ(int_member(exchange, "frames"), 3) << "comments apart";
  EXPECT_EQ(int_member(exchange, "comments"), 1);
  EXPECT_EQ(int_member(exchange, "first_byte_us"), 30) << "since its request";
  EXPECT_EQ(int_member(exchange, "chunks"), 2);
}

TEST_F(Cli, ShowJsonOfSeveralIsAnArray) {
  put_sample("f/a.rec");
  put_sample("f/b.rec.zst");
  for (const char* line : {"playhead show --json f/a.rec f/b.rec.zst", "playhead show --json f"}) {
    const Ran ran = run(line);
    EXPECT_EQ(ran.exit_code, 0);
    const JsonDocument document = document_of(ran);
    ASSERT_TRUE(document.IsArray()) << line;
    ASSERT_EQ(document.Size(), 2U);
    EXPECT_EQ(text_member(document[1], "recording"), "f/b.rec.zst");
  }
}

TEST_F(Cli, ShowGoesOnBehindARecordingThatIsWrong) {
  put("a.rec", "hello");
  put_sample("b.rec");
  put_sample("c.rec");
  const Ran ran = run("playhead show --json a.rec b.rec c.rec");
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_EQ(document_of(ran).Size(), 2U);
  EXPECT_NE(ran.err.find("a.rec: not a recording"), std::string::npos);
}

TEST_F(Cli, ShowJsonKeepsItsFormWhereOneOfSeveralIsWrong) {
  put("a.rec", "hello");
  put_sample("b.rec");
  const Ran ran = run("playhead show --json a.rec b.rec");
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_TRUE(document_of(ran).IsArray());
}

TEST_F(Cli, ShowRawGivesTheBytes) {
  put_sample("a.rec.zst");
  const Ran ran = run("playhead show --raw a.rec.zst");
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.out, std::string(kFirstPiece) + std::string(kSecondPiece));
  EXPECT_EQ(ran.err, "");
}

TEST_F(Cli, ShowFramesListsEachFrame) {
  put_sample("a.rec");
  const Ran ran = run("playhead show --frames --json a.rec");
  EXPECT_EQ(ran.exit_code, 0);
  const JsonDocument document = document_of(ran);
  const JsonValue& frames = *member((*member(document, "exchanges"))[0], "frames_list");
  ASSERT_EQ(frames.Size(), 4U);
  std::int64_t offset = 0;
  for (const JsonValue& frame : frames.GetArray()) {
    EXPECT_EQ(int_member(frame, "offset"), offset) << "one behind the other";
    offset += int_member(frame, "size").value_or(0);
  }
  EXPECT_EQ(text_member(frames[0], "kind"), "event");
  EXPECT_EQ(int_member(frames[0], "at_us"), 30);
  EXPECT_EQ(text_member(frames[2], "kind"), "comment");
  EXPECT_EQ(text_member(*member(frames[2], "data"), "base64"), "IP8=") << "no UTF-8";
  EXPECT_EQ(text_member(frames[3], "data"), "[DONE]");
}

TEST_F(Cli, ShowFramesHasTheMembersThatToolsRelyOn) {
  put("a.sse", "event: ping\nid: 7\nretry: 1500\ndata: x\n\n");
  const Ran ran = run("playhead show --frames --json a.sse --protocol openai-chat");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const JsonDocument document = document_of(ran);
  const JsonValue& frame = (*member((*member(document, "exchanges"))[0], "frames_list"))[0];
  expect_members(frame,
                 {"at_us", "offset", "size", "kind", "event", "id", "retry", "data", "error"});
  EXPECT_EQ(text_member(frame, "event"), "ping");
  EXPECT_EQ(text_member(frame, "id"), "7");
  EXPECT_EQ(int_member(frame, "retry"), 1500);
}

// The body of a redirect is no stream, for the frames as for the message.
TEST_F(Cli, ShowFramesOfARedirectAreNone) {
  put("x.sse", "data: [DONE]\n\n");
  const Ran ran =
      run("playhead import x.sse -o r.rec --protocol openai-chat --status 302 &&"
          " playhead show --frames --json r.rec");
  const JsonDocument document = document_of(ran);
  const JsonValue& exchange = (*member(document, "exchanges"))[0];
  EXPECT_EQ(int_member(exchange, "frames"), 0);
  EXPECT_TRUE(member(exchange, "frames_list")->Empty());
}

TEST_F(Cli, RawBodiesAreRecordingsToo) {
  put("openai-chat/a.sse", std::string(kFirstPiece) + std::string(kSecondPiece));
  const Ran named = run("playhead show --json openai-chat/a.sse");
  EXPECT_EQ(named.exit_code, 0) << named.err;
  const JsonDocument document = document_of(named);
  const JsonValue& exchange = (*member(document, "exchanges"))[0];
  EXPECT_EQ(text_member(exchange, "protocol"), "openai-chat");
  EXPECT_EQ(text_member(exchange, "end"), "complete");
  EXPECT_EQ(int_member(exchange, "status"), 200);
  EXPECT_EQ(run("playhead replay openai-chat/a.sse").exit_code, 0);
}

// ---- replay

TEST_F(Cli, ReplayJsonHasTheMembersThatToolsRelyOn) {
  put_sample("a.rec");
  const Ran ran = run("playhead replay --json --seed 5 a.rec");
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.err, "");
  const JsonDocument document = document_of(ran);
  expect_members(document, {"recording", "seed", "fingerprint", "virtual_us", "outcome",
                            "downstream", "exchanges", "transcript"});
  EXPECT_EQ(int_member(document, "seed"), 5);
  const JsonValue& outcome = *member(document, "outcome");
  expect_members(outcome, {"completed", "partial", "failed", "final_response", "reasoning", "error",
                           "finish_reason", "api_calls", "retries", "unused_exchanges",
                           "interrupted", "notices", "pending_steer", "requests", "continuations",
                           "tools", "usage", "session"});
  expect_members(*member(outcome, "tools"), {"executed", "refused", "dropped"});
  expect_members((*member(outcome, "requests"))[0],
                 {"at_us", "why", "max_tokens", "messages", "body"});
  expect_members(
      *member(document, "downstream"),
      {"format", "frames", "keepalives_us", "finish_reason", "done", "longest_silence_us", "text"});
  for (const JsonValue& fact : member(document, "transcript")->GetArray()) {
    expect_members(fact, {"at_us", "kind"});
  }
  EXPECT_EQ(bool_member(outcome, "completed"), true);
  EXPECT_EQ(int_member(outcome, "unused_exchanges"), 1);
}

TEST_F(Cli, ReplayIsTheSameEveryTime) {
  put_sample("a.rec");
  for (const char* line : {"playhead replay a.rec", "playhead replay --json a.rec",
                           "playhead replay --json --exchange 2 --seed 9 a.rec"}) {
    const Ran first = run(line);
    EXPECT_EQ(first.exit_code, 0) << first.err;
    EXPECT_EQ(run(line).out, first.out) << line;
  }
}

TEST_F(Cli, ReplayTakesAPolicy) {
  put_sample("a.rec");
  put("policy.json", "{\"transport\": {\"retries\": 0}}");
  const Ran ran = run("playhead replay --json --exchange 2 --policy policy.json a.rec");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(int_member(*member(document_of(ran), "outcome"), "retries"), 0);
  put("policy.json", "{\"transprot\": 1}");
  expect_failure("playhead replay --policy policy.json a.rec",
                 {"policy.json", "transprot", "unknown name"});
  put("policy.json", "{\n,}");
  expect_failure("playhead replay --policy policy.json a.rec", {"policy.json"});
  expect_failure("playhead show --policy policy.json a.rec", {"policy.json:2:"});
  expect_failure("playhead replay --policy none.json a.rec", {"none.json"});
}

// ---- pack, unpack, import

TEST_F(Cli, PackUndoesUnpack) {
  put_sample("a.rec.zst");
  EXPECT_EQ(run("playhead unpack a.rec.zst -o plain").exit_code, 0);
  EXPECT_EQ(run("playhead pack plain -o b.rec").exit_code, 0);
  EXPECT_EQ(run("playhead pack plain -o c.rec.zst").exit_code, 0);
  EXPECT_EQ(read("c.rec.zst"), read("a.rec.zst"));
  const std::string shown = run("playhead replay --json a.rec.zst").out;
  std::string again = run("playhead replay --json b.rec").out;
  again.replace(again.find("b.rec"), 5, "a.rec.zst");
  EXPECT_EQ(again, shown);
  expect_failure("playhead unpack a.rec.zst -o plain", {"plain"});
  expect_failure("playhead pack empty -o d.rec", {"empty"});
}

TEST_F(Cli, ImportCutsABodyAtItsBoundaries) {
  const std::string body = std::string(kFirstPiece) + std::string(kSecondPiece);
  put("body.sse", body);
  const std::size_t rest = body.size() - 30;
  put("lengths.json", "[10, 20, " + std::to_string(rest) + "]");
  put("times.txt", "5\n7\n11\n");
  const Ran ran =
      run("playhead import body.sse --protocol openai-chat --boundaries lengths.json "
          "--times times.txt --end reset --title 'a title' -o a.rec.zst");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out, "");
  const JsonDocument document = document_of(run("playhead show --json a.rec.zst"));
  const JsonValue& exchange = (*member(document, "exchanges"))[0];
  EXPECT_EQ(int_member(exchange, "chunks"), 3);
  EXPECT_EQ(int_member(exchange, "last_byte_us"), 11);
  EXPECT_EQ(text_member(exchange, "end"), "reset");
  EXPECT_EQ(text_member(*member(document, "meta"), "title"), "a title");
  EXPECT_EQ(text_member(*member(document, "meta"), "borders"), "read");
  EXPECT_EQ(run("playhead show --raw a.rec.zst").out, body);
  put("lengths.json", "[10]");
  expect_failure(
      "playhead import body.sse --protocol openai-chat --boundaries lengths.json "
      "-o b.rec",
      {"lengths.json", "add up to 10 bytes"});
  EXPECT_FALSE(std::filesystem::exists(folder_ / "b.rec"));
}

}  // namespace
}  // namespace playhead
