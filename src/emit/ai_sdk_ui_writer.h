// AI SDK UI message stream, version 1, as SSE (SPEC 9.3, WIRE 10).
//
// Only chunks and fields that every published version of the client reads: all but the newest
// refuse a whole stream for one field that they do not know.
#ifndef PLAYHEAD_EMIT_AI_SDK_UI_WRITER_H_
#define PLAYHEAD_EMIT_AI_SDK_UI_WRITER_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "emit/writer.h"

namespace playhead::emit {

// One message of one step per reply. A step begins with the first part of its reply, so that a
// reply that gave none leaves no trace.
class AiSdkUiWriter final : public Writer {
 public:
  // Reasoning is sent where Envelope::reasoning_field names any field: one member of the policy
  // (downstream.reasoning) governs it for both formats, and here the name says nothing more.
  explicit AiSdkUiWriter(const Envelope& envelope);

  void begin(std::string& out) override;
  void next_reply(std::string& out) override;
  void text(std::string_view visible, std::string& out) override;
  void reasoning(std::string_view piece, std::string& out) override;
  void tool_running(const ToolRecord& call, std::string& out) override;
  void tool_completed(const ToolRecord& call, std::string_view result, std::string& out) override;
  void tool_failed(const ToolRecord& call, std::string_view error, std::string& out) override;
  void tool_refused(const ToolRecord& call, std::string_view error, std::string& out) override;
  void notice(std::string_view text, std::string& out) override;
  void finish(const TurnEnd& end, std::string& out) override;
  // Calls without a result get `why` as their error: a client that goes on from a message with an
  // unanswered call is refused by providers.
  void stopped(const TurnError& why, std::string& out) override;

 private:
  enum class Block : std::uint8_t { none, text, reasoning };

  void open_step(std::string& out);
  void open_block(Block block, std::string& out);
  void delta(Block block, std::string_view piece, std::string& out);
  void close_block(std::string& out);
  void close_step(std::string& out);
  // The call's id in the message: `id`, or `id#2` where an earlier call of the turn had that id.
  std::string call_id(std::string_view id) const;
  void begin_call(const ToolRecord& call, std::string& out);
  void input_available(const ToolRecord& call, std::string& out);
  void output_error(std::string_view id, std::string_view error, std::string& out);

  std::string id_;
  bool sends_reasoning_;
  bool in_step_ = false;
  Block block_ = Block::none;
  std::string block_id_;    // of the open block
  std::string delta_head_;  // of a delta of the open block, up to its text
  std::int64_t texts_ = 0;
  std::int64_t reasonings_ = 0;
  // Both grow with the calls of the turn, which the turn's outcome keeps, too.
  std::map<std::string, int, std::less<>> calls_;  // id -> how many calls had it
  std::vector<std::string> unanswered_;            // ids in the message
  bool finished_ = false;
};

}  // namespace playhead::emit

#endif  // PLAYHEAD_EMIT_AI_SDK_UI_WRITER_H_
