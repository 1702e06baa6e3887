// Points and spans of virtual time in whole microseconds. Nothing in src reads a clock:
// every Instant arrives as data.
#ifndef PLAYHEAD_BASE_INSTANT_H_
#define PLAYHEAD_BASE_INSTANT_H_

#include <compare>
#include <cstdint>

namespace playhead {

// A span of time. May be negative only as the result of a subtraction.
struct Duration {
  std::int64_t us = 0;

  constexpr auto operator<=>(const Duration&) const = default;
};

constexpr Duration microseconds(std::int64_t count) { return Duration{count}; }
constexpr Duration milliseconds(std::int64_t count) { return Duration{count * 1000}; }
constexpr Duration seconds(std::int64_t count) { return Duration{count * 1'000'000}; }

// A point in time, counted from an origin that the owner names (start of the turn, of the
// recording, or of the exchange).
struct Instant {
  std::int64_t us = 0;

  constexpr auto operator<=>(const Instant&) const = default;
};

constexpr Instant operator+(Instant at, Duration span) { return Instant{at.us + span.us}; }
constexpr Instant operator-(Instant at, Duration span) { return Instant{at.us - span.us}; }
constexpr Duration operator-(Instant later, Instant earlier) {
  return Duration{later.us - earlier.us};
}
constexpr Duration operator+(Duration a, Duration b) { return Duration{a.us + b.us}; }
constexpr Duration operator*(Duration span, std::int64_t factor) {
  return Duration{span.us * factor};
}

}  // namespace playhead

#endif  // PLAYHEAD_BASE_INSTANT_H_
