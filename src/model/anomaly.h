// The table of anomalies: every named oddity of a stream. Data, never an error return.
#ifndef PLAYHEAD_MODEL_ANOMALY_H_
#define PLAYHEAD_MODEL_ANOMALY_H_

#include <cstdint>
#include <string>

#include "base/instant.h"
#include "base/name_table.h"

namespace playhead {

enum class Anomaly : std::uint8_t {
  // framing
  unterminated_event,
  event_cut,
  oversized_line,
  unframed_json,
  data_after_done,
  not_a_stream,
  framing_error,
  sequence_gap,
  end_mark_missing,
  // payload
  bad_json,
  bad_utf8,
  lone_surrogate,
  unknown_event,
  wrong_type,
  empty_data,
  // reply
  error_in_stream,
  no_finish_reason,
  finish_changed,
  finish_repeated,
  content_after_finish,
  id_changed,
  model_changed,
  cut_after_finish,
  odd_finish,
  stop_with_tools,
  done_mismatch,
  block_out_of_order,
  block_not_closed,
  blocks_interleaved,
  // tool calls
  tool_name_resent,
  tool_name_changed,
  tool_name_missing,
  tool_id_changed,
  tool_id_missing,
  tool_index_missing,
  tool_index_reused,
  tool_arguments_not_text,
  tool_arguments_repaired,
  tool_limit,
  // think tags
  think_unterminated,
  think_orphan_closer,
  tool_markup_in_content,
};

inline constexpr NameTable<Anomaly, 42> kAnomalies = {{
    {Anomaly::unterminated_event, "unterminated_event",
     "the body ended before the last event's blank line; its data was whole and is used"},
    {Anomaly::event_cut, "event_cut", "the body ended inside an event; the rest of it is lost"},
    {Anomaly::oversized_line, "oversized_line", "a line above the limit was dropped"},
    {Anomaly::unframed_json, "unframed_json", "a JSON document stands outside the framing"},
    {Anomaly::data_after_done, "data_after_done", "a frame came after the end of the reply"},
    {Anomaly::not_a_stream, "not_a_stream", "the body is one whole reply instead of a stream"},
    {Anomaly::framing_error, "framing_error",
     "the framing is broken; nothing after it can be read"},
    {Anomaly::sequence_gap, "sequence_gap", "a sequence number is missing or comes again"},
    {Anomaly::end_mark_missing, "end_mark_missing",
     "the reply has a finish but not its protocol's end"},
    {Anomaly::bad_json, "bad_json", "a payload is no JSON"},
    {Anomaly::bad_utf8, "bad_utf8", "ill-formed UTF-8 became U+FFFD"},
    {Anomaly::lone_surrogate, "lone_surrogate", "an escape names half a surrogate pair"},
    {Anomaly::unknown_event, "unknown_event", "an event of a type the protocol does not know"},
    {Anomaly::wrong_type, "wrong_type", "a member has another JSON type than the protocol says"},
    {Anomaly::empty_data, "empty_data", "an event with empty data"},
    {Anomaly::error_in_stream, "error_in_stream", "the provider reports an error inside a stream"},
    {Anomaly::no_finish_reason, "no_finish_reason", "the reply ended without a finish reason"},
    {Anomaly::finish_changed, "finish_changed",
     "a second, different finish reason; the last stands"},
    {Anomaly::finish_repeated, "finish_repeated", "the same finish reason again"},
    {Anomaly::content_after_finish, "content_after_finish", "content after a finish reason; kept"},
    {Anomaly::id_changed, "id_changed", "the reply's id changed; the first stands"},
    {Anomaly::model_changed, "model_changed", "the reply's model changed; the first stands"},
    {Anomaly::cut_after_finish, "cut_after_finish", "the transport failed after the finish"},
    {Anomaly::odd_finish, "odd_finish",
     "a finish reason that does not fit the reply; read as stop"},
    {Anomaly::stop_with_tools, "stop_with_tools", "finish stop although tool calls are complete"},
    {Anomaly::done_mismatch, "done_mismatch",
     "a whole text differs from its pieces; the whole stands"},
    {Anomaly::block_out_of_order, "block_out_of_order", "a piece of a block that was not opened"},
    {Anomaly::block_not_closed, "block_not_closed", "a block without its end"},
    {Anomaly::blocks_interleaved, "blocks_interleaved",
     "text for an earlier block after a later one had begun; the final text goes by blocks"},
    {Anomaly::tool_name_resent, "tool_name_resent", "a tool name sent again"},
    {Anomaly::tool_name_changed, "tool_name_changed", "a tool name replaced by another"},
    {Anomaly::tool_name_missing, "tool_name_missing", "a tool call without a name"},
    {Anomaly::tool_id_changed, "tool_id_changed", "a fresh id for a piece of the same call"},
    {Anomaly::tool_id_missing, "tool_id_missing", "a tool call without an id; one was made"},
    {Anomaly::tool_index_missing, "tool_index_missing", "a tool-call piece without an index"},
    {Anomaly::tool_index_reused, "tool_index_reused", "one index used for several calls"},
    {Anomaly::tool_arguments_not_text, "tool_arguments_not_text",
     "arguments sent as a JSON value instead of text"},
    {Anomaly::tool_arguments_repaired, "tool_arguments_repaired",
     "arguments that were no JSON object and could be repaired"},
    {Anomaly::tool_limit, "tool_limit",
     "more tool calls, choices or annotations than the limit; dropped"},
    {Anomaly::think_unterminated, "think_unterminated", "a think block without its closer"},
    {Anomaly::think_orphan_closer, "think_orphan_closer", "a think closer without its opener"},
    {Anomaly::tool_markup_in_content, "tool_markup_in_content",
     "tool-call markup in the content; not shown"},
}};
static_assert(covers_enum(kAnomalies, Anomaly::tool_markup_in_content));

constexpr std::string_view name_of(Anomaly anomaly) { return name_in(kAnomalies, anomaly); }

// One occurrence.
struct AnomalyNote {
  Anomaly anomaly = Anomaly::bad_json;
  Instant at;                // since the exchange's own request
  std::uint64_t offset = 0;  // in the response body
  std::string detail;
};

}  // namespace playhead

#endif  // PLAYHEAD_MODEL_ANOMALY_H_
