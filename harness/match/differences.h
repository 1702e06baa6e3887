// Where a request differs from a recorded one: counted fast to find the nearest, and told to
// people.
#ifndef PLAYHEAD_MATCH_DIFFERENCES_H_
#define PLAYHEAD_MATCH_DIFFERENCES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "match/request_form.h"

namespace playhead {

// One place where a recorded request and a sent one differ.
struct Difference {
  std::string at;        // `method`, `path`, `query`, `body`, or a JSON pointer into the body
  std::string recorded;  // JSON; a long value is a string that shows a part of it and its size
  std::string sent;      // empty, as `recorded`: that side has no such value

  bool operator==(const Difference&) const = default;
};

struct DifferenceList {
  std::vector<Difference> shown;
  std::size_t more = 0;  // further places, not shown
};

namespace match {

// Our choices for what a person reads.
inline constexpr std::size_t kDifferencesMax = 20;  // shown of one request
inline constexpr std::size_t kShownBytesMax = 200;  // of one value or text
inline constexpr std::size_t kBeforeBytesMax = 40;  // shown of what is equal before the difference

// In order: method, path, query, then the body as it is written canonically. A sent value is not
// shown where the recorded one is masked: it may be the secret.
DifferenceList differences_between(const RequestForm& recorded, const RequestForm& sent);

// The values of a request's parts, one number for the place and one for the value of each.
struct Leaf {
  std::uint64_t at = 0;
  std::uint64_t value = 0;

  auto operator<=>(const Leaf&) const = default;
};
using Leaves = std::vector<Leaf>;  // sorted by place

// Our choice: values of one request that take part in the search for the nearest, from the front.
inline constexpr std::size_t kLeavesMax = 4096;

Leaves leaves_of(const RequestForm& form);

// How many places hold different values. A masked value of `recorded` differs from nothing.
std::size_t count_differences(const Leaves& recorded, const Leaves& sent);

// The text if it is short, otherwise about kShownBytesMax bytes of it and its size. Cut between
// characters.
std::string shortened(std::string_view text, std::size_t from = 0);

}  // namespace match
}  // namespace playhead

#endif  // PLAYHEAD_MATCH_DIFFERENCES_H_
