// `playhead serve` as its users meet it: a real command beside it that asks over a real socket.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "base/json.h"
#include "cli/testing.h"
#include "recording/testing.h"
#include "recording/writer.h"

namespace playhead {
namespace {

using cli::Ran;
using recording::bytes_of_file;
using recording::put_file;
using recording::ScratchFolder;

// Two exchanges: POST /v1/chat/completions with {"n":1}, and one with {"n":2}.
Recording two_exchanges() {
  Recording recording;
  for (int n = 1; n <= 2; ++n) {
    RecordedExchange& exchange = recording.exchanges.emplace_back();
    exchange.index = n;
    exchange.method = "POST";
    exchange.target = "/v1/chat/completions";
    exchange.request_body = "{\"n\":" + std::to_string(n) + "}";
    exchange.responded_at = Instant{};
    exchange.status = 200;
    recording::add_chunk(exchange, 0, "answer " + std::to_string(n));
    exchange.end.reason = EndReason::complete;
  }
  return recording;
}

class ServeCli : public testing::Test {
 protected:
  ServeCli() {
    const Status written = recording::write_recording(two_exchanges(), folder_ / "two.rec.zst");
    EXPECT_TRUE(written.ok());
    // post BASE_URL BODY: the answer's status line and body.
    put_file(folder_ / "post",
             "base=${1#http://}; host=${base%%/*}\n"
             "exec 3<>/dev/tcp/${host%:*}/${host##*:}\n"
             "printf 'POST /%s/chat/completions HTTP/1.0\\r\\nHost: localhost\\r\\n"
             "Content-Length: %s\\r\\n\\r\\n%s' \"${base#*/}\" ${#2} \"$2\" >&3\n"
             "cat <&3 | tr -d '\\r' | sed -n '1p;$p'\n");
  }

  // A line of the shell, where $playhead is the binary.
  Ran run(const std::string& line) {
    return cli::run_shell(folder_, "playhead='" PLAYHEAD_BINARY "'", line);
  }

  // `playhead serve` around a script of bash that does not end by itself, and what is done to it
  // from outside: $id is the server. Ends with the server's exit code when nobody has the command's
  // stdout any more.
  Ran run_beside(const std::string& script, const std::string& deed) {
    for (const char* name : {"ready", "told", "stdout"}) std::filesystem::remove(folder_ / name);
    put_file(folder_ / "script", script + "\n>ready; while :; do :; done\n");
    return run(
        "mkfifo stdout; cat stdout & cat=$!\n"
        "$playhead serve two.rec.zst -- bash script >stdout & id=$!\n"
        "until [ -e ready ]; do :; done\n" +
        deed + "\nwait $id; code=$?; wait $cat; exit $code");
  }

  ScratchFolder folder_;
};

TEST_F(ServeCli, RunsACommandWithTheVariablesAndEndsWithItsExitCode) {
  const Ran ran =
      run("$playhead serve two.rec.zst --speed instant -- "
          "bash -c 'bash post $OPENAI_BASE_URL \"{\\\"n\\\": 2}\"; exit 7'");
  EXPECT_EQ(ran.exit_code, 7);
  EXPECT_EQ(ran.out, "HTTP/1.1 200 OK\nanswer 2");
  EXPECT_NE(ran.err.find("served 1, missed 0; exchanges left over: 1 of 2"), std::string::npos)
      << ran.err;
}

TEST_F(ServeCli, EndsWithOneWhereARequestWasMissed) {
  const Ran ran =
      run("$playhead serve two.rec.zst -- bash -c 'bash post $OPENAI_BASE_URL \"{\\\"n\\\": 3}\"'");
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_TRUE(
      ran.out.starts_with("HTTP/1.1 404 Not Found\n{\"error\":{\"type\":\"playhead_no_match\""))
      << ran.out;
  EXPECT_NE(ran.err.find("no recorded exchange answers POST /v1/chat/completions; nearest is "
                         "exchange 1 of two.rec.zst: /n differs\n  /n: recorded 1, sent 3\n"),
            std::string::npos)
      << ran.err;
  // A command that failed itself says more.
  EXPECT_EQ(run("$playhead serve two.rec.zst -- "
                "bash -c 'bash post $OPENAI_BASE_URL \"{\\\"n\\\": 3}\"; exit 5'")
                .exit_code,
            5);
}

TEST_F(ServeCli, MasksTheSecretsOfItsEnvironmentInAMiss) {
  const Ran ran = run(
      "OPENAI_API_KEY=sk-proj-Abc123Def456 $playhead serve two.rec.zst -- "
      "bash -c 'bash post $OPENAI_BASE_URL \"{\\\"n\\\":1,\\\"k\\\":\\\"$OPENAI_API_KEY\\\"}\"'");
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(ran.err.find("/k: recorded nothing, sent \"xxxxxxxxxxxxxxxxxxxx\"\n"),
            std::string::npos)
      << ran.err;
  EXPECT_EQ((ran.out + ran.err).find("Abc123"), std::string::npos) << ran.out << ran.err;
}

TEST_F(ServeCli, JudgesWhatIsLeftOverAsAsked) {
  EXPECT_EQ(run("$playhead serve two.rec.zst -- true").exit_code, 0);
  const Ran warned = run("$playhead serve two.rec.zst --unused warn -- true");
  EXPECT_EQ(warned.exit_code, 0);
  EXPECT_NE(warned.err.find("unused: exchange 2 of two.rec.zst (POST /v1/chat/completions)\n"),
            std::string::npos)
      << warned.err;
  EXPECT_EQ(run("$playhead serve two.rec.zst --unused fail -- true").exit_code, 1);
  const Ran both =
      run("$playhead serve two.rec.zst --unused fail --match fields=n -- bash -c "
          "'bash post $OPENAI_BASE_URL \"{\\\"n\\\":1}\"; bash post $OPENAI_BASE_URL "
          "\"{\\\"n\\\":2}\"'");
  EXPECT_EQ(both.exit_code, 0) << both.err;
}

TEST_F(ServeCli, ServesRawBodiesAndStreamsOfCasesInSequence) {
  put_file(folder_ / "raw.sse", "data: raw\n\n");
  put_file(folder_ / "cases.md",
           "## first\n\n```stream openai-chat\n+0ms data: 1\\n\\n\n```\n\n```expect\n{}\n```\n\n"
           "## second\n\n```stream openai-chat\n+0ms data: 2\n```\n\n```expect\n{}\n```\n");
  const Ran ran =
      run("$playhead serve raw.sse cases.md --case second --match sequence --unused fail -- "
          "bash -c 'bash post $OPENAI_BASE_URL {}; bash post $OPENAI_BASE_URL {}'");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out, "HTTP/1.1 200 OK\n\nHTTP/1.1 200 OK\ndata: 2") << ran.err;
  const Ran missed = run("$playhead serve raw.sse -- bash -c 'bash post $OPENAI_BASE_URL {}'");
  EXPECT_EQ(missed.exit_code, 1);
  EXPECT_NE(missed.err.find("only --match sequence serves it"), std::string::npos) << missed.err;
}

TEST_F(ServeCli, TellsWhereItListensAndEndsAtASignal) {
  const Ran ran =
      run("$playhead serve two.rec.zst --json >told & server=$!\n"
          "while ! [ -s told ]; do :; done\n"
          "kill -INT $server; wait $server");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto told = parse_json(bytes_of_file(folder_ / "told"));
  ASSERT_TRUE(told.ok());
  const std::string url(text_member(*told, "url").value_or(""));
  EXPECT_TRUE(url.starts_with("http://127.0.0.1:")) << url;
  EXPECT_EQ(text_member(*told, "state"), url + "/_playhead/state.json");
  const JsonValue* variables = member(*told, "variables");
  ASSERT_NE(variables, nullptr);
  EXPECT_EQ(text_member(*variables, "OPENAI_BASE_URL"), url + "/openai/v1");
}

TEST_F(ServeCli, PassesASignalOnToItsCommand) {
  for (const std::string signal : {"TERM", "INT", "HUP"}) {
    const Ran ran = run_beside("trap 'echo told; exit 3' " + signal, "kill -" + signal + " $id");
    EXPECT_EQ(ran.exit_code, 3) << ran.err;
    EXPECT_EQ(ran.out, "told\n");
  }
  const Ran ended = run_beside(":", "kill -TERM $id");
  EXPECT_EQ(ended.exit_code, 128 + SIGTERM) << ended.err;
  EXPECT_NE(ended.err.find("requests: 0, served 0"), std::string::npos) << ended.err;
}

// A command that does not end at the first one.
TEST_F(ServeCli, KillsItsCommandAtAFurtherSignal) {
  for (const std::string signal : {"TERM", "INT"}) {
    const Ran ran = run_beside("trap '>told' TERM INT",
                               "kill -TERM $id; until [ -e told ]; do :; done\n"
                               "kill -" +
                                   signal + " $id");
    EXPECT_EQ(ran.exit_code, 128 + SIGKILL) << ran.err;
    EXPECT_NE(ran.err.find("requests: 0, served 0"), std::string::npos) << ran.err;
  }
}

// Both ask for the same path with the same body.
TEST_F(ServeCli, AnswersEachProviderWithItsOwnRecording) {
  Recording upstream = two_exchanges();
  for (RecordedExchange& exchange : upstream.exchanges) exchange.request_body = "{}";
  upstream.exchanges[0].target = "/one/v1/chat/completions";
  upstream.exchanges[1].target = "/two/v1/chat/completions";
  ASSERT_TRUE(recording::write_recording(upstream, folder_ / "upstream.rec").ok());
  put_file(folder_ / "record",
           "origin=${OPENAI_BASE_URL%/openai/v1}\n"
           "OPENAI_BASE_URL=$origin/one/v1 MISTRAL_BASE_URL=$origin/two/v1 $1 record -o both.rec "
           "-- bash -c 'bash post $OPENAI_BASE_URL {}; bash post $MISTRAL_BASE_URL {}'\n");
  const Ran recorded = run("$playhead serve upstream.rec -- bash record $playhead");
  EXPECT_EQ(recorded.out, "HTTP/1.1 200 OK\nanswer 1HTTP/1.1 200 OK\nanswer 2") << recorded.err;
  const Ran served =
      run("$playhead serve both.rec -- "
          "bash -c 'bash post $MISTRAL_BASE_URL {}; bash post $OPENAI_BASE_URL {}'");
  EXPECT_EQ(served.out, "HTTP/1.1 200 OK\nanswer 2HTTP/1.1 200 OK\nanswer 1") << served.err;
  const Ran other = run("$playhead serve both.rec -- bash -c 'bash post $CO_API_URL/v1 {}'");
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_TRUE(other.out.starts_with("HTTP/1.1 404 ")) << other.out;
}

TEST_F(ServeCli, SaysWhatIsMissingBeforeItServes) {
  Recording torn = two_exchanges();
  torn.exchanges.pop_back();
  torn.exchanges[0].end.reason = EndReason::torn;
  ASSERT_TRUE(recording::write_recording(torn, folder_ / "torn.rec").ok());
  const Ran ran = run("$playhead serve torn.rec -- true");
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_NE(ran.err.find("playhead: warning: torn.rec is incomplete: 1 exchange without an end\n"),
            std::string::npos)
      << ran.err;
  EXPECT_NE(ran.err.find("serving 1 recorded exchange at "), std::string::npos) << ran.err;
}

TEST_F(ServeCli, SaysWhatIsWrong) {
  const auto expect_failure = [this](const std::string& line, const std::string& words) {
    const Ran ran = run(line);
    EXPECT_EQ(ran.exit_code, 2) << line;
    EXPECT_EQ(ran.out, "") << line;
    EXPECT_NE(ran.err.find(words), std::string::npos) << line << "\n" << ran.err;
  };
  expect_failure("$playhead serve", "RECORDINGS");
  expect_failure("$playhead serve none.rec", "none.rec: no such file");
  expect_failure("$playhead serve two.rec.zst --speed fast", "or instant");
  expect_failure("$playhead serve two.rec.zst --match some", "--match is exact, sequence");
  put_file(folder_ / "cases.md", "## one\n\n```recording\ntwo.rec.zst\n```\n");
  expect_failure("$playhead serve cases.md", "cases.md: holds no case with a stream");
  expect_failure("$playhead serve two.rec.zst --unused x", "ignore, warn or fail");
  expect_failure("$playhead serve two.rec.zst --listen nowhere:x", "nowhere:x");
  expect_failure("$playhead serve two.rec.zst --json -- true", "--json");
  expect_failure("$playhead serve two.rec.zst --", "no command stands behind --");
  expect_failure("$playhead serve two.rec.zst -- ./none", "cannot start ./none");
}

}  // namespace
}  // namespace playhead
