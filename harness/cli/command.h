// What the subcommands of `playhead` share: exit codes, output, and the flags that mean the same
// everywhere.
#ifndef PLAYHEAD_CLI_COMMAND_H_
#define PLAYHEAD_CLI_COMMAND_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/policy.h"
#include "model/protocol.h"

namespace playhead::cli {

// Exit codes of every subcommand (DESIGN 5).
inline constexpr int kHeld = 0;
inline constexpr int kFailed = 1;    // a verdict failed
inline constexpr int kUnusable = 2;  // usage or operating failure

// Adds a subcommand to the program. Its callback sets `exit_code`; both are borrowed until the
// program has run.
using AddCommand = void (*)(CLI::App& program, int& exit_code);

// The same of one that takes a command behind `--`: `words`, borrowed as well, has it when the
// callback runs.
using AddRunner = void (*)(CLI::App& program, const std::vector<std::string>& words,
                           int& exit_code);

void add_check(CLI::App& program, int& exit_code);
void add_bless(CLI::App& program, int& exit_code);
void add_show(CLI::App& program, int& exit_code);
void add_replay(CLI::App& program, int& exit_code);
void add_pack(CLI::App& program, int& exit_code);
void add_unpack(CLI::App& program, int& exit_code);
void add_import(CLI::App& program, int& exit_code);
void add_lint(CLI::App& program, int& exit_code);
void add_record(CLI::App& program, const std::vector<std::string>& words, int& exit_code);
void add_serve(CLI::App& program, const std::vector<std::string>& words, int& exit_code);

// Writes to stdout, exactly these bytes. Returns false where stdout is closed or full.
bool print(std::string_view text);
// "1 place", "2 places".
std::string counted(std::uint64_t count, std::string_view noun);
// A line on stderr: progress, summaries, and failures.
void say(std::string_view line);
// The same behind "playhead: ".
void note(std::string_view line);
// Says "playhead: <message>" and returns kUnusable.
int fail(const Error& error);

// The policy that --policy names: a profile or a file with JSON; the default where it is empty.
Result<Policy> policy_option(const std::string& name);

// The protocol that --protocol names; fails with the list of names.
Result<std::optional<Protocol>> protocol_option(const std::string& name);

}  // namespace playhead::cli

#endif  // PLAYHEAD_CLI_COMMAND_H_
