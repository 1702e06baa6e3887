// The program `playhead`: reads the command line, runs one subcommand, ends with its exit code.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace {

using playhead::cli::AddCommand;

constexpr std::array<AddCommand, 8> kCommands = {
    playhead::cli::add_check,  playhead::cli::add_replay, playhead::cli::add_show,
    playhead::cli::add_bless,  playhead::cli::add_import, playhead::cli::add_pack,
    playhead::cli::add_unpack, playhead::cli::add_lint,
};

// Those that take a command behind `--`.
struct Runner {
  std::string_view name;
  playhead::cli::AddRunner add;
};

constexpr std::array<Runner, 2> kRunners = {{
    {"record", playhead::cli::add_record},
    {"serve", playhead::cli::add_serve},
}};

bool is_runner(std::string_view word) {
  return std::any_of(kRunners.begin(), kRunners.end(),
                     [word](const Runner& runner) { return runner.name == word; });
}

// Takes the words behind the first `--` from the command line of a runner. They are not for CLI11,
// which would take them for options and positional arguments.
bool take_words(int& argc, char** argv, std::vector<std::string>& words) {
  if (argc < 2 || !is_runner(argv[1])) return true;
  char** const end = argv + argc;
  char** const mark = std::find(argv, end, std::string_view("--"));
  if (mark == end) return true;
  words.assign(mark + 1, end);
  argc = static_cast<int>(mark - argv);
  return !words.empty();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program(
      "Record and replay LLM provider streams, and check what is made of them.\n"
      "Exit codes: 0 all held, 1 a verdict failed, 2 usage or operating failure.",
      "playhead");
  program.set_version_flag("--version", "playhead " PLAYHEAD_VERSION);
  program.require_subcommand(1);
  int exit_code = playhead::cli::kHeld;
  std::vector<std::string> words;
  for (const AddCommand add : kCommands) add(program, exit_code);
  for (const Runner& runner : kRunners) runner.add(program, words, exit_code);
  if (argc <= 1) {
    playhead::cli::say(program.help());
    return playhead::cli::kUnusable;
  }
  const std::string word = argv[1];
  const auto is_named = [&word](const CLI::App* command) { return command->check_name(word); };
  if (!word.starts_with('-') && program.get_subcommands(is_named).empty()) {
    return playhead::cli::fail(playhead::Error{word + ": no such subcommand; see playhead --help"});
  }
  if (!take_words(argc, argv, words)) {
    return playhead::cli::fail(playhead::Error{"no command stands behind --"});
  }
  try {
    program.parse(argc, argv);
  } catch (const CLI::ExtrasError& error) {
    const std::string advice = is_runner(word) ? "; the command to run stands behind --" : "";
    return playhead::cli::fail(playhead::Error{error.what() + advice});
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? playhead::cli::kHeld : playhead::cli::kUnusable;
  }
  return exit_code;
}
