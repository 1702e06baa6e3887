// AWS Bedrock ConverseStream (WIRE 7.2; SPEC 1, 2).
#ifndef PLAYHEAD_PROVIDER_BEDROCK_CONVERSE_H_
#define PLAYHEAD_PROVIDER_BEDROCK_CONVERSE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/json_view.h"
#include "model/delta.h"
#include "model/frame.h"
#include "provider/adapter.h"
#include "provider/stream_error.h"

namespace playhead::provider {

// Content blocks that are open at once; more are read but not remembered. A limit of our choice,
// far above what a message has.
inline constexpr std::size_t kConverseBlocksMax = 1024;

// Reads event-stream messages, and documents that name their event themselves:
// `{"contentBlockDelta": {...}}`, as Nova sends them through InvokeModel and as SDKs log them.
//
// Text, reasoning and tool calls carry the index of their content block; text and reasoning deltas
// are never empty. The reply is done with its metadata, which comes after messageStop (or before
// it, through some gateways).
class BedrockConverse final : public Adapter {
 public:
  void translate(const Frame& frame, std::vector<Delta>& out) override;
  void finish(std::vector<Delta>& out) override;

 private:
  using Deltas = std::vector<Delta>;

  struct Block {
    std::int64_t index = 0;
    bool silent = false;  // run by the provider, or no content: its pieces mean nothing
  };

  bool read_event(std::string_view name, const JsonView& event, Deltas& out);
  bool read_wrapped(const JsonView& root, Deltas& out);
  void read_message_start(const JsonView& event, Deltas& out);
  void read_block_start(const JsonView& event, Deltas& out);
  void read_tool_start(Block block, const JsonView& tool, Deltas& out);
  void read_block_delta(const JsonView& event, Deltas& out);
  void read_piece(std::int64_t index, std::string_view name, const JsonView& piece, Deltas& out);
  void read_reasoning(std::int64_t index, const JsonView& reasoning, Deltas& out);
  void read_arguments(std::int64_t index, const JsonView& tool, Deltas& out);
  void read_block_stop(const JsonView& event, Deltas& out);
  void read_message_stop(const JsonView& event, Deltas& out);
  void read_metadata(const JsonView& event, Deltas& out);

  Block* find_block(std::int64_t index);
  void open_block(Block block);

  JsonReader reader_;
  OwnedTexts owned_;
  std::vector<Block> open_;  // in order of their beginning
  bool stopped_ = false;
  bool finish_seen_ = false;
  bool metadata_seen_ = false;
};

}  // namespace playhead::provider

#endif  // PLAYHEAD_PROVIDER_BEDROCK_CONVERSE_H_
