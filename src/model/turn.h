// The nouns of a turn: what it is asked, what it asks of a provider, and what it gives its caller.
#ifndef PLAYHEAD_MODEL_TURN_H_
#define PLAYHEAD_MODEL_TURN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "base/name_table.h"
#include "model/protocol.h"
#include "model/usage.h"

namespace playhead {

enum class DownstreamFormat : std::uint8_t { openai_chat, ai_sdk_ui, none };

inline constexpr NameTable<DownstreamFormat, 3> kDownstreamFormats = {{
    {DownstreamFormat::openai_chat, "openai-chat", "OpenAI chat completion chunks"},
    {DownstreamFormat::ai_sdk_ui, "ai-sdk-ui", "AI SDK UI message stream, version 1"},
    {DownstreamFormat::none, "none", "nobody listens"},
}};
static_assert(covers_enum(kDownstreamFormats, DownstreamFormat::none));

constexpr std::string_view name_of(DownstreamFormat format) {
  return name_in(kDownstreamFormats, format);
}

// The client's request, as the engine needs it.
struct TurnRequest {
  Protocol protocol = Protocol::openai_chat;  // that the upstream speaks
  DownstreamFormat downstream = DownstreamFormat::openai_chat;
  std::string model;
  std::string endpoint;  // base URL of the provider; empty: not known
  std::optional<std::int64_t> max_tokens;
  std::string limit_member = "max_tokens";  // the member of the body that carries it
  std::vector<std::string> messages;        // each one JSON object
  // The other members of the body, name -> JSON, in the client's order.
  std::vector<std::pair<std::string, std::string>> other_members;
  std::uint64_t seed = 0;      // of back-off jitter and made ids
  std::int64_t created_s = 0;  // Unix time that the downstream chunks carry
  // Names of the tools that exist; nothing: every name is known.
  std::optional<std::vector<std::string>> known_tools;
};

enum class RequestWhy : std::uint8_t { first, tools, continuation, retry };

inline constexpr NameTable<RequestWhy, 4> kRequestWhys = {{
    {RequestWhy::first, "first", "the turn's first request"},
    {RequestWhy::tools, "tools", "tool results are sent back"},
    {RequestWhy::continuation, "continuation", "a truncated reply is to be continued"},
    {RequestWhy::retry, "retry", "the same request again"},
}};
static_assert(covers_enum(kRequestWhys, RequestWhy::retry));

constexpr std::string_view name_of(RequestWhy why) { return name_in(kRequestWhys, why); }

struct RequestRecord {
  Instant at;
  RequestWhy why = RequestWhy::first;
  std::optional<std::int64_t> max_tokens;
  std::int64_t messages = 0;
  std::string body;  // JSON
};

enum class ContinuationKind : std::uint8_t { length, stream_cut, length_tool, stream_cut_tool };

inline constexpr NameTable<ContinuationKind, 4> kContinuationKinds = {{
    {ContinuationKind::length, "length", "the reply hit its output limit"},
    {ContinuationKind::stream_cut, "stream_cut",
     "the stream died or ended without evidence, text only"},
    {ContinuationKind::length_tool, "length_tool",
     "a tool call hit the output limit after text was delivered"},
    {ContinuationKind::stream_cut_tool, "stream_cut_tool",
     "the stream died while tool calls were being sent"},
}};
static_assert(covers_enum(kContinuationKinds, ContinuationKind::stream_cut_tool));

constexpr std::string_view name_of(ContinuationKind kind) {
  return name_in(kContinuationKinds, kind);
}

struct ContinuationRecord {
  ContinuationKind kind = ContinuationKind::length;
  std::string prompt;
  std::vector<std::string> dropped_tools;
};

struct ToolRecord {
  std::string id;
  std::string name;
  std::string arguments;
  int exchange = 0;
};

struct TurnError {
  std::string code;
  std::string message;
};

// What the turn gave its caller (SPEC 6).
struct Outcome {
  bool completed = false;
  bool partial = false;
  bool failed = false;
  bool interrupted = false;
  std::optional<std::string> final_response;
  std::optional<std::string> reasoning;
  std::optional<TurnError> error;
  std::optional<std::string> finish_reason;  // as the downstream is told (SPEC 9.1)
  std::int64_t api_calls = 0;
  std::int64_t retries = 0;
  std::vector<std::string> notices;
  std::optional<std::string> pending_steer;
  std::vector<RequestRecord> requests;
  std::vector<ContinuationRecord> continuations;
  std::vector<ToolRecord> executed;
  std::vector<ToolRecord> refused;  // calls of whole replies that were not run
  std::vector<ToolRecord> dropped;  // calls in flight when a stream ended without evidence
  Usage usage;                      // summed over all replies that reported any
  std::optional<std::int64_t> context_tokens;  // input tokens of the last reply
};

}  // namespace playhead

#endif  // PLAYHEAD_MODEL_TURN_H_
