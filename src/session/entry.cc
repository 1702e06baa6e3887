// Where turns stand, and what keys and turns may be called.
#include "session/entry.h"

#include <algorithm>

#include "base/utf8.h"

namespace playhead::session {
namespace {

Status check_name(std::string_view what, std::string_view name, std::size_t bytes_max) {
  const std::string subject = "the name of a " + std::string(what);
  if (name.empty()) return Error{subject + " is empty"};
  if (name.size() > bytes_max) {
    return Error{subject + " has " + std::to_string(name.size()) + " bytes; the limit is " +
                 std::to_string(bytes_max)};
  }
  if (!is_utf8(name)) return Error{subject + " is not UTF-8"};
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::any_of(name.begin(), name.end(), is_control)) {
    return Error{subject + " has a control character"};
  }
  return Done{};
}

}  // namespace

TurnState state_of(const Turn& turn, Instant now) {
  if (turn.ended) return TurnState::ended;
  return now - turn.began_at > kTurnStatusMax ? TurnState::expired : TurnState::running;
}

TurnState state_of(const Entry& entry, std::string_view turn, Instant now) {
  const auto found = entry.turns.find(turn);
  return found == entry.turns.end() ? TurnState::missing : state_of(found->second, now);
}

bool in_flight(const Entry& entry, Instant now) {
  return std::any_of(entry.turns.begin(), entry.turns.end(), [&](const auto& turn) {
    return state_of(turn.second, now) == TurnState::running;
  });
}

Status check_key(std::string_view key) { return check_name("session", key, kKeyBytesMax); }

Status check_turn(std::string_view turn) { return check_name("turn", turn, kTurnBytesMax); }

}  // namespace playhead::session
