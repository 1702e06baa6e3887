// One turn on every wire: what becomes of it must not depend on the protocol (SPEC 5 to 9).
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "provider/catalog.h"
#include "replay/plan.h"
#include "replay/replayer.h"
#include "replay/testing.h"
#include "transcript/fact_line.h"

namespace playhead::replay {
namespace {

using Lines = std::vector<std::string>;

StepSketch text(std::string piece) { return {.kind = StepKind::text, .text = std::move(piece)}; }

StepSketch torn_text(std::string piece) {
  return {.kind = StepKind::text, .text = std::move(piece), .torn = true};
}

StepSketch thought(std::string piece) {
  return {.kind = StepKind::reasoning, .text = std::move(piece)};
}

StepSketch call(std::string id, std::string name, std::vector<std::string> pieces,
                std::string missing = "") {
  return {.kind = StepKind::call,
          .call = {std::move(id), std::move(name), std::move(pieces), std::move(missing)}};
}

// A call to `write_file` whose arguments end within a text.
StepSketch cut_call() {
  return call("c1", "write_file", {R"({"path":"a.md",)", R"("content":"half of )"}, R"(it"})");
}

StepSketch whole_call() {
  return call("c2", "write_file", {R"({"path":"a.md",)", R"("content":"short"})"});
}

StepSketch finish(FinishReason reason, bool end_mark = true) {
  return {.kind = StepKind::finish, .finish = reason, .end_mark = end_mark};
}

StepSketch stop() { return finish(FinishReason::stop); }
StepSketch length() { return finish(FinishReason::length); }
StepSketch tool_calls() { return finish(FinishReason::tool_calls); }

StepSketch error(std::string message, bool transient) {
  return {.kind = StepKind::error, .text = std::move(message), .transient = transient};
}

// Comes when nobody waits any more (SPEC 8).
StepSketch late(StepSketch step) {
  step.at_ms = 400'000;
  return step;
}

// A step each ten milliseconds but for late ones. Replies with an end mark count their tokens.
ExchangeSketch reply(std::vector<StepSketch> steps, EndReason end = EndReason::complete) {
  ExchangeSketch exchange{std::move(steps), end};
  std::int64_t at_ms = 0;
  for (StepSketch& step : exchange.steps) step.at_ms = std::max(step.at_ms, at_ms += 10);
  const bool counts = !exchange.steps.empty() && exchange.steps.back().kind == StepKind::finish &&
                      exchange.steps.back().end_mark;
  if (counts) exchange.counts = {11, at_ms};
  return exchange;
}

ExchangeSketch failed(int status, std::vector<Header> headers = {}) {
  ExchangeSketch exchange = reply({error("not today", true)});
  exchange.status = status;
  exchange.headers = std::move(headers);
  return exchange;
}

// A turn, and what SPEC wants of it: its end; its requests with their limits; its continuations;
// the tools that were run.
struct Row {
  TurnSketch turn;
  std::string wanted;
};
using Rows = std::vector<Row>;

Rows whole_replies() {
  return {
      {{"plain answer", {reply({text("Grü"), text("ße, \"Wo"), text("rld\" 👋."), stop()})}},
       "completed; first; -; -"},
      {{"reasoning, then an answer",
        {reply({thought("Let me "), thought("see."), text("It is "), text("4."), stop()})}},
       "completed; first; -; -"},
      {{"think tags over several pieces",
        {reply({text("<thi"), text("nk>hm"), text("</think>"), text("An"), text("swer"), stop()})}},
       "completed; first; -; -"},
      {{"tool round, then an answer",
        {reply({text("I look."), call("c1", "read_file", {R"({"path":)", R"("a.md"})"}),
                tool_calls()}),
         reply({text("Read."), stop()})}},
       "completed; first, tools; -; read_file"},
      {{"two parallel calls",
        {reply({call("c1", "read_file", {R"({"path":"a"})"}),
                call("c2", "read_file", {R"({"path")", R"(:"b"})"}), tool_calls()}),
         reply({text("Both."), stop()})}},
       "completed; first, tools; -; read_file, read_file"},
      {{"text around a call",
        {reply({text("One "), call("c1", "read_file", {R"({"path":"a"})"}), text("two."),
                tool_calls()}),
         reply({text("Three."), stop()})}},
       "completed; first, tools; -; read_file"},
      {{"two calls of one tool without ids",
        {reply({call("", "read_file", {R"({"path":"a"})"}),
                call("", "read_file", {R"({"path":"b"})"}), tool_calls()}),
         reply({text("Both."), stop()})}},
       "completed; first, tools; -; read_file, read_file"},
      {{"equal calls run once",
        {reply({call("c1", "read_file", {R"({"path":"a"})"}),
                call("c2", "read_file", {R"({"path":"a"})"}), tool_calls()}),
         reply({text("Once."), stop()})}},
       "completed; first, tools; -; read_file"},
      {{"a call without arguments",
        {reply({call("c1", "list_files", {"{}"}), tool_calls()}), reply({text("None."), stop()})}},
       "completed; first, tools; -; list_files"},
      {{"calls under a finish that says stop",
        {reply({call("c1", "read_file", {R"({"path":"a"})"}), stop()}),
         reply({text("Read."), stop()})}},
       "completed; first, tools; -; read_file"},
      {{"empty reply, then an answer", {reply({stop()}), reply({text("Here."), stop()})}},
       "completed; first, retry; -; -"},
      {{"empty replies only", {reply({stop()}), reply({stop()}), reply({stop()}), reply({stop()})}},
       "failed empty_replies; first, retry, retry, retry; -; -"},
  };
}

Rows truncated_replies() {
  return {
      {{"continued twice after length",
        {reply({text("The quick br"), length()}), reply({text("own fox jum"), length()}),
         reply({text("ps over."), stop()})}},
       "completed; first, continuation 8192, continuation 16384; length, length; -"},
      {{"four truncated replies",
        {reply({text("a "), length()}), reply({text("b "), length()}),
         reply({text("c "), length()}), reply({text("d"), length()})}},
       "partial still_truncated; first, continuation 8192, continuation 16384, continuation 32768; "
       "length, length, length; -"},
      {{"truncated, and nobody knows what would have come", {reply({text("half "), length()})}},
       "interrupted recording_exhausted; first, continuation 8192; length; -"},
      {{"thinking used the whole limit", {reply({text("<think>and so on"), length()})}},
       "partial thinking_exhausted; first; -; -"},
      {{"truncated before a tool round and continued behind it",
        {reply({text("Part one, "), length()}),
         reply({call("c1", "read_file", {R"({"path":"a"})"}), tool_calls()}),
         reply({text("part two."), stop()})}},
       "completed; first, continuation 8192, tools; length; read_file"},
      {{"arguments cut, and the finish says so",
        {reply({cut_call(), length()}), reply({whole_call(), tool_calls()}),
         reply({text("Done."), stop()})}},
       "completed; first, retry 8192, tools; -; write_file"},
      {{"arguments cut, but the finish says tool calls",
        {reply({cut_call(), tool_calls()}), reply({whole_call(), tool_calls()}),
         reply({text("Done."), stop()})}},
       "completed; first, retry 8192, tools; -; write_file"},
      {{"arguments cut in every attempt",
        {reply({cut_call(), length()}), reply({cut_call(), length()}),
         reply({cut_call(), length()}), reply({cut_call(), length()}),
         reply({cut_call(), length()})}},
       "partial response_truncated; first, retry 8192, retry 16384, retry 32768, retry 32768; -; "
       "-"},
      {{"a whole call of a truncated reply is not run",
        {reply({whole_call(), length()}), reply({whole_call(), tool_calls()}),
         reply({text("Done."), stop()})}},
       "completed; first, retry 8192, tools; -; write_file"},
      {{"text, then arguments cut by length",
        {reply({text("I write. "), cut_call(), length()}), reply({whole_call(), tool_calls()}),
         reply({text("Done."), stop()})}},
       "completed; first, continuation 8192, tools; length_tool; write_file"},
      {{"one call whole, the other cut",
        {reply({call("c0", "read_file", {R"({"path":"a"})"}), cut_call(), length()}),
         reply({text("Never mind."), stop()})}},
       "completed; first, retry 8192; -; -"},
  };
}

Rows broken_streams() {
  constexpr EndReason kReset = EndReason::reset;
  constexpr EndReason kEarly = EndReason::eof_early;
  const ExchangeSketch rest = reply({text("rest."), stop()});
  return {
      {{"reset within text", {reply({text("It is the "), torn_text("lost")}, kReset), rest}},
       "completed; first, continuation; stream_cut; -"},
      {{"early end behind text", {reply({text("It is the "), text("re")}, kEarly), rest}},
       "completed; first, continuation; stream_cut; -"},
      {{"reset within a call behind text", {reply({text("I write. "), cut_call()}, kReset), rest}},
       "completed; first, continuation; stream_cut_tool; -"},
      {{"reset behind a whole call behind text",
        {reply({text("I write. "), whole_call()}, kReset), rest}},
       "completed; first, continuation; stream_cut_tool; -"},
      {{"reset within a call, then an answer", {reply({cut_call()}, kReset), rest}},
       "completed; first, retry; -; -"},
      {{"reset within a call in every attempt",
        {reply({cut_call()}, kReset), reply({cut_call()}, kEarly), reply({cut_call()}, kReset),
         rest}},
       "completed; first, retry, retry, continuation; stream_cut_tool; -"},
      {{"reset before anything", {reply({}, kReset), rest}}, "completed; first, retry; -; -"},
      {{"reset before anything in every attempt",
        {reply({}, kReset), reply({}, kReset), reply({}, kReset)}},
       "failed reset; first, retry, retry; -; -"},
      {{"reset within reasoning", {reply({thought("hm"), thought("m")}, kReset), rest}},
       "completed; first, retry; -; -"},
      {{"clean end without evidence", {reply({text("It is the ")}), rest}},
       "completed; first, continuation; stream_cut; -"},
      {{"clean end without evidence behind a call",
        {reply({text("I write. "), whole_call()}), rest}},
       "completed; first, continuation; stream_cut_tool; -"},
      {{"clean end before anything", {reply({}), rest}}, "completed; first, retry; -; -"},
      {{"silence behind text", {reply({text("It is the "), late(text("lost")), stop()}), rest}},
       "completed; first, continuation; stream_cut; -"},
      {{"silence before anything", {reply({late(text("lost")), stop()}), rest}},
       "completed; first, retry; -; -"},
      {{"the recorder stopped within text",
        {reply({text("It is the ")}, EndReason::recorder_stopped), rest}},
       "interrupted recorder_stopped; first; -; -"},
      {{"reset behind a finish that asks for tools",
        {reply({whole_call(), finish(FinishReason::tool_calls, false)}, kReset), rest}},
       "completed; first, tools; -; write_file"},
      {{"reset behind the finish",
        {reply({text("All."), finish(FinishReason::stop, false)}, kReset)}},
       "completed; first; -; -"},
      {{"no end mark behind the finish",
        {reply({text("All."), finish(FinishReason::stop, false)})}},
       "completed; first; -; -"},
  };
}

Rows failures() {
  const ExchangeSketch rest = reply({text("rest."), stop()});
  return {
      {{"content filter", {reply({finish(FinishReason::content_filter)})}},
       "failed content_policy_blocked; first; -; -"},
      {{"content filter behind text",
        {reply({text("Well, "), finish(FinishReason::content_filter)})}},
       "failed content_policy_blocked; first; -; -"},
      {{"transient error before text", {reply({error("too busy", true)}), rest}},
       "completed; first, retry; -; -"},
      {{"transient error behind text",
        {reply({text("It is the "), error("too busy", true)}), rest}},
       "completed; first, continuation; stream_cut; -"},
      {{"transient error within a call behind text",
        {reply({text("I write. "), cut_call(), error("too busy", true)}), rest}},
       "completed; first, continuation; stream_cut_tool; -"},
      {{"lasting error before text", {reply({error("bad prompt", false)})}}, "failed; first; -; -"},
      {{"lasting error behind text", {reply({text("It is "), error("bad prompt", false)})}},
       "failed; first; -; -"},
      {{"HTTP 503 that says when", {failed(503, {{"Retry-After", "7"}}), rest}},
       "completed; first, retry; -; -"},
      {{"HTTP 529 in every attempt", {failed(529), failed(529), failed(529)}},
       "failed http_529; first, retry, retry; -; -"},
      {{"HTTP 400", {failed(400)}}, "failed http_400; first; -; -"},
  };
}

Rows rows() {
  Rows all;
  for (Rows& group :
       std::array{whole_replies(), truncated_replies(), broken_streams(), failures()}) {
    std::move(group.begin(), group.end(), std::back_inserter(all));
  }
  return all;
}

// What not every protocol can say.
enum class Need : std::uint8_t {
  calls,
  calls_without_id,
  reasoning,
  content_filter,
  error_kind,
  lying_finish,
};

struct Exception {
  Need need;
  std::string_view wire;
  std::string_view why;
};

constexpr std::array kExceptions = {
    Exception{Need::calls, "openai-completions", "the legacy form is text alone"},
    Exception{Need::calls_without_id, "openai-responses", "WIRE 4.2: the item has an id too"},
    Exception{Need::reasoning, "openai-completions", "the legacy form is text alone"},
    Exception{Need::content_filter, "ollama", "WIRE 0: no finish word for it"},
    Exception{Need::content_filter, "mistral", "WIRE 0: no finish word for it"},
    Exception{Need::content_filter, "cohere", "WIRE 0: no finish word for it"},
    Exception{Need::error_kind, "ollama", "WIRE 8: an error within a stream is a text, no code"},
    Exception{Need::error_kind, "cohere", "WIRE 0: an error within a stream is the word ERROR"},
    Exception{Need::lying_finish, "ollama", "WIRE 8: calls are whole"},
    Exception{Need::lying_finish, "gemini", "WIRE 6.3: calls are whole, unless streamed"},
    Exception{Need::lying_finish, "gemini-array", "WIRE 6.3: calls are whole, unless streamed"},
};

bool has_cut_call(const ExchangeSketch& exchange) {
  return std::any_of(exchange.steps.begin(), exchange.steps.end(),
                     [](const StepSketch& step) { return !step.call.missing.empty(); });
}

bool needs(const ExchangeSketch& exchange, Need need) {
  const bool failing = exchange.status >= 400;
  return std::any_of(exchange.steps.begin(), exchange.steps.end(), [&](const StepSketch& step) {
    const bool finishes = step.kind == StepKind::finish;
    switch (need) {
      case Need::calls: return step.kind == StepKind::call;
      case Need::calls_without_id: return step.kind == StepKind::call && step.call.id.empty();
      case Need::reasoning: return step.kind == StepKind::reasoning;
      case Need::content_filter: return finishes && step.finish == FinishReason::content_filter;
      case Need::error_kind: return !failing && step.kind == StepKind::error && step.transient;
      case Need::lying_finish:
        return finishes && step.finish != FinishReason::length && has_cut_call(exchange);
    }
    return false;
  });
}

bool needs(const TurnSketch& turn, Need need) {
  return std::any_of(turn.exchanges.begin(), turn.exchanges.end(),
                     [need](const ExchangeSketch& exchange) { return needs(exchange, need); });
}

bool can_say(const Wire& wire, const TurnSketch& turn) {
  return std::none_of(kExceptions.begin(), kExceptions.end(), [&](const Exception& exception) {
    return exception.wire == wire.name && needs(turn, exception.need);
  });
}

template <typename List, typename Text>
std::string joined(const List& list, const Text& text_of_item) {
  std::string out;
  for (const auto& item : list) out += (out.empty() ? "" : ", ") + text_of_item(item);
  return out.empty() ? "-" : out;
}

std::string same_json(const std::string& json) {
  const auto document = parse_json(json);
  return document ? json_text(*document) : "no JSON: " + json;
}

// The call as sent, so far as that wire can cut one; otherwise what there is.
std::string arguments_of(const ToolRecord& record, const TurnSketch& turn) {
  for (const StepSketch& step :
       turn.exchanges[static_cast<std::size_t>(record.exchange) - 1].steps) {
    const CallSketch& sent = step.call;
    const bool is_cut = sent.id == record.id && !sent.missing.empty();
    if (is_cut && (record.arguments == sent.sent() || record.arguments == sent.whole())) {
      return "as sent";
    }
  }
  return same_json(record.arguments);
}

// Whether the error that ends the turn is the provider's, whose words differ.
bool ends_by_provider_error(const TurnSketch& turn) {
  const ExchangeSketch& last = turn.exchanges.back();
  return last.status < 400 && !last.steps.empty() && last.steps.back().kind == StepKind::error;
}

std::string ending_of(const Outcome& outcome, const TurnSketch& turn) {
  std::string ending = outcome.completed     ? "completed"
                       : outcome.partial     ? "partial"
                       : outcome.failed      ? "failed"
                       : outcome.interrupted ? "interrupted"
                                             : "nothing";
  if (outcome.error && !ends_by_provider_error(turn)) ending += " " + outcome.error->code;
  return ending;
}

std::string summary_of(const Outcome& outcome, const TurnSketch& turn) {
  const auto request = [](const RequestRecord& record) {
    const std::string limit =
        record.max_tokens ? " " + std::to_string(*record.max_tokens) : std::string();
    return std::string(name_of(record.why)) + limit;
  };
  return ending_of(outcome, turn) + "; " + joined(outcome.requests, request) + "; " +
         joined(
             outcome.continuations,
             [](const ContinuationRecord& record) { return std::string(name_of(record.kind)); }) +
         "; " + joined(outcome.executed, [](const ToolRecord& record) { return record.name; });
}

// All bytes downstream, without the provider's word for its error.
std::string downstream_bytes(const Transcript& transcript, const Outcome& outcome,
                             const TurnSketch& turn) {
  std::string bytes = transcript::downstream_of(transcript).text;
  if (!outcome.error || !ends_by_provider_error(turn)) return bytes;
  for (const std::string member : {"\"type\":\"", "\"error_code\":\""}) {
    const std::size_t at = bytes.find(member + outcome.error->code + "\"");
    if (at != std::string::npos) bytes.erase(at + member.size(), outcome.error->code.size());
  }
  return bytes;
}

// What each fact of those kinds says that no protocol may change.
Lines lines_of_facts(const Facts& facts) {
  Lines lines;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const Fact fact = facts[i];
    const std::string kind(name_of(fact.kind));
    if (fact.kind == FactKind::visible) lines.push_back(kind + " " + std::string(fact.text));
    if (fact.kind == FactKind::backoff) lines.push_back(kind + " " + std::to_string(fact.number));
    if (fact.kind == FactKind::completion) {
      const bool failed = fact.name == name_of(FinishReason::error);
      const std::string why(failed ? std::string_view() : fact.text);
      lines.push_back(kind + " " + std::string(fact.name) + " " + why);
    }
  }
  return lines;
}

// The whole outcome, line by line.
Lines outcome_of(const Transcript& transcript, const TurnSketch& turn) {
  const Outcome& outcome = *transcript.facts.outcome();
  const auto tools = [&](const std::vector<ToolRecord>& records) {
    return joined(records, [&](const ToolRecord& record) {
      return record.id + " " + record.name + " " + arguments_of(record, turn) + " in " +
             std::to_string(record.exchange);
    });
  };
  const auto same = [](const std::string& word) { return word; };
  Lines lines = {
      summary_of(outcome, turn),
      "final response: " + outcome.final_response.value_or("none"),
      "reasoning: " + outcome.reasoning.value_or("none"),
      "error: " + (outcome.error ? outcome.error->message : "none"),
      "finish: " + outcome.finish_reason.value_or("none"),
      "calls: " + std::to_string(outcome.api_calls),
      "retries: " + std::to_string(outcome.retries),
      "unused: " + std::to_string(transcript.unused_exchanges),
      "notices: " + joined(outcome.notices, same),
      "prompts: " + joined(outcome.continuations,
                           [](const ContinuationRecord& record) { return record.prompt; }),
      "bodies: " +
          joined(outcome.requests, [](const RequestRecord& record) { return record.body; }),
      "executed: " + tools(outcome.executed),
      "refused: " + tools(outcome.refused),
      "dropped: " + tools(outcome.dropped),
      "input tokens: " + std::to_string(outcome.usage.input_tokens.value_or(-1)),
      "output tokens: " + std::to_string(outcome.usage.output_tokens.value_or(-1)),
      "context tokens: " + std::to_string(outcome.context_tokens.value_or(-1)),
      "downstream: " + downstream_bytes(transcript, outcome, turn),
  };
  for (std::string& line : lines_of_facts(transcript.facts)) lines.push_back(std::move(line));
  return lines;
}

Transcript replay_on(const Wire& wire, const Recording& recording) {
  return replay(recording, *make_plan(recording, wire.protocol, {}));
}

Lines outcome_on(const Wire& wire, const TurnSketch& turn) {
  return outcome_of(replay_on(wire, encode(turn, wire)), turn);
}

// The first line of `other` that is not as in `lines`; nothing where all are.
std::string first_difference(const Lines& lines, const Lines& other) {
  for (std::size_t i = 0; i < std::max(lines.size(), other.size()); ++i) {
    const std::string before = i < lines.size() ? lines[i] : "nothing more";
    const std::string after = i < other.size() ? other[i] : "nothing more";
    if (before != after) return "was " + before + "\nis  " + after;
  }
  return {};
}

// Chunks of one byte each, or one chunk for all, at the time of the last one where `at_once`.
Recording rechunked(Recording recording, bool bytes, bool at_once) {
  for (RecordedExchange& exchange : recording.exchanges) {
    const std::vector<RecordedChunk> chunks = std::exchange(exchange.chunks, {});
    for (const RecordedChunk& chunk : chunks) {
      const Instant at = at_once ? chunks.back().at : chunk.at;
      for (std::size_t i = 0; i < chunk.size; ++i) {
        const std::size_t offset = chunk.offset + i;
        if (bytes || exchange.chunks.empty()) exchange.chunks.push_back({at, offset, 0});
        ++exchange.chunks.back().size;
      }
    }
  }
  return recording;
}

Lines lines_without_chunks(const Wire& wire, const Recording& recording) {
  const Transcript transcript = replay_on(wire, recording);
  Lines lines;
  for (std::size_t i = 0; i < transcript.facts.size(); ++i) {
    const Fact fact = transcript.facts[i];
    if (fact.kind != FactKind::chunk) lines.push_back(transcript::fact_line(fact));
  }
  return lines;
}

class EveryProtocol : public ::testing::TestWithParam<std::size_t> {
 protected:
  void SetUp() override {
    if (provider::find_row(wire().protocol) == nullptr) GTEST_SKIP() << "not in the catalog";
  }
  static Wire wire() { return wires()[GetParam()]; }
};

TEST_P(EveryProtocol, GivesTheOutcomeOfOpenAiChat) {
  const Wire first = wires().front();
  for (const Row& row : rows()) {
    if (!can_say(wire(), row.turn)) continue;
    const Lines lines = outcome_on(wire(), row.turn);
    EXPECT_EQ(lines.front(), row.wanted) << row.turn.name;
    EXPECT_EQ(first_difference(outcome_on(first, row.turn), lines), "") << row.turn.name;
  }
}

TEST_P(EveryProtocol, ChunkBordersChangeNothing) {
  for (const Row& row : rows()) {
    if (!can_say(wire(), row.turn)) continue;
    const Recording recording = encode(row.turn, wire());
    const auto lines = [](bool bytes, bool at_once, const Recording& original) {
      return lines_without_chunks(wire(), rechunked(original, bytes, at_once));
    };
    EXPECT_EQ(first_difference(lines(false, true, recording), lines(true, true, recording)), "")
        << row.turn.name << ", at once";
    EXPECT_EQ(
        first_difference(lines_without_chunks(wire(), recording), lines(true, false, recording)),
        "")
        << row.turn.name << ", in time";
  }
}

INSTANTIATE_TEST_SUITE_P(Wires, EveryProtocol, ::testing::Range<std::size_t>(0, wires().size()),
                         [](const ::testing::TestParamInfo<std::size_t>& wire) {
                           std::string name(wires()[wire.param].name);
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(EveryProtocolExceptions, AreNeededAndNameAWire) {
  const std::vector<Wire> all = wires();
  const Rows turns = rows();
  for (const Exception& exception : kExceptions) {
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), [&](const Wire& wire) {
      return wire.name == exception.wire;
    })) << exception.wire;
    EXPECT_TRUE(std::any_of(turns.begin(), turns.end(), [&](const Row& row) {
      return needs(row.turn, exception.need);
    })) << exception.why;
  }
}

}  // namespace
}  // namespace playhead::replay
