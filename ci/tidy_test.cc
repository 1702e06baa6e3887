// Tidy: the tree keeps the project's rules, and each rule can fail.
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <utility>

#include "ci/tidy_rules.h"
#include "ci/tidy_tree.h"

namespace playhead::ci {
namespace {

// What no fixture and no test shows yet. Empty in the end.
const std::set<std::string> kAnomaliesNotShown = {};

const Tree& project() {
  static const Tree tree = read_tree(PLAYHEAD_SOURCE_DIR);
  return tree;
}

std::string listed(const Findings& findings) {
  std::string text = std::to_string(findings.size()) + " findings\n";
  for (const std::string& finding : findings) text += finding + "\n";
  return text;
}

void expect_none(const Findings& findings) { EXPECT_TRUE(findings.empty()) << listed(findings); }

// The findings are as many as the texts, and each begins with its text.
void expect_findings(const Findings& findings, const std::vector<std::string>& beginnings) {
  ASSERT_EQ(findings.size(), beginnings.size()) << listed(findings);
  for (std::size_t i = 0; i < findings.size(); ++i) {
    EXPECT_TRUE(findings[i].starts_with(beginnings[i])) << findings[i] << "\n" << beginnings[i];
  }
}

Tree tree_of(std::initializer_list<std::pair<std::string, std::string>> files) {
  Tree tree;
  for (const auto& [path, text] : files) tree.push_back({path, text, text.size()});
  return tree;
}

Floors small_floors() {
  return parse_floors(tree_of({{"ci/floors.txt",
                                "# law\n"
                                "0 src/base\n"
                                "2 src/wire src/think\n"
                                "3 src/turn\n"
                                "4 harness/recording harness/net\n"
                                "6 harness/replay harness/check\n"
                                "only src/turn harness/replay\n"
                                "only httplib.h harness/net\n"
                                "only clock harness/net\n"}}));
}

Findings floors_of(const std::string& path, const std::string& text) {
  return check_floors(tree_of({{path, text}}), small_floors());
}

Findings bans_of(const std::string& path, const std::string& text) {
  return check_bans(tree_of({{path, text}}), small_floors());
}

// The tree.

TEST(Tree, HasFiles) { EXPECT_GT(project().size(), 50U); }

TEST(Tree, KeepsTheFloors) { expect_none(check_floors(project(), parse_floors(project()))); }

TEST(Tree, UsesNothingBanned) { expect_none(check_bans(project(), parse_floors(project()))); }

TEST(Tree, KeepsTheSizes) { expect_none(check_sizes(project())); }

TEST(Tree, HasIncludeGuards) { expect_none(check_include_guards(project())); }

TEST(Tree, BuildsEverySource) { expect_none(check_listed_sources(project())); }

TEST(Tree, TestsEveryRoom) { expect_none(check_rooms_tested(project())); }

TEST(Tree, HasNoBlob) { expect_none(check_blobs(project())); }

TEST(Tree, HasNothingLeftOver) { expect_none(check_leftovers(project())); }

TEST(Tree, NamesNoMachine) { expect_none(check_absolute_paths(project())); }

TEST(Tree, ShowsEveryAnomaly) {
  expect_none(check_anomalies_shown(project(), kAnomaliesNotShown));
}

// The rules.

TEST(Floors, LetsARoomIncludeLowerOnesAndItself) {
  expect_none(floors_of("src/wire/a.cc", "#include \"wire/a.h\"\n#include \"base/result.h\"\n"
                                         "#include <vector>\n"));
  expect_none(floors_of("harness/replay/a.cc", "#include \"turn/engine.h\"\n"));
}

TEST(Floors, SeesAnUpwardInclude) {
  expect_findings(floors_of("src/base/a.h", "\n#include \"wire/sse.h\"\n"),
                  {"src/base/a.h:2: includes wire/sse.h: upward: src/base is on floor 0"});
}

TEST(Floors, SeesASidewaysInclude) {
  expect_findings(floors_of("src/wire/a_test.cc", "#  include \"think/scanner.h\"\n"),
                  {"src/wire/a_test.cc:1: includes think/scanner.h: sideways"});
}

TEST(Floors, KnowsARoomFromALibraryOfItsName) {
  const std::string include = "#include <think/scanner.h>\n";
  expect_none(floors_of("src/wire/a.cc", include));
  const Tree tree = tree_of({{"src/think/scanner.h", ""}, {"src/wire/a.cc", include}});
  expect_findings(check_floors(tree, small_floors()), {"src/wire/a.cc:1: includes think/"});
}

TEST(Floors, SeesSrcIncludeHarness) {
  expect_findings(floors_of("src/turn/a.cc", "#include \"recording/recording.h\"\n"),
                  {"src/turn/a.cc:1: includes recording/recording.h: src never includes harness"});
}

TEST(Floors, SeesARoomWithoutAFloor) {
  expect_findings(floors_of("src/attic/a.cc", "#include \"base/a.h\"\n"), {"src/attic/a.cc: room"});
  expect_findings(floors_of("src/wire/a.cc", "#include \"attic/a.h\"\n#include \"a.h\"\n"),
                  {"src/wire/a.cc:1: includes attic/a.h: write", "src/wire/a.cc:2: includes a.h"});
}

TEST(Floors, KeepsTheDoor) {
  expect_findings(floors_of("harness/check/a.cc", "#include \"turn/engine.h\"\n"),
                  {"harness/check/a.cc:1: includes turn/engine.h: the door of src/turn"});
}

TEST(Floors, KeepsHeadersToTheirRooms) {
  expect_none(floors_of("harness/net/a.cc", "#include <httplib.h>\n"));
  expect_findings(floors_of("harness/check/a.cc", "#include <httplib.h>\n"),
                  {"harness/check/a.cc:1: includes httplib.h: not among the rooms"});
}

TEST(Floors, LooksPastComments) {
  expect_none(floors_of("src/base/a.h", "// #include \"wire/a.h\"\n"
                                        "/*\n#include \"wire/b.h\"\n*/\n"));
}

TEST(Floors, RefusesALawThatIsWrong) {
  EXPECT_FALSE(parse_floors({}).mistakes.empty());
  const Tree twice = tree_of({{"ci/floors.txt", "0 src/a\n1 src/a\n"}});
  EXPECT_EQ(parse_floors(twice).mistakes, Findings{"ci/floors.txt:2: src/a has two floors"});
  const Tree word = tree_of({{"ci/floors.txt", "0 src/a\nnever src/a\n"}});
  EXPECT_EQ(parse_floors(word).mistakes,
            Findings{"ci/floors.txt:2: neither a floor nor `only`: never"});
  const Tree unknown = tree_of({{"ci/floors.txt", "0 src/a\nonly clock src/b\n"}});
  EXPECT_EQ(parse_floors(unknown).mistakes.size(), 1U);
}

TEST(Bans, SeesTheRealClock) {
  expect_findings(bans_of("harness/check/a.cc", "\nauto now = std::chrono::steady_clock::now();\n"),
                  {"harness/check/a.cc:2: steady_clock: only the clock's room"});
  expect_findings(bans_of("src/turn/a_test.cc", "auto t = std::time(nullptr); t = time(0);"),
                  {"src/turn/a_test.cc:1: time", "src/turn/a_test.cc:1: time"});
  expect_none(bans_of("harness/net/a.cc", "auto now = std::chrono::steady_clock::now();\n"));
}

TEST(Bans, LetsMembersAndDeclarationsBeCalledTime) {
  expect_none(bans_of("src/turn/a.cc", "Instant time(); b = c.time() + d->time() + E::time();\n"));
}

TEST(Bans, SeesTheEnvironmentInTheRuntimeOnly) {
  expect_findings(bans_of("src/turn/a.cc", "std::getenv(\"A\");"), {"src/turn/a.cc:1: getenv"});
  expect_none(bans_of("src/turn/a_test.cc", "std::getenv(\"A\");"));
  expect_none(bans_of("harness/recording/a.cc", "std::getenv(\"A\");"));
}

TEST(Bans, SeesRandomness) {
  expect_findings(bans_of("src/turn/a.cc", "std::random_device d; x = rand();"),
                  {"src/turn/a.cc:1: random_device", "src/turn/a.cc:1: rand"});
}

TEST(Bans, SeesSleepInTestsToo) {
  expect_findings(bans_of("src/turn/a.cc", "usleep(1);"), {"src/turn/a.cc:1: usleep"});
  expect_findings(bans_of("harness/net/a_test.cc", "std::this_thread::sleep_for(x);"),
                  {"harness/net/a_test.cc:1: sleep_for"});
  expect_none(bans_of("harness/net/a.cc", "std::this_thread::sleep_for(x);"));
}

TEST(Bans, SeesThreadsAndFiles) {
  expect_findings(bans_of("src/turn/a.cc", "#include <fstream>\nstd::thread t; std::async(f);"),
                  {"src/turn/a.cc:1: fstream", "src/turn/a.cc:2: thread",
                   "src/turn/a.cc:2: async"});
  expect_none(bans_of("src/base/check.cc", "std::fprintf(stderr, x);"));
}

TEST(Bans, SeesUnorderedContainersInWhatIsPrinted) {
  expect_findings(bans_of("harness/check/a.h", "std::unordered_map<int, int> m;"),
                  {"harness/check/a.h:1: unordered_map"});
  expect_none(bans_of("harness/recording/a.h", "std::unordered_map<int, int> m;"));
}

TEST(Bans, LooksPastCommentsAndLiterals) {
  expect_none(bans_of("src/turn/a.cc",
                      "// getenv\n/* rand() */ auto s = \"usleep\"; auto r = R\"x(getenv)\" )x\";\n"
                      "int big = 1'000'000; char c = '\"'; char d = '\\'';\n"));
  expect_findings(bans_of("src/turn/a.cc", "int big = 1'000; auto q = '\"'; usleep(1);"),
                  {"src/turn/a.cc:1: usleep"});
}

TEST(Sizes, CountsColumnsInCodePoints) {
  const std::string wide(100, 'x');
  expect_none(check_sizes(tree_of({{"a.h", wide + "\n"}})));
  expect_findings(check_sizes(tree_of({{"a.h", "\n// " + wide + "\n"}})), {"a.h:2: 103 columns"});
  std::string accents;
  for (int i = 0; i < 100; ++i) accents += "\xc3\xa9";
  expect_none(check_sizes(tree_of({{"a.h", accents + "\n"}})));
}

TEST(Sizes, CountsTheLinesOfAFile) {
  expect_none(check_sizes(tree_of({{"a.cc", std::string(700, '\n')}})));
  expect_findings(check_sizes(tree_of({{"a.cc", std::string(701, '\n')}})), {"a.cc: 701 lines"});
}

TEST(Sizes, CountsTheLinesOfAFunction) {
  const std::string body = " {\n" + std::string(69, '\n') + "}\n";  // 71 lines
  const std::string shorter = " {\n" + std::string(68, '\n') + "}\n";
  for (const std::string head :
       {"int f()", "template <class T> auto g(T t = {}) -> int", "TEST(A, B)",
        "bool operator==(const A& a)", "A::A(int x) : b_{x}, c_(x)",
        "namespace n {\nclass C : public B {\n public:\n  int f() const",
        "extern \"C\" int f(int x) noexcept"}) {
    EXPECT_EQ(check_sizes(tree_of({{"a.cc", head + body}})).size(), 1U) << head;
    expect_none(check_sizes(tree_of({{"a.cc", head + shorter}})));
  }
}

TEST(Sizes, KnowsTablesAndTypesFromFunctions) {
  const std::string body = " {\n" + std::string(80, '\n') + "};\n";
  for (const std::string head : {"struct A", "enum class B : int", "constexpr int c[] =", "C d",
                                 "namespace", "template <class T> class E"}) {
    expect_none(check_sizes(tree_of({{"a.cc", head + body}})));
  }
}

TEST(IncludeGuards, SeesAWrongOne) {
  const std::string good =
      "// What.\n#ifndef PLAYHEAD_WIRE_A_H_\n#define PLAYHEAD_WIRE_A_H_\nint a;\n"
      "#endif  // PLAYHEAD_WIRE_A_H_\n";
  expect_none(check_include_guards(tree_of({{"src/wire/a.h", good}})));
  expect_findings(check_include_guards(tree_of({{"src/wire/b.h", good}})),
                  {"src/wire/b.h:1: the include guard is PLAYHEAD_WIRE_B_H_"});
  expect_findings(check_include_guards(tree_of({{"src/wire/a.h", "#pragma once\n"}})),
                  {"src/wire/a.h:1:"});
}

TEST(ListedSources, SeesAForgottenOne) {
  const Tree tree = tree_of({{"CMakeLists.txt", "# src/wire/b.cc"},
                             {"src/wire/CMakeLists.txt", "room(wire SOURCES a.cc)"},
                             {"src/wire/a.cc", ""},
                             {"src/wire/b.cc", ""}});
  expect_findings(check_listed_sources(tree), {"src/wire/b.cc: no CMakeLists.txt names it"});
}

TEST(RoomsTested, SeesARoomWithoutATest) {
  expect_findings(check_rooms_tested(tree_of({{"harness/cli/main.cc", ""},
                                              {"harness/cli/x_command.cc", ""},
                                              {"src/think/a.cc", ""},
                                              {"src/wire/a.cc", ""},
                                              {"src/wire/a_test.cc", ""}})),
                  {"src/think/a.cc: room src/think has no"});
}

TEST(Blobs, SeesABigFile) {
  expect_none(check_blobs({{"a.rec", "", kFileBytesMax}}));
  expect_findings(check_blobs({{"a.rec", "", kFileBytesMax + 1}}), {"a.rec: 1048577 bytes"});
}

TEST(Leftovers, SeesNotesWithoutAnIssue) {
  const std::string note = "TO" "DO";
  expect_findings(check_leftovers(tree_of({{"a.cc", "// " + note + ": more\n"}})), {"a.cc:1: "});
  expect_none(check_leftovers(tree_of({{"a.cc", "// " + note + "(#12): more\n"}})));
  expect_none(check_leftovers(tree_of({{"a.cc", "// " + note + "S\n"}})));
}

TEST(Leftovers, SeesATestThatIsSwitchedOff) {
  const std::string off = "DISABLED" "_";
  expect_findings(check_leftovers(tree_of({{"a_test.cc", "\nTEST(A, " + off + "B) {}\n"}})),
                  {"a_test.cc:2: a test"});
}

TEST(AbsolutePaths, SeesThoseOfAMachine) {
  const std::string work = "/wo" "rk", temporary = "/tm" "p";
  expect_findings(check_absolute_paths(tree_of({{"ci/x", "\ncd " + work + "/main\n"},
                                                {"ci/y", "mkdir '" + temporary + "/x'\n"}})),
                  {"ci/x:2: a path of one machine", "ci/y:1: a path of one machine"});
  expect_none(check_absolute_paths(tree_of({{"ci/x", "cd a" + work + " " + work + "er\n"},
                                            {"fixtures/a.md", temporary + "/x\n"}})));
}

TEST(AnomaliesShown, SeesOneThatNothingShows) {
  const std::string table = "    {Anomaly::bad_json, \"bad_json\", \"x\"},\n"
                            "    {Anomaly::bad_utf8, \"bad_utf8\",\n     \"x\"},\n";
  const Tree tree = tree_of({{"fixtures/a.md", "bad_json"}, {"src/model/anomaly.h", table}});
  expect_findings(check_anomalies_shown(tree, {}), {"src/model/anomaly.h:2: bad_utf8 occurs in"});
  expect_none(check_anomalies_shown(tree, {"bad_utf8"}));
  expect_findings(check_anomalies_shown(tree, {"bad_utf8", "bad_json"}),
                  {"the exception bad_json"});
}

}  // namespace
}  // namespace playhead::ci
