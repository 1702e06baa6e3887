// AWS Bedrock InvokeModelWithResponseStream: the provider's own stream in an envelope (WIRE 7.2).
#ifndef PLAYHEAD_PROVIDER_BEDROCK_INVOKE_H_
#define PLAYHEAD_PROVIDER_BEDROCK_INVOKE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_view.h"
#include "model/delta.h"
#include "model/frame.h"
#include "model/usage.h"
#include "provider/adapter.h"
#include "provider/stream_error.h"

namespace playhead::provider {

// The first payload that tells decides who reads the stream: Anthropic's, OpenAI's (with all who
// imitate it: Mistral, AI21, DeepSeek) and Nova's go to the adapters of those protocols. Llama's,
// Titan's, Cohere's and old Claude's are read here; their deltas stand in this order: text, tool
// calls, finish, usage. Bedrock's own counts fill the usage members that the model did not send.
class BedrockInvoke final : public Adapter {
 public:
  void translate(const Frame& frame, std::vector<Delta>& out) override;
  void finish(std::vector<Delta>& out) override;

 private:
  struct Plain;
  using Deltas = std::vector<Delta>;

  bool open_envelope(const Frame& frame, Deltas& out);
  void read_payload(Deltas& out);
  void delegate(Deltas& out);
  void read_plain(const Plain& plain, Deltas& out);
  void read_outputs(const JsonView& outputs, Deltas& out);
  void read_tool_calls(const JsonView& calls, Deltas& out);
  void read_finish(const Plain& plain, Deltas& out);
  void read_additions(Deltas& out);
  void read_choices(const JsonView& choices, Deltas& out);
  void read_metrics(const JsonView& metrics, Deltas& out);
  void add_finish(std::string_view word, Deltas& out);

  JsonReader reader_;            // of envelopes, then of plain payloads
  JsonReader additions_reader_;  // of what the reader of a payload leaves out
  OwnedTexts owned_;
  std::string payload_;                // out of its envelope; deltas borrow from it
  std::unique_ptr<Adapter> delegate_;  // none until a payload tells, and for plain payloads
  bool delegate_is_openai_ = false;
  Usage sent_;  // the members that the model has sent
  std::int64_t tool_calls_ = 0;
};

}  // namespace playhead::provider

#endif  // PLAYHEAD_PROVIDER_BEDROCK_INVOKE_H_
