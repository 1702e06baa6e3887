// OpenAI chat completion chunks as SSE (SPEC 9.1, WIRE 9).
#ifndef PLAYHEAD_EMIT_OPENAI_CHAT_WRITER_H_
#define PLAYHEAD_EMIT_OPENAI_CHAT_WRITER_H_

#include <string>
#include <string_view>

#include "emit/writer.h"

namespace playhead::emit {

class OpenAiChatWriter final : public Writer {
 public:
  explicit OpenAiChatWriter(const Envelope& envelope);

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
  void stopped(const TurnError& why, std::string& out) override;

 private:
  // One chunk with a delta of one text; `head` goes up to that text.
  void delta(std::string_view head, std::string_view text, std::string& out);
  void progress(const ToolRecord& call, std::string_view status, std::string& out);

  std::string head_;            // of each chunk, up to and with `"delta":`
  std::string text_head_;       // of a chunk of text, up to and with `"content":`
  std::string reasoning_head_;  // the same of reasoning; empty: it is not sent
  bool finished_ = false;
};

}  // namespace playhead::emit

#endif  // PLAYHEAD_EMIT_OPENAI_CHAT_WRITER_H_
