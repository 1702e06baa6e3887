// Accumulator: deltas in, message out (SPEC 2). Malformed pieces are noted as anomalies, never
// refused.
#ifndef PLAYHEAD_ASSEMBLE_ACCUMULATOR_H_
#define PLAYHEAD_ASSEMBLE_ACCUMULATOR_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/anomaly.h"
#include "model/completion.h"
#include "model/delta.h"
#include "model/message.h"

namespace playhead::assemble {

// Limits of our choice, far above what any provider sends (WIRE 2.4).
inline constexpr std::size_t kToolCallsMax = 1024;
inline constexpr std::size_t kChoicesMax = 128;
inline constexpr std::size_t kAnnotationsMax = 4096;

struct Oddity {
  Anomaly anomaly;
  std::string detail;
};

// One alternative while it is being accumulated.
struct ChoiceState {
  std::int32_t index = 0;
  Message message;        // tool_calls in order of first sight until close()
  bool received = false;  // any text, reasoning, refusal or tool call that was not empty
  std::optional<FinishReason> finish;
  std::optional<std::string> finish_word;  // as sent, the last one
  // The content is not what appended() gave, piece by piece: a piece came out of order, or a whole
  // text replaced its pieces.
  bool content_rewritten = false;

 private:
  friend class Accumulator;
  // A block of the content, for protocols that have blocks.
  struct TextPart {
    std::int64_t index = 0;
    std::size_t begin = 0;
    std::size_t size = 0;
  };

  std::vector<TextPart> parts;
  std::vector<std::string> provider_results;  // ids of calls that the provider ran
  std::optional<std::int64_t> reasoning_block;
  std::uint64_t pieces = 0;                // of tool calls, so far
  std::vector<std::uint64_t> last_pieces;  // by tool call: number of its last piece
  bool late_content = false;
  bool finish_repeated = false;
  std::vector<bool> name_resent;  // by tool call: noted once
  std::vector<bool> id_changed;
};

class Accumulator {
 public:
  // Applies one delta; appends what is odd about it.
  void apply(const Delta& delta, std::vector<Oddity>& oddities);

  // What the last apply() added to the content of its choice. Borrowed from the delta.
  std::string_view appended() const { return appended_; }

  // The reply is over: brings tool calls into their order, makes missing ids, and turns what is
  // left of split surrogates into U+FFFD. `object_arguments`: the protocol sends arguments as
  // objects, so that a call without any has `{}`.
  void close(bool object_arguments, std::vector<Oddity>& oddities);

  // In order of first sight until close(), then by index; choice 0 always exists and stands first.
  const std::vector<ChoiceState>& choices() const { return choices_; }
  std::vector<ChoiceState>& choices() { return choices_; }

  bool received() const;
  bool has_tool_calls() const { return !choices_.front().message.tool_calls.empty(); }
  const std::optional<ProviderError>& error() const { return error_; }
  bool done() const { return done_; }

 private:
  ChoiceState* choice_at(std::int32_t index, std::vector<Oddity>& oddities);
  void start(const Delta& delta, std::vector<Oddity>& oddities);
  void tool_piece(const Delta& delta, ChoiceState& choice, std::vector<Oddity>& oddities);
  void finish(const Delta& delta, ChoiceState& choice, std::vector<Oddity>& oddities);
  void add_text(const Delta& delta, ChoiceState& choice, std::vector<Oddity>& oddities);
  void set_text(const Delta& delta, ChoiceState& choice, std::vector<Oddity>& oddities);
  void reasoning(const Delta& delta, ChoiceState& choice);
  void annotate(std::string_view json, Message& message, std::vector<Oddity>& oddities);
  void content(const Delta& delta, ChoiceState& choice, std::vector<Oddity>& oddities);

  std::vector<ChoiceState> choices_ = std::vector<ChoiceState>(1);
  std::optional<ProviderError> error_;
  std::string_view appended_;
  bool done_ = false;
  bool id_changed_ = false;
  bool model_changed_ = false;
  bool limit_noted_ = false;
};

}  // namespace playhead::assemble

#endif  // PLAYHEAD_ASSEMBLE_ACCUMULATOR_H_
