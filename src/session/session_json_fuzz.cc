// Any text is a table or a failure with a message, and a table is read back as it was.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "session/session_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace playhead;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto table = session::parse_sessions(text);
  if (!table) {
    PLAYHEAD_CHECK(!table.error().message.empty());
    return 0;
  }
  const auto again = session::parse_sessions(session::sessions_json(*table));
  PLAYHEAD_CHECK(again.ok() && *again == *table);
  return 0;
}
