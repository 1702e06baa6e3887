// `playhead record` as its users meet it: around a real command, before an upstream that is
// `playhead serve`.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/base_urls.h"
#include "cli/testing.h"
#include "recording/load.h"
#include "recording/testing.h"
#include "recording/writer.h"

namespace playhead {
namespace {

using cli::Ran;
using recording::bytes_of_file;
using recording::put_file;
using recording::ScratchFolder;

Recording one_exchange() {
  Recording recording;
  RecordedExchange& exchange = recording.exchanges.emplace_back();
  exchange.index = 1;
  exchange.method = "POST";
  exchange.target = "/v1/chat/completions";
  exchange.request_body = "{\"model\":\"m\"}";
  exchange.responded_at = Instant{};
  exchange.status = 200;
  recording::add_chunk(exchange, 0, "data: a\n");
  recording::add_chunk(exchange, 10, "\ndata: [DONE]\n\n");
  exchange.end.reason = EndReason::complete;
  exchange.end.at = Instant{10};
  return recording;
}

// The same, but the second chunk is ten minutes away.
Recording one_that_stays_open() {
  Recording recording = one_exchange();
  RecordedExchange& exchange = recording.exchanges.front();
  exchange.chunks.back().at = Instant{} + seconds(600);
  exchange.end.at = exchange.chunks.back().at;
  return recording;
}

class RecordCli : public testing::Test {
 protected:
  RecordCli() {
    EXPECT_TRUE(recording::write_recording(one_exchange(), folder_ / "one.rec.zst").ok());
    EXPECT_TRUE(recording::write_recording(one_that_stays_open(), folder_ / "open.rec.zst").ok());
    // send [HEADER], sourced: sends the recorded request, the answer comes by file 3.
    put_file(folder_ / "send",
             "base=${OPENAI_BASE_URL#http://}; host=${base%%/*}; body='{\"model\":\"m\"}'\n"
             "exec 3<>/dev/tcp/${host%:*}/${host##*:}\n"
             "printf 'POST /%s/chat/completions HTTP/1.1\\r\\nHost: localhost\\r\\n"
             "Connection: close\\r\\n%s\\r\\nContent-Length: %s\\r\\n\\r\\n%s' "
             "\"${base#*/}\" \"${1:-X-None: 1}\" ${#body} \"$body\" >&3\n");
    // ask [HEADER]: the whole answer.
    put_file(folder_ / "ask", ". ./send; cat <&3 | tr -d '\\r'\n");
  }

  // A line of the shell, where $playhead is the binary.
  Ran run(const std::string& line) {
    return cli::run_shell(folder_, "export playhead='" PLAYHEAD_BINARY "' && unset OPENAI_BASE_URL",
                          line);
  }
  // The same behind an upstream.
  Ran run_served(const std::string& line) {
    put_file(folder_ / "line", line + "\n");
    return run("$playhead serve one.rec.zst --speed instant -- bash line");
  }
  // `playhead record` around a script of bash, and what is done to it from outside once there is a
  // file `ready`: $id is the recorder. Ends with the recorder's exit code when nobody has the
  // command's stdout any more. `upstream`: what is served.
  Ran run_beside(const std::string& upstream, const std::string& script, const std::string& deed) {
    for (const char* name : {"ready", "told", "got.rec.zst", "stdout"}) {
      std::filesystem::remove(folder_ / name);
    }
    put_file(folder_ / "script", script);
    put_file(folder_ / "line",
             "mkfifo stdout; cat stdout & cat=$!\n"
             "$playhead record -o got.rec.zst -- bash script >stdout & id=$!\n"
             "until [ -e ready ]; do :; done\n" +
                 deed + "\nwait $id; code=$?; wait $cat; exit $code\n");
    return run("$playhead serve " + upstream + " -- bash line");
  }
  // The one exchange of what was recorded, which is finished.
  RecordedExchange got() {
    const auto got = recording::load(folder_ / "got.rec.zst");
    EXPECT_TRUE(got.ok()) << got.error().message;
    if (!got.ok()) return {};
    EXPECT_FALSE(got->front().torn);
    EXPECT_NE(got->front().meta.json.find("\"finished\":true"), std::string::npos);
    EXPECT_EQ(got->front().exchanges.size(), 1u);
    return got->front().exchanges.front();
  }

  ScratchFolder folder_;
};

TEST_F(RecordCli, RecordsACommandsRequestsAndEndsWithItsExitCode) {
  const Ran ran = run_served(
      "OPENAI_API_KEY=sk-canary-12345 $playhead record -o got.rec.zst -- "
      "bash -c 'bash ask \"X-Echo: sk-canary-12345\"; exit 7'");
  EXPECT_EQ(ran.exit_code, 7) << ran.err;
  EXPECT_TRUE(ran.out.ends_with("8\ndata: a\n\nf\n\ndata: [DONE]\n\n\n0\n\n")) << ran.out;
  EXPECT_NE(ran.err.find("1 exchange in got.rec.zst"), std::string::npos) << ran.err;
  const auto got = recording::load(folder_ / "got.rec.zst");
  ASSERT_TRUE(got.ok()) << got.error().message;
  const RecordedExchange& exchange = got->front().exchanges.front();
  EXPECT_EQ(exchange.target, "/v1/chat/completions");
  EXPECT_EQ(exchange.body, one_exchange().exchanges.front().body);
  EXPECT_EQ(exchange.end.reason, EndReason::complete);
  EXPECT_EQ(got->front().meta.provider, "openai");
  EXPECT_EQ(got->front().meta.model, "m");
}

TEST_F(RecordCli, NamesGoIntoAFolder) {
  const Ran ran = run_served(
      "$playhead record -o recs --name first --upstream ${OPENAI_BASE_URL%/v1} -- "
      "bash -c 'bash ask; bash ask \"x-playhead-recording: second\"'");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_TRUE(recording::load(folder_ / "recs/first.rec.zst").ok());
  EXPECT_TRUE(recording::load(folder_ / "recs/second.rec.zst").ok());
}

TEST_F(RecordCli, PrintsWhereItListensAndEndsCleanlyAtASignal) {
  const Ran ran =
      run("$playhead record -o got.rec --upstream http://127.0.0.1:9 2>said & id=$!\n"
          "until grep -q GROQ said; do :; done; cat said >&2; kill -INT $id; wait $id");
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.out, "");
  EXPECT_NE(ran.err.find("listening on http://127.0.0.1:"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("export OPENAI_BASE_URL=http://127.0.0.1:"), std::string::npos);
  EXPECT_NE(ran.err.find("/v1\n"), std::string::npos);
  EXPECT_NE(bytes_of_file(folder_ / "said").find("nothing was recorded"), std::string::npos);
}

// Scripts of commands.
const std::string kAsks = "bash ask >answer; >ready\n";
const std::string kAsksAndStaysOpen =
    ". ./send; while read -r line <&3 && [ \"$line\" != 'data: a' ]; do :; done; >ready\n";
// Without a child, for which bash would put a trap off.
const std::string kGoesOn = "while :; do :; done\n";

TEST_F(RecordCli, PassesASignalOnToItsCommand) {
  for (const std::string signal : {"TERM", "INT", "HUP"}) {
    const Ran ran = run_beside("one.rec.zst --speed instant",
                               "trap 'echo told; exit 3' " + signal + "\n" + kAsks + kGoesOn,
                               "kill -" + signal + " $id");
    EXPECT_EQ(ran.exit_code, 3) << ran.err;
    EXPECT_EQ(ran.out, "told\n");
    EXPECT_EQ(got().body, one_exchange().exchanges.front().body);
    EXPECT_EQ(got().end.reason, EndReason::complete);
  }
}

TEST_F(RecordCli, EndsWithTheSignalThatEndedItsCommand) {
  const Ran ran = run_beside("one.rec.zst --speed instant", kAsks + kGoesOn, "kill -TERM $id");
  EXPECT_EQ(ran.exit_code, 128 + SIGTERM) << ran.err;
  EXPECT_EQ(got().end.reason, EndReason::complete);
  // An answer that was under way ends with the command that waited for it.
  const Ran open = run_beside("open.rec.zst", kAsksAndStaysOpen + kGoesOn, "kill -TERM $id");
  EXPECT_EQ(open.exit_code, 128 + SIGTERM) << open.err;
  EXPECT_NE(open.err.find("1 exchange in got.rec.zst\n"), std::string::npos) << open.err;
  EXPECT_EQ(got().body, "data: a\n");
  EXPECT_EQ(got().end.reason, EndReason::client_closed);
}

// A command that does not end at the first one.
TEST_F(RecordCli, KillsItsCommandAtAFurtherSignal) {
  for (const std::string signal : {"TERM", "INT"}) {
    const Ran ran =
        run_beside("open.rec.zst", "trap '>told' TERM INT\n" + kAsksAndStaysOpen + kGoesOn,
                   "kill -TERM $id; until [ -e told ]; do :; done\n"
                   "kill -" +
                       signal + " $id");
    EXPECT_EQ(ran.exit_code, 128 + SIGKILL) << ran.err;
    EXPECT_NE(ran.err.find("1 exchange in got.rec.zst\n"), std::string::npos) << ran.err;
    EXPECT_EQ(got().body, "data: a\n");
    EXPECT_EQ(got().end.reason, EndReason::recorder_stopped);
  }
}

// What the command left behind is not waited for then, and its exit code stays what it was.
TEST_F(RecordCli, EndsAtASignalBehindTheEndOfItsCommand) {
  const Ran ran = run_beside(
      "open.rec.zst",
      "trap 'exit 5' TERM; echo $$ >id\n(" + kAsksAndStaysOpen + "cat <&3 >rest) &\n" + kGoesOn,
      "kill -TERM $id; while [ -e /proc/$(cat id) ]; do :; done\n"
      "kill -TERM $id");
  EXPECT_EQ(ran.exit_code, 5) << ran.err;
  EXPECT_EQ(got().body, "data: a\n");
  EXPECT_EQ(got().end.reason, EndReason::recorder_stopped);
}

TEST_F(RecordCli, SaysWhichOptionsItCannotUse) {
  const std::string up = "--upstream http://127.0.0.1:9 ";
  for (const auto& [options, word] : std::vector<std::pair<std::string, std::string>>{
           {"--upstream ftp://a", "https://"},
           {"--upstream http://u:secret@a", "user name"},
           {"--upstream /x", "/PREFIX=URL"},
           {"--upstream x=http://a", "https://"},
           {up + up, "two upstreams"},
           {up + "--listen nowhere", "listen"},
           {up + "--name a -o b.rec", "--name"},
           {up + "--name ../a -o d", "name"},
           {up + "-o one.rec.zst", "exists"},
           {up + "--ca none.pem", "none.pem"},
           {up + "-o d -- /no/such/command", "/no/such/command"},
           {up + "--", "--"},
           {up + "words", "words"}}) {
    const Ran ran = run("$playhead record " + options);
    EXPECT_EQ(ran.exit_code, 2) << options;
    EXPECT_EQ(ran.out, "") << options;
    EXPECT_NE(ran.err.find(word), std::string::npos) << options << "\n" << ran.err;
    EXPECT_EQ(ran.err.find("secret"), std::string::npos) << ran.err;
  }
}

// The table.

cli::Environment environment_of(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const std::string& name) -> std::optional<std::string> {
    const auto found = values.find(name);
    if (found == values.end()) return std::nullopt;
    return found->second;
  };
}

std::string value_of(const cli::Variables& variables, const std::string& name) {
  for (const auto& [key, value] : variables) {
    if (key == name) return value;
  }
  return "-";
}

constexpr const char* kOrigin = "http://127.0.0.1:1";

TEST(BaseUrls, EachProviderHasItsOwnUpstreamBehindItsPrefix) {
  const auto plan = cli::plan_upstreams({}, environment_of({{"AWS_REGION", "eu-north-1"}})).value();
  ASSERT_EQ(plan.upstreams.size(), cli::kBaseUrls.size());
  const auto router = record::Router::make(plan.upstreams).value();
  const auto goes = [&](const std::string& target) {
    const record::Route route = router.route(target);
    return router.upstreams()[route.upstream].url.authority() + route.target;
  };
  EXPECT_EQ(goes("/openai/v1/responses"), "api.openai.com/v1/responses");
  EXPECT_EQ(goes("/anthropic/v1/messages"), "api.anthropic.com/v1/messages");
  EXPECT_EQ(goes("/anthropic/messages"), "api.anthropic.com/v1/messages");
  EXPECT_EQ(goes("/google/v1beta/models/g:x"),
            "generativelanguage.googleapis.com/v1beta/models/g:x");
  EXPECT_EQ(goes("/bedrock/model/m/converse"),
            "bedrock-runtime.eu-north-1.amazonaws.com/model/m/converse");
  EXPECT_EQ(goes("/ollama/api/chat"), "127.0.0.1:11434/api/chat");
  EXPECT_EQ(goes("/openrouter/api/v1/chat/completions"), "openrouter.ai/api/v1/chat/completions");
  EXPECT_EQ(plan.variables(kOrigin), cli::prefixed_variables(kOrigin));
  EXPECT_EQ(value_of(plan.variables(kOrigin), "OPENAI_BASE_URL"), "http://127.0.0.1:1/openai/v1");
}

TEST(BaseUrls, TableOfTheReadmeIsTrue) {
  std::ifstream in(PLAYHEAD_SOURCE_DIR "/README.md");
  const std::string page(std::istreambuf_iterator<char>(in), {});
  for (const cli::BaseUrlRow& row : cli::kBaseUrls) {
    const std::string line =
        "\n| `" + std::string(row.variable) + "` | `" + std::string(row.prefix) + "` |";
    EXPECT_NE(page.find(line), std::string::npos) << line;
  }
}

TEST(BaseUrls, AValueOfTheUsersIsTakenAsItStands) {
  const auto plan =
      cli::plan_upstreams({}, environment_of({{"ANTHROPIC_BASE_URL", "http://gw.test/gw"}}))
          .value();
  const auto router = record::Router::make(plan.upstreams).value();
  const record::Route route = router.route("/anthropic/messages");
  EXPECT_EQ(router.upstreams()[route.upstream].url.authority() + route.target,
            "gw.test/gw/messages");
}

TEST(BaseUrls, KeepWhatTheVariablesSaidBefore) {
  const auto plan =
      cli::plan_upstreams({}, environment_of({{"OPENAI_BASE_URL", "https://a.b/llm/v1"},
                                              {"MISTRAL_BASE_URL", "https://a.b/m"},
                                              {"OLLAMA_HOST", "0.0.0.0"}}))
          .value();
  const auto router = record::Router::make(plan.upstreams).value();
  const auto variables = plan.variables(kOrigin);
  EXPECT_EQ(router.route("/openai/v1/chat").target, "/llm/v1/chat");
  EXPECT_EQ(value_of(variables, "OPENAI_BASE_URL"), "http://127.0.0.1:1/openai/v1");
  EXPECT_EQ(router.route("/mistral/chat").target, "/m/chat");
  EXPECT_EQ(value_of(variables, "MISTRAL_BASE_URL"), "http://127.0.0.1:1/mistral");
  EXPECT_EQ(plan.upstreams[4].url.authority(), "127.0.0.1:11434");
  EXPECT_FALSE(cli::plan_upstreams({}, environment_of({{"OPENAI_BASE_URL", "nonsense"}})).ok());
}

TEST(BaseUrls, ReadOllamasHostAsItsClientsDo) {
  for (const auto& [value, authority] :
       std::vector<std::pair<std::string, std::string>>{{"box", "box:11434"},
                                                        {"box:99", "box:99"},
                                                        {":99", "127.0.0.1:99"},
                                                        {"[::1]", "[::1]:11434"},
                                                        {"[::1]:99", "[::1]:99"},
                                                        {"http://box", "box"}}) {
    const auto plan = cli::plan_upstreams({}, environment_of({{"OLLAMA_HOST", value}}));
    ASSERT_TRUE(plan.ok()) << value << ": " << plan.error().message;
    EXPECT_EQ(plan->upstreams[4].url.authority(), authority);
  }
}

TEST(BaseUrls, OneUpstreamTakesAllAndPrefixesOnlyTheirOwn) {
  const auto one = cli::plan_upstreams({"https://api.anthropic.com"}, environment_of({})).value();
  EXPECT_EQ(one.upstreams.front().provider, "anthropic");
  EXPECT_EQ(value_of(one.variables(kOrigin), "ANTHROPIC_BASE_URL"), kOrigin);
  EXPECT_EQ(value_of(one.variables(kOrigin), "OPENAI_BASE_URL"), std::string(kOrigin) + "/v1");
  const auto two =
      cli::plan_upstreams({"/openai=https://a.b/v1", "/x=https://c.d"}, environment_of({})).value();
  EXPECT_EQ(two.variables(kOrigin).size(), 1u);
  EXPECT_EQ(value_of(two.variables(kOrigin), "OPENAI_BASE_URL"), "http://127.0.0.1:1/openai/v1");
  EXPECT_EQ(two.upstreams[1].provider, "c.d");
}

TEST(BaseUrls, ProxiesAreNotUsedForThisMachine) {
  EXPECT_TRUE(cli::no_proxy_variables(environment_of({{"NO_PROXY", "a"}})).empty());
  const auto variables =
      cli::no_proxy_variables(environment_of({{"https_proxy", "http://p"}, {"NO_PROXY", "a"}}));
  EXPECT_EQ(value_of(variables, "NO_PROXY"), "a,localhost,127.0.0.1,::1");
  EXPECT_EQ(value_of(variables, "no_proxy"), "a,localhost,127.0.0.1,::1");
}

}  // namespace
}  // namespace playhead
