// One line of a timeline: when, which exchange, a lane, words. One table says what the lanes look
// like.
#ifndef PLAYHEAD_REPORT_TIMELINE_LINE_H_
#define PLAYHEAD_REPORT_TIMELINE_LINE_H_

#include <cstdint>
#include <string>

#include "base/instant.h"
#include "base/name_table.h"

namespace playhead::report {

// Columns of a terminal that no line exceeds.
inline constexpr std::size_t kLineColumns = 100;

// How a text for people is given: `coloured` adds colour codes of a terminal (ECMA-48) around what
// `plain` has, and nothing else.
enum class Style : std::uint8_t { plain, coloured };

// What a colour means.
enum class Paint : std::uint8_t { none, quiet, oddity, broken, decided, heading, broken_heading };

enum class Lane : std::uint8_t {
  request,
  reply,
  wait,
  keepalive,
  anomaly,
  cut,
  decision,
  mark,
  outcome,
};

inline constexpr NameTable<Lane, 9> kLanes = {{
    {Lane::request, "->", "to the provider"},
    {Lane::reply, "<-", "from the provider"},
    {Lane::wait, "..", "nothing happens"},
    {Lane::keepalive, "~~", "a sign of life to the client"},
    {Lane::anomaly, "!!", "an oddity"},
    {Lane::cut, "XX", "a failure, or the place of a cut"},
    {Lane::decision, "=>", "what was decided"},
    {Lane::mark, "##", "a note that stands in the recording"},
    {Lane::outcome, "==", "the turn is over"},
}};
static_assert(covers_enum(kLanes, Lane::outcome));

struct Line {
  Instant at;
  int exchange = 0;  // 0: of none
  Lane lane = Lane::reply;
  Paint paint = Paint::none;
  std::string words;   // the part that matters; shortened only where it alone exceeds the line
  std::string sample;  // shown behind the words, in what is left of the line
  bool quoted = true;  // the sample
};

// "   1.318  x1 <-  words: "sample"" with a line end. Texts may be anything; they come out
// printable.
std::string line_text(const Line& line, Style style);

// The text, printable, in the colour of that meaning; without a line end.
std::string painted(const std::string& text, Paint paint, Style style);

// "35 ms", "1.20 s", "171.6 s".
std::string span_text(Duration span);

}  // namespace playhead::report

#endif  // PLAYHEAD_REPORT_TIMELINE_LINE_H_
