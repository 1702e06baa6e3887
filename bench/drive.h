// Drives a TurnEngine over one stream as a live gateway does: the facts of a step are used, then
// cleared.
#ifndef PLAYHEAD_BENCH_DRIVE_H_
#define PLAYHEAD_BENCH_DRIVE_H_

#include <string_view>

#include "model/fact.h"
#include "model/policy.h"
#include "turn/turn_engine.h"

namespace playhead::bench {

inline TurnRequest request(Protocol protocol) {
  TurnRequest request;
  request.protocol = protocol;
  request.model = "gpt-4.1-mini";
  request.messages = {R"({"role":"user","content":"hello"})"};
  return request;
}

// What a gateway needs of the facts: bytes for the client, and what it has to do.
inline Facts gateway_facts() {
  Facts facts;
  facts.keep_only(Facts::bit(FactKind::downstream) | Facts::bit(FactKind::request) |
                  Facts::bit(FactKind::tool) | Facts::bit(FactKind::exchange) |
                  Facts::bit(FactKind::outcome));
  return facts;
}

// One upstream exchange. Calls use(facts) after every step, then clears them.
class EngineDrive {
 public:
  EngineDrive(Protocol protocol, Facts& facts) : protocol_(protocol), facts_(facts) {}

  template <typename Use>
  void start(Use&& use) {
    const TurnRequest first = request(protocol_);
    step({.kind = InputKind::start, .request = &first}, use);
    step({.kind = InputKind::response, .exchange = 1, .status = 200}, use);
  }
  template <typename Use>
  void read(std::string_view bytes, Use&& use) {
    at_.us += 10'000;
    step({.kind = InputKind::chunk, .at = at_, .exchange = 1, .bytes = bytes}, use);
  }
  template <typename Use>
  void end(Use&& use) {
    step({.kind = InputKind::end, .at = at_, .exchange = 1}, use);
  }

 private:
  template <typename Use>
  void step(const Input& input, Use&& use) {
    engine_.step(input, facts_);
    use(facts_);
    facts_.clear();
    wake_ = engine_.wake();
  }

  turn::TurnEngine engine_{Policy{}};
  Protocol protocol_;
  Facts& facts_;
  Instant at_;
  std::optional<Wake> wake_;
};

}  // namespace playhead::bench

#endif  // PLAYHEAD_BENCH_DRIVE_H_
