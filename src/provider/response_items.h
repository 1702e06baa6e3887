// The output items of one response and their texts, and which of them an event of OpenAI Responses
// is about (WIRE 4.2).
#ifndef PLAYHEAD_PROVIDER_RESPONSE_ITEMS_H_
#define PLAYHEAD_PROVIDER_RESPONSE_ITEMS_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/json_view.h"

namespace playhead::provider {

// Limits of our choice, far above what a response has.
inline constexpr std::size_t kResponseItemsMax = 4096;
inline constexpr std::size_t kResponseTextsMax = 8192;

enum class ItemKind : std::uint8_t {
  unknown,
  message,
  reasoning,
  call,           // the caller runs it
  provider_tool,  // the provider runs it
  result,         // of a call, standing in the reply: the provider ran it
  silent,         // listings, approval requests, compaction
};

// `input` is the arguments of a custom tool: both are one text of an item.
enum class TextKind : std::uint8_t { text, refusal, reasoning, summary, arguments, input };

// An event about all of an item: that it begins, that it is whole, or that the final response has
// it.
enum class ItemStage : std::uint8_t { added, done, final };

struct ResponseItem {
  std::int64_t ordinal = 0;           // counts the items of the reply
  std::optional<std::int64_t> index;  // output_index as sent
  ItemKind kind = ItemKind::unknown;
  bool free_text = false;      // a custom tool's call
  bool object_action = false;  // a call whose arguments are an object of the item
  bool added = false;          // its output_item.added came
  bool done = false;           // its output_item.done came
  bool in_output = false;      // the final response has it
  bool announced = false;      // a delta named it
  bool id_announced = false;   // together with its call_id
  bool disorder_noted = false;
  std::string id;
  std::string call_id;  // of a call, or of the call that a result is of
  std::string type;
  std::string name;
};

struct ResponseText {
  std::int64_t key = 0;   // counts the texts of the reply
  std::int64_t item = 0;  // its ordinal
  TextKind kind = TextKind::text;
  std::int64_t part = 0;  // content_index or summary_index
  bool has_pieces = false;
  bool is_whole = false;  // `.done`, or the final response, gave all of it
  bool mismatch_noted = false;
  std::uint64_t whole_hash = 0;
  std::int64_t annotations = 0;  // how many of them came
  std::string sent;              // of reasoning and refusals: what came so far
};

// Items and texts stay where they are as long as this lives. Functions that may add one return
// nullptr beyond the limits.
class ResponseItems {
 public:
  // Of a piece or a whole text: by output_index, else by item_id, else the last one that is open;
  // of a kind that has such texts. A new one where there is none.
  ResponseItem* of_text(std::optional<std::int64_t> index, std::string_view id, TextKind kind);

  // Of output_item.added and .done, by the same order. What is done, or was added under another
  // id, is not begun again: that is a new one.
  ResponseItem* of_event(std::optional<std::int64_t> index, const JsonView& item, ItemStage stage);

  // Of an element of the final response: the one of that id or call_id, or (`by_type`) the first of
  // its type that is not in the output yet. nullptr where there is none; adds nothing.
  ResponseItem* in_output(const JsonView& item, bool by_type);

  ResponseItem* add(std::optional<std::int64_t> index);

  // Takes from the wire's item what names it; the first of each stands. Says whether its type is
  // one that we know.
  static bool identify(ResponseItem& item, const JsonView& wire);

  ResponseText* text(const ResponseItem& item, TextKind kind, std::int64_t part);

  const std::deque<ResponseItem>& all() const { return items_; }

  // Whether there is a call that the caller has to run: one without its result in the reply.
  bool ask_for_tools() const;

 private:
  std::deque<ResponseItem> items_;
  std::deque<ResponseText> texts_;
};

}  // namespace playhead::provider

#endif  // PLAYHEAD_PROVIDER_RESPONSE_ITEMS_H_
