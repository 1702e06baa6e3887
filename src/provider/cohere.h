// Cohere chat: version 2 as events, version 1 as lines or events (WIRE 0; SPEC 1, 2).
#ifndef PLAYHEAD_PROVIDER_COHERE_H_
#define PLAYHEAD_PROVIDER_COHERE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_view.h"
#include "model/delta.h"
#include "model/frame.h"
#include "provider/adapter.h"
#include "provider/stream_error.h"

namespace playhead::provider {

// Blocks that are open at once, and calls that are remembered; more are read but not remembered. A
// limit of our choice, far above what a reply has.
inline constexpr std::size_t kCohereBlocksMax = 1024;

// Version 2: reasoning carries the index of its block; the tool plan is reasoning without one. The
// reply is done with the [DONE] that follows message-end. Version 1: done with stream-end, which
// repeats the whole reply; of that only what had not come before is read. Text and reasoning deltas
// are never empty.
class Cohere final : public Adapter {
 public:
  void translate(const Frame& frame, std::vector<Delta>& out) override;

 private:
  using Deltas = std::vector<Delta>;

  struct Block {
    std::int64_t index = 0;
    bool is_tool = false;  // calls have indexes of their own
    bool is_thinking = false;
  };

  bool read_event(std::string_view type, const JsonView& event, Deltas& out);
  bool read_whole(const JsonView& root, Deltas& out);

  void read_message_start(const JsonView& event, Deltas& out);
  void read_content_start(const JsonView& event, Deltas& out);
  void read_content_delta(const JsonView& event, Deltas& out);
  void read_content_end(const JsonView& event, Deltas& out);
  void read_content(std::int64_t index, const JsonView& content, bool is_thinking, Deltas& out);
  void read_tool_plan(const JsonView& event, Deltas& out);
  void read_tool_start(const JsonView& event, Deltas& out);
  void read_tool_delta(const JsonView& event, Deltas& out);
  void read_tool_end(const JsonView& event, Deltas& out);
  void read_tool(std::int64_t index, const JsonView& tool, Deltas& out);
  void read_citation_start(const JsonView& event, Deltas& out);
  void read_message_end(const JsonView& event, Deltas& out);
  void read_whole_message(const JsonView& message, Deltas& out);

  void read_stream_start(const JsonView& event, Deltas& out);
  void read_text_generation(const JsonView& event, Deltas& out);
  void read_calls_chunk(const JsonView& event, Deltas& out);
  void read_calls_generation(const JsonView& event, Deltas& out);
  void read_citation_generation(const JsonView& event, Deltas& out);
  void read_stream_end(const JsonView& event, Deltas& out);
  void read_whole_reply(const JsonView& reply, Deltas& out);
  void read_calls(const JsonView& calls, Deltas& out);
  void skip(const JsonView&, Deltas&) {}

  void read_id(std::string_view id, Deltas& out);
  void read_finish(const Member& reason, Deltas& out);
  void read_usage(const JsonView& usage, Deltas& out);

  Block* find_block(std::int64_t index, bool is_tool);
  void open_block(Block block);
  void expect_block(Block block, Deltas& out);
  void close_block(std::int64_t index, bool is_tool);

  JsonReader reader_;
  OwnedTexts owned_;
  std::vector<Block> open_;          // in order of their beginning
  std::vector<std::int64_t> calls_;  // version 1: indexes of the calls that have come
  bool id_seen_ = false;
  bool text_seen_ = false;
  bool plan_seen_ = false;
};

}  // namespace playhead::provider

#endif  // PLAYHEAD_PROVIDER_COHERE_H_
