// The table of event types.
#include "provider/response_events.h"

#include <algorithm>
#include <array>

namespace playhead::provider {
namespace {

struct EventRow {
  std::string_view type;  // without its prefix `response.`
  ResponseEvent meaning;
};

// All types of WIRE 4.1, in order, and the few that are sent without being documented: keepalive,
// cancelled, and the pieces of a patch.
constexpr std::array kEvents = {
    EventRow{"apply_patch_call_operation_diff.delta", ResponseEvent::nothing},
    EventRow{"apply_patch_call_operation_diff.done", ResponseEvent::nothing},
    EventRow{"audio.delta", ResponseEvent::nothing},
    EventRow{"audio.done", ResponseEvent::nothing},
    EventRow{"audio.transcript.delta", ResponseEvent::nothing},
    EventRow{"audio.transcript.done", ResponseEvent::nothing},
    EventRow{"cancelled", ResponseEvent::cancelled},
    EventRow{"code_interpreter_call.completed", ResponseEvent::nothing},
    EventRow{"code_interpreter_call.in_progress", ResponseEvent::nothing},
    EventRow{"code_interpreter_call.interpreting", ResponseEvent::nothing},
    EventRow{"code_interpreter_call_code.delta", ResponseEvent::nothing},
    EventRow{"code_interpreter_call_code.done", ResponseEvent::nothing},
    EventRow{"compaction.compacting", ResponseEvent::nothing},
    EventRow{"completed", ResponseEvent::completed},
    EventRow{"content_part.added", ResponseEvent::part_added},
    EventRow{"content_part.done", ResponseEvent::part_done},
    EventRow{"created", ResponseEvent::created},
    EventRow{"custom_tool_call_input.delta", ResponseEvent::input_delta},
    EventRow{"custom_tool_call_input.done", ResponseEvent::input_done},
    EventRow{"error", ResponseEvent::error},
    EventRow{"failed", ResponseEvent::failed},
    EventRow{"file_search_call.completed", ResponseEvent::nothing},
    EventRow{"file_search_call.in_progress", ResponseEvent::nothing},
    EventRow{"file_search_call.searching", ResponseEvent::nothing},
    EventRow{"function_call_arguments.delta", ResponseEvent::arguments_delta},
    EventRow{"function_call_arguments.done", ResponseEvent::arguments_done},
    EventRow{"image_generation_call.completed", ResponseEvent::nothing},
    EventRow{"image_generation_call.generating", ResponseEvent::nothing},
    EventRow{"image_generation_call.in_progress", ResponseEvent::nothing},
    EventRow{"image_generation_call.partial_image", ResponseEvent::nothing},
    EventRow{"in_progress", ResponseEvent::created},
    EventRow{"incomplete", ResponseEvent::incomplete},
    EventRow{"keepalive", ResponseEvent::nothing},
    EventRow{"mcp_call.completed", ResponseEvent::nothing},
    EventRow{"mcp_call.failed", ResponseEvent::nothing},
    EventRow{"mcp_call.in_progress", ResponseEvent::nothing},
    EventRow{"mcp_call_arguments.delta", ResponseEvent::nothing},
    EventRow{"mcp_call_arguments.done", ResponseEvent::nothing},
    EventRow{"mcp_list_tools.completed", ResponseEvent::nothing},
    EventRow{"mcp_list_tools.failed", ResponseEvent::nothing},
    EventRow{"mcp_list_tools.in_progress", ResponseEvent::nothing},
    EventRow{"output_item.added", ResponseEvent::item_added},
    EventRow{"output_item.done", ResponseEvent::item_done},
    EventRow{"output_text.annotation.added", ResponseEvent::annotation},
    EventRow{"output_text.delta", ResponseEvent::text_delta},
    EventRow{"output_text.done", ResponseEvent::text_done},
    EventRow{"queued", ResponseEvent::created},
    EventRow{"reasoning_summary_part.added", ResponseEvent::summary_part_added},
    EventRow{"reasoning_summary_part.done", ResponseEvent::summary_part_done},
    EventRow{"reasoning_summary_text.delta", ResponseEvent::summary_delta},
    EventRow{"reasoning_summary_text.done", ResponseEvent::summary_done},
    EventRow{"reasoning_text.delta", ResponseEvent::reasoning_delta},
    EventRow{"reasoning_text.done", ResponseEvent::reasoning_done},
    EventRow{"refusal.delta", ResponseEvent::refusal_delta},
    EventRow{"refusal.done", ResponseEvent::refusal_done},
    EventRow{"shell_call_command.added", ResponseEvent::nothing},
    EventRow{"shell_call_command.delta", ResponseEvent::nothing},
    EventRow{"shell_call_command.done", ResponseEvent::nothing},
    EventRow{"shell_call_output_content.delta", ResponseEvent::nothing},
    EventRow{"shell_call_output_content.done", ResponseEvent::nothing},
    EventRow{"web_search_call.completed", ResponseEvent::nothing},
    EventRow{"web_search_call.in_progress", ResponseEvent::nothing},
    EventRow{"web_search_call.searching", ResponseEvent::nothing},
};

constexpr bool is_before(const EventRow& a, const EventRow& b) { return a.type < b.type; }
static_assert(std::is_sorted(kEvents.begin(), kEvents.end(), is_before));

}  // namespace

std::optional<ResponseEvent> response_event(std::string_view type) {
  constexpr std::string_view kPrefix = "response.";
  if (type.starts_with(kPrefix)) type.remove_prefix(kPrefix.size());
  if (type == "output_text.delta") return ResponseEvent::text_delta;
  const auto* const row =
      std::lower_bound(kEvents.begin(), kEvents.end(), EventRow{type, {}}, is_before);
  if (row == kEvents.end() || row->type != type) return std::nullopt;
  return row->meaning;
}

}  // namespace playhead::provider
