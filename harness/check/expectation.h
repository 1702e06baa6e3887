// Expectations: what part of a JSON document must hold, and where it does not (DESIGN 4, `expect`).
//
// Objects match as subsets, arrays and scalars exactly; numbers by value (1 is 1.0). An object
// whose members are all whole numbers speaks of the elements of an array at these places. An object
// whose members begin with `$` is a set of matchers that must all hold; they may stand anywhere, in
// arrays too. At the top `requests` is short for `outcome.requests`.
#ifndef PLAYHEAD_CHECK_EXPECTATION_H_
#define PLAYHEAD_CHECK_EXPECTATION_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/name_table.h"
#include "base/result.h"

namespace playhead::check {

enum class Matcher : std::uint8_t {
  contains,
  matches,
  prefix,
  absent,
  any,
  length,
  last,
  each,
  negation,
  nowhere
};

inline constexpr NameTable<Matcher, 10> kMatchers = {{
    {Matcher::contains, "$contains",
     "a text with that part, or an array with an element like that"},
    {Matcher::matches, "$matches", "a text in which that regular expression (ECMAScript) is found"},
    {Matcher::prefix, "$prefix", "a text that begins so"},
    {Matcher::absent, "$absent", "there is no such member; written with true"},
    {Matcher::any, "$any", "there is such a member, whatever its value; written with true"},
    {Matcher::length, "$length", "so many elements, members, or characters (code points)"},
    {Matcher::last, "$last", "an array whose last element is like that"},
    {Matcher::each, "$each", "an array whose elements are all like that"},
    {Matcher::negation, "$not", "what is not like that, or not there"},
    {Matcher::nowhere, "$nowhere",
     "a value in which, at any depth, no member has that name and no text that part"},
}};
static_assert(covers_enum(kMatchers, Matcher::nowhere));

constexpr std::string_view name_of(Matcher matcher) { return name_in(kMatchers, matcher); }

// Our choice: the longest regular expression, in bytes. Matching takes time in proportion to it.
inline constexpr std::size_t kRegexBytesMax = 1024;

// One place where a document is not as expected.
struct Difference {
  std::string at;        // JSON pointer; "" is the document
  std::string expected;  // JSON text, or "absent"
  std::string actual;    // JSON text, or "absent"

  bool operator==(const Difference&) const = default;
};

// Whether the matchers in it can be used. Fails with "/pointer: what, and what to do".
Status validate_expectation(const JsonValue& expected);

// Whether the value is an object of matchers.
bool is_matcher(const JsonValue& expected);

// What a name in the expectation of `actual` speaks of: a member, an element of an array, or, at
// the top of a replay document, `requests`. Nothing where there is none.
const JsonValue* part_named(const JsonValue& actual, std::string_view name);

// Whether the members of `expected` speak one by one of parts of `actual`.
bool speaks_of_parts(const JsonValue& expected, const JsonValue& actual);

// Every difference, in the order of `expected`. A matcher that does not validate never holds.
std::vector<Difference> compare(const JsonValue& expected, const JsonValue& actual);

// Whether a value, or its absence (nullptr), is as expected.
bool holds(const JsonValue& expected, const JsonValue* actual);

}  // namespace playhead::check

#endif  // PLAYHEAD_CHECK_EXPECTATION_H_
