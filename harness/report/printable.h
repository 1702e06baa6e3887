// Text from outside as a terminal may be given it: nothing in it moves a cursor, changes a colour
// or the direction of writing, and it is no wider than asked.
#ifndef PLAYHEAD_REPORT_PRINTABLE_H_
#define PLAYHEAD_REPORT_PRINTABLE_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace playhead::report {

// Bytes at either end of a text among which fitted() finds what it shows; our choice: wider than
// any line, whatever the characters are.
inline constexpr std::size_t kFittedEdge = 512;

// UTF-8 with control, bidirectional and invisible characters escaped: `\n`, `\t`, `\r`, otherwise
// `\u` and the number of the character. A backslash stays as it is, so that escaping twice changes
// nothing. Ill-formed UTF-8 is repaired.
std::string printable(std::string_view text);

// Columns of a terminal that a printable text takes; wide characters take two.
std::size_t columns_of(std::string_view printable_text);

// The printable text where it has at most `columns` columns, otherwise its beginning and its end
// around " ... ", cut between characters. More than kFittedEdge / 4 columns are not given.
std::string fitted(std::string_view text, std::size_t columns);

}  // namespace playhead::report

#endif  // PLAYHEAD_REPORT_PRINTABLE_H_
