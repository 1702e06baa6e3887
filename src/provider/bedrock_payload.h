// What Bedrock's two streaming APIs share: payloads, and how a failure is told (WIRE 7.2).
#ifndef PLAYHEAD_PROVIDER_BEDROCK_PAYLOAD_H_
#define PLAYHEAD_PROVIDER_BEDROCK_PAYLOAD_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/json_view.h"
#include "model/delta.h"
#include "model/frame.h"
#include "model/usage.h"
#include "provider/stream_error.h"

namespace playhead::provider {

// Whether the message is an exception or an error; if so, adds its error delta.
bool read_bedrock_failure(const Frame& frame, JsonReader& reader, OwnedTexts& owned,
                          std::vector<Delta>& out);

// The error delta of an exception's payload: `name` is its code, borrowed.
void add_bedrock_exception(std::string_view name, const JsonView& payload, OwnedTexts& owned,
                           std::vector<Delta>& out);

// Whether the document is the body of a failed response, which has a message and perhaps a type,
// but no event around it; if so, adds its error delta.
bool read_bedrock_document(const JsonView& root, std::vector<Delta>& out);

// The JSON object of a payload. Nothing where it is none; what is odd is noted.
std::optional<JsonView> read_bedrock_object(std::string_view payload, JsonReader& reader,
                                            OwnedTexts& owned, std::vector<Delta>& out);

// Counts as Bedrock names them. Cached input is counted apart from the input (SPEC 2).
struct BedrockCounts {
  using Count = std::optional<std::int64_t>;

  Count input, output, total, cache_read, cache_write;

  // The first value of a count stands.
  void read(const JsonView& counts);
  // Empty where all are zero or missing.
  Usage usage() const;
};

}  // namespace playhead::provider

#endif  // PLAYHEAD_PROVIDER_BEDROCK_PAYLOAD_H_
