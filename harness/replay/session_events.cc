#include "replay/session_events.h"

#include <cstddef>
#include <string_view>

#include "replay/replayer.h"

namespace playhead::replay {
namespace {

Error wants(std::size_t index, std::string_view name, std::string_view what) {
  return Error{"session[" + std::to_string(index) + "]" + (name.empty() ? "" : ".") +
               std::string(name) + ": wants " + std::string(what)};
}

std::string known_events() {
  std::string names;
  for (const auto& row : kSessionEvents) names.append(names.empty() ? "" : ", ").append(row.name);
  return names;
}

// One member of an event; what it is of the wrong type, or unknown, is said.
Status read_member(std::size_t index, std::string_view name, const JsonValue& value,
                   SessionEvent& event) {
  if (name == "event") {
    const auto kind = value.IsString() ? find_in(kSessionEvents, text_of(value)) : std::nullopt;
    if (!kind) return wants(index, name, "one of " + known_events());
    event.kind = *kind;
  } else if (name == "at_ms" || name == "down_ms") {
    const auto time = read_ms(value);
    if (!time) return wants(index, name, "a number from 0, at most 7 days");
    if (name == "at_ms") {
      event.at = Instant{} + *time;
    } else {
      event.down = *time;
    }
  } else if (name == "key" || name == "text") {
    if (!value.IsString()) return wants(index, name, "a text");
    (name == "key" ? event.key : event.text) = text_of(value);
  } else if (name == "well") {
    if (!value.IsBool()) return wants(index, name, "true or false");
    event.well = value.GetBool();
  } else {
    return wants(index, name, "another name; known are event, at_ms, key, text, well, down_ms");
  }
  return Done{};
}

}  // namespace

std::optional<Duration> read_ms(const JsonValue& value) {
  constexpr auto kMsMax = static_cast<double>(kVirtualTimeMax.us / 1000);
  if (!value.IsNumber() || !(value.GetDouble() >= 0) || value.GetDouble() > kMsMax) {
    return std::nullopt;
  }
  return microseconds(static_cast<std::int64_t>(value.GetDouble() * 1000 + 0.5));
}

Result<std::vector<SessionEvent>> read_session_events(const JsonValue& events) {
  std::vector<SessionEvent> read;
  if (!events.IsArray()) return Error{"session: wants a JSON array of events"};
  for (const JsonValue& entry : events.GetArray()) {
    const std::size_t index = read.size();
    if (!entry.IsObject()) return wants(index, "", "an object with event and at_ms");
    SessionEvent event;
    event.key = kSessionKey;
    if (member(entry, "event") == nullptr) return wants(index, "event", "one of " + known_events());
    for (const auto& inner : entry.GetObject()) {
      const Status done = read_member(index, text_of(inner.name), inner.value, event);
      if (!done) return done.error();
    }
    if (!read.empty() && event.at < read.back().at) {
      return wants(index, "at_ms", "a time no earlier than that of the event before");
    }
    read.push_back(std::move(event));
  }
  return read;
}

}  // namespace playhead::replay
