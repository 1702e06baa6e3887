// The same canaries through `playhead record`: nothing of them on stdout, on stderr, or in the
// recording.
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/child_process.h"
#include "record/canary_testing.h"
#include "record/testing.h"

namespace playhead {
namespace {

using record::canaries;
using record::CanaryPlace;
using record::header_lines;
using record::Peer;
using record::values_in;

constexpr int kTurnsMax = 10'000;  // of some milliseconds, until the program listens

class CanariesOfTheProgram : public record::RelayTest {
 protected:
  std::string said(const char* stream) const { return recording::bytes_of_file(folder_ / stream); }

  // The program, with canaries in its environment; its port when it listens.
  std::uint16_t run() {
    std::vector<std::pair<std::string, std::string>> variables;
    const std::vector<std::string> names = {"OPENAI_API_KEY", "GITHUB_TOKEN",    "MY_SECRET",
                                            "A_PASSWORD",     "SOME_ACCESS_KEY", "A_SECRET_KEY",
                                            "AN_AUTH_KEY"};
    const std::vector<std::string> values = values_in(CanaryPlace::environment);
    EXPECT_EQ(names.size(), values.size());
    for (std::size_t i = 0; i < values.size(); ++i) variables.emplace_back(names[i], values[i]);
    const std::string command = "cd '" + folder_.path() +
                                "' && exec '" PLAYHEAD_BINARY
                                "' record -o recs --upstream /only=http://127.0.0.1:" +
                                std::to_string(upstream_.port()) + " >out 2>err";
    program_ = net::spawn(loop_, {"bash", "-c", command}, variables, [this](int code) {
                 exit_code_ = code;
               }).value();
    const std::string before = "listening on http://127.0.0.1:";
    for (int turns = 0; turns < kTurnsMax && !exit_code_; ++turns) {
      const std::size_t at = said("err").find(before);
      if (at != std::string::npos && said("err").find('\n', at) != std::string::npos) break;
      net::run_a_little(loop_);
    }
    const std::string text = said("err");
    EXPECT_FALSE(exit_code_) << text;
    const std::size_t at = text.find(before);
    return at == std::string::npos
               ? std::uint16_t{0}
               : static_cast<std::uint16_t>(std::stoi(text.substr(at + before.size())));
  }

  std::unique_ptr<net::ChildProcess> program_;
  std::optional<int> exit_code_;
};

TEST_F(CanariesOfTheProgram, ReachNeitherItsOutputNorItsRecording) {
  const std::uint16_t port = run();
  ASSERT_NE(port, 0);
  const record::CanarySearch search;
  const std::string headers =
      header_lines(CanaryPlace::header) + header_lines(CanaryPlace::hop_header);
  const std::string body = "{" + record::all_spellings(false) + "}";
  Peer& to =
      client_at(port, record::post(record::target_with_canaries("/only/v1/x"), body, headers));
  Peer& up = asked(0);
  EXPECT_EQ(search.found_in(up.text()).size(),
            canaries().size() - values_in(CanaryPlace::set_cookie).size());
  up.send("HTTP/1.1 401 Unauthorized\r\n" + header_lines(CanaryPlace::set_cookie) +
          "Transfer-Encoding: chunked\r\n\r\n" + record::chunk(record::all_spellings(true)) +
          "0\r\n\r\n");
  until([&] { return to.text().ends_with("0\r\n\r\n"); });
  EXPECT_EQ(search.found_in(to.text()).size(), canaries().size());
  Peer& refused =
      client_at(port, record::post(record::target_with_canaries("/wrong"), body, headers));
  until([&] { return refused.text().ends_with("}}"); });
  Peer& broken =
      client_at(port, record::post(record::target_with_canaries("/only/x"), body, headers));
  asked(1).send("HTTP/1.1 200 OK\r\n" + canaries()[0].value + "\r\n\r\n");
  until([&] { return broken.text().ends_with("}}"); });
  program_->kill(SIGINT);
  until([&] { return exit_code_.has_value(); });
  EXPECT_EQ(exit_code_, 0);
  EXPECT_NE(said("err").find("401"), std::string::npos) << said("err");
  EXPECT_NE(said("err").find("refused with 404"), std::string::npos) << said("err");
  EXPECT_EQ(search.leaks(said("out") + said("err")), "");
  const std::string path = folder_ / "recs/recording.rec.zst";
  const auto recordings = recording::load(path);
  ASSERT_TRUE(recordings.ok()) << recordings.error().message;
  EXPECT_EQ(recordings->front().exchanges.size(), 2u);
  EXPECT_EQ(search.leaks(recording::bytes_of_file(path) + record::text_of(recordings->front())),
            "");
}

}  // namespace
}  // namespace playhead
