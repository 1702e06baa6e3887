// A line or an element of a body whose bytes may come in several chunks: copied only where a chunk
// border runs through it, and dropped where it is too long.
#ifndef PLAYHEAD_WIRE_HELD_UNIT_H_
#define PLAYHEAD_WIRE_HELD_UNIT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/frame.h"

namespace playhead::wire {

class HeldUnit {
 public:
  explicit HeldUnit(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  // Forgets the unit that was taken. Does nothing while one is being held.
  void release();

  // A piece of the unit, not its last.
  void hold(std::string_view piece);

  // Whether some of its bytes were held.
  bool is_open() const { return oversized_ || !held_.empty(); }

  // The whole unit with its last piece. Borrowed from the piece or from here, until release().
  std::string_view take(std::string_view last_piece);

  // Whether the unit that was taken is too long; what take() returned is then no use.
  bool is_oversized() const { return oversized_; }

 private:
  std::size_t bytes_max_;
  std::string held_;        // the beginning of a unit whose end has not come yet
  bool taken_ = false;      // held_ is borrowed until release()
  bool oversized_ = false;  // its bytes are gone
};

// A frame of kind line over `size` bytes of the body. One that is oversized has no data but the
// error "oversized_line".
void set_line(std::uint64_t offset, std::uint64_t size, std::string_view data, bool oversized,
              bool unterminated, Frame& frame);

}  // namespace playhead::wire

#endif  // PLAYHEAD_WIRE_HELD_UNIT_H_
