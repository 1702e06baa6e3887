// Recording: access to the bytes of a chunk.
#include "recording/recording.h"

#include <algorithm>

#include "base/check.h"

namespace playhead {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string_view header_value(const std::vector<Header>& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (std::equal(key.begin(), key.end(), name.begin(), name.end(),
                   [](char a, char b) { return lower(a) == lower(b); })) {
      return value;
    }
  }
  return {};
}

std::string_view RecordedExchange::bytes_of(const RecordedChunk& chunk) const {
  PLAYHEAD_CHECK(chunk.offset <= body.size() && chunk.size <= body.size() - chunk.offset);
  return std::string_view(body).substr(chunk.offset, chunk.size);
}

}  // namespace playhead
