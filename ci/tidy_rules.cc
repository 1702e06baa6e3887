// The rules that look at files one by one.
#include "ci/tidy_rules.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <sstream>

namespace playhead::ci {
namespace {

std::string at(const TreeFile& file, int line) {
  return file.path + ":" + std::to_string(line) + ": ";
}

std::string number(std::size_t value) { return std::to_string(value); }

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

bool starts_with_any(std::string_view path, std::initializer_list<std::string_view> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [path](std::string_view prefix) { return path.starts_with(prefix); });
}

// What others wrote and we only quote.
bool is_quoted(std::string_view path) {
  return starts_with_any(path, {"fixtures/", "recordings/"}) ||
         path.find("_seeds/") != std::string_view::npos;
}

std::size_t columns_of(std::string_view line) {
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), begins));
}

// "PLAYHEAD_WIRE_SSE_DECODER_H_" of "src/wire/sse_decoder.h".
std::string guard_of(const std::string& path) {
  std::string_view rest = path;
  if (starts_with_any(path, {"src/", "harness/"})) rest.remove_prefix(rest.find('/') + 1);
  std::string guard = "PLAYHEAD_";
  for (const char c : rest) {
    guard += is_word(c) ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : '_';
  }
  return guard + "_";
}

bool has_guard(std::string_view text, const std::string& guard) {
  std::vector<std::string_view> lines;
  const std::string code = without_comments(text);
  for (const std::string_view line : lines_of(code)) {
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) lines.push_back(line);
  }
  return lines.size() >= 3 && lines[0] == "#ifndef " + guard && lines[1] == "#define " + guard &&
         lines.back().starts_with("#endif") &&
         text.ends_with("\n#endif  // " + guard + "\n");
}

// The words of a CMakeLists.txt, comments apart.
std::set<std::string> cmake_words(std::string_view text) {
  std::set<std::string> words;
  for (std::string_view line : lines_of(text)) {
    std::string plain(line.substr(0, line.find('#')));
    std::replace_if(plain.begin(), plain.end(),
                    [](char c) { return c == '(' || c == ')' || c == '"' || c == ';'; }, ' ');
    std::istringstream in(plain);
    for (std::string word; in >> word;) words.insert(word);
  }
  return words;
}

bool is_listed(const std::string& path, const std::set<std::string>& words,
               const std::string& folder) {
  const std::string relative = folder.empty() ? path : path.substr(folder.size() + 1);
  return words.contains(relative) || words.contains("${PROJECT_SOURCE_DIR}/" + path);
}

// A file of a room that holds code to be tested by itself.
bool wants_test(const std::string& path) {
  return path.ends_with(".cc") && !is_test_code(path) && name_of(path) != "main.cc" &&
         !path.ends_with("_command.cc");
}

// In halves, so that this file keeps the rules that it states.
const std::array<std::string, 3> kNotes = {"TO" "DO", "FIX" "ME", "XX" "X"};
const std::string kSwitchedOff = "DISABLED" "_";
const std::string kWorkFolder = "/wo" "rk";
const std::array<std::string, 3> kMachineFolders = {"/tm" "p", "/ho" "me", "/ro" "ot"};

// "(#12)" follows.
bool has_issue(std::string_view behind) {
  return behind.size() > 2 && behind.starts_with("(#") &&
         std::isdigit(static_cast<unsigned char>(behind[2])) != 0;
}

bool is_path_character(char c) {
  return is_word(c) || c == '/' || c == '.' || c == '-' || c == '}';
}

// Whether the line names the folder itself or something below it.
bool names_folder(std::string_view line, const std::string& folder) {
  for (std::size_t i = line.find(folder); i != std::string_view::npos;
       i = line.find(folder, i + 1)) {
    const std::size_t end = i + folder.size();
    const bool begins = i == 0 || !is_path_character(line[i - 1]);
    const bool ends = end == line.size() || line[end] == '/' || !is_path_character(line[end]);
    if (begins && ends) return true;
  }
  return false;
}

struct NamedAnomaly {
  std::string name;
  int line = 0;
};

// The rows `{Anomaly::x, "x", ...` of the table.
std::vector<NamedAnomaly> anomalies_of(const TreeFile& file) {
  constexpr std::string_view kRow = "{Anomaly::";
  std::vector<NamedAnomaly> anomalies;
  int line_number = 0;
  for (const std::string_view line : lines_of(file.text)) {
    ++line_number;
    const std::size_t row = line.find(kRow);
    if (row == std::string_view::npos) continue;
    const std::size_t open = line.find('"', row);
    const std::size_t close = line.find('"', std::min(open, line.size() - 1) + 1);
    if (open == std::string_view::npos || close == std::string_view::npos) continue;
    anomalies.push_back({std::string(line.substr(open + 1, close - open - 1)), line_number});
  }
  return anomalies;
}

bool is_shown(const Tree& tree, const std::string& anomaly) {
  return std::any_of(tree.begin(), tree.end(), [&](const TreeFile& file) {
    const bool shows = (file.path.starts_with("fixtures/") && file.path.ends_with(".md")) ||
                       (!room_of(file.path).empty() && file.path.ends_with("_test.cc"));
    return shows && find_word(file.text, anomaly) != std::string_view::npos;
  });
}

}  // namespace

bool is_cpp(std::string_view path) { return path.ends_with(".h") || path.ends_with(".cc"); }

bool is_test_code(std::string_view path) {
  return path.ends_with("_test.cc") || path.ends_with("_fuzz.cc") || path.ends_with("/testing.h");
}

Findings check_sizes(const Tree& tree) {
  Findings findings;
  for (const TreeFile& file : tree) {
    if (!is_cpp(file.path)) continue;
    const auto lines = lines_of(file.text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::size_t columns = columns_of(lines[i]);
      if (columns <= kColumnsMax) continue;
      findings.push_back(at(file, static_cast<int>(i) + 1) + number(columns) +
                         " columns, at most " + number(kColumnsMax));
    }
    if (lines.size() > kFileLinesMax) {
      findings.push_back(file.path + ": " + number(lines.size()) + " lines, at most " +
                         number(kFileLinesMax));
    }
    for (const FunctionBody& body : function_bodies(code_only(file.text))) {
      if (body.line_count <= kFunctionLinesMax) continue;
      findings.push_back(at(file, body.line) + "a function of " + std::to_string(body.line_count) +
                         " lines, at most " + number(kFunctionLinesMax));
    }
  }
  return findings;
}

Findings check_include_guards(const Tree& tree) {
  Findings findings;
  for (const TreeFile& file : tree) {
    if (!file.path.ends_with(".h")) continue;
    const std::string guard = guard_of(file.path);
    if (has_guard(file.text, guard)) continue;
    findings.push_back(file.path + ":1: the include guard is " + guard +
                       ", and the file ends with `#endif  // " + guard + "`");
  }
  return findings;
}

Findings check_listed_sources(const Tree& tree) {
  std::map<std::string, std::set<std::string>> words_by_folder;
  for (const TreeFile& file : tree) {
    if (name_of(file.path) != "CMakeLists.txt") continue;
    words_by_folder[folder_of(file.path)] = cmake_words(file.text);
  }
  Findings findings;
  for (const TreeFile& file : tree) {
    if (!file.path.ends_with(".cc")) continue;
    if (!starts_with_any(file.path, {"src/", "harness/", "bench/", "ci/"})) continue;
    bool listed = false;
    for (std::string folder = folder_of(file.path);; folder = folder_of(folder)) {
      const auto words = words_by_folder.find(folder);
      listed = listed || (words != words_by_folder.end() &&
                          is_listed(file.path, words->second, folder));
      if (listed || folder.empty()) break;
    }
    if (!listed) findings.push_back(file.path + ": no CMakeLists.txt names it");
  }
  return findings;
}

Findings check_rooms_tested(const Tree& tree) {
  std::map<std::string, std::string> untested;  // room -> a file that wants a test
  std::set<std::string> tested;
  for (const TreeFile& file : tree) {
    const std::string room = room_of(file.path);
    if (room.empty()) continue;
    if (file.path.ends_with("_test.cc")) tested.insert(room);
    if (wants_test(file.path)) untested.emplace(room, file.path);
  }
  Findings findings;
  for (const auto& [room, path] : untested) {
    if (!tested.contains(room)) findings.push_back(path + ": room " + room + " has no *_test.cc");
  }
  return findings;
}

Findings check_blobs(const Tree& tree) {
  Findings findings;
  for (const TreeFile& file : tree) {
    if (file.size_bytes <= kFileBytesMax) continue;
    findings.push_back(file.path + ": " + number(file.size_bytes) + " bytes, at most " +
                       number(kFileBytesMax));
  }
  return findings;
}

Findings check_leftovers(const Tree& tree) {
  Findings findings;
  for (const TreeFile& file : tree) {
    if (is_quoted(file.path)) continue;
    int line_number = 0;
    for (const std::string_view line : lines_of(file.text)) {
      ++line_number;
      for (const std::string& note : kNotes) {
        const std::size_t place = find_word(line, note);
        if (place == std::string_view::npos) continue;
        if (has_issue(line.substr(place + note.size()))) continue;
        findings.push_back(at(file, line_number) + note + " without an issue: do it, or write " +
                           note + "(#number)");
      }
      if (is_cpp(file.path) && line.find(kSwitchedOff) != std::string_view::npos) {
        findings.push_back(at(file, line_number) + "a test that is switched off");
      }
    }
  }
  return findings;
}

Findings check_absolute_paths(const Tree& tree) {
  Findings findings;
  for (const TreeFile& file : tree) {
    if (file.path.starts_with("recordings/")) continue;
    int line_number = 0;
    for (const std::string_view line : lines_of(file.text)) {
      ++line_number;
      std::vector<std::string> folders{kWorkFolder};
      if (!is_quoted(file.path)) {
        folders.insert(folders.end(), kMachineFolders.begin(), kMachineFolders.end());
      }
      for (const std::string& folder : folders) {
        if (names_folder(line, folder)) {
          findings.push_back(at(file, line_number) + "a path of one machine: " + folder);
        }
      }
    }
  }
  return findings;
}

Findings check_anomalies_shown(const Tree& tree, const std::set<std::string>& exceptions) {
  Findings findings;
  std::set<std::string> unused = exceptions;
  for (const TreeFile& file : tree) {
    if (file.path != "src/model/anomaly.h") continue;
    for (const NamedAnomaly& anomaly : anomalies_of(file)) {
      const bool shown = is_shown(tree, anomaly.name);
      if (!shown && unused.erase(anomaly.name) == 0) {
        findings.push_back(at(file, anomaly.line) + anomaly.name +
                           " occurs in no fixture and no test");
      }
    }
  }
  for (const std::string& name : unused) {
    findings.push_back("the exception " + name + " is not needed: take it off the list");
  }
  return findings;
}

}  // namespace playhead::ci
