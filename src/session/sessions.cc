// The rules on sessions, each as a change of the table.
#include "session/sessions.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/check.h"
#include "base/hash.h"

namespace playhead::session {
namespace {

constexpr Duration kHour = seconds(60 * 60);
constexpr Duration kDay = kHour * 24;

Status check_time(Instant now) {
  if (now >= Instant{0} && now <= kTimeMax) return Done{};
  return Error{"sessions: " + std::to_string(now.us) + " us is no time from 1970 to 9999"};
}

// What `act` returns when it is run on the table as one update.
template <typename Act>
auto in_one_update(Store& store, Act act) -> Result<decltype(act(std::declval<Table&>()))> {
  std::optional<decltype(act(std::declval<Table&>()))> answer;
  const Status status = store.update([&](Table& table) { answer = act(table); });
  if (!status) return status.error();
  PLAYHEAD_CHECK(answer.has_value());
  return *std::move(answer);
}

Entry* find(Table& table, std::string_view key) {
  const auto found = table.find(key);
  return found == table.end() ? nullptr : &found->second;
}

void give_new_id(Entry& entry, std::string_view key, Instant now,
                 std::optional<ResetReason> reason) {
  ++entry.ids;
  // The key comes last: no two keys make one text.
  entry.id =
      hash64_hex(std::to_string(entry.ids) + " " + std::to_string(now.us) + " " + std::string(key));
  entry.suspended = false;
  entry.resume_pending.reset();
  entry.reset_reason = reason;
}

void make_room(Table& table, Instant now) {
  const auto goes_earlier = [&](const Table::value_type& a, const Table::value_type& b) {
    const auto rank = [&](const Entry& entry) {
      return std::tuple(in_flight(entry, now), entry.suspended || entry.resume_pending.has_value(),
                        entry.updated_at);
    };
    return rank(a.second) < rank(b.second);
  };
  while (table.size() >= kEntriesMax) {
    table.erase(std::min_element(table.begin(), table.end(), goes_earlier));
  }
}

Entry& make_entry(Table& table, std::string_view key, Instant now) {
  make_room(table, now);
  Entry& entry = table[std::string(key)];
  give_new_id(entry, key, now, std::nullopt);
  return entry;
}

bool is_idle(const Entry& entry, std::int64_t minutes, Instant now) {
  if (minutes == 0) return false;
  constexpr Duration kMinute = seconds(60);
  return now - entry.updated_at > kMinute * std::min(minutes, kTimeMax.us / kMinute.us);
}

// Days whose `hour` had passed, counted from an arbitrary one.
std::int64_t days_at(Instant at, std::int64_t hour) {
  return (at + kDay - kHour * hour).us / kDay.us;
}

std::optional<ResetReason> reset_reason_of(const Entry& entry, const Policy::Session& policy,
                                           Instant now) {
  if (entry.suspended) return ResetReason::suspended;
  if (in_flight(entry, now)) return std::nullopt;
  if (is_idle(entry, policy.idle_minutes, now)) return ResetReason::idle;
  const std::int64_t hour = policy.daily_hour;
  if (hour < 24 && days_at(now, hour) > days_at(entry.updated_at, hour)) return ResetReason::daily;
  return std::nullopt;
}

// Drops what nobody will ask for, until a turn finds room: the oldest that does not run.
bool make_room_for_turn(Entry& entry, Instant now) {
  while (entry.turns.size() >= kTurnsMax) {
    auto oldest = entry.turns.end();
    for (auto turn = entry.turns.begin(); turn != entry.turns.end(); ++turn) {
      if (state_of(turn->second, now) == TurnState::running) continue;
      if (oldest == entry.turns.end() || turn->second.began_at < oldest->second.began_at) {
        oldest = turn;
      }
    }
    if (oldest == entry.turns.end()) return false;
    entry.turns.erase(oldest);
  }
  return true;
}

// Ends what a dead process left running; whether anything was.
bool end_left_turns(Entry& entry) {
  bool any = false;
  for (auto& [name, turn] : entry.turns) any |= !std::exchange(turn.ended, true);
  return any;
}

std::vector<std::string> suspend_updated_within(Table& table, std::int64_t recent_ms, Instant now) {
  std::vector<std::string> suspended;
  for (auto& [key, entry] : table) {
    if (recent_ms == 0 || entry.suspended) continue;
    if (now - entry.updated_at > milliseconds(recent_ms)) continue;
    entry.suspended = true;
    suspended.push_back(key);
  }
  return suspended;
}

}  // namespace

Result<Access> Sessions::access(std::string_view key, Instant now) {
  if (Status status = check_key(key); !status) return status.error();
  if (Status status = check_time(now); !status) return status.error();
  return in_one_update(store_, [&](Table& table) {
    Access access;
    Entry* entry = find(table, key);
    if (entry == nullptr) {
      entry = &make_entry(table, key, now);
      access.is_new = true;
    } else if (const auto reason = reset_reason_of(*entry, policy_, now)) {
      give_new_id(*entry, key, now, reason);
      access.is_new = true;
      access.reset_reason = reason;
      access.notice = std::string(notice_of(*reason));
    }
    entry->updated_at = now;
    access.id = entry->id;
    return access;
  });
}

Status Sessions::began(std::string_view key, std::string_view turn, Instant now) {
  if (Status status = check_key(key); !status) return status;
  if (Status status = check_turn(turn); !status) return status;
  if (Status status = check_time(now); !status) return status;
  const Result<bool> begun = in_one_update(store_, [&](Table& table) {
    Entry* entry = find(table, key);
    if (entry == nullptr) entry = &make_entry(table, key, now);
    if (!entry->turns.contains(turn) && !make_room_for_turn(*entry, now)) return false;
    entry->turns.insert_or_assign(std::string(turn), Turn{now, false});
    entry->updated_at = now;
    return true;
  });
  if (!begun) return begun.error();
  if (*begun) return Done{};
  return Error{"session " + std::string(key) + ": " + std::to_string(kTurnsMax) +
               " turns run already; end one first"};
}

Result<TurnState> Sessions::ended(std::string_view key, std::string_view turn, Instant now,
                                  bool went_well) {
  if (Status status = check_time(now); !status) return status.error();
  return in_one_update(store_, [&](Table& table) {
    Entry* entry = find(table, key);
    if (entry == nullptr) return TurnState::missing;
    const TurnState found = state_of(*entry, turn, now);
    if (found != TurnState::running) return found;
    entry->turns.find(turn)->second.ended = true;
    entry->updated_at = now;
    if (went_well) {
      entry->resume_pending.reset();
      entry->deaths = 0;
    }
    return found;
  });
}

Result<TurnState> Sessions::turn_state(std::string_view key, std::string_view turn,
                                       Instant now) const {
  if (Status status = check_time(now); !status) return status.error();
  const Result<Table> table = store_.read();
  if (!table) return table.error();
  const auto entry = table->find(key);
  return entry == table->end() ? TurnState::missing : state_of(entry->second, turn, now);
}

Result<bool> Sessions::suspend(std::string_view key) {
  return in_one_update(store_, [&](Table& table) {
    Entry* entry = find(table, key);
    if (entry != nullptr) entry->suspended = true;
    return entry != nullptr;
  });
}

Result<std::int64_t> Sessions::suspend_recent(Instant now) {
  if (Status status = check_time(now); !status) return status.error();
  return in_one_update(store_, [&](Table& table) {
    return static_cast<std::int64_t>(suspend_updated_within(table, policy_.recent_ms, now).size());
  });
}

Result<bool> Sessions::stop(std::string_view key, Instant now) {
  if (Status status = check_time(now); !status) return status.error();
  return in_one_update(store_, [&](Table& table) {
    Entry* entry = find(table, key);
    if (entry == nullptr || !in_flight(*entry, now)) return false;
    entry->suspended = true;
    return true;
  });
}

Result<bool> Sessions::mark_resume_pending(std::string_view key, ResumeReason reason, Instant now) {
  if (Status status = check_time(now); !status) return status.error();
  return in_one_update(store_, [&](Table& table) {
    Entry* entry = find(table, key);
    if (entry == nullptr || entry->suspended) return false;
    entry->resume_pending = ResumePending{reason, now};
    return true;
  });
}

Result<bool> Sessions::clear_resume_pending(std::string_view key) {
  return in_one_update(store_, [&](Table& table) {
    Entry* entry = find(table, key);
    return entry != nullptr && std::exchange(entry->resume_pending, std::nullopt).has_value();
  });
}

Result<StartUp> Sessions::start_up(Instant now) {
  if (Status status = check_time(now); !status) return status.error();
  return in_one_update(store_, [&](Table& table) {
    StartUp found;
    for (auto& [key, entry] : table) {
      if (!end_left_turns(entry)) {
        entry.deaths = 0;
        continue;
      }
      ++entry.deaths;
      found.interrupted.push_back(key);
      if (entry.suspended) continue;
      entry.resume_pending = ResumePending{ResumeReason::restart_interrupted, now};
      if (policy_.stuck_deaths == 0 || entry.deaths < policy_.stuck_deaths) continue;
      entry.suspended = true;
      found.stuck.push_back(key);
    }
    found.recent = suspend_updated_within(table, policy_.recent_ms, now);
    return found;
  });
}

}  // namespace playhead::session
