// Facts: what happened during a replay, in order of cause, each with its virtual time. The output
// of an engine, and the whole of it: outcome, downstream bytes and exchange reports are read off
// the facts.
#ifndef PLAYHEAD_MODEL_FACT_H_
#define PLAYHEAD_MODEL_FACT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/name_table.h"
#include "model/exchange.h"
#include "model/turn.h"

namespace playhead {

enum class FactKind : std::uint8_t {
  request,
  response,
  chunk,
  frame,
  text,
  reasoning,
  refusal,
  tool_call,
  usage,
  finish,
  error,
  anomaly,
  visible,
  end,
  completion,
  tool,
  continuation,
  backoff,
  notice,
  steer,
  downstream,
  keepalive,
  exchange,
  outcome,
};

inline constexpr NameTable<FactKind, 24> kFactKinds = {{
    {FactKind::request, "request",
     "a request goes upstream: name = why, text = body, number = max_tokens"},
    {FactKind::response, "response", "the response's head came: number = HTTP status"},
    {FactKind::chunk, "chunk",
     "bytes came: offset, size. The only kind that depends on chunk borders"},
    {FactKind::frame, "frame", "a frame is whole: offset, size, name = event type, text = data"},
    {FactKind::text, "text", "a piece of content of choice 0, as sent"},
    {FactKind::reasoning, "reasoning", "a piece of a reasoning field of choice 0"},
    {FactKind::refusal, "refusal", "a piece of a refusal of choice 0"},
    {FactKind::tool_call, "tool_call",
     "a piece of a tool call: name, detail = id, text = arguments"},
    {FactKind::usage, "usage", "token counts: text"},
    {FactKind::finish, "finish", "the provider's finish word: text"},
    {FactKind::error, "error", "the provider reports an error: name = code, text = message"},
    {FactKind::anomaly, "anomaly", "an oddity: name, offset, text = detail"},
    {FactKind::visible, "visible", "text that a person may see from now on"},
    {FactKind::end, "end", "the transport of an exchange ended: name = end reason"},
    {FactKind::completion, "completion", "a reply is over: name = finish reason, text = why"},
    {FactKind::tool, "tool", "a tool call: name, detail = id, text = arguments, status"},
    {FactKind::continuation, "continuation",
     "the model is asked to go on: name = kind, text = prompt"},
    {FactKind::backoff, "backoff", "a request waits before it is repeated: number = us"},
    {FactKind::notice, "notice", "a notice for the person: text"},
    {FactKind::steer, "steer", "text given during the turn: name = waiting or delivered"},
    {FactKind::downstream, "downstream", "bytes written to the client: text"},
    {FactKind::keepalive, "keepalive", "a keepalive comment written to the client: text"},
    {FactKind::exchange, "exchange", "an exchange is over: its report"},
    {FactKind::outcome, "outcome", "the turn is over: its outcome"},
}};
static_assert(covers_enum(kFactKinds, FactKind::outcome));

constexpr std::string_view name_of(FactKind kind) { return name_in(kFactKinds, kind); }
constexpr std::optional<FactKind> fact_kind_named(std::string_view name) {
  return find_in(kFactKinds, name);
}

// Detail of an `end` fact whose exchange the engine gave up itself: the driver drops what was to
// come.
inline constexpr std::string_view kAbandoned = "abandoned";

// Names of a `steer` fact.
inline constexpr std::string_view kSteerWaiting = "waiting";
inline constexpr std::string_view kSteerDelivered = "delivered";

enum class ToolStatus : std::uint8_t { running, completed, failed, cancelled, refused, dropped };

inline constexpr NameTable<ToolStatus, 6> kToolStatuses = {{
    {ToolStatus::running, "running", "the call was handed to its tool"},
    {ToolStatus::completed, "completed", "the tool returned"},
    {ToolStatus::failed, "failed", "the tool returned a failure"},
    {ToolStatus::cancelled, "cancelled", "the tool was told to stop; it may still answer"},
    {ToolStatus::refused, "refused", "a call of a whole reply that is not run"},
    {ToolStatus::dropped, "dropped", "a call in flight when its stream ended without evidence"},
}};
static_assert(covers_enum(kToolStatuses, ToolStatus::dropped));

constexpr std::string_view name_of(ToolStatus status) { return name_in(kToolStatuses, status); }

// A fact as read from a Facts list. Views are borrowed from the list until it grows.
struct Fact {
  Instant at;  // since the turn began
  FactKind kind = FactKind::text;
  int exchange = 0;  // 0: of the turn itself
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::int64_t number = -1;  // -1: none
  ToolStatus status = ToolStatus::running;
  std::string_view name;
  std::string_view detail;
  std::string_view text;
};

// An ordered list of facts that owns their text in one arena: appending allocates nothing once
// warm.
class Facts {
 public:
  // Which kinds are kept; by default all. `exchange` and `outcome` reports are always kept.
  void keep_only(std::uint32_t kinds) { kinds_ = kinds; }
  static constexpr std::uint32_t bit(FactKind kind) {
    return std::uint32_t{1} << static_cast<unsigned>(kind);
  }
  bool keeps(FactKind kind) const { return (kinds_ & bit(kind)) != 0; }

  // Copies the fact and its views, if its kind is kept. Inline, so that a fact that is not kept
  // costs next to nothing.
  void add(const Fact& fact) {
    if (keeps(fact.kind)) append(fact);
  }
  void add_exchange(Instant at, ExchangeReport report);
  void add_outcome(Instant at, Outcome outcome);

  std::size_t size() const { return rows_.size(); }
  bool empty() const { return rows_.empty(); }
  Fact operator[](std::size_t i) const;
  // Empties the list; keeps its memory.
  void clear();

  const std::vector<ExchangeReport>& exchanges() const { return exchanges_; }
  const std::optional<Outcome>& outcome() const { return outcome_; }

 private:
  struct Row {
    Instant at;
    std::uint64_t offset;
    std::uint64_t size;
    std::int64_t number;
    std::size_t text_begin;
    std::uint32_t name_size;
    std::uint32_t detail_size;
    std::uint32_t text_size;
    int exchange;
    FactKind kind;
    ToolStatus status;
  };

  void append(const Fact& fact);

  std::uint32_t kinds_ = ~std::uint32_t{0};
  std::vector<Row> rows_;
  std::string arena_;  // name, detail, text of each row, one behind the other
  std::vector<ExchangeReport> exchanges_;
  std::optional<Outcome> outcome_;
};

}  // namespace playhead

#endif  // PLAYHEAD_MODEL_FACT_H_
