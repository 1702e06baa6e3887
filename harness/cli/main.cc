// The program `playhead`: reads the command line, runs one subcommand, ends with its exit code.
#include <array>
#include <string>

#include "cli/command.h"

namespace {

using playhead::cli::AddCommand;

constexpr std::array<AddCommand, 7> kCommands = {
    playhead::cli::add_check,  playhead::cli::add_replay, playhead::cli::add_show,
    playhead::cli::add_bless,  playhead::cli::add_import, playhead::cli::add_pack,
    playhead::cli::add_unpack,
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App program(
      "Record and replay LLM provider streams, and check what is made of them.\n"
      "Exit codes: 0 all held, 1 a verdict failed, 2 usage or operating failure.",
      "playhead");
  program.set_version_flag("--version", "playhead " PLAYHEAD_VERSION);
  program.require_subcommand(1);
  int exit_code = playhead::cli::kHeld;
  for (const AddCommand add : kCommands) add(program, exit_code);
  if (argc <= 1) {
    playhead::cli::say(program.help());
    return playhead::cli::kUnusable;
  }
  const std::string word = argv[1];
  const auto is_named = [&word](const CLI::App* command) { return command->check_name(word); };
  if (!word.starts_with('-') && program.get_subcommands(is_named).empty()) {
    return playhead::cli::fail(playhead::Error{word + ": no such subcommand; see playhead --help"});
  }
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? playhead::cli::kHeld : playhead::cli::kUnusable;
  }
  return exit_code;
}
