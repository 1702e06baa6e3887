#include "replay/plan.h"

#include <optional>
#include <utility>

#include "base/json.h"

namespace playhead::replay {
namespace {

constexpr std::string_view kDefaultMessage = R"({"role":"user","content":"hello"})";

Error wants(std::string_view name, std::string_view what) {
  return Error{std::string(name) + ": wants " + std::string(what)};
}

// What an event is to a running turn.
std::optional<InputKind> turn_input_of(SessionEventKind kind) {
  switch (kind) {
    case SessionEventKind::steer: return InputKind::steer;
    case SessionEventKind::interrupt: return InputKind::interrupt;
    case SessionEventKind::stop: return InputKind::stop;
    default: return std::nullopt;
  }
}

Result<Done> read_request(const JsonValue& body, TurnRequest& request) {
  if (!body.IsObject()) return wants("request", "a JSON object");
  for (const auto& entry : body.GetObject()) {
    const std::string_view name = text_of(entry.name);
    const JsonValue& value = entry.value;
    if (name == "model") {
      if (!value.IsString()) return wants("request.model", "a text");
      request.model = text_of(value);
    } else if (name == "max_tokens" || name == "max_completion_tokens") {
      if (value.IsNull()) continue;
      if (!value.IsInt64() || value.GetInt64() < 1) {
        return wants("request." + std::string(name), "a whole number from 1");
      }
      request.max_tokens = value.GetInt64();
      request.limit_member = name;
    } else if (name == "messages") {
      if (!value.IsArray()) return wants("request.messages", "an array");
      for (const JsonValue& message : value.GetArray()) {
        request.messages.push_back(json_text(message));
      }
    } else if (name == "endpoint") {
      if (!value.IsString()) return wants("request.endpoint", "a text");
      request.endpoint = text_of(value);
    } else {
      request.other_members.emplace_back(name, json_text(value));
    }
  }
  return Done{};
}

Result<Done> read_tools(const JsonValue& tools, Plan& plan) {
  if (!tools.IsObject()) return wants("run.tools", "an object: name -> {takes_ms, returns}");
  plan.tools.emplace();
  plan.request.known_tools.emplace();
  for (const auto& entry : tools.GetObject()) {
    ToolPlan tool{std::string(text_of(entry.name)), {}, "ok"};
    const std::string where = "run.tools." + tool.name;
    if (!entry.value.IsObject()) return wants(where, "an object with takes_ms and returns");
    for (const auto& inner : entry.value.GetObject()) {
      const std::string_view name = text_of(inner.name);
      const auto takes = name == "takes_ms" ? read_ms(inner.value) : std::nullopt;
      if (takes) {
        tool.takes = *takes;
      } else if (name == "returns") {
        tool.returns =
            inner.value.IsString() ? std::string(text_of(inner.value)) : json_text(inner.value);
      } else if (name == "fails" && inner.value.IsBool()) {
        tool.fails = inner.value.GetBool();
      } else if (name == "ignores_stop" && inner.value.IsBool()) {
        tool.ignores_stop = inner.value.GetBool();
      } else {
        return Error{where + "." + std::string(name) +
                     ": unknown, or of the wrong type; known are takes_ms (a number from 0, at "
                     "most 7 days), returns, fails and ignores_stop (true or false)"};
      }
    }
    plan.request.known_tools->push_back(tool.name);
    plan.tools->push_back(std::move(tool));
  }
  return Done{};
}

Result<Done> read_run(const JsonValue& run, Plan& plan) {
  if (!run.IsObject()) return wants("run", "a JSON object");
  for (const auto& entry : run.GetObject()) {
    const std::string_view name = text_of(entry.name);
    const JsonValue& value = entry.value;
    if (name == "downstream") {
      const auto format =
          value.IsString() ? find_in(kDownstreamFormats, text_of(value)) : std::nullopt;
      if (!format) return wants("run.downstream", "openai-chat, ai-sdk-ui or none");
      plan.request.downstream = *format;
    } else if (name == "tools") {
      if (auto done = read_tools(value, plan); !done) return done;
    } else if (name == "client") {
      const JsonValue* closes = member(value, "closes_at_ms");
      const auto at = closes == nullptr ? std::nullopt : read_ms(*closes);
      if (!at || value.MemberCount() != 1) {
        return wants("run.client", "{\"closes_at_ms\": a number from 0, at most 7 days}");
      }
      plan.events.push_back({InputKind::client_closed, Instant{} + *at, {}});
    } else if (name == "seed") {
      if (!value.IsUint64()) return wants("run.seed", "a whole number from 0");
      plan.request.seed = value.GetUint64();
    } else if (name == "speed") {
      continue;  // replay runs in virtual time; only serving knows a speed
    } else if (name == "faults") {
      if (!value.IsArray() || !value.Empty()) {
        return Error{"run.faults: this version of playhead knows no faults; leave it empty"};
      }
    } else {
      return Error{"run." + std::string(name) +
                   ": unknown name; known are downstream, tools, client, seed, speed, faults"};
    }
  }
  return Done{};
}

// What of the session reaches the turn itself.
Result<Done> read_session(const JsonValue& session, Plan& plan) {
  auto events = read_session_events(session);
  if (!events) return events.error();
  plan.session = *std::move(events);
  for (const SessionEvent& event : *plan.session) {
    const auto kind = turn_input_of(event.kind);
    if (kind && event.key == plan.session->front().key)
      plan.events.push_back({*kind, event.at, event.text});
  }
  return Done{};
}

// Parses `text` and hands it to `read`; the message of a failure begins with the block's name.
template <typename Read>
Result<Done> read_block(std::string_view block, std::string_view text, Read&& read) {
  auto document = parse_json(text);
  if (!document) return Error{std::string(block) + ": " + document.error().message};
  return read(*document);
}

void take_recorded_request(const Recording& recording, TurnRequest& request) {
  if (recording.exchanges.empty()) return;
  const auto body = parse_json(recording.exchanges.front().request_body);
  if (!body || !body->IsObject()) return;
  TurnRequest recorded = request;
  if (read_request(*body, recorded)) request = std::move(recorded);
}

}  // namespace

Result<Plan> make_plan(const Recording& recording, Protocol protocol, const PlanText& text) {
  Plan plan;
  plan.request.protocol = protocol;
  plan.request.model = recording.meta.model;
  plan.policy = text.base;
  if (!text.policy.empty()) {
    auto done = read_block("policy", text.policy, [&plan](const JsonValue& json) -> Result<Done> {
      auto policy = apply_policy(plan.policy, json);
      if (!policy) return policy.error();
      plan.policy = *std::move(policy);
      return Done{};
    });
    if (!done) return done.error();
  }
  if (!text.run.empty()) {
    auto done = read_block("run", text.run,
                           [&plan](const JsonValue& json) { return read_run(json, plan); });
    if (!done) return done.error();
  }
  if (!text.session.empty()) {
    auto done = read_block("session", text.session,
                           [&plan](const JsonValue& json) { return read_session(json, plan); });
    if (!done) return done.error();
  }
  if (text.request.empty()) {
    take_recorded_request(recording, plan.request);
  } else {
    auto done = read_block("request", text.request, [&plan](const JsonValue& json) {
      return read_request(json, plan.request);
    });
    if (!done) return done.error();
  }
  if (plan.request.messages.empty()) plan.request.messages.emplace_back(kDefaultMessage);
  return plan;
}

}  // namespace playhead::replay
