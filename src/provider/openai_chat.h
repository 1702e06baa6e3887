// OpenAI chat completions, and what all who imitate them send (WIRE 2 and 3; SPEC 1, 2, 11).
#ifndef PLAYHEAD_PROVIDER_OPENAI_CHAT_H_
#define PLAYHEAD_PROVIDER_OPENAI_CHAT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_view.h"
#include "model/delta.h"
#include "model/frame.h"
#include "provider/adapter.h"
#include "provider/stream_error.h"

namespace playhead::provider {

// A start delta comes with the first id or model and with each change of one, not with each frame.
// The deltas of a frame stand in this order: anomalies of the frame as a whole, start, the choices
// as sent (each: reasoning, text, refusal, tool calls, error, finish, usage), usage, error.
//
// Text, reasoning and refusal deltas are never empty.
class OpenAiChat final : public Adapter {
 public:
  void translate(const Frame& frame, std::vector<Delta>& out) override;

 private:
  struct Chunk;
  struct Choice;
  struct Message;
  using Deltas = std::vector<Delta>;

  void read_root(const Frame& frame, const JsonView& root, Deltas& out);
  void read_chunk(const Frame& frame, const JsonView& root, Deltas& out);
  void read_start(const Chunk& chunk, Deltas& out);
  void read_choices(const JsonView& choices, Deltas& out);
  void read_choice(const JsonView& choice, Deltas& out);
  void read_choice_content(const Choice& choice, Deltas& out);
  void read_message(const JsonView& message, bool whole, Deltas& out);
  void read_tool_calls(const JsonView& calls, bool whole, Deltas& out);
  void read_tool_call(const JsonView& call, std::optional<std::int64_t> position, Deltas& out);
  void read_function(const JsonView& function, Delta& delta, Deltas& out);
  void read_legacy_call(const JsonView& call, Deltas& out);
  void read_annotations(const JsonView& annotations, Deltas& out);
  void read_citations(const JsonView& citations, Deltas& out);
  void read_finish(const JsonView& word, Deltas& out);
  void read_errors(const Frame& frame, const JsonView& root, const Chunk& chunk, Deltas& out);
  void read_error(const JsonView& error, const std::optional<JsonView>& code, Deltas& out);

  JsonReader reader_;
  OwnedTexts owned_;  // texts made for the deltas of the last frame
  std::string last_id_;
  std::string last_model_;
  std::string last_citations_;
  bool delta_seen_ = false;                // SPEC 2: `message` and `text` count only without one
  bool tool_index_missing_noted_ = false;  // once per stream
};

}  // namespace playhead::provider

#endif  // PLAYHEAD_PROVIDER_OPENAI_CHAT_H_
