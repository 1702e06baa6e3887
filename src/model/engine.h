// Engine: inputs in, facts out. The one interface between the instrument and a runtime under test;
// Playhead's own engine (src/turn) implements it, and so can anybody's.
//
// An engine does no I/O and reads no clock: each input carries its instant, and the wish to be
// woken is read off wake(). The driver (the replayer, or a live gateway) delivers inputs in order
// of time; at equal instants recorded input comes first, then tool results, what the client does,
// and timers last in the order of TimerKind (DESIGN 2).
#ifndef PLAYHEAD_MODEL_ENGINE_H_
#define PLAYHEAD_MODEL_ENGINE_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/instant.h"
#include "model/end_reason.h"
#include "model/fact.h"
#include "model/turn.h"

namespace playhead {

// In the order in which timers of one instant fire.
enum class TimerKind : std::uint8_t { cancel, backoff, stale, keepalive };

struct Wake {
  Instant at;
  TimerKind timer = TimerKind::keepalive;
};

enum class InputKind : std::uint8_t {
  start,                // the turn begins: `request`
  response,             // the head of a response: `status`, `retry_after`
  chunk,                // bytes of a response body, in any cut: `bytes`
  end,                  // the transport of an exchange ended: `end`
  recording_exhausted,  // the request just sent has no recorded exchange
  tool_result,          // `id`, `bytes`: what the tool returned; `failed`
  client_closed,        // the client of the turn went away
  steer,                // `bytes`: text for the model, given during the turn (SPEC 10)
  interrupt,            // the turn is to stop (SPEC 10)
  stop,                 // the same, and its session is not to be resumed (SPEC 10)
  timer,                // the instant that wake() named came: `timer`
};

struct Input {
  InputKind kind = InputKind::chunk;
  Instant at;              // since the turn began
  int exchange = 0;        // of response, chunk and end: counts the requests sent, from 1
  std::string_view bytes;  // borrowed for the step
  std::string_view id;     // borrowed for the step
  int status = 0;
  std::optional<Duration> retry_after;  // response: of its Retry-After header
  EndReason end = EndReason::complete;
  TimerKind timer = TimerKind::keepalive;
  bool failed = false;                   // tool_result: the tool reports a failure
  const TurnRequest* request = nullptr;  // borrowed for the step
};

class Engine {
 public:
  virtual ~Engine() = default;

  // Appends what follows from the input. Two kinds of fact ask something of the driver:
  // `request` wants the next exchange, `tool` with status running wants a tool result.
  virtual void step(const Input& input, Facts& facts) = 0;

  // The earliest instant at which the engine wants a timer input; nothing: it only waits for input.
  virtual std::optional<Wake> wake() const { return std::nullopt; }
};

}  // namespace playhead

#endif  // PLAYHEAD_MODEL_ENGINE_H_
