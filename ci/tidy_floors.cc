// The rules that need ci/floors.txt: who includes whom, and who may use what.
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <sstream>

#include "ci/tidy_rules.h"

namespace playhead::ci {
namespace {

constexpr std::string_view kLaw = "ci/floors.txt";
constexpr std::string_view kClock = "clock";

struct Include {
  std::string path;
  int line = 0;
  bool quoted = false;
};

std::vector<Include> includes_of(std::string_view text) {
  const std::string code = without_comments(text);
  std::vector<Include> includes;
  int number = 0;
  for (const std::string_view line : lines_of(code)) {
    ++number;
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos || line[begin] != '#') continue;
    if (find_word(line, "include") == std::string_view::npos) continue;
    const std::size_t open = line.find_first_of("\"<");
    if (open == std::string_view::npos) continue;
    const std::size_t close = line.find(line[open] == '<' ? '>' : '"', open + 1);
    if (close == std::string_view::npos) continue;
    includes.push_back(
        {std::string(line.substr(open + 1, close - open - 1)), number, line[open] == '"'});
  }
  return includes;
}

std::string at(const TreeFile& file, int line) {
  return file.path + ":" + std::to_string(line) + ": ";
}

bool is_in_src(std::string_view path) { return path.starts_with("src/"); }

// The room that an include such as "wire/sse_decoder.h" names; empty where no floor has it. In
// angle brackets it may be a library's folder of the same name, unless the file is there.
std::string included_room(const Tree& tree, const Floors& floors, const Include& include) {
  for (const std::string side : {"src/", "harness/"}) {
    const std::string path = side + include.path;
    const std::string room = room_of(path);
    if (!floors.floor_of.contains(room)) continue;
    const auto is_it = [&path](const TreeFile& file) { return file.path == path; };
    if (include.quoted || std::any_of(tree.begin(), tree.end(), is_it)) return room;
  }
  return {};
}

std::optional<std::string> broken_floor(const Floors& floors, const std::string& room,
                                        const std::string& other) {
  if (is_in_src(room) && !is_in_src(other)) return "src never includes harness";
  const int mine = floors.floor_of.at(room);
  const int its = floors.floor_of.at(other);
  const std::string floors_text =
      room + " is on floor " + std::to_string(mine) + ", " + other + " on " + std::to_string(its);
  if (its > mine) return "upward: " + floors_text;
  if (its == mine) return "sideways: " + floors_text;
  return std::nullopt;
}

// What is wrong with one include of a room, or nothing.
std::optional<std::string> broken_include(const Tree& tree, const Floors& floors,
                                          const std::string& room, const Include& include) {
  const std::string what = "includes " + include.path + ": ";
  for (const auto& [name, users] : floors.users_of) {
    if (name == include.path && !may_use(floors, name, room)) {
      return what + "not among the rooms that may (" + std::string(kLaw) + ")";
    }
  }
  const std::string other = included_room(tree, floors, include);
  if (other.empty()) {
    if (!include.quoted) return std::nullopt;
    return what + "write it from the root of src or harness, and give its room a floor in " +
           std::string(kLaw);
  }
  if (other == room) return std::nullopt;
  if (const auto broken = broken_floor(floors, room, other)) return what + *broken;
  if (!may_use(floors, other, room)) {
    return what + "the door of " + other + " is not open to " + room;
  }
  return std::nullopt;
}

void parse_floor(std::istringstream& words, int number, const std::string& where, Floors& floors) {
  for (std::string room; words >> room;) {
    if (!floors.floor_of.emplace(room, number).second) {
      floors.mistakes.push_back(where + room + " has two floors");
    }
  }
}

void parse_line(std::string_view line, const std::string& where, Floors& floors) {
  std::istringstream words{std::string(line)};
  std::string first;
  if (!(words >> first) || first.starts_with('#')) return;
  if (first == "only") {
    std::string what;
    words >> what;
    for (std::string room; words >> room;) floors.users_of[what].insert(room);
    return;
  }
  int number = 0;
  const auto [end, error] = std::from_chars(first.data(), first.data() + first.size(), number);
  if (error != std::errc{} || end != first.data() + first.size()) {
    floors.mistakes.push_back(where + "neither a floor nor `only`: " + first);
    return;
  }
  parse_floor(words, number, where, floors);
}

enum class Scope { every_room, src, src_runtime, ordered };
enum class Form { word, call, std_name };

struct Ban {
  std::string_view name;
  Form form;
  Scope scope;
  std::string_view why;
};

constexpr std::string_view kNoClock = "only the clock's room reads the real clock";
constexpr std::string_view kNoEnvironment = "src reads no environment";
constexpr std::string_view kNoRandom = "src draws no random number";
constexpr std::string_view kNoSleep = "src and tests never sleep";
constexpr std::string_view kNoThread = "src starts no thread";
constexpr std::string_view kNoFile = "src does no input or output";
constexpr std::string_view kNoOrder = "an unordered container has no order to rely on";

constexpr auto kBans = std::to_array<Ban>({
    {"system_clock", Form::word, Scope::every_room, kNoClock},
    {"steady_clock", Form::word, Scope::every_room, kNoClock},
    {"high_resolution_clock", Form::word, Scope::every_room, kNoClock},
    {"utc_clock", Form::word, Scope::every_room, kNoClock},
    {"file_clock", Form::word, Scope::every_room, kNoClock},
    {"clock_gettime", Form::word, Scope::every_room, kNoClock},
    {"gettimeofday", Form::word, Scope::every_room, kNoClock},
    {"time", Form::call, Scope::every_room, kNoClock},
    {"clock", Form::call, Scope::every_room, kNoClock},
    {"getenv", Form::word, Scope::src_runtime, kNoEnvironment},
    {"secure_getenv", Form::word, Scope::src_runtime, kNoEnvironment},
    {"setenv", Form::word, Scope::src_runtime, kNoEnvironment},
    {"random_device", Form::word, Scope::src, kNoRandom},
    {"getrandom", Form::word, Scope::src, kNoRandom},
    {"rand", Form::call, Scope::src, kNoRandom},
    {"srand", Form::call, Scope::src, kNoRandom},
    {"random", Form::call, Scope::src, kNoRandom},
    {"sleep_for", Form::word, Scope::src, kNoSleep},
    {"sleep_until", Form::word, Scope::src, kNoSleep},
    {"usleep", Form::word, Scope::src, kNoSleep},
    {"nanosleep", Form::word, Scope::src, kNoSleep},
    {"sleep", Form::call, Scope::src, kNoSleep},
    {"thread", Form::std_name, Scope::src, kNoThread},
    {"jthread", Form::std_name, Scope::src, kNoThread},
    {"async", Form::std_name, Scope::src, kNoThread},
    {"fstream", Form::word, Scope::src_runtime, kNoFile},
    {"ifstream", Form::word, Scope::src_runtime, kNoFile},
    {"ofstream", Form::word, Scope::src_runtime, kNoFile},
    {"iostream", Form::word, Scope::src_runtime, kNoFile},
    {"cstdio", Form::word, Scope::src_runtime, kNoFile},
    {"fopen", Form::word, Scope::src_runtime, kNoFile},
    {"printf", Form::word, Scope::src_runtime, kNoFile},
    {"fprintf", Form::word, Scope::src_runtime, kNoFile},
    {"stdout", Form::word, Scope::src_runtime, kNoFile},
    {"stderr", Form::word, Scope::src_runtime, kNoFile},
    {"cout", Form::std_name, Scope::src_runtime, kNoFile},
    {"cerr", Form::std_name, Scope::src_runtime, kNoFile},
    {"unordered_map", Form::word, Scope::ordered, kNoOrder},
    {"unordered_set", Form::word, Scope::ordered, kNoOrder},
    {"unordered_multimap", Form::word, Scope::ordered, kNoOrder},
    {"unordered_multiset", Form::word, Scope::ordered, kNoOrder},
});

// The one place of src that writes: the last words of a bug.
constexpr std::string_view kCheckFailure = "src/base/check.cc";

bool applies(const Ban& ban, const std::string& path) {
  const std::string room = room_of(path);
  if (ban.why == kNoFile && path == kCheckFailure) return false;
  if (ban.why == kNoSleep && is_test_code(path)) return true;
  switch (ban.scope) {
    case Scope::every_room: return true;
    case Scope::src: return is_in_src(path);
    case Scope::src_runtime: return is_in_src(path) && !is_test_code(path);
    case Scope::ordered:
      return is_in_src(path) || room == "harness/report" || room == "harness/transcript" ||
             room == "harness/check";
  }
  return false;
}

bool matches(const Ban& ban, const Word& word) {
  if (word.text != ban.name) return false;
  switch (ban.form) {
    case Form::word: return true;
    case Form::std_name: return word.is_std;
    // Neither a member (.x, ->x), nor a declaration (int x).
    case Form::call:
      return word.after == '(' && !word.is_qualified_other && word.before != '.' &&
             word.before != '>' && (word.is_std || !is_word(word.before));
  }
  return false;
}

}  // namespace

Floors parse_floors(const Tree& tree) {
  Floors floors;
  int number = 0;
  for (const TreeFile& file : tree) {
    if (file.path != kLaw) continue;
    for (const std::string_view line : lines_of(file.text)) {
      parse_line(line, at(file, ++number), floors);
    }
  }
  if (number == 0) floors.mistakes.push_back(std::string(kLaw) + ": missing or empty");
  for (const auto& [what, users] : floors.users_of) {
    for (const std::string& room : users) {
      if (floors.floor_of.contains(room)) continue;
      floors.mistakes.push_back(std::string(kLaw) + ": `only " + what + "` names " + room +
                                ", which has no floor");
    }
  }
  return floors;
}

bool may_use(const Floors& floors, const std::string& what, const std::string& room) {
  const auto found = floors.users_of.find(what);
  return found == floors.users_of.end() || what == room || found->second.contains(room);
}

std::string room_of(std::string_view path) {
  if (!path.starts_with("src/") && !path.starts_with("harness/")) return {};
  const std::size_t end = path.find('/', path.find('/') + 1);
  return end == std::string_view::npos ? std::string() : std::string(path.substr(0, end));
}

Findings check_floors(const Tree& tree, const Floors& floors) {
  Findings findings = floors.mistakes;
  for (const TreeFile& file : tree) {
    const std::string room = room_of(file.path);
    if (room.empty() || !is_cpp(file.path)) continue;
    if (!floors.floor_of.contains(room)) {
      findings.push_back(file.path + ": room " + room + " has no floor in " + std::string(kLaw));
      continue;
    }
    for (const Include& include : includes_of(file.text)) {
      const auto broken = broken_include(tree, floors, room, include);
      if (broken) findings.push_back(at(file, include.line) + *broken);
    }
  }
  return findings;
}

Findings check_bans(const Tree& tree, const Floors& floors) {
  Findings findings;
  for (const TreeFile& file : tree) {
    const std::string room = room_of(file.path);
    if (room.empty() || !is_cpp(file.path)) continue;
    const std::string code = code_only(file.text);
    for (const Word& word : words_of(code)) {
      for (const Ban& ban : kBans) {
        if (!matches(ban, word) || !applies(ban, file.path)) continue;
        if (ban.why == kNoClock && may_use(floors, std::string(kClock), room)) continue;
        findings.push_back(at(file, word.line) + std::string(ban.name) + ": " +
                           std::string(ban.why));
      }
    }
  }
  return findings;
}

}  // namespace playhead::ci
