// Writing member by member; reading by an overload of put() for each type a member has.
#include "session/session_json.h"

#include <set>
#include <utility>

namespace playhead::session {
namespace {

// Our choice: far above what anything here counts, far below what overflows.
constexpr std::int64_t kCountMax = 1'000'000'000'000;

Error wants(const std::string& path, std::string_view what) {
  return Error{path + ": wants " + std::string(what)};
}

Error unknown(const std::string& path) { return Error{path + ": unknown name"}; }

// Calls put(name, value, path of the member) for each member, up to the first failure.
template <typename Put>
Status each_member(const JsonValue& object, const std::string& path, Put put) {
  if (!object.IsObject()) return wants(path, "an object");
  std::set<std::string_view> seen;
  for (const auto& entry : object.GetObject()) {
    const std::string_view name = text_of(entry.name);
    const std::string at = path + "." + std::string(name);
    if (!seen.insert(name).second) return Error{at + ": stands there twice"};
    if (Status status = put(name, entry.value, at); !status) return status;
  }
  return Done{};
}

Status put(const JsonValue& value, const std::string& path, bool& slot) {
  if (!value.IsBool()) return wants(path, "true or false");
  slot = value.GetBool();
  return Done{};
}

Status put(const JsonValue& value, const std::string& path, std::string& slot) {
  if (!value.IsString() || value.GetStringLength() == 0) return wants(path, "a text");
  slot = text_of(value);
  return Done{};
}

Status put(const JsonValue& value, const std::string& path, std::int64_t& slot,
           std::int64_t number_max = kCountMax) {
  if (!value.IsInt64() || value.GetInt64() < 0 || value.GetInt64() > number_max) {
    return wants(path, "a whole number from 0 to " + std::to_string(number_max));
  }
  slot = value.GetInt64();
  return Done{};
}

Status put(const JsonValue& value, const std::string& path, Instant& slot) {
  return put(value, path, slot.us, kTimeMax.us);
}

template <typename Enum, std::size_t N>
Status put_name(const JsonValue& value, const std::string& path, const NameTable<Enum, N>& table,
                Enum& slot) {
  const auto found = value.IsString() ? find_in(table, text_of(value)) : std::nullopt;
  if (found) {
    slot = *found;
    return Done{};
  }
  std::string known;
  for (const NameRow<Enum>& row : table) known.append(known.empty() ? "" : ", ").append(row.name);
  return wants(path, "one of " + known);
}

Status put(const JsonValue& value, const std::string& path, ResetReason& slot) {
  return put_name(value, path, kResetReasons, slot);
}

Status put(const JsonValue& value, const std::string& path, ResumePending& slot) {
  const Status status = each_member(
      value, path, [&](std::string_view name, const JsonValue& inner, const std::string& at) {
        if (name == "reason") return put_name(inner, at, kResumeReasons, slot.reason);
        if (name == "since_us") return put(inner, at, slot.since);
        return Status(unknown(at));
      });
  if (!status) return status;
  if (member(value, "reason") == nullptr) return wants(path + ".reason", "to be there");
  if (member(value, "since_us") == nullptr) return wants(path + ".since_us", "to be there");
  return Done{};
}

template <typename T>
Status put(const JsonValue& value, const std::string& path, std::optional<T>& slot) {
  slot.reset();
  return value.IsNull() ? Status(Done{}) : put(value, path, slot.emplace());
}

Status put(const JsonValue& value, const std::string& path, Turn& slot) {
  const Status status = each_member(
      value, path, [&](std::string_view name, const JsonValue& inner, const std::string& at) {
        if (name == "began_at_us") return put(inner, at, slot.began_at);
        if (name == "ended") return put(inner, at, slot.ended);
        return Status(unknown(at));
      });
  if (!status) return status;
  if (member(value, "began_at_us") == nullptr) return wants(path + ".began_at_us", "to be there");
  return Done{};
}

Status put(const JsonValue& value, const std::string& path, decltype(Entry::turns)& slot) {
  if (value.IsObject() && value.MemberCount() > kTurnsMax) {
    return wants(path, "at most " + std::to_string(kTurnsMax) + " turns");
  }
  return each_member(value, path,
                     [&](std::string_view name, const JsonValue& inner, const std::string& at) {
                       if (Status status = check_turn(name); !status)
                         return Status(Error{at + ": " + status.error().message});
                       return put(inner, at, slot[std::string(name)]);
                     });
}

Status put(const JsonValue& value, const std::string& path, Entry& slot) {
  const Status status = each_member(
      value, path, [&](std::string_view name, const JsonValue& inner, const std::string& at) {
        if (name == "id") return put(inner, at, slot.id);
        if (name == "updated_at_us") return put(inner, at, slot.updated_at);
        if (name == "suspended") return put(inner, at, slot.suspended);
        if (name == "resume_pending") return put(inner, at, slot.resume_pending);
        if (name == "reset_reason") return put(inner, at, slot.reset_reason);
        if (name == "ids") return put(inner, at, slot.ids);
        if (name == "deaths") return put(inner, at, slot.deaths);
        if (name == "turns") return put(inner, at, slot.turns);
        return Status(unknown(at));
      });
  if (!status) return status;
  if (slot.id.empty()) return wants(path + ".id", "to be there");
  if (member(value, "updated_at_us") == nullptr) {
    return wants(path + ".updated_at_us", "to be there");
  }
  return Done{};
}

Status put(const JsonValue& value, const std::string& path, Table& slot) {
  return each_member(value, path,
                     [&](std::string_view name, const JsonValue& inner, const std::string& at) {
                       if (Status status = check_key(name); !status)
                         return Status(Error{at + ": " + status.error().message});
                       return put(inner, at, slot[std::string(name)]);
                     });
}

void write_turns(const Entry& entry, JsonWriter& out) {
  out.key("turns").begin_object();
  for (const auto& [name, turn] : entry.turns) {
    out.key(name).begin_object();
    out.key("began_at_us").number(turn.began_at.us).key("ended").boolean(turn.ended).end_object();
  }
  out.end_object();
}

}  // namespace

void write_entry(const Entry& entry, JsonWriter& out) {
  out.begin_object().key("id").string(entry.id);
  out.key("updated_at_us").number(entry.updated_at.us).key("suspended").boolean(entry.suspended);
  out.key("resume_pending");
  if (const auto& pending = entry.resume_pending) {
    out.begin_object().key("reason").string(name_of(pending->reason));
    out.key("since_us").number(pending->since.us).end_object();
  } else {
    out.null();
  }
  out.key("reset_reason");
  entry.reset_reason ? out.string(name_of(*entry.reset_reason)) : out.null();
  out.key("ids").number(entry.ids).key("deaths").number(entry.deaths);
  write_turns(entry, out);
  out.end_object();
}

std::string sessions_json(const Table& table) {
  JsonWriter out;
  out.begin_object().key("version").number(kSessionsVersion).key("sessions").begin_object();
  for (const auto& [key, entry] : table) write_entry(entry, out.key(key));
  return out.end_object().end_object().take() + "\n";
}

Result<Table> parse_sessions(std::string_view text) {
  const Result<JsonDocument> document = parse_json(text);
  if (!document) return document.error();
  const auto version = int_member(*document, "version");
  if (!version) return wants("version", "a whole number");
  if (*version != kSessionsVersion) {
    return Error{"version: " + std::to_string(*version) + " is not known, only " +
                 std::to_string(kSessionsVersion)};
  }
  Table table;
  const Status status = each_member(
      *document, "", [&](std::string_view name, const JsonValue& inner, const std::string& at) {
        if (name == "version") return Status(Done{});
        return name == "sessions" ? put(inner, "sessions", table) : Status(unknown(at.substr(1)));
      });
  if (!status) return status.error();
  if (member(*document, "sessions") == nullptr) return wants("sessions", "to be there");
  return table;
}

}  // namespace playhead::session
