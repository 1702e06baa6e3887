// Timelines as users of the program meet them: recordings that ship, and never an escape byte on a
// pipe.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/testing.h"
#include "recording/load.h"
#include "recording/testing.h"
#include "recording/writer.h"

namespace playhead {
namespace {

using cli::Ran;
using recording::ScratchFolder;

// Runs a line of the shell, where `$playhead` is the binary and `$recordings` those that ship.
class TimelineCli : public testing::Test {
 protected:
  Ran run(const std::string& line) const {
    return cli::run_shell(folder_,
                          "export playhead='" PLAYHEAD_BINARY "' recordings='" PLAYHEAD_SOURCE_DIR
                          "/recordings'",
                          line);
  }

  void expect_parts(const std::string& line, const std::vector<std::string>& parts) const {
    const Ran ran = run(line);
    EXPECT_EQ(ran.exit_code, 0) << line;
    std::size_t at = 0;
    for (const std::string& part : parts) {
      const std::size_t found = ran.out.find(part, at);
      EXPECT_NE(found, std::string::npos) << "in this order: " << part << "\n" << ran.out;
      if (found != std::string::npos) at = found;
    }
  }

  ScratchFolder folder_;
};

TEST_F(TimelineCli, ReplayShowsStallsRetriesAndWhatWasDecided) {
  expect_parts("$playhead replay $recordings/gateway/stall-in-tool-call-three-times.rec.zst",
               {"     0.000  x1  ->  request (first), max_tokens 4096",
                "  x1  ..  120.0 s of silence, in the middle of tool call write_file\n",
                "    30.000      ~~  keepalive x4, every 30.0 s\n",
                "  x1  XX  idle_timeout after 25055 bytes, in the middle of tool call write_file\n",
                "  x1  =>  reply is over: length, stream_cut\n",
                "  x1  =>  write_file is dropped, its stream was cut\n", "  x1  =>  asks again in ",
                "  x2  ->  request (retry), max_tokens 4096", "  x4  =>  runs write_file: ",
                "      ==  outcome: completed\n", "  response   \"", "fingerprint: "});
}

TEST_F(TimelineCli, ShowHasTheHeadAndEveryExchange) {
  expect_parts("$playhead show --timeline $recordings/vllm/clean-eof-in-text.rec.zst",
               {"  provider   vllm\n", "exchange 1: openai-chat, status 200, complete\n",
                "  x1  ->  request POST /v1/chat/completions, max_tokens 4096",
                "  x1  <-  text, 149 pieces, 4.05 s: \"Start with the soil",
                "  x1  ##  mark: clean end of the HTTP message without any end evidence\n",
                "  x1  XX  the response ends after 36727 bytes, in the middle of text\n",
                "  x1  =>  reply is over: length, no_end_evidence\n",
                "exchange 2: ", "     5.082  x2  ->  request POST", "  x2  <-  [DONE]\n"});
}

TEST_F(TimelineCli, CommentsOfAProviderAndOurKeepalivesStandSideBySide) {
  expect_parts(
      "$playhead replay $recordings/deepseek/keepalive-comments-prefill.rec.zst",
      {"  x1  <-  comment x7, every 9.95 s: \" keep-alive\"\n",
       "    30.000      ~~  keepalive x2, every 30.0 s\n", "  x1  <-  reasoning, 210 pieces"});
}

TEST_F(TimelineCli, FactsAreStillThereForThoseWhoWantAll) {
  expect_parts("$playhead replay --facts $recordings/vllm/clean-eof-in-text.rec.zst",
               {"t=0 x1 request first max_tokens=4096\n", " x1 text \"", " x1 end complete\n",
                "\noutcome: completed\n", "  continued  stream_cut\n", "fingerprint: "});
}

TEST_F(TimelineCli, NoEscapeByteOnAPipe) {
  for (const char* line : {"$playhead show --timeline $recordings | cat",
                           "$playhead replay $recordings/openai/reset-in-text.rec.zst | cat",
                           "CLICOLOR_FORCE=1 $playhead replay --facts "
                           "$recordings/openai/reset-in-text.rec.zst | cat"}) {
    const Ran ran = run(line);
    EXPECT_EQ(ran.exit_code, 0);
    EXPECT_NE(ran.out.find("reset"), std::string::npos) << line;
    EXPECT_EQ(ran.out.find('\x1b'), std::string::npos) << line;
  }
}

TEST_F(TimelineCli, AHostileRecordingCannotReachTheTerminal) {
  constexpr std::string_view kEvil = "\x1b]0;owned\x07\xc2\x9b\xe2\x80\xae";
  Recording hostile = recording::sample_recording();
  hostile.meta.title = kEvil;
  hostile.marks.front().text = kEvil;
  RecordedExchange& exchange = hostile.exchanges.front();
  exchange.target = "/\xe2\x80\xae";
  exchange.marks.front().text = kEvil;
  exchange.end.detail = kEvil;
  exchange.end.reason = EndReason::reset;
  exchange.chunks.clear();
  exchange.body.clear();
  recording::add_chunk(exchange, 40,
                       ": \x1b[2J\n\nevent: \x1b[31m\ndata: {\"choices\":[{\"index\":0,\"delta\":"
                       "{\"content\":\"\\u001b[2J\\u009b\\u202e\"}}]}\n\n");
  ASSERT_TRUE(recording::write_recording(hostile, folder_ / "a.rec").ok());
  for (const char* line : {"$playhead show a.rec", "$playhead show --timeline a.rec",
                           "$playhead replay --exchange 1 a.rec"}) {
    const Ran ran = run(line);
    EXPECT_EQ(ran.exit_code, 0) << line;
    for (const char* raw : {"\x1b", "\x07", "\xc2\x9b", "\xe2\x80\xae"}) {
      EXPECT_EQ(ran.out.find(raw), std::string::npos) << line << "\n" << ran.out;
    }
    EXPECT_NE(ran.out.find("\\u001b"), std::string::npos) << ran.out;
  }
}

TEST_F(TimelineCli, TimelineGoesWithNoOtherForm) {
  for (const char* other : {"--raw", "--frames", "--json"}) {
    EXPECT_EQ(run("$playhead show --timeline $recordings " + std::string(other)).exit_code, 2);
  }
  EXPECT_EQ(
      run("$playhead replay --facts --json $recordings/openai/reset-in-text.rec.zst").exit_code, 2);
}

}  // namespace
}  // namespace playhead
