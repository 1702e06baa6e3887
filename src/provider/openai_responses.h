// OpenAI Responses, and what those who imitate it send (WIRE 4; SPEC 1, 2).
#ifndef PLAYHEAD_PROVIDER_OPENAI_RESPONSES_H_
#define PLAYHEAD_PROVIDER_OPENAI_RESPONSES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_view.h"
#include "model/delta.h"
#include "model/frame.h"
#include "provider/adapter.h"
#include "provider/deltas.h"
#include "provider/response_events.h"
#include "provider/response_items.h"
#include "provider/stream_error.h"

namespace playhead::provider {

// Texts come three times: in pieces, whole with their `.done`, and whole in the final response.
// `.done` stands over the pieces; the final response stands over pieces without `.done`, and adds
// what never came. Text and reasoning deltas carry the part they belong to, as a number that is
// never given twice in one reply; except for text_final none of them is empty. What comes after
// the terminal event is `data_after_done`.
class OpenAiResponses final : public Adapter {
 public:
  void translate(const Frame& frame, std::vector<Delta>& out) override;

 private:
  struct Event;
  using Deltas = std::vector<Delta>;
  using Number = std::optional<std::int64_t>;

  void read_root(const Frame& frame, const JsonView& root, Deltas& out);
  void read_event(const Frame& frame, const JsonView& root, std::string_view type,
                  const Event& event, Deltas& out);
  void read_known_event(ResponseEvent known, const Event& event, Deltas& out);
  void read_sequence(const Event& event, Deltas& out);

  void read_lifecycle(const Event& event, std::string_view status, Deltas& out);
  void read_start(const JsonView& response, Deltas& out);
  void read_terminal(const Member& response, std::string_view status, Deltas& out);
  void read_finish(const Member& response, std::string_view status, Deltas& out);
  void read_failure(const Member& response, std::string_view status, Deltas& out);
  void read_error_value(const JsonView& error, std::string_view fallback, Deltas& out);
  void read_usage(const Member& usage, Deltas& out);

  void read_piece_event(const Event& event, TextKind kind, Deltas& out);
  void read_whole_event(const Event& event, TextKind kind, const Member& whole, Deltas& out);
  void read_part_event(const Event& event, bool is_summary, ItemStage stage, Deltas& out);
  void read_annotation_event(const Event& event, Deltas& out);
  void read_item_event(const Event& event, ItemStage stage, Deltas& out);

  void read_output(const JsonView& output, Deltas& out);
  void read_item(ResponseItem& item, const JsonView& view, ItemStage stage, Deltas& out);
  void read_call(ResponseItem& item, const JsonView& view, ItemStage stage, Deltas& out);
  void announce_call(ResponseItem& item, std::string_view name, ItemStage stage, Deltas& out);
  void read_provider_tool(ResponseItem& item, const JsonView& view, ItemStage stage, Deltas& out);
  void read_result(ResponseItem& item, Deltas& out);
  void read_parts(ResponseItem& item, const Member& parts, ItemStage stage, Deltas& out);
  void read_part(ResponseItem& item, std::int64_t index, const JsonView& part, ItemStage stage,
                 Deltas& out);
  void read_annotations(ResponseText& text, const Member& annotations, Deltas& out);

  void add_text_at(const ResponseItem& item, ResponseText& text, std::string_view all,
                   ItemStage stage, Deltas& out);
  void add_piece(const ResponseItem& item, ResponseText& text, std::string_view piece, Deltas& out);
  void add_whole(const ResponseItem& item, ResponseText& text, std::string_view whole,
                 bool is_final, Deltas& out);
  void add_rest(const ResponseItem& item, ResponseText& text, std::string_view whole, Deltas& out);
  void add_arguments(const ResponseItem& item, std::string_view arguments, bool is_whole,
                     Deltas& out);
  void note_mismatch(ResponseText& text, std::string_view where, Deltas& out);
  void note_open_items(Deltas& out);

  ResponseItem* item_of_text(const Event& event, TextKind kind, Deltas& out);
  ResponseText* text_at(const ResponseItem& item, TextKind kind, std::int64_t part, Deltas& out);
  void note_limit(Deltas& out);

  JsonReader reader_;
  OwnedTexts owned_;
  ResponseItems items_;
  std::string last_id_;
  std::string last_model_;
  Number last_sequence_;
  std::uint64_t error_hash_ = 0;  // of the last error's message
  bool error_seen_ = false;
  bool over_ = false;  // the terminal event came
  bool limit_noted_ = false;
};

}  // namespace playhead::provider

#endif  // PLAYHEAD_PROVIDER_OPENAI_RESPONSES_H_
