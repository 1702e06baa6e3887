// What one frame of a provider means. Adapters append deltas; the accumulator applies them.
#ifndef PLAYHEAD_MODEL_DELTA_H_
#define PLAYHEAD_MODEL_DELTA_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/anomaly.h"
#include "model/usage.h"

namespace playhead {

enum class DeltaKind : std::uint8_t {
  start,            // id and model of the reply, as far as this frame names them
  text,             // a piece of visible-to-be content, think tags included
  reasoning,        // a piece of a reasoning field
  refusal,          // a piece of a refusal
  tool_call,        // a piece of a tool call: index, id, name, text = arguments
  provider_tool,    // a tool that the provider runs itself: name, id
  usage,            // token counts, merged member by member
  finish,           // the provider's finish word (text) and what it means
  error,            // the provider reports a failure: name = code, text = message
  done,             // the protocol's own end of the reply ([DONE], message_stop)
  anomaly,          // an oddity: anomaly, text = detail
  text_final,       // the whole text of block `index`, authoritative over its pieces
  signature,        // of reasoning block `index`: text
  annotation,       // a citation or annotation: text = its JSON
  provider_result,  // the result of call `id` stands in the reply: the provider ran it
};

enum class FinishReason : std::uint8_t;

// Views are borrowed from the adapter until its next frame.
struct Delta {
  // Not defaulted: a new delta would be zeroed as a whole first, which costs more than filling it.
  Delta() {}

  DeltaKind kind = DeltaKind::text;
  bool tool_has_arguments = false;     // the piece carries arguments, if only an empty text
  bool tool_arguments_object = false;  // `text` is the JSON of an object: set, not appended
  bool tool_arguments_final = false;   // `text` is all of them, authoritative over the pieces
  bool tool_is_free_text = false;      // a custom tool: the input is no JSON and never repaired
  FinishReason finish{};
  Anomaly anomaly = Anomaly::bad_json;
  std::int32_t choice = 0;
  // Tool calls: the index as sent, nothing where it is missing or null.
  // Text and reasoning: the block the piece belongs to, nothing where the protocol has no blocks.
  std::optional<std::int64_t> index;
  std::string_view text;
  std::string_view id;    // tool call id; start: id of the reply
  std::string_view name;  // tool name; error: code; start: model
  std::string_view type;  // error: its type or status
  Usage usage;
};

}  // namespace playhead

#endif  // PLAYHEAD_MODEL_DELTA_H_
