// TurnEngine: one user request worked off over one or more exchanges (SPEC 6 to 9). Composes
// replies, the decision table, the conversation, the downstream writer and keepalive; no I/O, no
// clock.
#ifndef PLAYHEAD_TURN_TURN_ENGINE_H_
#define PLAYHEAD_TURN_TURN_ENGINE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/prng.h"
#include "emit/keepalive.h"
#include "emit/writer.h"
#include "model/engine.h"
#include "model/policy.h"
#include "turn/decide.h"
#include "turn/history.h"
#include "turn/reply.h"

namespace playhead::turn {

class TurnEngine final : public Engine {
 public:
  explicit TurnEngine(const Policy& policy);

  void step(const Input& input, Facts& facts) override;
  std::optional<Wake> wake() const override;

 private:
  void start(const TurnRequest& request, Facts& facts);
  void send(RequestWhy why, std::optional<std::int64_t> max_tokens, Facts& facts);
  void resend(Facts& facts);

  Reply* reply_of(int exchange);
  void pump(Reply& reply, Facts& facts);
  void deliver(const Reply& reply, Facts& facts);
  void conclude(Reply& reply, Facts& facts);
  Situation situation_of(const Reply& reply) const;
  void act(const Decision& decision, const Reply& reply, Facts& facts);
  void continue_reply(const Decision& decision, const Reply& reply, Facts& facts);
  void record_calls(const Decision& decision, const Reply& reply, Facts& facts);

  void run_tools(const Reply& reply, Facts& facts);
  void next_tool(Facts& facts);
  void tool_result(const Input& input, Facts& facts);
  void answer_with_errors(const Reply& reply, Facts& facts);
  void send_results(Facts& facts);
  void steer(std::string_view text, Facts& facts);

  void notice(std::string text, Facts& facts);
  void complete(const Reply& reply, Facts& facts);
  void fail(const Decision& decision, const Reply& reply, Facts& facts);
  void stop(std::string_view code, Facts& facts);
  void cancel_tool(Facts& facts);
  void interrupt(std::string_view code, Facts& facts);
  void finish(Facts& facts);
  void close_outcome(Facts& facts);

  void timer(TimerKind kind, Facts& facts);
  void flush(Facts& facts);

  Policy policy_;
  Instant now_;
  TurnRequest request_;
  std::optional<History> history_;
  std::unique_ptr<emit::Writer> writer_;
  emit::Keepalive keepalive_;
  Prng jitter_{0};
  Counters counters_;
  Outcome outcome_;
  std::vector<std::unique_ptr<Reply>> replies_;  // by exchange; null once closed
  Reply* current_ = nullptr;                     // the reply whose end is awaited
  std::optional<std::int64_t> limit_sent_;       // max_tokens of the last request
  std::optional<Duration> stale_after_;          // of the current reply; nothing: wait for ever
  std::optional<Instant> backoff_until_;
  std::optional<Instant> cancel_until_;  // a stopped turn waits for its running tool until then
  std::string_view stop_code_;           // of that turn
  bool tool_cancelled_ = false;          // the running tool was told to stop
  std::string pieces_;                   // visible text of truncated replies, to be joined (SPEC 6)
  std::string streamed_;                 // visible text that went out last, of one reply
  std::string written_;                  // bytes of the writer, not yet a fact
  bool any_text_sent_ = false;           // of the turn
  bool delivered_ = false;               // visible text of the current reply went out
  std::vector<ToolRecord> queue_;     // calls still to be run, in order; the first one is running
  std::optional<std::string> steer_;  // text for the model that waits for a tool result
  bool over_ = false;
};

}  // namespace playhead::turn

#endif  // PLAYHEAD_TURN_TURN_ENGINE_H_
