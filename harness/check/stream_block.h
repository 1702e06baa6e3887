// A stream written by hand, one chunk a line, read into an exchange (DESIGN 4).
#ifndef PLAYHEAD_CHECK_STREAM_BLOCK_H_
#define PLAYHEAD_CHECK_STREAM_BLOCK_H_

#include <cstdint>
#include <string>

#include "base/result.h"
#include "check/markdown.h"
#include "recording/recording.h"

namespace playhead::check {

// Our choice, about 11 days: the longest step that a line may name. Far above every timeout, and so
// small that no file within kCaseFileBytesMax can overflow an Instant.
inline constexpr std::int64_t kStreamStepMaxUs = 1'000'000'000'000;

// The exchange of a `stream` block, requested at `requested_at`. The response's head comes with the
// first chunk, or with the end where there are no chunks. No response came at all where the block
// names no status, header and chunk and its end is not `complete`. Fails with "path:line: what, and
// what to do".
Result<RecordedExchange> parse_stream_block(const std::string& path, const Block& block, int index,
                                            Instant requested_at);

}  // namespace playhead::check

#endif  // PLAYHEAD_CHECK_STREAM_BLOCK_H_
