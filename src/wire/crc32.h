// CRC-32 as zlib and the AWS event stream have it: IEEE 802.3, reflected (WIRE 7.1).
#ifndef PLAYHEAD_WIRE_CRC32_H_
#define PLAYHEAD_WIRE_CRC32_H_

#include <cstdint>
#include <string_view>

namespace playhead::wire {

// The checksum of `bytes`, going on from that of the bytes before them: 0 for the first.
std::uint32_t crc32(std::string_view bytes, std::uint32_t before = 0);

}  // namespace playhead::wire

#endif  // PLAYHEAD_WIRE_CRC32_H_
