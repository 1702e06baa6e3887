// Generated streams of the protocols other than OpenAI chat: text in many small pieces.
#ifndef PLAYHEAD_BENCH_SCRIPTS_H_
#define PLAYHEAD_BENCH_SCRIPTS_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/prng.h"
#include "model/protocol.h"

namespace playhead::bench {

// A frame as the provider writes it. In the data @text@ stands for the next piece and @whole@ for
// all of them (as JSON strings), @number@ for the number of the frame, @pad@ for random letters.
struct ScriptFrame {
  std::string_view event;  // empty: the protocol names none
  std::string_view data;
};

struct Script {
  Protocol protocol;
  int tokens_per_piece;  // Gemini sends many tokens at once
  std::string_view line_end;
  std::vector<ScriptFrame> head;
  ScriptFrame piece;
  std::vector<ScriptFrame> tail;
};

// One for each protocol that has a generated set here.
std::span<const Script> scripts();

// One response body, framed as the protocol wants it.
std::string scripted_body(const Script& script, Prng& random);

}  // namespace playhead::bench

#endif  // PLAYHEAD_BENCH_SCRIPTS_H_
