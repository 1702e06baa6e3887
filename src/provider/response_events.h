// What the event types of OpenAI Responses mean (WIRE 4.1).
#ifndef PLAYHEAD_PROVIDER_RESPONSE_EVENTS_H_
#define PLAYHEAD_PROVIDER_RESPONSE_EVENTS_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace playhead::provider {

enum class ResponseEvent : std::uint8_t {
  nothing,  // progress of tools that the provider runs, and what the item's end repeats
  created,
  completed,
  failed,
  incomplete,
  cancelled,
  item_added,
  item_done,
  part_added,
  part_done,
  summary_part_added,
  summary_part_done,
  text_delta,
  text_done,
  refusal_delta,
  refusal_done,
  reasoning_delta,
  reasoning_done,
  summary_delta,
  summary_done,
  arguments_delta,
  arguments_done,
  input_delta,
  input_done,
  annotation,
  error,
};

// Nothing for a type that is not known. Its prefix `response.` may be missing.
std::optional<ResponseEvent> response_event(std::string_view type);

}  // namespace playhead::provider

#endif  // PLAYHEAD_PROVIDER_RESPONSE_EVENTS_H_
