// Gemini's streamGenerateContent (WIRE 6; SPEC 1, 2).
#ifndef PLAYHEAD_PROVIDER_GEMINI_H_
#define PLAYHEAD_PROVIDER_GEMINI_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_view.h"
#include "model/delta.h"
#include "model/frame.h"
#include "provider/adapter.h"
#include "provider/partial_arguments.h"
#include "provider/stream_error.h"

namespace playhead::provider {

// Candidates that are told apart; later ones are dropped. Our choice: the API gives eight.
inline constexpr std::size_t kGeminiCandidatesMax = 128;

// Each frame is a response: the data of an event, or an element of a JSON array.
//
// A run of thought parts is a block of reasoning. Calls have a running index of their own, by
// candidate. A call whose arguments come in pieces is announced with its first piece; its arguments
// follow as one object when the call ends, when its candidate finishes, or with the reply.
class Gemini final : public Adapter {
 public:
  void translate(const Frame& frame, std::vector<Delta>& out) override;
  void finish(std::vector<Delta>& out) override;

 private:
  using Deltas = std::vector<Delta>;
  struct Response;
  struct Candidate;
  struct Part;

  struct OpenCall {
    std::int64_t index = 0;
    std::string name;
    std::string id;
    PartialArguments arguments;
    bool changed = true;  // since they were last given
  };

  struct Choice {
    std::int32_t index = 0;
    std::int64_t block = 0;  // of reasoning
    bool in_block = false;
    std::int64_t next_call = 0;
    std::optional<OpenCall> call;
    std::int64_t open_code = 0;   // pieces of code whose result has not come yet
    std::int64_t open_tools = 0;  // tool calls of the provider, likewise
  };

  // Order of the members in `counts_`.
  enum Count : std::size_t { kPrompt, kToolPrompt, kCandidates, kThoughts, kCached, kTotal };

  void read_response(const Frame& frame, const JsonView& root, Deltas& out);
  void read_start(const Response& response, Deltas& out);
  void read_candidate(const JsonView& value, Deltas& out);
  void read_content(const JsonView& content, Choice& choice, Deltas& out);
  void read_part(const Part& part, Choice& choice, Deltas& out);
  void read_provider_parts(const Part& part, Choice& choice, Deltas& out);
  void read_call(const JsonView& call, Choice& choice, Deltas& out);
  void begin_call(const JsonView& call, bool streamed, Choice& choice, Deltas& out);
  void go_on(const JsonView& call, Choice& choice, Deltas& out);
  void give_arguments(Choice& choice, bool ended, Deltas& out);
  void drop_open_call(Choice& choice, Deltas& out);
  void read_annotation(const Member& annotation, std::string_view path, const Choice& choice,
                       Deltas& out);
  void read_finish(const Member& reason, Choice& choice, Deltas& out);
  void read_prompt_feedback(const JsonView& feedback, Deltas& out);
  void read_usage(const JsonView& usage, Deltas& out);
  Choice* choice_at(std::int32_t index, Deltas& out);

  JsonReader reader_;
  OwnedTexts owned_;
  std::vector<Choice> choices_;  // in order of first sight
  std::array<std::optional<std::int64_t>, 6> counts_;
  Usage last_usage_;
  std::string last_id_;
  std::string last_model_;
  bool event_seen_ = false;
  bool limit_noted_ = false;
};

}  // namespace playhead::provider

#endif  // PLAYHEAD_PROVIDER_GEMINI_H_
