// Anthropic Messages, and what all who imitate them send (WIRE 5; SPEC 1, 2).
#ifndef PLAYHEAD_PROVIDER_ANTHROPIC_MESSAGES_H_
#define PLAYHEAD_PROVIDER_ANTHROPIC_MESSAGES_H_

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

// Content blocks of one message that are told apart; pieces of more are dropped (`tool_limit`).
// A limit of our choice, far above what a message has.
inline constexpr std::size_t kAnthropicBlocksMax = 4096;

// Text and reasoning deltas carry the block they belong to, as a number that is never given twice
// in one reply, and are never empty. Tool calls carry the index of their block as sent. What comes
// after the end of the message, or after another one began, is `data_after_done`.
class AnthropicMessages final : public Adapter {
 public:
  void translate(const Frame& frame, std::vector<Delta>& out) override;
  void finish(std::vector<Delta>& out) override;

 private:
  struct Event;
  using Deltas = std::vector<Delta>;
  using Count = std::optional<std::int64_t>;

  enum class BlockKind : std::uint8_t {
    open_to_all,  // of a type we do not know: its pieces mean what they say
    text,
    thinking,
    tool,
    silent,  // run by the provider, or no content: its pieces mean nothing
  };

  struct Block {
    std::int64_t key = 0;  // counts the blocks of this reply
    std::int64_t index = 0;
    BlockKind kind = BlockKind::open_to_all;
    bool started = false;  // its content_block_start came
    bool closed = false;   // its content_block_stop came
    bool flushed = false;  // what was held back until its end is out
    bool disorder_noted = false;
    bool has_arguments = false;  // as pieces
    bool input_is_object = false;
    std::string id;         // of the tool call
    std::string input;      // of the start, used where no pieces come (WIRE 5.2)
    std::string signature;  // the last one stands
  };

  void read_root(const Frame& frame, const JsonView& root, Deltas& out);
  bool read_event(std::string_view type, const Event& event, Deltas& out);
  void read_message_start(const Event& event, Deltas& out);
  void read_message(const JsonView& message, Deltas& out);
  void read_whole_message(const JsonView& message, Deltas& out);
  void read_start(std::string_view id, std::string_view model, Deltas& out);
  void read_block_start(const Event& event, Deltas& out);
  void open_block(std::int64_t index, const JsonView& content, Deltas& out);
  void read_block_content(Block& block, const JsonView& content, Deltas& out);
  void read_tool_start(Block& block, const JsonView& content, Deltas& out);
  void read_other_start(Block& block, std::string_view type, const JsonView& content, Deltas& out);
  void read_block_delta(const Event& event, Deltas& out);
  void read_piece(Block& block, const JsonView& delta, Deltas& out);
  void read_arguments(Block& block, const Member& piece, Deltas& out);
  void read_block_stop(const Event& event, Deltas& out);
  void read_message_delta(const Event& event, Deltas& out);
  void read_stop_reason(const JsonView& holder, Deltas& out);
  void read_usage(const Member& usage, Deltas& out);
  void read_message_stop(const Event& event, Deltas& out);
  void add_citation(const Block& block, const JsonView& citation, Deltas& out);
  void flush(Block& block, Deltas& out);
  void note_open_blocks(Deltas& out);

  Block* find_block(const Member& index, Deltas& out);
  Block* add_block(std::int64_t index, Deltas& out);

  JsonReader reader_;
  OwnedTexts owned_;
  std::deque<Block> blocks_;  // a deque: deltas borrow from it
  std::string id_;
  std::string model_;
  Count input_, cache_read_, cache_creation_;
  bool started_ = false;
  bool stop_reason_seen_ = false;
  bool stopped_ = false;  // message_stop came, or a whole message
  bool over_ = false;     // stopped, or another message began
  bool limit_noted_ = false;
};

}  // namespace playhead::provider

#endif  // PLAYHEAD_PROVIDER_ANTHROPIC_MESSAGES_H_
