// `playhead lint`: of what `record` left nothing fails, and what fails is told from notes.
#include <gtest/gtest.h>

#include <string>

#include "cli/testing.h"
#include "recording/writer.h"

namespace playhead {
namespace {

using cli::Ran;
using recording::ScratchFolder;

class LintCli : public testing::Test {
 protected:
  Ran run(const std::string& line) {
    return cli::run_shell(folder_, "export playhead='" PLAYHEAD_BINARY "' && unset OPENAI_BASE_URL",
                          line);
  }
  ScratchFolder folder_;
};

TEST_F(LintCli, FailsNothingThatRecordLeft) {
  Recording recording = recording::sample_recording();
  recording.exchanges.resize(1);
  RecordedExchange& exchange = recording.exchanges.front();
  exchange.method = "POST";
  exchange.target = "/v1/x";
  exchange.request_body = "{}";
  ASSERT_TRUE(recording::write_recording(recording, folder_ / "one.rec").ok());
  recording::put_file(
      folder_ / "ask",
      "base=${OPENAI_BASE_URL#http://}; host=${base%%/*}\n"
      "exec 3<>/dev/tcp/${host%:*}/${host##*:}\n"
      "printf 'POST /%s/x HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n"
      "Authorization: Bearer sk-canary-12345\\r\\nContent-Length: 2\\r\\n\\r\\n{}' "
      "\"${base#*/}\" >&3; cat <&3 >answer\n");
  const Ran recorded =
      run("$playhead serve one.rec --speed instant -- $playhead record -o got.rec -- bash ask");
  EXPECT_EQ(recorded.exit_code, 0) << recorded.err;
  EXPECT_NE(recorded.err.find("1 exchange in got.rec, secrets masked in 1 place\n"),
            std::string::npos)
      << recorded.err;
  const Ran ran = run("$playhead lint got.rec --json");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_NE(ran.err.find("meta: note: no `title`"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("1 files, 0 findings, 2 notes"), std::string::npos) << ran.err;
  EXPECT_TRUE(ran.out.starts_with(R"({"files":1,"findings":[],"notes":[{"kind":"provenance")"))
      << ran.out;
}

}  // namespace
}  // namespace playhead
