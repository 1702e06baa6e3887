// Ollama's own API, chat and generate (WIRE 8; SPEC 1, 2).
#ifndef PLAYHEAD_PROVIDER_OLLAMA_H_
#define PLAYHEAD_PROVIDER_OLLAMA_H_

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
#include "provider/stream_error.h"

namespace playhead::provider {

// Tool calls whose indexes are remembered; later ones go behind them. Our choice: no reply has as
// many.
inline constexpr std::size_t kOllamaCallsMax = 1024;

// Tool calls are whole: each has an index of its own, that of the wire where no call before it has
// it. Text and reasoning deltas are never empty.
class Ollama final : public Adapter {
 public:
  void translate(const Frame& frame, std::vector<Delta>& out) override;

 private:
  struct Line;
  using Deltas = std::vector<Delta>;

  void read_line(const Line& line, Deltas& out);
  void read_start(std::string_view model, Deltas& out);
  void read_message(const JsonView& message, Deltas& out);
  void read_tool_calls(const JsonView& calls, Deltas& out);
  void read_tool_call(const JsonView& call, Deltas& out);
  std::int64_t own_index(std::optional<std::int64_t> sent, Deltas& out);
  void read_end(const Line& line, Deltas& out);

  JsonReader reader_;
  OwnedTexts owned_;
  std::string last_model_;
  std::vector<std::int64_t> indexes_;  // of the tool calls so far
  std::int64_t next_index_ = 0;        // above all of them
};

}  // namespace playhead::provider

#endif  // PLAYHEAD_PROVIDER_OLLAMA_H_
