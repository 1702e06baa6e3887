#include "replay/replayer.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <string>
#include <string_view>

#include "replay/session_run.h"
#include "timeline/timeline.h"
#include "turn/turn_engine.h"

namespace playhead::replay {
namespace {

using timeline::Class;

// What a tool returns that was told to stop.
constexpr std::string_view kInterruptedResult = "interrupted";

// What a tool returns, and what a client says: input that the recording does not hold.
struct Spoken {
  std::string id;  // of the tool's call
  std::string text;
  bool failed = false;
};

// An input that waits for its time; small, because the queue moves it about. Bytes are borrowed
// from the recording or from what was spoken.
struct Pending {
  InputKind kind = InputKind::chunk;
  int exchange = 0;
  const RecordedExchange* recorded = nullptr;
  const Spoken* spoken = nullptr;
  std::size_t chunk = 0;
};

std::optional<std::int64_t> number_header(const RecordedExchange& exchange, std::string_view name) {
  const std::string_view value = header_value(exchange.response_headers, name);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool whole = error == std::errc{} && end == value.data() + value.size() && number >= 0;
  return whole ? std::optional(number) : std::nullopt;
}

// Retry-After in seconds; a date cannot be obeyed without a clock and counts as none.
std::optional<Duration> retry_after_of(const RecordedExchange& exchange) {
  constexpr std::int64_t kSecondsMax = 24 * 3600;  // more would be no different
  if (const auto ms = number_header(exchange, "retry-after-ms")) {
    return milliseconds(std::min(*ms, kSecondsMax * 1000));
  }
  if (const auto s = number_header(exchange, "retry-after")) {
    return seconds(std::min(*s, kSecondsMax));
  }
  return {};
}

class Replayer {
 public:
  Replayer(const Recording& recording, const Plan& plan, Engine& engine, Transcript& transcript)
      : recording_(recording), plan_(plan), engine_(engine), facts_(transcript.facts) {}

  // Returns how many recorded exchanges were asked for.
  std::size_t run() {
    for (const TurnEvent& event : plan_.events) {
      queue_.add(event.at, Class::client,
                 {.kind = event.kind, .spoken = &spoken_.emplace_back(Spoken{{}, event.text})});
    }
    Input start;
    start.kind = InputKind::start;
    start.request = &plan_.request;
    step(start);
    while (advance()) {
    }
    return asked_;
  }

 private:
  bool advance() {
    const auto next = queue_.next_at();
    const auto wake = engine_.wake();
    if (!next && !wake) return false;
    if (wake && (!next || wake->at < *next)) {
      if (wake->at - Instant{} > kVirtualTimeMax) return false;
      Input input;
      input.kind = InputKind::timer;
      input.at = std::max(wake->at, now_);
      input.timer = wake->timer;
      step(input);
      return true;
    }
    const auto [at, pending] = queue_.take();
    step(input_of(at, pending));
    return true;
  }

  static Input input_of(Instant at, const Pending& pending) {
    Input input;
    input.kind = pending.kind;
    input.at = at;
    input.exchange = pending.exchange;
    if (pending.spoken != nullptr) {
      input.id = pending.spoken->id;
      input.bytes = pending.spoken->text;
      input.failed = pending.spoken->failed;
    }
    if (pending.recorded == nullptr) return input;
    const RecordedExchange& recorded = *pending.recorded;
    if (pending.kind == InputKind::response) {
      input.status = recorded.status;
      input.retry_after = retry_after_of(recorded);
    }
    if (pending.kind == InputKind::chunk) {
      input.bytes = recorded.bytes_of(recorded.chunks[pending.chunk]);
    }
    if (pending.kind == InputKind::end) input.end = recorded.end.reason;
    return input;
  }

  void step(const Input& input) {
    now_ = input.at;
    engine_.step(input, facts_);
    // Facts may lead to steps that append facts; each is looked at once, in order.
    while (seen_ < facts_.size()) obey(facts_[seen_++]);
  }

  void obey(const Fact& fact) {
    if (fact.kind == FactKind::request) return send(fact.exchange);
    if (fact.kind == FactKind::tool && fact.status == ToolStatus::running) return run_tool(fact);
    if (fact.kind == FactKind::tool && fact.status == ToolStatus::cancelled) return cancel(fact);
    if (fact.kind == FactKind::end && fact.detail == kAbandoned) {
      const int exchange = fact.exchange;
      queue_.drop([exchange](const Pending& pending) { return pending.exchange == exchange; });
    }
  }

  void send(int exchange) {
    if (asked_ >= recording_.exchanges.size()) {
      // After what is recorded for this instant: the rest of a read must not depend on its cut.
      queue_.add(now_, Class::tool_result,
                 {.kind = InputKind::recording_exhausted, .exchange = exchange});
      return;
    }
    const RecordedExchange& recorded = recording_.exchanges[asked_++];
    const auto when = [&](Instant at) {
      return now_ + std::max(at - recorded.requested_at, Duration{});
    };
    Instant last = now_;
    if (recorded.responded_at) {
      last = when(*recorded.responded_at);
      queue_.add(last, Class::recorded, pending(InputKind::response, exchange, recorded));
    }
    for (std::size_t i = 0; i < recorded.chunks.size(); ++i) {
      last = std::max(last, when(recorded.chunks[i].at));
      Pending item = pending(InputKind::chunk, exchange, recorded);
      item.chunk = i;
      queue_.add(last, Class::recorded, std::move(item));
    }
    last = std::max(last, when(recorded.end.at));
    queue_.add(last, Class::recorded, pending(InputKind::end, exchange, recorded));
  }

  static Pending pending(InputKind kind, int exchange, const RecordedExchange& recorded) {
    Pending item;
    item.kind = kind;
    item.exchange = exchange;
    item.recorded = &recorded;
    return item;
  }

  void run_tool(const Fact& call) {
    Spoken result{std::string(call.detail), "ok"};
    Duration takes;
    if (const ToolPlan* tool = tool_named(call.name)) {
      takes = tool->takes;
      result.text = tool->returns;
      result.failed = tool->fails;
    }
    answer(now_ + takes, std::move(result));
  }

  // A tool that is told to stop answers at once, unless its plan says that it does not care.
  void cancel(const Fact& call) {
    const ToolPlan* tool = tool_named(call.name);
    if (tool != nullptr && tool->ignores_stop) return;
    Spoken result{std::string(call.detail), std::string(kInterruptedResult), true};
    queue_.drop([&result](const Pending& pending) {
      return pending.kind == InputKind::tool_result && pending.spoken->id == result.id;
    });
    answer(now_, std::move(result));
  }

  void answer(Instant at, Spoken result) {
    queue_.add(
        at, Class::tool_result,
        {.kind = InputKind::tool_result, .spoken = &spoken_.emplace_back(std::move(result))});
  }

  const ToolPlan* tool_named(std::string_view name) const {
    if (!plan_.tools) return nullptr;
    for (const ToolPlan& tool : *plan_.tools) {
      if (tool.name == name) return &tool;
    }
    return nullptr;
  }

  const Recording& recording_;
  const Plan& plan_;
  Engine& engine_;
  Facts& facts_;
  timeline::Timeline<Pending> queue_;
  std::deque<Spoken> spoken_;  // pending inputs point into it
  Instant now_;
  std::size_t seen_ = 0;
  std::size_t asked_ = 0;
};

TurnSpan span_of(const Transcript& transcript) {
  TurnSpan span;
  const std::optional<Outcome>& outcome = transcript.facts.outcome();
  if (!outcome) return span;
  span.ended_at = transcript::end_of_turn(transcript);
  span.went_well = outcome->completed;
  span.interrupted = outcome->interrupted;
  return span;
}

}  // namespace

Transcript replay(const Recording& recording, const Plan& plan, Engine& engine) {
  Transcript transcript;
  transcript.recording = recording.path;
  transcript.seed = plan.request.seed;
  transcript.downstream = plan.request.downstream;
  std::size_t asked = 0;
  std::optional<TurnSpan> turn;
  if (plan.has_turn) {
    asked = Replayer(recording, plan, engine, transcript).run();
    turn = span_of(transcript);
  }
  if (plan.session) {
    transcript.session = run_session(*plan.session, plan.policy.session, turn);
  }
  transcript.unused_exchanges = static_cast<std::int64_t>(recording.exchanges.size() - asked);
  return transcript;
}

Transcript replay(const Recording& recording, const Plan& plan) {
  turn::TurnEngine engine(plan.policy);
  return replay(recording, plan, engine);
}

}  // namespace playhead::replay
