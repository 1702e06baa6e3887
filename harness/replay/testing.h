// What tests say of a turn without naming a protocol, and how each protocol's wire carries it
// (WIRE). Tests only.
#ifndef PLAYHEAD_REPLAY_TESTING_H_
#define PLAYHEAD_REPLAY_TESTING_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "model/completion.h"
#include "model/end_reason.h"
#include "model/protocol.h"
#include "recording/recording.h"

namespace playhead::replay {

// A call of one tool; its arguments come in pieces. `missing` is what was never sent: a wire whose
// calls are whole sends it all the same, for it has no other way.
struct CallSketch {
  std::string id;
  std::string name;
  std::vector<std::string> pieces;
  std::string missing;

  std::string sent() const {
    std::string arguments;
    for (const std::string& piece : pieces) arguments += piece;
    return arguments;
  }
  std::string whole() const { return sent() + missing; }
};

enum class StepKind : std::uint8_t { text, reasoning, call, finish, error };

// One thing that a provider says. `at_ms` counts from the exchange's request.
struct StepSketch {
  StepKind kind = StepKind::text;
  std::int64_t at_ms = 0;
  std::string text;                          // a piece, or an error's message
  bool torn = false;                         // its last bytes never came
  CallSketch call;                           // kind call
  FinishReason finish = FinishReason::stop;  // kind finish
  bool end_mark = true;                      // kind finish: the protocol's own mark comes too
  bool transient = true;                     // kind error: asking again may help (SPEC 5)
};

struct Counts {
  std::int64_t input = 0;
  std::int64_t output = 0;
};

// A request's answer. Counts are told with the finish, and not where both are 0.
struct ExchangeSketch {
  std::vector<StepSketch> steps;
  EndReason end = EndReason::complete;
  Counts counts;
  int status = 200;
  std::vector<Header> headers;  // besides the content type
};

struct TurnSketch {
  std::string name;
  std::vector<ExchangeSketch> exchanges;
};

inline std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(text, out);
  return out;
}

// The parts one behind the other.
template <typename... Parts>
std::string cat(const Parts&... parts) {
  std::string out;
  (out.append(parts), ...);
  return out;
}

inline std::string number(std::int64_t value) { return std::to_string(value); }

inline bool any(Counts counts) { return counts.input != 0 || counts.output != 0; }

// Members of a usage object: the two counts under a protocol's names, and their sum where it is
// sent.
inline std::string usage_object(Counts counts, std::string_view input, std::string_view output,
                                std::string_view total) {
  std::string out = cat("{", json_string(input), ":", number(counts.input), ",",
                        json_string(output), ":", number(counts.output));
  if (!total.empty())
    out += cat(",", json_string(total), ":", number(counts.input + counts.output));
  return out + "}";
}

inline std::string data_event(std::string_view data) { return cat("data: ", data, "\n\n"); }

inline std::string named_event(std::string_view name, std::string_view data) {
  return cat("event: ", name, "\ndata: ", data, "\n\n");
}

// Writes the bytes of one response body, step by step.
class WireEncoder {
 public:
  virtual ~WireEncoder() = default;

  virtual std::string begin() { return {}; }
  virtual std::string text(std::string_view piece) = 0;
  virtual std::string reasoning(std::string_view piece) = 0;
  virtual std::string call(const CallSketch& call) = 0;
  virtual std::string finish(FinishReason reason, Counts counts, bool end_mark) = 0;
  virtual std::string error(std::string_view message, bool transient) = 0;
  // What stands behind everything in a body that ends whole.
  virtual std::string end() { return {}; }
  // The body of a response whose status is an error.
  virtual std::string error_document(std::string_view message) = 0;
};

// A protocol, in one of the forms that its streams have.
struct Wire {
  std::string_view name;
  Protocol protocol = Protocol::openai_chat;
  std::string_view content_type;
  std::unique_ptr<WireEncoder> (*make)();
};

// An encoder of each, for one body.
std::unique_ptr<WireEncoder> make_openai_chat();
std::unique_ptr<WireEncoder> make_openai_completions();
std::unique_ptr<WireEncoder> make_mistral();
std::unique_ptr<WireEncoder> make_openai_responses();
std::unique_ptr<WireEncoder> make_anthropic_messages();
std::unique_ptr<WireEncoder> make_bedrock_invoke();
std::unique_ptr<WireEncoder> make_bedrock_converse();
std::unique_ptr<WireEncoder> make_ollama();
std::unique_ptr<WireEncoder> make_gemini();
std::unique_ptr<WireEncoder> make_gemini_array();
std::unique_ptr<WireEncoder> make_gemini_streamed();
std::unique_ptr<WireEncoder> make_cohere();

// All of them; OpenAI chat stands first.
std::vector<Wire> wires();

// The turn as that wire carries it. Chunk borders fall at odd places; a chunk comes at the time of
// the step that its last byte belongs to.
Recording encode(const TurnSketch& turn, const Wire& wire);

}  // namespace playhead::replay

#endif  // PLAYHEAD_REPLAY_TESTING_H_
