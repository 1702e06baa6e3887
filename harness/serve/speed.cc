#include "serve/speed.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

namespace playhead::serve {

Duration Speed::played(Duration recorded) const {
  if (instant) return Duration{0};
  const double us = static_cast<double>(std::max<std::int64_t>(recorded.us, 0)) / factor;
  return Duration{std::llround(us)};
}

Result<Speed> parse_speed(std::string_view text) {
  if (text == "instant") return Speed{1, true};
  Speed speed;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), speed.factor,
                                            std::chars_format::fixed);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  if (whole && speed.factor >= kSpeedMin && speed.factor <= kSpeedMax) return speed;
  return Error{
      fmt::format("{}: no speed; write a factor from {} to {}, such as 1 or 10, or instant", text,
                  kSpeedMin, static_cast<long>(kSpeedMax))};
}

}  // namespace playhead::serve
