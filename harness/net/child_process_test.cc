#include "net/child_process.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/testing.h"

namespace playhead::net {
namespace {

using Variables = std::vector<std::pair<std::string, std::string>>;

// The exit code of a shell command.
std::optional<int> code_of(const std::string& command, const Variables& variables = {}) {
  Loop loop;
  std::optional<int> code;
  const auto process =
      spawn(loop, {"sh", "-c", command}, variables, [&](int exit_code) { code = exit_code; });
  EXPECT_TRUE(process.ok());
  EXPECT_TRUE(run_until(loop, [&] { return code.has_value(); }));
  return code;
}

TEST(ChildProcess, TellsItsExitCode) {
  EXPECT_EQ(code_of("exit 0"), 0);
  EXPECT_EQ(code_of("exit 7"), 7);
  EXPECT_EQ(code_of("exit 255"), 255);
}

TEST(ChildProcess, TellsTheSignalThatKilledIt) {
  EXPECT_EQ(code_of("kill -TERM $$"), 128 + SIGTERM);
  EXPECT_EQ(code_of("kill -KILL $$"), 128 + SIGKILL);
}

TEST(ChildProcess, CanBeKilled) {
  Loop loop;
  std::optional<int> code;
  const auto process = spawn(loop, {"sh", "-c", "while :; do read x < /dev/zero; done"}, {},
                             [&](int exit_code) { code = exit_code; });
  ASSERT_TRUE(process.ok());
  process.value()->kill(SIGKILL);
  EXPECT_TRUE(run_until(loop, [&] { return code.has_value(); }));
  EXPECT_EQ(code, 128 + SIGKILL);
  process.value()->kill(SIGKILL);  // too late, and no harm
}

TEST(ChildProcess, GetsTheVariablesBesideOurs) {
  ASSERT_EQ(setenv("PLAYHEAD_TEST_KEPT", "kept", 1), 0);
  ASSERT_EQ(setenv("PLAYHEAD_TEST_CHANGED", "before", 1), 0);
  const Variables variables = {{"PLAYHEAD_TEST_CHANGED", "a = b"}, {"PLAYHEAD_TEST_NEW", ""}};
  EXPECT_EQ(code_of("test \"$PLAYHEAD_TEST_KEPT\" = kept", variables), 0);
  EXPECT_EQ(code_of("test \"$PLAYHEAD_TEST_CHANGED\" = 'a = b'", variables), 0);
  EXPECT_EQ(code_of("test \"${PLAYHEAD_TEST_NEW-unset}\" = ''", variables), 0);
  EXPECT_STREQ(getenv("PLAYHEAD_TEST_CHANGED"), "before");
}

// What we ignore it does not.
TEST(ChildProcess, DiesOfBrokenPipes) { EXPECT_EQ(code_of("kill -PIPE $$"), 128 + SIGPIPE); }

TEST(ChildProcess, SaysThatTheCommandIsMissing) {
  Loop loop;
  const auto process =
      spawn(loop, {"playhead-no-such-command", "x"}, {}, [](int) { ADD_FAILURE(); });
  ASSERT_FALSE(process.ok());
  EXPECT_EQ(process.error().message,
            "cannot start playhead-no-such-command: no such file or directory; is it installed, "
            "and in PATH?");
  loop.run();
  EXPECT_FALSE(spawn(loop, {}, {}, [](int) {}).ok());
  EXPECT_FALSE(spawn(loop, {""}, {}, [](int) {}).ok());
}

TEST(ChildProcess, MayBeDestroyedInItsCall) {
  Loop loop;
  std::unique_ptr<ChildProcess> process;
  int seen = -1;
  process = spawn(loop, {"sh", "-c", "exit 3"}, {}, [&](int exit_code) {
              process = nullptr;
              seen = exit_code;
            }).value();
  EXPECT_TRUE(run_until(loop, [&] { return seen == 3; }));
}

TEST(ChildProcess, DestroyedForgetsTheCall) {
  Loop loop;
  auto process = spawn(loop, {"sh", "-c", "exit 0"}, {}, [](int) { ADD_FAILURE(); });
  ASSERT_TRUE(process.ok());
  *process = nullptr;
  loop.run();
}

}  // namespace
}  // namespace playhead::net
