// Speed: how recorded times become times of a playback.
#ifndef PLAYHEAD_SERVE_SPEED_H_
#define PLAYHEAD_SERVE_SPEED_H_

#include <string_view>

#include "base/instant.h"
#include "base/result.h"

namespace playhead::serve {

// Our choice: below and above no playback has a use.
inline constexpr double kSpeedMin = 0.001;
inline constexpr double kSpeedMax = 1'000'000;

struct Speed {
  double factor = 1;     // 10: ten times as fast
  bool instant = false;  // all at once; the factor means nothing then

  // A recorded span as it is played, to the microsecond; none where the span is negative.
  Duration played(Duration recorded) const;
};

// "1", "0.5", "10", "instant". Fails with what to write.
Result<Speed> parse_speed(std::string_view text);

}  // namespace playhead::serve

#endif  // PLAYHEAD_SERVE_SPEED_H_
