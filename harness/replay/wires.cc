// Turns of tests as recordings: the bytes of all steps, cut into chunks.
#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "replay/testing.h"

namespace playhead::replay {
namespace {

std::string step_bytes(const StepSketch& step, Counts counts, WireEncoder& encoder) {
  switch (step.kind) {
    case StepKind::text: return encoder.text(step.text);
    case StepKind::reasoning: return encoder.reasoning(step.text);
    case StepKind::call: return encoder.call(step.call);
    case StepKind::finish: return encoder.finish(step.finish, counts, step.end_mark);
    case StepKind::error: return encoder.error(step.text, step.transient);
  }
  return {};
}

// A body, and when each part of it was there: the time, and the body's size by then.
struct TimedBody {
  std::string bytes;
  std::vector<std::pair<std::int64_t, std::size_t>> times_ms;
};

TimedBody body_of(const ExchangeSketch& exchange, const Wire& wire) {
  // More than what may stand behind an event's last brace, fewer than the smallest event has.
  constexpr std::size_t kTornBytes = 6;
  const std::unique_ptr<WireEncoder> encoder = wire.make();
  TimedBody body;
  if (exchange.status >= 400) {
    body.bytes = encoder->error_document(exchange.steps.front().text);
    body.times_ms.emplace_back(exchange.steps.front().at_ms, body.bytes.size());
    return body;
  }
  body.bytes = encoder->begin();
  body.times_ms.emplace_back(1, body.bytes.size());
  for (const StepSketch& step : exchange.steps) {
    body.bytes += step_bytes(step, exchange.counts, *encoder);
    if (step.torn) body.bytes.resize(body.bytes.size() - kTornBytes);
    body.times_ms.emplace_back(step.at_ms, body.bytes.size());
  }
  if (exchange.end == EndReason::complete) body.bytes += encoder->end();
  body.times_ms.back().second = body.bytes.size();
  return body;
}

RecordedExchange recorded(const ExchangeSketch& exchange, int index, const Wire& wire) {
  constexpr std::array<std::size_t, 9> kSizes = {1, 53, 7, 128, 3, 301, 2, 71, 17};
  constexpr std::int64_t kLongestWaitMs = 1000;  // of what is there for the rest of its chunk
  const TimedBody body = body_of(exchange, wire);
  RecordedExchange out;
  out.index = index;
  out.requested_at = Instant{} + seconds(1000) * index;
  out.responded_at = out.requested_at;
  out.status = exchange.status;
  out.response_headers = exchange.headers;
  out.response_headers.emplace_back("content-type", wire.content_type);
  out.body = body.bytes;
  auto time = body.times_ms.begin();
  for (std::size_t at = 0, i = 0; at < out.body.size(); ++i) {
    std::size_t size = std::min(kSizes[i % kSizes.size()], out.body.size() - at);
    while (time->second < at + size) {
      const auto next = time + 1;
      const bool waits_too_long = next->first - time->first > kLongestWaitMs && time->second > at;
      if (waits_too_long) size = time->second - at;
      if (!waits_too_long) time = next;
    }
    out.chunks.push_back({out.requested_at + milliseconds(time->first), at, size});
    at += size;
  }
  out.end = {out.requested_at + milliseconds(body.times_ms.back().first + 1), exchange.end, ""};
  return out;
}

}  // namespace

std::vector<Wire> wires() {
  constexpr std::string_view kSse = "text/event-stream";
  constexpr std::string_view kAws = "application/vnd.amazon.eventstream";
  return {
      {"openai-chat", Protocol::openai_chat, kSse, make_openai_chat},
      {"openai-responses", Protocol::openai_responses, kSse, make_openai_responses},
      {"anthropic-messages", Protocol::anthropic_messages, kSse, make_anthropic_messages},
      {"gemini", Protocol::gemini, kSse, make_gemini},
      {"gemini-array", Protocol::gemini, "application/json", make_gemini_array},
      {"gemini-streamed", Protocol::gemini, kSse, make_gemini_streamed},
      {"bedrock-converse", Protocol::bedrock_converse, kAws, make_bedrock_converse},
      {"bedrock-invoke", Protocol::bedrock_invoke, kAws, make_bedrock_invoke},
      {"ollama", Protocol::ollama, "application/x-ndjson", make_ollama},
      {"mistral", Protocol::mistral, kSse, make_mistral},
      {"cohere", Protocol::cohere, kSse, make_cohere},
      {"openai-completions", Protocol::openai_completions, kSse, make_openai_completions},
  };
}

Recording encode(const TurnSketch& turn, const Wire& wire) {
  Recording recording;
  recording.path = turn.name;
  recording.meta.protocol = name_of(wire.protocol);
  for (std::size_t i = 0; i < turn.exchanges.size(); ++i) {
    recording.exchanges.push_back(recorded(turn.exchanges[i], static_cast<int>(i) + 1, wire));
  }
  return recording;
}

}  // namespace playhead::replay
