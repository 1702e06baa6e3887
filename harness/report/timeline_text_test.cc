// Handmade facts for each rule of the timeline, and recordings as they are.
#include "report/timeline_text.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "base/prng.h"
#include "base/utf8.h"
#include "recording/load.h"
#include "report/printable.h"
#include "report/recording_timeline.h"

namespace playhead::report {
namespace {

Instant ms(std::int64_t count) { return Instant{count * 1000}; }

// Facts in the order in which they happen, most of them of exchange 1.
class Story {
 public:
  Story& add(std::int64_t at_ms, FactKind kind, std::string_view name = {},
             std::string_view text = {}, std::string_view detail = {}) {
    facts_.add({.at = ms(at_ms),
                .kind = kind,
                .exchange = exchange_,
                .name = name,
                .detail = detail,
                .text = text});
    return *this;
  }
  Story& request(std::int64_t at_ms, int exchange = 1) {
    exchange_ = exchange;
    facts_.add({.at = ms(at_ms),
                .kind = FactKind::request,
                .exchange = exchange,
                .number = 512,
                .name = exchange == 1 ? "first" : "retry",
                .text = "{}"});
    return response(at_ms + 100, 200);
  }
  Story& response(std::int64_t at_ms, int status) {
    facts_.add(
        {.at = ms(at_ms), .kind = FactKind::response, .exchange = exchange_, .number = status});
    return *this;
  }
  Story& chunk(std::int64_t at_ms, std::uint64_t size) {
    facts_.add({.at = ms(at_ms),
                .kind = FactKind::chunk,
                .exchange = exchange_,
                .offset = bytes_,
                .size = size});
    bytes_ += size;
    return *this;
  }
  Story& frame(std::int64_t at_ms, std::string_view text, std::string_view kind = "event",
               std::string_view event = {}) {
    return add(at_ms, FactKind::frame, event, text, kind);
  }
  Story& keepalive(std::int64_t at_ms) {
    facts_.add({.at = ms(at_ms), .kind = FactKind::keepalive, .text = ": keepalive\n\n"});
    return *this;
  }
  Story& tool(std::int64_t at_ms, ToolStatus status, std::string_view name) {
    facts_.add({.at = ms(at_ms),
                .kind = FactKind::tool,
                .exchange = exchange_,
                .status = status,
                .name = name,
                .detail = "c1",
                .text = "{}"});
    return *this;
  }
  Story& outcome(std::int64_t at_ms, Outcome outcome) {
    facts_.add_outcome(ms(at_ms), std::move(outcome));
    return *this;
  }

  std::string text(Style style = Style::plain) const { return timeline_text(facts_, style); }
  Facts& facts() { return facts_; }

 private:
  Facts facts_;
  std::uint64_t bytes_ = 0;
  int exchange_ = 1;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string without_colours(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      i = text.find('m', i);
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

constexpr std::string_view kStart =
    "     0.000  x1  ->  request (first), max_tokens 512, 2 bytes\n"
    "     0.100  x1  <-  response 200\n";

TEST(Timeline, FoldsPiecesOfOneKind) {
  Story story;
  story.request(0);
  for (int i = 0; i < 12; ++i) story.add(500 + i * 100, FactKind::text, {}, "ab ");
  story.add(1700, FactKind::reasoning, {}, "why");
  EXPECT_EQ(
      story.text(),
      std::string(kStart) +
          "     0.500  x1  <-  text, 12 pieces, 1.10 s: \"ab ab ab ab ab ab ab ab ab ab ab ab "
          "\"\n"
          "     1.700  x1  <-  reasoning, 1 piece: \"why\"\n");
}

TEST(Timeline, SilenceHasALineOfItsOwnThatSaysWhereItFell) {
  Story story;
  story.request(0);
  story.add(2000, FactKind::text, {}, "The first ");
  story.add(2999, FactKind::text, {}, "half");
  story.add(44'199, FactKind::text, {}, " of it");
  EXPECT_EQ(story.text(), std::string(kStart) +
                              "     0.100  x1  ..  1.90 s of silence, before any content\n"
                              "     2.000  x1  <-  text, 2 pieces, 999 ms: \"The first half\"\n"
                              "     2.999  x1  ..  41.2 s of silence, in the middle of text\n"
                              "    44.199  x1  <-  text, 1 piece: \" of it\"\n");
}

TEST(Timeline, KeepalivesAreFoldedBehindTheSilenceTheyFill) {
  Story story;
  story.request(0).add(500, FactKind::text, {}, "a");
  for (const int at : {30'500, 60'500, 90'500}) story.keepalive(at);
  story.add(100'500, FactKind::text, {}, "b");
  EXPECT_EQ(story.text(), std::string(kStart) +
                              "     0.500  x1  <-  text, 1 piece: \"a\"\n"
                              "     0.500  x1  ..  100.0 s of silence, in the middle of text\n"
                              "    30.500      ~~  keepalive x3, every 30.0 s\n"
                              "   100.500  x1  <-  text, 1 piece: \"b\"\n");
}

TEST(Timeline, CommentsAreASignOfLifeAndNoSilence) {
  Story story;
  story.request(0);
  for (const int at : {10'100, 20'100, 30'100}) {
    story.chunk(at, 13).frame(at, " keep-alive", "comment");
  }
  story.chunk(30'500, 40).frame(30'500, "{}").add(30'500, FactKind::text, {}, "a");
  EXPECT_EQ(story.text(), std::string(kStart) +
                              "     0.100  x1  ..  10.0 s of silence, before any content\n"
                              "    10.100  x1  <-  comment x3, every 10.0 s: \" keep-alive\"\n"
                              "    30.500  x1  <-  text, 1 piece: \"a\"\n");
}

TEST(Timeline, FramesThatSayNothingShowOnlyWhereNothingElseCame) {
  Story story;
  story.request(0).frame(500, "{}").frame(510, "{}").add(510, FactKind::text, {}, "a");
  for (const int at : {1000, 6000, 11'000}) story.frame(at, "{}", "event", "ping");
  EXPECT_EQ(story.text(), std::string(kStart) +
                              "     0.510  x1  <-  text, 1 piece: \"a\"\n"
                              "     1.000  x1  <-  event ping: \"{}\"\n"
                              "     1.000  x1  ..  5.00 s of silence, in the middle of text\n"
                              "     6.000  x1  <-  event ping x2, every 5.00 s: \"{}\"\n");
}

TEST(Timeline, ACutSaysAfterWhatAndWhere) {
  Story story;
  story.request(0).chunk(500, 1204);
  story.add(500, FactKind::tool_call, "write_file", "{\"path", "c1");
  story.add(700, FactKind::end, "reset", {}, "ECONNRESET");
  story.add(700, FactKind::completion, "length", "stream_cut");
  story.tool(700, ToolStatus::dropped, "write_file");
  story.add(700, FactKind::continuation, "stream_cut_tool", "go on");
  EXPECT_EQ(story.text(),
            std::string(kStart) +
                "     0.500  x1  <-  tool call write_file, 1 piece: \"{\"path\"\n"
                "     0.700  x1  XX  reset after 1204 bytes, in the middle of tool call "
                "write_file: \"ECONNRESET\"\n"
                "     0.700  x1  =>  reply is over: length, stream_cut\n"
                "     0.700  x1  =>  write_file is dropped, its stream was cut\n"
                "     0.700  x1  =>  asks to go on (stream_cut_tool): \"go on\"\n");
}

TEST(Timeline, AWholeResponseIsACutWhereItsReplyHasNoEnd) {
  Story story;
  story.request(0).chunk(500, 10).add(500, FactKind::text, {}, "a");
  story.add(600, FactKind::end, "complete");
  story.add(600, FactKind::completion, "length", "no_end_evidence");
  EXPECT_NE(story.text().find("XX  the response ends after 10 bytes, in the middle of text\n"),
            std::string::npos)
      << story.text();
  Story document;  // its content is read at its end
  document.request(0).chunk(500, 10).add(500, FactKind::end, "complete");
  document.add(500, FactKind::text, {}, "a").add(500, FactKind::finish, {}, "stop");
  document.add(500, FactKind::completion, "stop");
  EXPECT_NE(document.text().find("<-  end: complete after 10 bytes in 1 chunk\n"),
            std::string::npos)
      << document.text();
}

TEST(Timeline, DecisionsOfTheTurn) {
  Story story;
  story.request(0).add(200, FactKind::end, "reset");
  story.facts().add({.at = ms(200), .kind = FactKind::backoff, .exchange = 1, .number = 2'500'000});
  story.request(2700, 2);
  story.tool(3000, ToolStatus::running, "search");
  story.add(4000, FactKind::steer, "waiting", "faster");
  story.tool(15'000, ToolStatus::cancelled, "search").tool(15'500, ToolStatus::failed, "search");
  story.tool(15'500, ToolStatus::refused, "other");
  story.add(15'500, FactKind::notice, {}, "sorry");
  const std::string text = story.text();
  EXPECT_EQ(text.substr(text.find("     0.200")),
            "     0.200  x1  XX  reset after 0 bytes, before any content\n"
            "     0.200  x1  =>  asks again in 2.50 s\n"
            "     2.700  x2  ->  request (retry), max_tokens 512, 2 bytes\n"
            "     2.800  x2  <-  response 200\n"
            "     3.000  x2  =>  runs search: \"{}\"\n"
            "     3.000  x2  ..  1.00 s while search runs\n"
            "     4.000  x2  =>  steer, waiting: \"faster\"\n"
            "     4.000  x2  ..  11.0 s while search runs\n"
            "    15.000  x2  =>  search is told to stop\n"
            "    15.500  x2  =>  search failed after 12.5 s\n"
            "    15.500  x2  =>  other is refused, not run\n"
            "    15.500  x2  =>  tells the person: \"sorry\"\n");
}

TEST(Timeline, OutcomeIsLastWithItsError) {
  Story story;
  story.request(0).add(300, FactKind::finish, {}, "stop");
  Outcome outcome;
  outcome.failed = true;
  outcome.error = TurnError{"http_401", "no key"};
  story.outcome(300, outcome).chunk(20'000, 4).add(20'000, FactKind::end, "complete");
  const auto lines = lines_of(story.text());
  EXPECT_EQ(lines.back(), "     0.300      ==  outcome: failed, http_401: \"no key\"");
}

TEST(Timeline, ASlowStreamShowsItsLongestSilencesOnly) {
  Story story;
  story.request(0);
  std::int64_t at = 100;
  for (int i = 0; i < 200; ++i) {
    at += i % 50 == 49 ? 9000 : 1500;
    story.add(at, FactKind::text, {}, "a");
  }
  const std::string text = story.text();
  EXPECT_EQ(lines_of(text).size(), 2U + 5U + 4U) << text;
  EXPECT_NE(text.find("text, 49 pieces, 72.0 s, gaps up to 1.50 s: "), std::string::npos) << text;
}

TEST(Timeline, AnomaliesOfOneNameAreFoldedAndDoNotBreakTheContent) {
  Story story;
  story.request(0);
  for (int i = 0; i < 9; ++i) {
    story.add(200 + i, FactKind::tool_call, "query", "x", i == 0 ? "c1" : "");
    if (i > 0) story.add(200 + i, FactKind::anomaly, "tool_name_resent", "query");
  }
  EXPECT_EQ(story.text(), std::string(kStart) +
                              "     0.200  x1  <-  tool call query, 9 pieces, 8 ms: \"xxxxxxxxx\"\n"
                              "     0.201  x1  !!  tool_name_resent x8, in 7 ms, byte 0: "
                              "\"query\"\n");
}

// ---- what a terminal is given

TEST(Timeline, TextsFromOutsideCannotReachTheTerminal) {
  const std::string evil =
      "\x1b[2J\x1b]0;owned\x07\r\n\t\x7f\xc2\x9b"
      "31m\xe2\x80\xae\xe2\x81\xa6\xff";
  Story story;
  story.request(0);
  for (const auto& row : kFactKinds) story.add(200, row.value, evil, evil, evil);
  Outcome outcome;
  outcome.error = TurnError{evil, evil};
  story.outcome(300, outcome);
  const std::string text = story.text();
  for (const char c : text) {
    EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << text;
    EXPECT_NE(c, '\x7f');
  }
  for (const char* hidden : {"\xc2\x9b", "\xe2\x80\xae", "\xe2\x81\xa6"}) {
    EXPECT_EQ(text.find(hidden), std::string::npos) << text;
  }
  EXPECT_TRUE(is_utf8(text));
  EXPECT_NE(text.find("\\u001b[2J"), std::string::npos) << text;
}

TEST(Timeline, ColourAddsNothingButCodes) {
  Story story;
  story.request(0).add(200, FactKind::text, {}, "a").keepalive(300);
  story.add(300, FactKind::anomaly, "bad_utf8").add(300, FactKind::end, "reset");
  story.add(300, FactKind::completion, "stop").outcome(300, Outcome{.completed = true});
  const std::string coloured = story.text(Style::coloured);
  EXPECT_EQ(without_colours(coloured), story.text());
  EXPECT_EQ(story.text().find('\x1b'), std::string::npos);
  for (const char* part : {"\x1b[33m!!  bad_utf8", "\x1b[31mXX  reset", "\x1b[36m=>  reply is over",
                           "\x1b[2m~~  keepalive", "\x1b[1m==  outcome: completed"}) {
    EXPECT_NE(coloured.find(part), std::string::npos) << coloured;
  }
}

TEST(Printable, FitsOnBordersOfCharacters) {
  EXPECT_EQ(fitted("short", 5), "short");
  EXPECT_EQ(fitted("abcdefghijklmnop", 14), "abcdef ... nop");
  const std::string wide =
      "\xe6\xb5\x8b\xe8\xaf\x95\xe6\xb5\x8b\xe8\xaf\x95\xe6\xb5\x8b\xe8\xaf\x95";
  EXPECT_EQ(columns_of(wide), 12U);
  EXPECT_EQ(fitted(wide, 11), "\xe6\xb5\x8b\xe8\xaf\x95 ... \xe8\xaf\x95");
  const std::string long_text(100'000, 'x');
  for (std::size_t columns = 0; columns <= 100; ++columns) {
    EXPECT_LE(columns_of(fitted(wide, columns)), columns);
    EXPECT_LE(columns_of(fitted(long_text, columns)), columns);
  }
  EXPECT_EQ(printable(printable("a\\\x1b\n")), printable("a\\\x1b\n"));
}

TEST(Timeline, NoLineIsWiderThanATerminal) {
  Prng prng(7);
  std::string bytes;
  for (int i = 0; i < 4000; ++i) bytes.push_back(static_cast<char>(prng.below(256)));
  for (std::size_t cut = 1; cut < bytes.size(); cut += 97) {
    const std::string_view text = std::string_view(bytes).substr(cut);
    Story story;
    story.request(0, 1 + static_cast<int>(cut) * 1000);
    for (const auto& row : kFactKinds) {
      story.add(static_cast<std::int64_t>(cut) * 1'000'000, row.value, text, text, text);
    }
    for (const std::string& line : lines_of(story.text())) {
      EXPECT_LE(columns_of(line), kLineColumns) << line;
      EXPECT_TRUE(is_utf8(line));
    }
  }
}

// ---- recordings

std::string shown_recording(const std::string& name) {
  const auto recordings =
      recording::load(std::string(PLAYHEAD_SOURCE_DIR) + "/recordings/" + name, {});
  if (!recordings) return recordings.error().message;
  std::vector<Shown> exchanges(recordings->front().exchanges.size());
  for (std::size_t i = 0; i < exchanges.size(); ++i) {
    exchanges[i].report.index = recordings->front().exchanges[i].index;
    exchanges[i].report.choices.resize(1);
  }
  return recording_timeline(recordings->front(), exchanges, Style::plain);
}

TEST(RecordingTimeline, HasWhatOnlyTheRecordingKnows) {
  const std::string text = shown_recording("gateway/stall-in-tool-call-three-times.rec.zst");
  for (const char* part :
       {"  provider   gateway\n", "\nexchange 6: ",
        "     0.000  x1  ->  request POST /v1/chat/completions, max_tokens 4096, 705 bytes\n",
        "     3.583  x1  ##  mark: attempt 1 stalls\n",
        "   126.193  x2  ->  request POST /v1/chat/completions, max_tokens 4096, 705 bytes\n"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
}

}  // namespace
}  // namespace playhead::report
