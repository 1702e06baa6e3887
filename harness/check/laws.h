// Laws: what must hold of every replay, with no expectation written down.
#ifndef PLAYHEAD_CHECK_LAWS_H_
#define PLAYHEAD_CHECK_LAWS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/json.h"
#include "base/name_table.h"
#include "check/log_line.h"
#include "check/verdict.h"

namespace playhead::check {

enum class Law : std::uint8_t { rechunk, repeat, keepalive, tools, think, finish, outcome };

inline constexpr NameTable<Law, 7> kLaws = {{
    {Law::rechunk, "rechunk",
     "facts, chunks apart, depend on the bytes and their times, not on chunk borders"},
    {Law::repeat, "repeat", "the same recording, policy and seed give the same facts again"},
    {Law::keepalive, "keepalive", "no silence downstream is longer than the keepalive interval"},
    {Law::tools, "tools",
     "no tool call of a truncated reply, or with arguments that are no object, is run"},
    {Law::think, "think",
     "downstream text is the visible text of the replies: no think block leaks"},
    {Law::finish, "finish",
     "one finish downstream, then [DONE], then nothing; neither when interrupted, unless the "
     "format has a word for it"},
    {Law::outcome, "outcome", "a turn ends once, and nothing is written behind its end"},
}};
static_assert(covers_enum(kLaws, Law::outcome));

constexpr std::string_view name_of(Law law) { return name_in(kLaws, law); }

struct LawBreak {
  Law law = Law::rechunk;
  std::string message;  // what broke it, where
};

// Rechunk: `original` and the replay of a rewrite called `rewrite` are the same but for facts of
// kind chunk.
std::vector<LawBreak> check_rechunk(std::string_view rewrite, const std::vector<LogLine>& original,
                                    const std::vector<LogLine>& rewritten);

// Repeat: the same line by line.
std::vector<LawBreak> check_repeat(const std::vector<LogLine>& first,
                                   const std::vector<LogLine>& again);

// The laws below read the replay document (DESIGN 6). Nothing is broken where the part that a law
// speaks of is missing (a replay without an outcome, a downstream that nobody listens to).

// Keepalive (SPEC 9.2); an interval of zero means that keepalives are off.
std::vector<LawBreak> check_keepalive(const JsonValue& replay, Duration interval);

// Tools (SPEC 4, 5): each call in outcome.tools.executed is a call of its exchange, whose reply did
// not end by `length`, and whose arguments are valid or repaired.
std::vector<LawBreak> check_tools(const JsonValue& replay);

// Think (SPEC 3): spaces, tabs and newlines apart (trimming moves them), the text sent downstream
// is the `visible` of all exchanges in order, followed or not by the final response where that was
// made by the runtime and never streamed. Of an interrupted turn it may be a beginning of that.
std::vector<LawBreak> check_think(const JsonValue& replay);

// Finish (SPEC 9.1, 9.3). An interrupted turn writes none, but the UI message stream does where the
// turn was stopped; and its parts must be such that no published client fails on them.
std::vector<LawBreak> check_finish(const JsonValue& replay);

// The four above, in the table's order.
std::vector<LawBreak> check_document(const JsonValue& replay, Duration keepalive_interval);

// Outcome (SPEC 9.3): at most one fact of that kind, and neither downstream nor keepalive behind
// it.
std::vector<LawBreak> check_outcome(const Facts& facts);

// Puts broken laws among the verdict's differences, which fails it if it had passed.
void add_law_breaks(const std::vector<LawBreak>& breaks, Verdict& verdict);

}  // namespace playhead::check

#endif  // PLAYHEAD_CHECK_LAWS_H_
