// CRC-32: known answers, and the same at every alignment and in pieces.
#include "wire/crc32.h"

#include <gtest/gtest.h>

#include <string>

namespace playhead::wire {
namespace {

TEST(Crc32, KnownAnswers) {
  EXPECT_EQ(crc32(""), 0U);
  EXPECT_EQ(crc32("123456789"), 0xCBF43926U);  // the check value of the algorithm's catalogue
  EXPECT_EQ(crc32(std::string(32, '\0')), 0x190A55ADU);
  EXPECT_EQ(crc32(std::string(32, '\xFF')), 0xFF6CAB0BU);
}

TEST(Crc32, PiecesGiveWhatTheWholeGives) {
  std::string bytes;
  for (int i = 0; i < 100; ++i) bytes.push_back(static_cast<char>(i * 37 + 11));
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    EXPECT_EQ(crc32(bytes.substr(size), crc32(bytes.substr(0, size))), crc32(bytes)) << size;
  }
}

}  // namespace
}  // namespace playhead::wire
