// One owner of the end (SPEC 9.3): whatever ends a turn, in whatever order, it ends exactly once.
// Every order, up to six events long, of everything that can end a turn or pretend to.
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "turn/turn_engine.h"

namespace playhead::turn {
namespace {

constexpr std::size_t kEventsMax = 6;
constexpr std::string_view kText =
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Half\"}}]}\n\n";
constexpr std::string_view kTools =
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"c1\","
    "\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}},{\"index\":1,\"id\":\"c2\","
    "\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}]},\"finish_reason\":\"tool_calls\"}]}\n\n"
    "data: [DONE]\n\n";
constexpr std::string_view kWorkerEnd =
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"done\"},"
    "\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
constexpr std::string_view kFailure =
    "data: {\"error\":{\"code\":\"invalid_request_error\",\"message\":\"no\"}}\n\n";

enum class Event { worker_end, tool_result, cancel, expiry, client_close, failure };
constexpr std::array kEvents = {Event::worker_end, Event::tool_result,  Event::cancel,
                                Event::expiry,     Event::client_close, Event::failure};
constexpr std::array<std::string_view, 6> kEventNames = {"worker_end", "tool_result",  "cancel",
                                                         "expiry",     "client_close", "failure"};

// Where the turn stands when the first event comes.
enum class Standing { waiting, reading, running_tool, backing_off };
constexpr std::array kStandings = {Standing::waiting, Standing::reading, Standing::running_tool,
                                   Standing::backing_off};

int count_of(std::string_view part, std::string_view text) {
  int count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string_view::npos; ++at) ++count;
  return count;
}

class Drive {
 public:
  Drive(DownstreamFormat format, Standing standing) : engine_(policy()) {
    request_.model = "m";
    request_.downstream = format;
    Input start;
    start.kind = InputKind::start;
    start.request = &request_;
    step(start);
    if (standing == Standing::reading) chunk(kText);
    if (standing == Standing::running_tool) chunk(kTools);
    if (standing == Standing::backing_off) end(EndReason::reset);
  }

  void happen(Event event) {
    now_ = now_ + milliseconds(1);
    Input input;
    switch (event) {
      case Event::worker_end: chunk(kWorkerEnd); return end(EndReason::complete);
      case Event::failure: chunk(kFailure); return end(EndReason::reset);
      case Event::tool_result:
        input.kind = InputKind::tool_result;
        input.id = running_;
        return step(input);
      case Event::cancel: input.kind = InputKind::stop; return step(input);
      case Event::client_close: input.kind = InputKind::client_closed; return step(input);
      case Event::expiry: return expire();
    }
  }

  // How often the turn ended; what its client was told.
  int outcomes = 0;
  int finishes = 0;
  int dones = 0;
  bool wrote_after_end = false;
  bool client_gone = false;
  bool wrote_to_nobody = false;
  std::string code;  // of the outcome's error

 private:
  static Policy policy() {
    Policy policy;
    policy.keepalive_ms = 0;
    policy.transport.retries = 1;
    return policy;
  }

  void chunk(std::string_view bytes) {
    Input input;
    input.kind = InputKind::chunk;
    input.exchange = exchange_;
    input.bytes = bytes;
    step(input);
  }

  void end(EndReason reason) {
    Input input;
    input.kind = InputKind::end;
    input.exchange = exchange_;
    input.end = reason;
    step(input);
  }

  // The timer that is due next fires: of a stopped turn, of a wait, of a silent stream.
  void expire() {
    const auto wake = engine_.wake();
    if (!wake) return;
    now_ = wake->at;
    Input input;
    input.kind = InputKind::timer;
    input.timer = wake->timer;
    step(input);
  }

  void step(Input input) {
    input.at = now_;
    if (input.kind == InputKind::client_closed) client_gone = true;
    engine_.step(input, facts_);
    for (; seen_ < facts_.size(); ++seen_) look_at(facts_[seen_]);
  }

  void look_at(const Fact& fact) {
    if (fact.kind == FactKind::request) exchange_ = fact.exchange;
    if (fact.kind == FactKind::tool && fact.status == ToolStatus::running) running_ = fact.detail;
    if (fact.kind == FactKind::outcome) {
      ++outcomes;
      if (facts_.outcome()->error) code = facts_.outcome()->error->code;
    }
    if (fact.kind != FactKind::downstream) return;
    wrote_after_end = wrote_after_end || outcomes > 0;
    wrote_to_nobody = wrote_to_nobody || client_gone;
    finishes += count_of("\"finish_reason\":\"", fact.text);
    finishes += count_of("\"type\":\"finish\"", fact.text);
    dones += count_of("[DONE]", fact.text);
  }

  TurnRequest request_;
  TurnEngine engine_;
  Facts facts_;
  Instant now_;
  std::size_t seen_ = 0;
  int exchange_ = 0;
  std::string running_;
};

// Whether a turn that ended with this code says so to its client.
bool tells_its_client(DownstreamFormat format, const std::string& code) {
  if (code == "client_disconnected") return false;
  return code != "stopped" || format == DownstreamFormat::ai_sdk_ui;
}

std::string words_of(const std::vector<std::size_t>& order) {
  std::string words;
  for (const std::size_t i : order) words.append(kEventNames[i]).append(" ");
  return words;
}

// The next order of that length, counting in base six; false behind the last.
bool next_order(std::vector<std::size_t>& order) {
  for (std::size_t& digit : order) {
    if (++digit < kEvents.size()) return true;
    digit = 0;
  }
  return false;
}

void expect_one_end(DownstreamFormat format, Standing standing,
                    const std::vector<std::size_t>& order, std::size_t& ended) {
  Drive drive(format, standing);
  for (const std::size_t i : order) drive.happen(kEvents[i]);
  const int wanted = drive.outcomes > 0 && tells_its_client(format, drive.code) ? 1 : 0;
  const bool held = drive.outcomes <= 1 && drive.finishes == wanted && drive.dones == wanted &&
                    !drive.wrote_after_end && !drive.wrote_to_nobody;
  ended += drive.outcomes > 0 ? 1 : 0;
  if (held) return;
  ADD_FAILURE() << "format " << name_of(format) << ", standing " << static_cast<int>(standing)
                << ", events: " << words_of(order) << ": " << drive.outcomes << " outcomes, "
                << drive.finishes << " finishes, " << drive.dones << " [DONE], code " << drive.code;
}

class OneEnd : public testing::TestWithParam<DownstreamFormat> {};

TEST_P(OneEnd, InEveryOrderOfEventsUpToSix) {
  std::size_t orders = 0;
  std::size_t ended = 0;
  for (const Standing standing : kStandings) {
    for (std::size_t length = 1; length <= kEventsMax; ++length) {
      std::vector<std::size_t> order(length, 0);
      do {
        ++orders;
        expect_one_end(GetParam(), standing, order, ended);
        if (testing::Test::HasFailure()) return;
      } while (next_order(order));
    }
  }
  EXPECT_EQ(orders, 4U * (6 + 36 + 216 + 1296 + 7776 + 46656));
  EXPECT_GT(ended, orders / 2);  // otherwise the events would end nothing
}

INSTANTIATE_TEST_SUITE_P(Formats, OneEnd,
                         testing::Values(DownstreamFormat::openai_chat,
                                         DownstreamFormat::ai_sdk_ui),
                         [](const auto& format) {
                           return format.param == DownstreamFormat::openai_chat ? "OpenAiChat"
                                                                                : "AiSdkUi";
                         });

}  // namespace
}  // namespace playhead::turn
