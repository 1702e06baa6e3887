// When a keepalive comment is due (SPEC 9.2): an interval after the last write, whatever was
// written.
#ifndef PLAYHEAD_EMIT_KEEPALIVE_H_
#define PLAYHEAD_EMIT_KEEPALIVE_H_

#include <optional>
#include <string_view>

#include "base/instant.h"

namespace playhead::emit {

inline constexpr std::string_view kKeepalive = ": keepalive\n\n";

class Keepalive {
 public:
  // An interval of zero switches keepalives off.
  explicit Keepalive(Duration interval) : interval_(interval) {}

  // Bytes were written: headers, a frame, or a keepalive. Starts the clock anew.
  void written(Instant at) { last_write_ = at; }
  // Nothing may be written any more.
  void stop() { last_write_.reset(); }
  // The instant of the next keepalive; nothing before the first write and after stop().
  std::optional<Instant> due() const {
    if (!last_write_ || interval_.us == 0) return std::nullopt;
    return *last_write_ + interval_;
  }

 private:
  Duration interval_;
  std::optional<Instant> last_write_;
};

}  // namespace playhead::emit

#endif  // PLAYHEAD_EMIT_KEEPALIVE_H_
