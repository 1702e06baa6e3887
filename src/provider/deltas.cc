#include "provider/deltas.h"

#include "base/utf8.h"

namespace playhead::provider {

// How much of a payload that is no JSON an anomaly quotes. Our choice.
constexpr std::size_t kQuotedBytesMax = 100;

std::string quoted(std::string_view data) {
  if (data.size() <= kQuotedBytesMax) return to_utf8(data);
  std::size_t size = kQuotedBytesMax;
  while (size > 0 && (static_cast<unsigned char>(data[size]) & 0xC0) == 0x80) --size;
  return to_utf8(data.substr(0, size)) + "...";
}

}  // namespace playhead::provider
