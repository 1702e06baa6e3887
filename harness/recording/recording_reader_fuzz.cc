// Fuzzes the reader: no input crashes it, and what it reads of a prefix it reads of the whole.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/hash.h"
#include "recording/load.h"
#include "recording/reader.h"
#include "recording/serialize.h"

namespace {

using namespace playhead;
using namespace playhead::recording;

struct Seen {
  std::vector<std::string> steps;
  bool failed = false;
};

Seen read_all(std::string_view bytes) {
  RecordReader reader(std::make_unique<MemorySource>(bytes), "fuzz");
  Seen seen;
  while (true) {
    const Result<ReadStep> step = reader.next();
    seen.failed = !step.ok();
    if (seen.failed || *step == ReadStep::end) return seen;
    std::string& text = seen.steps.emplace_back();
    if (*step == ReadStep::record) append_record(reader.record(), text);
  }
}

void check_prefix(std::string_view bytes, std::size_t size, const Seen& whole) {
  const Seen prefix = read_all(bytes.substr(0, size));
  const std::size_t common = std::min(prefix.steps.size(), whole.steps.size());
  PLAYHEAD_CHECK(std::equal(prefix.steps.begin(),
                            prefix.steps.begin() + static_cast<std::ptrdiff_t>(common),
                            whole.steps.begin()));
  // A zstd decoder may refuse a damaged frame before it gives the bytes that a torn one gives.
  const bool has_frames = bytes.find(kZstdMagic) != std::string_view::npos;
  PLAYHEAD_CHECK(prefix.steps.size() == common || (whole.failed && has_frames));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Seen whole = read_all(bytes);
  if (size > 0) {
    for (const std::size_t cut : {size / 2, size - 1, hash64(bytes) % size}) {
      check_prefix(bytes, cut, whole);
    }
  }
  // What loads can be written, and loads again.
  const auto loaded = parse_recordings(bytes, "");
  if (!loaded.ok()) return 0;
  for (const Recording& recording : *loaded) {
    const auto text = recording_text(recording);
    PLAYHEAD_CHECK(text.ok());
    PLAYHEAD_CHECK(parse_recordings(*text, "").ok());
  }
  return 0;
}
