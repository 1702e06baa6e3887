// Feeds one text whole and in pieces, and compares with the slow reading: they must agree.
// Input: one byte of options, one byte that seeds the splits, then the text.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/prng.h"
#include "think/testing.h"
#include "think/think_scanner.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace playhead;
  if (size < 2) return 0;
  think::ScanOptions options;
  options.starts_inside = (data[0] & 1) != 0;
  if ((data[0] & 2) != 0) options.hold_bytes = data[0] >> 2;
  Prng prng(data[1]);
  const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);

  const think::ScanResult whole = think::scan(text, options);
  const think::ScanResult pieces = think::scan_pieces(
      text, options, [&](std::string_view) { return 1 + prng.below(1 + data[1] % 16); });
  PLAYHEAD_CHECK(pieces == whole);
  PLAYHEAD_CHECK(think::slow_scan(text, options) == whole);
  return 0;
}
