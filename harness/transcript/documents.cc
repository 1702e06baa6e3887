#include "transcript/documents.h"

#include <algorithm>
#include <optional>

#include "transcript/fact_line.h"

namespace playhead::transcript {
namespace {

void number_or_null(JsonWriter& json, std::string_view key, std::optional<std::int64_t> number) {
  json.key(key);
  if (number) {
    json.number(*number);
  } else {
    json.null();
  }
}

void text_or_null(JsonWriter& json, std::string_view key, const std::string& text) {
  json.key(key);
  if (text.empty()) {
    json.null();
  } else {
    json.string(text);
  }
}

void write_usage(const Usage& usage, JsonWriter& json) {
  json.key("usage");
  if (usage.empty()) {
    json.null();
    return;
  }
  json.begin_object();
  number_or_null(json, "input_tokens", usage.input_tokens);
  number_or_null(json, "output_tokens", usage.output_tokens);
  number_or_null(json, "reasoning_tokens", usage.reasoning_tokens);
  number_or_null(json, "cached_input_tokens", usage.cached_input_tokens);
  number_or_null(json, "total_tokens", usage.total_tokens);
  json.end_object();
}

void write_tool_call(const ToolCall& call, JsonWriter& json) {
  json.begin_object();
  json.key("index").number(call.index);
  json.key("id").string(call.id);
  json.key("name").string(call.name);
  json.key("arguments").string(call.arguments);
  json.key("state").string(name_of(call.state));
  if (call.state == ArgumentState::repaired) {
    json.key("repaired_arguments").string(call.repaired_arguments);
  }
  json.end_object();
}

void write_message(const Message& message, JsonWriter& json) {
  json.key("message").begin_object();
  json.key("id").string(message.id);
  json.key("model").string(message.model);
  json.key("role").string("assistant");
  json.key("content").string(message.content);
  json.key("visible").string(message.visible);
  json.key("reasoning").string(message.reasoning);
  json.key("refusal").string(message.refusal);
  json.key("tool_calls").begin_array();
  for (const ToolCall& call : message.tool_calls) write_tool_call(call, json);
  json.end_array();
  json.key("provider_tools").begin_array();
  for (const std::string& tool : message.provider_tools) json.string(tool);
  json.end_array();
  if (!message.annotations.empty()) {
    json.key("annotations").begin_array();
    for (const std::string& annotation : message.annotations) json.raw(annotation);
    json.end_array();
  }
  if (!message.signatures.empty()) {
    json.key("signatures").begin_array();
    for (const std::string& signature : message.signatures) json.string(signature);
    json.end_array();
  }
  write_usage(message.usage, json);
  json.end_object();
}

void write_completion(const Completion& completion, JsonWriter& json) {
  json.key("completion").begin_object();
  json.key("finish_reason").string(name_of(completion.finish_reason));
  json.key("provider_finish_reason").string_or_null(completion.provider_finish_reason);
  json.key("truncated").boolean(completion.truncated);
  json.key("why").string_or_null(completion.why);
  json.key("error");
  if (completion.error) {
    json.begin_object();
    json.key("code").string(completion.error->code);
    json.key("message").string(completion.error->message);
    text_or_null(json, "type", completion.error->type);
    json.end_object();
  } else {
    json.null();
  }
  json.end_object();
}

void write_anomalies(const ExchangeReport& report, JsonWriter& json) {
  json.key("anomalies").begin_array();
  for (const AnomalyNote& note : report.anomalies) {
    json.begin_object();
    json.key("name").string(name_of(note.anomaly));
    json.key("at_us").number(note.at.us);
    json.key("offset").number(static_cast<std::int64_t>(note.offset));
    json.key("detail").string(note.detail);
    json.end_object();
  }
  json.end_array();
}

std::optional<std::int64_t> us_of(const std::optional<Instant>& at) {
  return at ? std::optional(at->us) : std::nullopt;
}

void write_tools(JsonWriter& json, std::string_view key, const std::vector<ToolRecord>& calls) {
  json.key(key).begin_array();
  for (const ToolRecord& call : calls) {
    json.begin_object();
    json.key("id").string(call.id);
    json.key("name").string(call.name);
    json.key("arguments").string(call.arguments);
    json.key("exchange").number(call.exchange);
    json.end_object();
  }
  json.end_array();
}

void write_requests(const Outcome& outcome, JsonWriter& json) {
  json.key("requests").begin_array();
  for (const RequestRecord& request : outcome.requests) {
    json.begin_object();
    json.key("at_us").number(request.at.us);
    json.key("why").string(name_of(request.why));
    number_or_null(json, "max_tokens", request.max_tokens);
    json.key("messages").number(request.messages);
    json.key("body").raw(request.body.empty() ? "null" : request.body);
    json.end_object();
  }
  json.end_array();
}

void write_continuations(const Outcome& outcome, JsonWriter& json) {
  json.key("continuations").begin_array();
  for (const ContinuationRecord& continuation : outcome.continuations) {
    json.begin_object();
    json.key("kind").string(name_of(continuation.kind));
    json.key("prompt").string(continuation.prompt);
    json.key("dropped_tools").begin_array();
    for (const std::string& tool : continuation.dropped_tools) json.string(tool);
    json.end_array().end_object();
  }
  json.end_array();
}

void write_outcome(const Transcript& transcript, JsonWriter& json) {
  const Outcome outcome = transcript.facts.outcome().value_or(Outcome{});
  json.key("outcome").begin_object();
  json.key("completed").boolean(outcome.completed);
  json.key("partial").boolean(outcome.partial);
  json.key("failed").boolean(outcome.failed);
  json.key("interrupted").boolean(outcome.interrupted);
  json.key("final_response").string_or_null(outcome.final_response);
  json.key("reasoning").string_or_null(outcome.reasoning);
  json.key("error");
  if (outcome.error) {
    json.begin_object();
    json.key("code").string(outcome.error->code);
    json.key("message").string(outcome.error->message);
    json.end_object();
  } else {
    json.null();
  }
  json.key("finish_reason").string_or_null(outcome.finish_reason);
  json.key("api_calls").number(outcome.api_calls);
  json.key("retries").number(outcome.retries);
  json.key("unused_exchanges").number(transcript.unused_exchanges);
  json.key("notices").begin_array();
  for (const std::string& notice : outcome.notices) json.string(notice);
  json.end_array();
  json.key("pending_steer").string_or_null(outcome.pending_steer);
  write_requests(outcome, json);
  write_continuations(outcome, json);
  json.key("tools").begin_object();
  write_tools(json, "executed", outcome.executed);
  write_tools(json, "refused", outcome.refused);
  write_tools(json, "dropped", outcome.dropped);
  json.end_object();
  write_usage(outcome.usage, json);
  json.key("context").begin_object();
  number_or_null(json, "tokens", outcome.context_tokens);
  json.end_object();
  json.key("session").raw(transcript.session.empty() ? "null" : transcript.session);
  json.end_object();
}

void write_downstream(const Transcript& transcript, JsonWriter& json) {
  const Downstream downstream = downstream_of(transcript);
  json.key("downstream").begin_object();
  json.key("format").string(name_of(transcript.downstream));
  json.key("frames").number(downstream.frames);
  json.key("keepalives_us").begin_array();
  for (const Instant at : downstream.keepalives) json.number(at.us);
  json.end_array();
  text_or_null(json, "finish_reason", downstream.finish_reason);
  json.key("done").boolean(downstream.done);
  json.key("longest_silence_us").number(downstream.longest_silence.us);
  json.key("text").string(downstream.text);
  json.end_object();
}

}  // namespace

void write_exchange(const ExchangeReport& report, JsonWriter& json,
                    const std::function<void(JsonWriter&)>& extra) {
  json.begin_object();
  json.key("index").number(report.index);
  json.key("protocol").string(name_of(report.protocol));
  json.key("status").number(report.status);
  json.key("end").string(name_of(report.end));
  json.key("bytes").number(static_cast<std::int64_t>(report.bytes));
  json.key("chunks").number(static_cast<std::int64_t>(report.chunks));
  json.key("frames").number(static_cast<std::int64_t>(report.frames));
  json.key("comments").number(static_cast<std::int64_t>(report.comments));
  number_or_null(json, "first_byte_us", us_of(report.first_byte));
  number_or_null(json, "last_byte_us", us_of(report.last_byte));
  json.key("longest_gap_us").number(report.longest_gap.us);
  write_message(report.choices.front().message, json);
  write_completion(report.choices.front().completion, json);
  if (report.choices.size() > 1) {
    json.key("choices").begin_array();
    for (const Choice& choice : report.choices) {
      json.begin_object();
      json.key("index").number(choice.index);
      write_message(choice.message, json);
      write_completion(choice.completion, json);
      json.end_object();
    }
    json.end_array();
  }
  write_anomalies(report, json);
  if (extra) extra(json);
  json.end_object();
}

std::string replay_document(const Transcript& transcript, bool with_transcript) {
  const Facts& facts = transcript.facts;
  JsonWriter json;
  json.begin_object();
  json.key("recording").string(transcript.recording);
  json.key("seed").raw(std::to_string(transcript.seed));
  json.key("fingerprint").string(fingerprint(facts));
  json.key("virtual_us").number(end_of_turn(transcript).us);
  write_outcome(transcript, json);
  write_downstream(transcript, json);
  json.key("exchanges").begin_array();
  std::vector<const ExchangeReport*> reports;
  for (const ExchangeReport& report : facts.exchanges()) reports.push_back(&report);
  std::stable_sort(reports.begin(), reports.end(),
                   [](const auto* a, const auto* b) { return a->index < b->index; });
  for (const ExchangeReport* report : reports) write_exchange(*report, json);
  json.end_array();
  if (with_transcript) {
    json.key("transcript").begin_array();
    for (std::size_t i = 0; i < facts.size(); ++i) write_fact(facts[i], json);
    json.end_array();
  }
  json.end_object();
  return json.take();
}

}  // namespace playhead::transcript
