// Each rule of SPEC 3 with every cut, random texts against a slow reading, and the reference rows.
#include "think/think_scanner.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "base/prng.h"
#include "think/testing.h"

namespace playhead::think {

// Found by GoogleTest when a comparison fails.
void PrintTo(const ScanResult& result, std::ostream* out) {
  *out << "visible " << testing::PrintToString(result.visible) << ", reasoning "
       << testing::PrintToString(result.reasoning) << ", saw_opener " << result.saw_opener;
  for (const ScanNote& note : result.notes) {
    *out << ", " << name_of(note.anomaly) << " at " << note.offset;
  }
}

namespace {

struct Row {
  std::string_view text;
  std::string_view visible;
  std::string_view reasoning = {};
};

void expect_rows(const std::vector<Row>& rows, ScanOptions options = {}) {
  for (const Row& row : rows) {
    const ScanResult result = scan(row.text, options);
    EXPECT_EQ(result.visible, row.visible) << row.text;
    EXPECT_EQ(result.reasoning, row.reasoning) << row.text;
    EXPECT_EQ(slow_scan(row.text, options), result) << row.text;
    const ScanResult bytes =
        scan_pieces(row.text, options, [](std::string_view) { return std::size_t{1}; });
    EXPECT_EQ(bytes, result) << row.text;
    for (std::size_t cut = 1; cut < row.text.size(); ++cut) {
      bool first = true;
      const auto length_of = [&](std::string_view rest) {
        const std::size_t length = first ? cut : rest.size();
        first = false;
        return length;
      };
      EXPECT_EQ(scan_pieces(row.text, options, length_of), result) << row.text << " cut " << cut;
    }
  }
}

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  while (times-- > 0) out += text;
  return out;
}

// What one feed() shows.
std::string shown(ThinkScanner& scanner, std::string_view piece) {
  scanner.feed(piece);
  return std::string(scanner.visible());
}

TEST(ThinkScanner, BlockAtStartOfLineIsReasoning) {
  expect_rows({
      {"", ""},
      {"<think>plan</think>answer", "answer", "plan"},
      {"<think>\nl1\nl2\n</think>\nvisible", "\nvisible", "\nl1\nl2\n"},
      {"<think>r</think>\n\nAnswer", "\n\nAnswer", "r"},
      {"Hi\n \t<think>x</think>y", "Hi\n \ty", "x"},
      {"<think></think>ok", "ok"},
      {"<think>a<think>b</think>", "", "a<think>b"},
  });
}

TEST(ThinkScanner, EveryFamilyNameOpensAndCloses) {
  expect_rows({
      {"<THINK>x</Think>Hello", "Hello", "x"},
      {"<thinking>a</think>b", "b", "a"},
      {"<think>a</thinking>b</think>c", "bc", "a"},
      {"<reasoning>a</thought >b", "b", "a"},
      {"<THOUGHT>q</thought>w", "w", "q"},
      {"<REASONING_SCRATCHPAD>s</reasoning_scratchpad>x", "x", "s"},
  });
}

TEST(ThinkScanner, AttributesBelongToTheTag) {
  expect_rows({
      {"<think id=1>x</think>y", "y", "x"},
      {"<think >attr</think >tail", "tail", "attr"},
      {"<think\n\ta='>'x</think\n>y", "y", "'x"},
      {"<think a=<b>x</think>y", "<think a=<b>xy"},
      {"<think/>a<thought />b<think x=1/>c", "abc"},
      {"<think/ >a", "<think/ >a"},
      {"<think/x>a", "<think/x>a"},
  });
}

TEST(ThinkScanner, LookAlikesAreText) {
  for (const std::string_view text :
       {"<thinkers>not a tag</thinkers>", "<think-foo>bar", "<think-x>", "<think1>", "< think>",
        "<thin\u212a>x</thin\u212a>y", "<tool_callx>y</tool_callx>", "1 < 2 and 3 </ 4", "word<",
        "<th", "x </think", "<think", "<think a=1", "</think x>", "</ think>", "<tool_call/>",
        "answer</function> trailing", "Hi!<function name='a'>z</function> ok", "</tool_call>"}) {
    expect_rows({{text, text}});
    EXPECT_FALSE(scan(text).saw_opener) << text;
    EXPECT_TRUE(scan(text).notes.empty()) << text;
  }
}

TEST(ThinkScanner, UnterminatedBlockEndsWithTheReply) {
  expect_rows({
      {"<think>orphaned no close", "", "orphaned no close"},
      {"Hello\n  <think>reasoning</thi", "Hello\n  ", "reasoning</thi"},
      {"<think>1</think><think>2", "", "12"},
  });
  const std::vector<ScanNote> expected = {{Anomaly::think_unterminated, 6}};
  EXPECT_EQ(scan("Hello\n<think>reasoning").notes, expected);
  EXPECT_EQ(scan("Hello\n<think>").notes, expected);
}

TEST(ThinkScanner, MidLineOpenerNeedsItsCloser) {
  expect_rows({
      {"A <think>x</think> B <think>y</think> C", "A  B  C", "x\n\ny"},
      {"Use <think> x\nfoo</think>bar", "Use bar", " x\nfoo"},
      {"Use the <think> tag like this.", "Use the <think> tag like this."},
      {"a<think>b", "a<think>b"},
      {"a<think>b\n<think>c", "a<think>b\n", "c"},
      {"x\u2028<think>u", "x\u2028<think>u"},
      {"x\r<think>u", "x\r<think>u"},
      {"\u00a0<think>u", "\u00a0<think>u"},
  });
}

TEST(ThinkScanner, OrphanCloserGoesWithTheBlanksBehindIt) {
  expect_rows({
      {"some reasoning</think>actual answer", "some reasoningactual answer"},
      {"Hello</think> \t\n\nworld", "Helloworld"},
      {"x</think></think>y", "xy"},
      {"ok </think>  next", "ok next"},
      {"a</think>\u200bb", "a\u200bb"},
      {"<think>a<think>b</think>c</think>d", "cd", "a<think>b"},
      {"stray</think><think>paired</think> visible", "stray visible", "paired"},
      {"a\n</think> <think>x</think> y", "a\n y", "x"},
      {"a</think>\n```\n<think>\n```", "a```\n<think>\n```"},
  });
  const std::vector<ScanNote> expected = {{Anomaly::think_orphan_closer, 1},
                                          {Anomaly::think_orphan_closer, 10}};
  EXPECT_EQ(scan("A</think>B</thinking>C").notes, expected);
}

TEST(ThinkScanner, StartsInsideReadsUpToTheFirstCloser) {
  const ScanOptions inside{.starts_inside = true};
  expect_rows({{"plan</think>\n\nanswer", "\n\nanswer", "plan"},
               {"plan", "", "plan"},
               {"</think>answer", "answer"},
               {"a</think>b</think> c", "bc", "a"},
               {"", ""}},
              inside);
  EXPECT_TRUE(scan("", inside).notes.empty());
  EXPECT_TRUE(scan("plan</think>answer", inside).notes.empty());
  EXPECT_TRUE(scan("plan", inside).saw_opener);
  const std::vector<ScanNote> expected = {{Anomaly::think_unterminated, 0}};
  EXPECT_EQ(scan("plan", inside).notes, expected);
}

TEST(ThinkScanner, FencedCodeIsUntouched) {
  for (const std::string_view text :
       {"```\n<think>code</think>\n```", "```xml\n<think>\nin fence\n```\nafter",
        "   ~~~ `<think>\n</think>\n```\n~~\n<think>\n~~~~\n", "````\n```\n</think>\n````",
        "```\n``` x\n</think>", "```\n    ```\n</think>", "```\n<think>", "```<think>",
        "```<think>\n", "~~~</think>", "```\r\n</think>\r\n```\r\n"}) {
    expect_rows({{text, text}});
    EXPECT_FALSE(scan(text).saw_opener) << text;
  }
  expect_rows({
      {"```\nx\n``` \t\n<think>r</think>", "```\nx\n``` \t\n", "r"},
      {"```\r\nx\r\n```\r\n<think>r</think>", "```\r\nx\r\n```\r\n", "r"},
      {"```\nx\n~~~\n```\n<think>r</think>", "```\nx\n~~~\n```\n", "r"},
      {"    ```\n<think>r</think>", "    ```\n", "r"},
      {"a ```\n<think>r</think>", "a ```\n", "r"},
      {"a ~~~\n<think>r</think>", "a ~~~\n", "r"},
      {"~~\n<think>r</think>", "~~\n", "r"},
      {"```a``` b\n<think>r</think>", "```a``` b\n", "r"},
      {"<think>```\n</think>a", "a", "```\n"},
      {"<think>r</think>```\n</think>\n```", "```\n</think>\n```", "r"},
  });
}

TEST(ThinkScanner, CodeSpansAreUntouched) {
  for (const std::string_view text : {"Say `<think>` in code", "`` ` <think> ``", "`a``<think>``b`",
                                      "`</think>`", "``` <think> ```", "x ` `` <think> ``",
                                      "`<think>`", "`<tool_call>a</tool_call>`", "`<think a=`>`"}) {
    expect_rows({{text, text}});
    EXPECT_FALSE(scan(text).saw_opener) << text;
  }
  expect_rows({
      {"it`s <think>r</think> ok", "it`s  ok", "r"},
      {"it`s </think>ok\n`", "it`s ok\n`"},
      {"`a\n`<think>r</think> ok", "`a\n` ok", "r"},
      {"`a` <think>r</think> `b`", "`a`  `b`", "r"},
      {"`` ` <think>r</think>\n", "`` ` \n", "r"},
      {"``` ` </think>a\nb</think>c", "``` ` a\nbc"},
      {"<think>`</think>`a` b</think>c", "`a` bc", "`"},
  });
}

TEST(ThinkScanner, ToolMarkupIsTakenOut) {
  expect_rows({
      {"<function_calls>[{\"name\":\"x\"}]</function_calls>after", "after"},
      {"<think>plan</think><tool_call>{}</tool_call>final", "final", "plan"},
      {"a <TOOL_CALL n=1>y</tool_call > b", "a  b"},
      {"<tool_result>r</tool_result>x", "x"},
      {"a\n<tool_calls><tool_call>x</tool_call></tool_calls>\nb", "a\n\nb"},
      {"<tool_call>x</tool_calls>", "<tool_call>x</tool_calls>"},
      {"<tool_call>a <tool_result>b</tool_result>", "<tool_call>a "},
      {"<tool_call>a\n<think>b</think>c", "<tool_call>a\nc", "b"},
      {"<function_call name=\"x\">{</think>}</function_call>end", "end"},
  });
  const std::vector<ScanNote> expected = {{Anomaly::tool_markup_in_content, 1},
                                          {Anomaly::tool_markup_in_content, 25}};
  EXPECT_EQ(scan("a<tool_call>x</tool_call><tool_call>y</tool_call>").notes, expected);
}

TEST(ThinkScanner, BlocksJoinExactlyOnlyAcrossBlanks) {
  expect_rows({
      {"<think>a</think> \n\t<think>b</think>c", " \n\tc", "ab"},
      {"<think>a</think>x\n<think>b</think>", "x\n", "a\n\nb"},
      {"x\n<think>a</think>", "x\n", "a"},
      {"<think>a</think></think><think>b</think>", "", "a\n\nb"},
      {"<think>a</think><tool_call></tool_call><think>b</think>", "", "a\n\nb"},
      {"<think>a</think>x\n<think></think>y\n<think>b</think>", "x\ny\n", "a\n\nb"},
      {"<think>a</think><think/><think>b</think>", "", "ab"},
  });
}

TEST(ThinkScanner, SawOpenerMeansOutsideCode) {
  EXPECT_TRUE(scan("<think>").saw_opener);
  EXPECT_TRUE(scan("a <thought> b").saw_opener);
  EXPECT_TRUE(scan("\n<think></think>").saw_opener);
  EXPECT_FALSE(scan("<think/>").saw_opener);
  EXPECT_FALSE(scan("</think>").saw_opener);
  EXPECT_FALSE(scan("`<think>`").saw_opener);
  EXPECT_FALSE(scan("<tool_call><think></tool_call>").saw_opener);
}

TEST(ThinkScanner, HoldBytesCountFromTheOpener) {
  const ScanOptions options{.hold_bytes = 20};
  expect_rows(
      {{"a <think>12345</think>b", "a b", "12345"},
       {"a <think>123456</think>b", "a <think>123456b"},
       {"a <think><think>1</think>b", "a <think>b", "1"},
       {"a <think>12<think>1</think>b", "a <think>12b", "1"},
       {"<think>123456789012345678901234567890</think>b", "b", "123456789012345678901234567890"},
       {"<tool_call></tool_call>", "<tool_call></tool_call>"},
       {"a ` <think/>7890123456\n", "a ` 7890123456\n"},
       {"a ` <think/>901234567890\n", "a ` <think/>901234567890\n"},
       {"a ` <think/>90123456789", "a ` 90123456789"},
       {"a ` <think/>901234567890", "a ` <think/>901234567890"}},
      options);
  expect_rows({{"a <think>b</think>c", "a <think>bc"}, {"<think>b</think>c", "c", "b"}},
              {.hold_bytes = 0});
}

TEST(ThinkScanner, NothingIsHeldLongerThanNeeded) {
  ThinkScanner scanner;
  EXPECT_EQ(shown(scanner, "He `llo ~~~ ``` "), "He `llo ~~~ ``` ");
  EXPECT_EQ(shown(scanner, "w<"), "w");
  EXPECT_EQ(shown(scanner, "b"), "<b");
  EXPECT_EQ(shown(scanner, "<thin"), "");
  EXPECT_EQ(shown(scanner, "g>"), "<thing>");
  EXPECT_EQ(shown(scanner, "<think>"), "");
  EXPECT_EQ(shown(scanner, " in code ` "), "<think> in code ` ");
  EXPECT_EQ(shown(scanner, "\n<think>a</think> b"), "\n b");
  EXPECT_EQ(scanner.reasoning(), "a");
  EXPECT_EQ(shown(scanner, " <think>"), " ");
  EXPECT_EQ(shown(scanner, repeat("x", 16 * 1024 - 8)), "");
  EXPECT_EQ(shown(scanner, "x").size(), 16U * 1024U);
  EXPECT_EQ(shown(scanner, "y"), "y");
  EXPECT_EQ(shown(scanner, "</think> \n"), "");
  EXPECT_EQ(shown(scanner, " z"), "z");
  scanner.finish();
  EXPECT_EQ(scanner.visible(), "");
  scanner.finish();
  EXPECT_EQ(scanner.visible(), "");
}

TEST(ThinkScanner, ReasoningStreams) {
  ThinkScanner scanner;
  EXPECT_EQ(shown(scanner, "<think>ab"), "");
  EXPECT_EQ(scanner.reasoning(), "ab");
  EXPECT_TRUE(scanner.saw_opener());
  scanner.feed("c</th");
  EXPECT_EQ(scanner.reasoning(), "abc");
  EXPECT_EQ(shown(scanner, "ink>d"), "d");
}

TEST(ThinkScanner, LongTagsAreText) {
  const std::string longest = "<think " + repeat("a", 4096 - 8) + ">";
  EXPECT_EQ(scan(longest + "r</think>v").visible, "v");
  const std::string longer = "<think " + repeat("a", 4096 - 7) + ">";
  EXPECT_EQ(scan(longer + "r").visible, longer + "r");
  ThinkScanner scanner;
  EXPECT_EQ(shown(scanner, longer.substr(0, 4095)), "");
  EXPECT_EQ(shown(scanner, "a").size(), 4096U);
}

TEST(ThinkScanner, NotesAreLimited) {
  const ScanResult result = scan(repeat("a</think>", kScanNotesMax + 10));
  EXPECT_EQ(result.notes.size(), kScanNotesMax);
  EXPECT_EQ(result.visible, repeat("a", kScanNotesMax + 10));
}

// Work per byte stays bounded where each tag waits for something that never comes.
TEST(ThinkScanner, HostileTextTakesLinearTime) {
  for (const std::string_view unit : {"<think>", "a<think>", "`<think>", "<think", "</think ",
                                      "``<", "<tool_call>", "`a``<think>", "<think a="}) {
    const std::string text = "x ` " + repeat(unit, 20'000);
    const auto length_of = [](std::string_view) { return std::size_t{7}; };
    EXPECT_EQ(scan_pieces(text, {}, length_of), scan(text)) << unit;
  }
}

// Where a reference agent of 2026-07 gives the same total output. Its row ids stand behind.
TEST(ThinkScanner, AgreesWithTheReference) {
  expect_rows({
      {"reasoning</thinking>answer", "reasoninganswer"},                                   // D05
      {"<thought>internal</thought> answer", " answer", "internal"},                       // D08
      {"<THINK>upper</THINK>final", "final", "upper"},                                     // D11
      {"a <thinking>b</thinking>", "a ", "b"},                                             // D40
      {"<TOOL_CALL>y</TOOL_CALL>z", "z"},                                                  // D51
      {"<function_call name=\"x\">{}</function_call>end", "end"},                          // D52
      {"caf\u00e9 <think>\u00e9</think> \u4f60", "caf\u00e9  \u4f60", "\u00e9"},           // D56
      {"<think>x</think>\u2028y", "\u2028y", "x"},                                         // U04
      {"\u0130<think>x</think>y", "\u0130y", "x"},                                         // U07
      {"Hello <think>note</think> world", "Hello  world", "note"},                         // S01
      {"Hello\n<think>reasoning", "Hello\n", "reasoning"},                                 // S04
      {"Use the <think> element for reasoning", "Use the <think> element for reasoning"},  // S06
      {"Hello</think> world", "Helloworld"},                                               // S08
      {"word<think>prose</think>more", "wordmore", "prose"},                               // S11
      {"a <think> b", "a <think> b"},                                                      // S19
      {"ok </think> next", "ok next"},                                                     // S28
      {"t<reasoning>r</reasoning>u", "tu", "r"},                                           // S35
      {"a</think>\n\nb", "ab"},                                                            // S45
      {"word< more", "word< more"},                                                        // G18
      {"<think>a</think> <think>b", " ", "ab"},                                            // G31
      {"<think>a</think>\n<think>b</think>c", "\nc", "ab"},                                // G32
      {"  <think>x</think>y", "  y", "x"},                                                 // G33
      {"a\n<think>b</think>", "a\n", "b"},                                                 // G39
  });
}

// Where it does not, and why (SPEC 12 unless another section is named).
TEST(ThinkScanner, DeviatesFromTheReferenceOnPurpose) {
  // Blanks at the ends are trimmed by the caller (SPEC 3): D09, D29, D54, D55.
  expect_rows({{"Answer is 42.\n<think>actually let me", "Answer is 42.\n", "actually let me"},
               {"ok\r\n<think>crlf unterminated", "ok\r\n", "crlf unterminated"},
               {"tab\n\t<think>x", "tab\n\t", "x"}});
  // Tag look-alikes and prose tags: D07, D15-D21, D27, D28, D38, D44-D46.
  expect_rows({{"You can write <function name=\"x\">y</function> inline.",
                "You can write <function name=\"x\">y</function> inline."},
               {"<think>a</thinking>b</think>c", "bc", "a"},
               {"<think >x</think>y", "y", "x"}});
  // Prose mentions and code: D10, D31-D33, D39, S37.
  expect_rows({{"Use the <think> tag like this in your prose.",
                "Use the <think> tag like this in your prose."},
               {"```\n<think>\nin fence\n```", "```\n<think>\nin fence\n```"}});
  // Output that depends on the cut: S20, S29, S50, G01, G21, G22, G28, G29, G34.
  expect_rows({{"Use <think> and then </think> ok", "Use  ok", " and then "},
               {"Hi <think>x</think>y", "Hi y", "x"},
               {"ok </think>  next", "ok next"},
               {"  <think>x", "  ", "x"}});
  // ASCII case and three blanks only (SPEC 3): U00, S53, S56.
  expect_rows({{"<thin\u212a>x</thin\u212a>y", "<thin\u212a>x</thin\u212a>y"},
               {"\u00a0<think>u", "\u00a0<think>u"}});
}

constexpr std::array<std::string_view, 40> kTokens = {"<think>",
                                                      "</think>",
                                                      "<think>",
                                                      "</think>",
                                                      "<",
                                                      "`",
                                                      "`",
                                                      "``",
                                                      "```",
                                                      "```\n",
                                                      "~~~\n",
                                                      "~~~",
                                                      "\n",
                                                      "\n",
                                                      " ",
                                                      "  ",
                                                      "a",
                                                      "b c",
                                                      "<tool_call>",
                                                      "</tool_call>",
                                                      "<tool_calls>",
                                                      "</tool_calls >",
                                                      "<thinking x=1>",
                                                      "</reasoning\n>",
                                                      "<think/>",
                                                      "<THOUGHT >",
                                                      "</",
                                                      "think",
                                                      ">",
                                                      "/",
                                                      "    ",
                                                      "\t",
                                                      "\r\n",
                                                      "~",
                                                      "<think a=`>",
                                                      "</thinkers>",
                                                      "<think\n",
                                                      "xxxxxxxxxxxxxxxxxxxx",
                                                      "<reasoning_scratchpad>",
                                                      "\u00e9"};

TEST(ThinkScanner, RandomTextsAgreeWithTheSlowReadingInEveryCut) {
  Prng prng(20260702);
  for (int round = 0; round < 200'000; ++round) {
    std::string text;
    for (std::uint64_t tokens = prng.below(24); tokens > 0; --tokens) {
      text += kTokens[prng.below(kTokens.size())];
    }
    ScanOptions options;
    options.starts_inside = prng.chance(1, 8);
    if (prng.chance(1, 2)) options.hold_bytes = static_cast<std::int64_t>(prng.below(80));
    const ScanResult whole = scan(text, options);
    ASSERT_EQ(whole, slow_scan(text, options))
        << testing::PrintToString(text) << " hold " << options.hold_bytes;
    const std::uint64_t longest = 1 + prng.below(12);
    const auto length_of = [&](std::string_view) { return 1 + prng.below(longest); };
    ASSERT_EQ(scan_pieces(text, options, length_of), whole)
        << testing::PrintToString(text) << " hold " << options.hold_bytes;
  }
}

}  // namespace
}  // namespace playhead::think
