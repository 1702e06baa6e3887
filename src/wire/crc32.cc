// CRC-32 by tables, eight bytes a step.
#include "wire/crc32.h"

#include <array>
#include <cstddef>

namespace playhead::wire {
namespace {

constexpr std::uint32_t kPolynomial = 0xEDB88320;
constexpr std::size_t kStep = 8;
using Table = std::array<std::uint32_t, 256>;

// Table k holds what a byte means to the checksum when k bytes follow it within a step.
constexpr std::array<Table, kStep> make_tables() {
  std::array<Table, kStep> tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? kPolynomial : 0);
    tables[0][byte] = value;
  }
  for (std::size_t k = 1; k < kStep; ++k) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t before = tables[k - 1][byte];
      tables[k][byte] = (before >> 8) ^ tables[0][before & 0xFF];
    }
  }
  return tables;
}

constexpr std::array<Table, kStep> kTables = make_tables();

}  // namespace

std::uint32_t crc32(std::string_view bytes, std::uint32_t before) {
  const auto byte = [&bytes](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
  std::uint32_t value = ~before;
  std::size_t at = 0;
  for (; bytes.size() - at >= kStep; at += kStep) {
    const auto low = [&](std::size_t i) { return byte(at + i) ^ ((value >> (8 * i)) & 0xFF); };
    value = kTables[7][low(0)] ^ kTables[6][low(1)] ^ kTables[5][low(2)] ^ kTables[4][low(3)] ^
            kTables[3][byte(at + 4)] ^ kTables[2][byte(at + 5)] ^ kTables[1][byte(at + 6)] ^
            kTables[0][byte(at + 7)];
  }
  for (; at < bytes.size(); ++at) value = (value >> 8) ^ kTables[0][(value ^ byte(at)) & 0xFF];
  return ~value;
}

}  // namespace playhead::wire
