#include "report/timeline_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "report/printable.h"

namespace playhead::report {
namespace {

inline constexpr NameTable<Paint, 7> kPaints = {{
    {Paint::none, "0", "as the terminal writes"},
    {Paint::quiet, "2", "dim"},
    {Paint::oddity, "33", "yellow"},
    {Paint::broken, "31", "red"},
    {Paint::decided, "36", "cyan"},
    {Paint::heading, "1", "bold"},
    {Paint::broken_heading, "1;31", "bold red"},
}};
static_assert(covers_enum(kPaints, Paint::broken_heading));

constexpr std::size_t kSampleMin = 8;  // columns; less of a sample tells nothing

// `room` columns of words and sample.
std::string fitted_words(const Line& line, std::size_t room) {
  std::string words = fitted(line.words, room);
  if (line.sample.empty()) return words;
  const std::string_view before = line.quoted ? ": \"" : ": ";
  const std::string_view after = line.quoted ? "\"" : "";
  const std::size_t taken = columns_of(words) + before.size() + after.size();
  if (taken + kSampleMin > room) return words;
  return words.append(before).append(fitted(line.sample, room - taken)).append(after);
}

}  // namespace

std::string painted(const std::string& text, Paint paint, Style style) {
  const std::string safe = printable(text);
  if (style == Style::plain || paint == Paint::none) return safe;
  return fmt::format("\x1b[{}m{}\x1b[0m", name_in(kPaints, paint), safe);
}

std::string line_text(const Line& line, Style style) {
  const std::string exchange = line.exchange > 0 ? fmt::format("x{}", line.exchange) : "";
  const std::int64_t ms = line.at.us / 1000;
  const std::string when = fmt::format("{:>6}.{:03}  {:<3} ", ms / 1000, ms % 1000, exchange);
  const std::string_view lane = name_in(kLanes, line.lane);
  const std::size_t taken = std::min(when.size() + lane.size() + 2, kLineColumns);
  const std::string words = fitted_words(line, kLineColumns - taken);
  return when + painted(fmt::format("{}  {}", lane, words), line.paint, style) + "\n";
}

std::string span_text(Duration span) {
  const std::int64_t ms = span.us / 1000;
  if (ms < 1000) return fmt::format("{} ms", ms);
  if (ms < 10'000) return fmt::format("{}.{:02} s", ms / 1000, ms % 1000 / 10);
  return fmt::format("{}.{} s", ms / 1000, ms % 1000 / 100);
}

}  // namespace playhead::report
