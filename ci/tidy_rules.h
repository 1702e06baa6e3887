// The rules that the project's files keep, each as a function from the tree to what breaks it.
#ifndef PLAYHEAD_CI_TIDY_RULES_H_
#define PLAYHEAD_CI_TIDY_RULES_H_

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ci/tidy_tree.h"

namespace playhead::ci {

// "path:line: what, and what to do", or "path: ..." for what has no line.
using Findings = std::vector<std::string>;

// ci/floors.txt: which room stands on which floor, and what only some rooms may use.
struct Floors {
  std::map<std::string, int> floor_of;                    // "src/wire" -> 2
  std::map<std::string, std::set<std::string>> users_of;  // "src/turn" -> the rooms that may
  Findings mistakes;                                      // of the file itself
};
Floors parse_floors(const Tree& tree);

// A user named in an `only` line, a room of its own included.
bool may_use(const Floors& floors, const std::string& what, const std::string& room);

// "src/wire" of "src/wire/sse_decoder.h"; empty outside of src and harness.
std::string room_of(std::string_view path);
bool is_cpp(std::string_view path);
bool is_test_code(std::string_view path);  // *_test.cc, *_fuzz.cc, testing.h

// Includes: upward, sideways, from src to harness, through the door, of a room without a floor.
Findings check_floors(const Tree& tree, const Floors& floors);

// Words and headers that a room must not use: clocks, the environment, randomness, sleeping,
// threads, files, unordered containers.
Findings check_bans(const Tree& tree, const Floors& floors);

// Columns, lines of a file, lines of a function.
inline constexpr int kColumnsMax = 100;
inline constexpr int kFileLinesMax = 700;
inline constexpr int kFunctionLinesMax = 70;
Findings check_sizes(const Tree& tree);

Findings check_include_guards(const Tree& tree);

// Every .cc is named in the CMakeLists.txt of a folder that it stands in.
Findings check_listed_sources(const Tree& tree);

// A room with code has a test.
Findings check_rooms_tested(const Tree& tree);

// Files above kFileBytesMax.
Findings check_blobs(const Tree& tree);

// Work left over: notes without the number of an issue, tests that are switched off.
Findings check_leftovers(const Tree& tree);

// Paths of one machine. Recordings and fixtures quote what others wrote and may name most of them.
Findings check_absolute_paths(const Tree& tree);

// Every anomaly occurs in a fixture or a test. `exceptions` are those that need not yet; one that
// does, or that is no anomaly, is a finding too.
Findings check_anomalies_shown(const Tree& tree, const std::set<std::string>& exceptions);

}  // namespace playhead::ci

#endif  // PLAYHEAD_CI_TIDY_RULES_H_
