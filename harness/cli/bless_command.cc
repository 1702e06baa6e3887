// `playhead bless`: what happens now becomes what is expected.
#include <cstdlib>
#include <fstream>
#include <memory>

#include "check/case_file.h"
#include "cli/command.h"
#include "suite/suite.h"

namespace playhead::cli {
namespace {

struct BlessOptions {
  std::vector<std::string> paths;
  suite::Options suite;
};

// Says whether the file changed.
Result<bool> bless_file(const std::string& path, const suite::Options& options) {
  const auto file = check::load_case_file(path);
  if (!file) return file.error();
  const auto text = suite::blessed_text(*file, options);
  if (!text) return text.error();
  if (*text == file->text) return false;
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << *text;
  if (!out.flush()) return Error{path + ": cannot be written"};
  return true;
}

int run_bless(const BlessOptions& options) {
  const char* ci = std::getenv("CI");
  if (ci != nullptr && *ci != '\0') {
    return fail(
        Error{"bless: CI is set, and CI never rewrites what it checks; run it by hand and "
              "review the change"});
  }
  const auto files = check::find_case_files(options.paths);
  if (!files) return fail(files.error());
  int changed = 0;
  for (const std::string& path : *files) {
    const auto blessed = bless_file(path, options.suite);
    if (!blessed) return fail(blessed.error());
    if (!*blessed) continue;
    say("blessed " + path);
    ++changed;
  }
  say(std::to_string(changed) + " of " + std::to_string(files->size()) + " files changed");
  return kHeld;
}

}  // namespace

void add_bless(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<BlessOptions>();
  CLI::App* command = program.add_subcommand(
      "bless", "rewrite `expect` and `log` blocks from what happens now (never when CI is set)");
  command->add_option("CASES", options->paths, "case files, or folders of them")->required();
  command->add_option("--root", options->suite.root, "folder that recordings are named from");
  command->callback([options, &exit_code] { exit_code = run_bless(*options); });
}

}  // namespace playhead::cli
