// What tests of the real binary share: a line of the shell, and what came of it.
#ifndef PLAYHEAD_CLI_TESTING_H_
#define PLAYHEAD_CLI_TESTING_H_

#include <sys/wait.h>

#include <cstdlib>
#include <string>

#include "recording/testing.h"

namespace playhead::cli {

struct Ran {
  int exit_code = -1;
  std::string out;
  std::string err;
};

// Runs the line in the folder, behind `preparation` (shell commands that must succeed); stdin is
// empty.
inline Ran run_shell(const recording::ScratchFolder& folder, const std::string& preparation,
                     const std::string& line) {
  const std::string command = "cd '" + folder.path() + "' && " + preparation + " && { " + line +
                              "\n} >.stdout 2>.stderr </dev/null";
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1,
          recording::bytes_of_file(folder / ".stdout"),
          recording::bytes_of_file(folder / ".stderr")};
}

}  // namespace playhead::cli

#endif  // PLAYHEAD_CLI_TESTING_H_
