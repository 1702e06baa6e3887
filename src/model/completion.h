// How a message ended: normalised finish reason, truncated or not, and why (SPEC 5).
#ifndef PLAYHEAD_MODEL_COMPLETION_H_
#define PLAYHEAD_MODEL_COMPLETION_H_

#include <cstdint>
#include <optional>
#include <string>

#include "base/name_table.h"

namespace playhead {

enum class FinishReason : std::uint8_t {
  stop,
  length,
  tool_calls,
  content_filter,
  error,
  pause,
  other,
};

inline constexpr NameTable<FinishReason, 7> kFinishReasons = {{
    {FinishReason::stop, "stop", "the model was done"},
    {FinishReason::length, "length",
     "truncated: by the output limit, or without evidence of an end"},
    {FinishReason::tool_calls, "tool_calls", "the model asks for tools to be run"},
    {FinishReason::content_filter, "content_filter", "refused or filtered"},
    {FinishReason::error, "error", "the provider or the transport failed"},
    {FinishReason::pause, "pause", "the provider asks to be called again with the reply so far"},
    {FinishReason::other, "other", "a word of no known meaning"},
}};
static_assert(covers_enum(kFinishReasons, FinishReason::other));

constexpr std::string_view name_of(FinishReason reason) { return name_in(kFinishReasons, reason); }

// The names of `why` that are ours. Of an error, `why` is the provider's code instead.
namespace why {
inline constexpr std::string_view kStreamCut = "stream_cut";
inline constexpr std::string_view kNoEndEvidence = "no_end_evidence";
inline constexpr std::string_view kOutputLimit = "output_limit";
inline constexpr std::string_view kToolArgumentsCut = "tool_arguments_cut";
inline constexpr std::string_view kRefused = "refused";
inline constexpr std::string_view kEmptyStream = "empty_stream";
}  // namespace why

// What the provider said of its failure, or the transport of its own.
struct ProviderError {
  std::string code;     // code, else type or status, else "error"
  std::string type;     // as sent; empty where there was none
  std::string message;  // as sent; empty where there was none
};

struct Completion {
  FinishReason finish_reason = FinishReason::stop;
  std::optional<std::string> provider_finish_reason;  // the word as sent, the last one
  bool truncated = false;                             // for `length` only
  std::optional<std::string> why;                     // nothing for a whole reply
  std::optional<ProviderError> error;
};

}  // namespace playhead

#endif  // PLAYHEAD_MODEL_COMPLETION_H_
