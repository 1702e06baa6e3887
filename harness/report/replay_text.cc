#include "report/replay_text.h"

#include <fmt/format.h>

#include <vector>

#include "report/recording_text.h"
#include "report/timeline_text.h"
#include "transcript/fact_line.h"

namespace playhead::report {
namespace {

// What came of the turn, below its outcome.
std::string results_text(const Transcript& transcript) {
  const Outcome outcome = transcript.facts.outcome().value_or(Outcome{});
  std::string out;
  add_line(out, "calls",
           fmt::format("{} requests, {} retries, {} exchanges unused", outcome.requests.size(),
                       outcome.retries, transcript.unused_exchanges));
  for (const ContinuationRecord& continuation : outcome.continuations) {
    add_line(out, "continued", std::string(name_of(continuation.kind)));
  }
  const auto tools = [&out](std::string_view label, const std::vector<ToolRecord>& calls) {
    for (const ToolRecord& call : calls) add_line(out, label, call.name + " " + call.id);
  };
  tools("executed", outcome.executed);
  tools("refused", outcome.refused);
  tools("dropped", outcome.dropped);
  add_line(out, "usage", usage_line(outcome.usage));
  add_text(out, "response", outcome.final_response.value_or(""));
  return out + "fingerprint: " + transcript::fingerprint(transcript.facts) + "\n";
}

}  // namespace

std::string replay_text(const Transcript& transcript, Style style) {
  std::string out = timeline_text(transcript.facts, style);
  if (!transcript.facts.outcome()) out += "the turn is not over\n";
  return out + results_text(transcript);
}

std::string facts_text(const Transcript& transcript) {
  std::string out;
  for (std::size_t i = 0; i < transcript.facts.size(); ++i) {
    out += transcript::fact_line(transcript.facts[i]) + "\n";
  }
  const auto& outcome = transcript.facts.outcome();
  out += fmt::format("outcome: {}", outcome_word(outcome));
  if (outcome && outcome->error) {
    out += fmt::format(", {}: {}", outcome->error->code, outcome->error->message);
  }
  return out + "\n" + results_text(transcript);
}

}  // namespace playhead::report
