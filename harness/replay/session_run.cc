#include "replay/session_run.h"

#include <map>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "session/session_json.h"
#include "session/sessions.h"

namespace playhead::replay {
namespace {

using session::Access;
using session::Entry;
using session::StartUp;
using session::TurnState;

void write_names(std::string_view key, const std::vector<std::string>& names, JsonWriter& out) {
  out.key(key).begin_array();
  for (const std::string& name : names) out.string(name);
  out.end_array();
}

// The event's text names the reason.
session::ResumeReason reason_of(const SessionEvent& event) {
  return find_in(session::kResumeReasons, event.text)
      .value_or(session::ResumeReason::restart_timeout);
}

class SessionRun {
 public:
  explicit SessionRun(const Policy::Session& policy) : sessions_(store_, policy) {}

  // The turn that is replayed; its begin and end are no events of the case.
  void turn_began(const std::string& key) {
    (void)sessions_.access(key, Instant{});
    (void)sessions_.began(key, next_turn(key), Instant{});
  }
  void turn_ended(const std::string& key, const TurnSpan& turn) {
    (void)sessions_.ended(key, turns_[key], *turn.ended_at, turn.went_well);
  }

  void happen(const SessionEvent& event) {
    log_.begin_object();
    log_.key("at_us").number(event.at.us);
    log_.key("event").string(name_of(event.kind));
    log_.key("key").string(event.key);
    act(event);
    log_.end_object();
  }

  std::string result(const std::string& key) {
    const auto table = store_.read();
    JsonWriter out;
    const auto own = table->find(key);
    if (own != table->end()) session::write_entry(own->second, out);
    const std::string entry = out.take();
    out.begin_object();
    for (const auto& [other, value] : *table) {
      if (other != key) session::write_entry(value, out.key(other));
    }
    const std::string others = out.end_object().take();
    std::string text = "{\"key\":";
    append_json_string(key, text);
    if (entry.size() > 2) text.append(",").append(entry, 1, entry.size() - 2);
    text.append(",\"events\":[").append(events_).append("]");
    if (others.size() > 2) text.append(",\"others\":").append(others);
    return text.append("}");
  }

  // Puts what happen() wrote behind the events before it.
  void close_event() {
    if (!events_.empty()) events_.push_back(',');
    events_.append(log_.take());
  }

 private:
  const std::string& next_turn(const std::string& key) {
    return turns_[key] = "turn-" + std::to_string(++begun_);
  }

  void act(const SessionEvent& event) {
    switch (event.kind) {
      case SessionEventKind::access: return wrote(sessions_.access(event.key, event.at));
      case SessionEventKind::began:
        return wrote("began", sessions_.began(event.key, next_turn(event.key), event.at));
      case SessionEventKind::ended:
        return wrote(sessions_.ended(event.key, turns_[event.key], event.at, event.well));
      case SessionEventKind::died: return wrote(sessions_.start_up(event.at + event.down));
      case SessionEventKind::suspend: return wrote("existed", sessions_.suspend(event.key));
      case SessionEventKind::suspend_recent:
        return wrote("suspended", sessions_.suspend_recent(event.at));
      case SessionEventKind::resume_pending:
        return wrote("marked",
                     sessions_.mark_resume_pending(event.key, reason_of(event), event.at));
      case SessionEventKind::stop: return wrote("ran", sessions_.stop(event.key, event.at));
      case SessionEventKind::interrupt:
      case SessionEventKind::steer: return;  // of the turn alone
    }
  }

  template <typename T>
  bool failed(const Result<T>& result) {
    if (!result) log_.key("error").string(result.error().message);
    return !result;
  }

  void value(bool yes) { log_.boolean(yes); }
  void value(std::int64_t number) { log_.number(number); }
  void value(const Done&) { log_.boolean(true); }

  template <typename T>
  void wrote(std::string_view key, const Result<T>& result) {
    if (failed(result)) return;
    log_.key(key);
    value(*result);
  }

  void wrote(const Result<Access>& access) {
    if (failed(access)) return;
    log_.key("id").string(access->id);
    log_.key("is_new").boolean(access->is_new);
    log_.key("reset_reason");
    if (access->reset_reason) {
      log_.string(name_of(*access->reset_reason));
    } else {
      log_.null();
    }
    log_.key("notice").string_or_null(access->notice);
  }

  void wrote(const Result<TurnState>& found) {
    if (failed(found)) return;
    log_.key("found").string(name_of(*found));
    log_.key("owns_finish").boolean(session::owns_finish(*found));
  }

  void wrote(const Result<StartUp>& start) {
    if (failed(start)) return;
    write_names("interrupted", start->interrupted, log_);
    write_names("stuck", start->stuck, log_);
    write_names("recent", start->recent, log_);
  }

  session::MemoryStore store_;
  session::Sessions sessions_;
  std::map<std::string, std::string> turns_;  // the turn that began last, by key
  int begun_ = 0;
  JsonWriter log_;
  std::string events_;
};

}  // namespace

std::string run_session(const std::vector<SessionEvent>& events, const Policy::Session& policy,
                        const std::optional<TurnSpan>& turn) {
  SessionRun run(policy);
  const std::string key = events.empty() ? std::string(kSessionKey) : events.front().key;
  bool runs = turn.has_value();
  if (runs) run.turn_began(key);
  for (const SessionEvent& event : events) {
    const bool over =
        runs && turn->ended_at &&
        (turn->interrupted ? *turn->ended_at < event.at : *turn->ended_at <= event.at);
    if (over) run.turn_ended(key, *turn);
    runs = runs && !over;
    run.happen(event);
    run.close_event();
  }
  if (runs && turn->ended_at) run.turn_ended(key, *turn);
  return run.result(key);
}

}  // namespace playhead::replay
