// One table ties each member to its JSON path; reading and writing both walk it.
#include "model/policy.h"

#include <array>
#include <variant>

#include "model/policy_profile.h"

namespace playhead {
namespace {

using Slot = std::variant<std::int64_t*, bool*, std::string*, EndEvidence*>;

struct Row {
  std::string_view path;  // at most one dot
  Slot (*slot)(Policy&);
};

constexpr std::array kRows = {
    Row{"end_evidence", [](Policy& p) -> Slot { return &p.end_evidence; }},
    Row{"think.hold_bytes", [](Policy& p) -> Slot { return &p.think.hold_bytes; }},
    Row{"think.starts_inside", [](Policy& p) -> Slot { return &p.think.starts_inside; }},
    Row{"max_rounds", [](Policy& p) -> Slot { return &p.max_rounds; }},
    Row{"length.replies", [](Policy& p) -> Slot { return &p.length.replies; }},
    Row{"length.tool_retries", [](Policy& p) -> Slot { return &p.length.tool_retries; }},
    Row{"length.hidden_tool_retries",
        [](Policy& p) -> Slot { return &p.length.hidden_tool_retries; }},
    Row{"length.base_tokens", [](Policy& p) -> Slot { return &p.length.base_tokens; }},
    Row{"length.max_tokens", [](Policy& p) -> Slot { return &p.length.max_tokens; }},
    Row{"invalid_json", [](Policy& p) -> Slot { return &p.invalid_json; }},
    Row{"unknown_tool", [](Policy& p) -> Slot { return &p.unknown_tool; }},
    Row{"empty_replies", [](Policy& p) -> Slot { return &p.empty_replies; }},
    Row{"transport.retries", [](Policy& p) -> Slot { return &p.transport.retries; }},
    Row{"transport.backoff_ms", [](Policy& p) -> Slot { return &p.transport.backoff_ms; }},
    Row{"transport.backoff_max_ms", [](Policy& p) -> Slot { return &p.transport.backoff_max_ms; }},
    Row{"transport.retry_after_max_ms",
        [](Policy& p) -> Slot { return &p.transport.retry_after_max_ms; }},
    Row{"keepalive_ms", [](Policy& p) -> Slot { return &p.keepalive_ms; }},
    Row{"stale_ms", [](Policy& p) -> Slot { return &p.stale_ms; }},
    Row{"stale.medium_tokens", [](Policy& p) -> Slot { return &p.stale.medium_tokens; }},
    Row{"stale.medium_ms", [](Policy& p) -> Slot { return &p.stale.medium_ms; }},
    Row{"stale.large_tokens", [](Policy& p) -> Slot { return &p.stale.large_tokens; }},
    Row{"stale.large_ms", [](Policy& p) -> Slot { return &p.stale.large_ms; }},
    Row{"cancel_ms", [](Policy& p) -> Slot { return &p.cancel_ms; }},
    Row{"session.recent_ms", [](Policy& p) -> Slot { return &p.session.recent_ms; }},
    Row{"session.stuck_deaths", [](Policy& p) -> Slot { return &p.session.stuck_deaths; }},
    Row{"session.idle_minutes", [](Policy& p) -> Slot { return &p.session.idle_minutes; }},
    Row{"session.daily_hour", [](Policy& p) -> Slot { return &p.session.daily_hour; }},
    Row{"downstream.reasoning", [](Policy& p) -> Slot { return &p.downstream.reasoning; }},
};

constexpr std::string_view kProfile = "profile";

Error bad_value(std::string_view path, std::string_view wanted) {
  return Error{"policy." + std::string(path) + ": wants " + std::string(wanted)};
}

Status put(const JsonValue& value, std::string_view path, std::int64_t* slot) {
  if (!value.IsInt64() || value.GetInt64() < 0 || value.GetInt64() > kPolicyNumberMax) {
    return bad_value(path, "a whole number from 0 to " + std::to_string(kPolicyNumberMax));
  }
  *slot = value.GetInt64();
  return Done{};
}

Status put(const JsonValue& value, std::string_view path, bool* slot) {
  if (!value.IsBool()) return bad_value(path, "true or false");
  *slot = value.GetBool();
  return Done{};
}

Status put(const JsonValue& value, std::string_view path, std::string* slot) {
  if (!value.IsString()) return bad_value(path, "a text");
  *slot = text_of(value);
  return Done{};
}

Status put(const JsonValue& value, std::string_view path, EndEvidence* slot) {
  const auto found = value.IsString() ? find_in(kEndEvidences, text_of(value)) : std::nullopt;
  if (!found) return bad_value(path, "by_protocol, finish, finish_or_done or eof");
  *slot = *found;
  return Done{};
}

bool is_group(std::string_view name) {
  for (const Row& row : kRows) {
    if (row.path.starts_with(name) && row.path.substr(name.size()).starts_with(".")) return true;
  }
  return false;
}

Status put_at(Policy& policy, const std::string& path, const JsonValue& value) {
  for (const Row& row : kRows) {
    if (row.path != path) continue;
    return std::visit([&](auto* slot) { return put(value, path, slot); }, row.slot(policy));
  }
  return Error{"policy." + path + ": unknown name"};
}

void write(JsonWriter& out, std::int64_t value) { out.number(value); }
void write(JsonWriter& out, bool value) { out.boolean(value); }
void write(JsonWriter& out, const std::string& value) { out.string(value); }
void write(JsonWriter& out, EndEvidence value) { out.string(name_in(kEndEvidences, value)); }

}  // namespace

Result<Policy> apply_policy(const Policy& base, const JsonValue& overrides) {
  if (!overrides.IsObject()) return Error{"policy: wants a JSON object"};
  Policy policy = base;
  if (const JsonValue* profile = member(overrides, kProfile)) {
    if (!profile->IsString()) return bad_value(kProfile, "the name of a profile");
    auto named = policy_of_profile(text_of(*profile));
    if (!named) return named.error();
    policy = *std::move(named);
  }
  for (const auto& entry : overrides.GetObject()) {
    const std::string name(text_of(entry.name));
    if (name == kProfile) continue;
    if (!is_group(name)) {
      if (Status done = put_at(policy, name, entry.value); !done) return done.error();
      continue;
    }
    if (!entry.value.IsObject()) return bad_value(name, "an object");
    for (const auto& inner : entry.value.GetObject()) {
      const std::string path = name + "." + std::string(text_of(inner.name));
      if (Status done = put_at(policy, path, inner.value); !done) return done.error();
    }
  }
  return policy;
}

Result<Policy> policy_of_profile(std::string_view name) {
  std::string known;
  for (const PolicyProfile& profile : policy_profiles()) {
    if (profile.name == name) return apply_policy(Policy{}, *parse_json(profile.json));
    known.append(known.empty() ? "" : ", ").append(profile.name);
  }
  return Error{"policy.profile: unknown profile \"" + std::string(name) + "\"; known are " + known};
}

std::string policy_json(const Policy& policy) {
  Policy copy = policy;
  JsonWriter out;
  out.begin_object();
  std::string_view open;
  for (const Row& row : kRows) {
    const std::size_t dot = row.path.find('.');
    const std::string_view group = dot == std::string_view::npos ? "" : row.path.substr(0, dot);
    if (group != open) {
      if (!open.empty()) out.end_object();
      if (!group.empty()) out.key(group).begin_object();
      open = group;
    }
    out.key(group.empty() ? row.path : row.path.substr(dot + 1));
    std::visit([&](auto* slot) { write(out, *slot); }, row.slot(copy));
  }
  if (!open.empty()) out.end_object();
  return out.end_object().take();
}

}  // namespace playhead
