// What a replay is given besides its recording: policy, the client's request, tools, and the
// client's behaviour.
#ifndef PLAYHEAD_REPLAY_PLAN_H_
#define PLAYHEAD_REPLAY_PLAN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "model/engine.h"
#include "model/policy.h"
#include "model/turn.h"
#include "recording/recording.h"
#include "replay/session_events.h"

namespace playhead::replay {

struct ToolPlan {
  std::string name;
  Duration takes;
  std::string returns;
  bool fails = false;         // `returns` is what went wrong
  bool ignores_stop = false;  // told to stop it goes on; otherwise it answers at once
};

// What the client of the turn does, or a person: close, steer, interrupt, stop.
struct TurnEvent {
  InputKind kind = InputKind::client_closed;
  Instant at;        // since the turn began
  std::string text;  // of steer
};

struct Plan {
  Policy policy;
  TurnRequest request;
  std::optional<std::vector<ToolPlan>>
      tools;  // nothing: every tool is known and returns `ok` at once
  std::vector<TurnEvent> events;
  bool has_turn = true;                              // otherwise there are only session events
  std::optional<std::vector<SessionEvent>> session;  // what a `session` block says
};

// JSON texts as written in a case file or a file of the command line; empty: none.
struct PlanText {
  Policy base;  // that `policy` is put into
  std::string_view policy;
  std::string_view request;
  std::string_view run;
  std::string_view session;
};

// The plan of a replay. Without a request text the recorded request of the first exchange is taken,
// and without that the message "hello". Fails with the name of the member that is wrong.
Result<Plan> make_plan(const Recording& recording, Protocol protocol, const PlanText& text);

}  // namespace playhead::replay

#endif  // PLAYHEAD_REPLAY_PLAN_H_
