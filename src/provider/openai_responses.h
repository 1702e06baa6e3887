// OpenAI Responses, and what those who imitate it send (WIRE 4; SPEC 1, 2).
#ifndef PLAYHEAD_PROVIDER_OPENAI_RESPONSES_H_
#define PLAYHEAD_PROVIDER_OPENAI_RESPONSES_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_view.h"
#include "model/delta.h"
#include "model/frame.h"
#include "provider/adapter.h"
#include "provider/deltas.h"
#include "provider/stream_error.h"

namespace playhead::provider {

// Output items, and texts of them, that are told apart; more are dropped (`tool_limit`). Limits of
// our choice, far above what a response has.
inline constexpr std::size_t kResponsesItemsMax = 4096;
inline constexpr std::size_t kResponsesTextsMax = 8192;

// Texts come three times: in pieces, whole with their `.done`, and whole in the final response.
// `.done` stands over the pieces; the final response only adds what never came. Text and reasoning
// deltas carry the part they belong to, as a number that is never given twice in one reply.
class OpenAiResponses final : public Adapter {
 public:
  void translate(const Frame& frame, std::vector<Delta>& out) override;

 private:
  struct Event;
  struct Row;
  using Deltas = std::vector<Delta>;
  using Number = std::optional<std::int64_t>;

  enum class TextKind : std::uint8_t { text, refusal, reasoning, summary, arguments };
  enum class ItemKind : std::uint8_t { unknown, message, reasoning, call, provider_tool, result,
                                       silent };
  // How sure a text is of being all of it.
  enum class Rank : std::uint8_t { piece, done, final };

  struct Item {
    std::int64_t ordinal = 0;
    Number index;  // output_index as sent
    ItemKind kind = ItemKind::unknown;
    bool free_text = false;  // a custom tool's call
    bool built_in = false;   // a call whose arguments are an object of the item
    bool added = false;      // its output_item.added came
    bool done = false;       // its output_item.done came
    bool announced = false;  // named in a delta
    bool disorder_noted = false;
    bool in_output = false;  // found in the final response
    std::string id;
    std::string call_id;  // of a call or of a result: the one that the caller echoes
    std::string type;
    std::string name;
  };

  struct Text {
    std::int64_t key = 0;
    std::int64_t item = 0;  // its ordinal
    TextKind kind = TextKind::text;
    std::int64_t part = 0;
    bool has_pieces = false;
    bool is_whole = false;
    bool mismatch_noted = false;
    std::uint64_t whole_hash = 0;
    std::int64_t annotations = 0;  // how many of them came
    std::string sent;  // reasoning and refusals: what came so far
  };

  void read_root(const Frame& frame, const JsonView& root, Deltas& out);
  void read_event(const Frame& frame, const JsonView& root, std::string_view type,
                  const Event& event, Deltas& out);
  void read_sequence(const Event& event, Deltas& out);
  void read_lifecycle(const Event& event, std::string_view status, Deltas& out);
  void read_terminal(const Member& response, std::string_view status, Deltas& out);
  void read_finish(const Member& response, std::string_view status, Deltas& out);
  void read_failure(const Member& response, std::string_view status, Deltas& out);
  void read_error_value(const JsonView& error, std::string_view fallback, Deltas& out);
  void read_start(const JsonView& response, Deltas& out);
  void read_usage(const Member& usage, Deltas& out);

  void read_piece_event(const Event& event, TextKind kind, Deltas& out);
  void read_whole_event(const Event& event, TextKind kind, const Member& whole, Deltas& out);
  void read_part_event(const Event& event, bool is_summary, Rank rank, Deltas& out);
  void read_annotation_event(const Event& event, Deltas& out);
  void read_item_event(const Event& event, Rank rank, Deltas& out);

  void read_output(const JsonView& output, Deltas& out);
  void read_item(Item& item, const JsonView& view, Rank rank, Deltas& out);
  void read_call(Item& item, const JsonView& view, Rank rank, Deltas& out);
  void read_provider_tool(Item& item, const JsonView& view, Rank rank, Deltas& out);
  void read_result(Item& item, Deltas& out);
  void read_parts(Item& item, const Member& parts, Rank rank, Deltas& out);
  void read_part(Item& item, std::int64_t index, const JsonView& part, Rank rank, Deltas& out);
  void read_annotations(Text& text, const Member& annotations, Deltas& out);

  void add_piece(const Item& item, Text& text, std::string_view piece, Deltas& out);
  void add_whole(const Item& item, Text& text, std::string_view whole, Rank rank, Deltas& out);
  void add_rest(const Item& item, Text& text, std::string_view whole, Deltas& out);
  void add_arguments(const Item& item, Text& text, std::string_view arguments, Rank rank,
                     Deltas& out);
  void announce_call(Item& item, std::string_view name, Rank rank, Deltas& out);
  void note_mismatch(Text& text, std::string_view where, Deltas& out);
  bool asks_for_tools() const;
  void note_open_items(Deltas& out);

  void identify(Item& item, const JsonView& view, Deltas& out);
  Item* item_of_piece(const Event& event, TextKind kind, Deltas& out);
  Item* item_of_event(const Event& event, Rank rank, Deltas& out);
  Item* item_in_output(const JsonView& view, bool by_id);
  Item* add_item(const Number& index, Deltas& out);
  Text* text_of_item(const Item& item, TextKind kind, std::int64_t part, Deltas& out);

  JsonReader reader_;
  OwnedTexts owned_;
  std::deque<Item> items_;  // deques: deltas borrow from them
  std::deque<Text> texts_;
  std::string last_id_;
  std::string last_model_;
  Number last_sequence_;
  std::uint64_t error_hash_ = 0;
  bool error_seen_ = false;
  bool over_ = false;  // the terminal event came
  bool limit_noted_ = false;
};

}  // namespace playhead::provider

#endif  // PLAYHEAD_PROVIDER_OPENAI_RESPONSES_H_
