// How the transport of an exchange ended: different evidence, told apart (DESIGN 3).
#ifndef PLAYHEAD_MODEL_END_REASON_H_
#define PLAYHEAD_MODEL_END_REASON_H_

#include <cstdint>

#include "base/name_table.h"

namespace playhead {

enum class EndReason : std::uint8_t {
  complete,
  eof_early,
  reset,
  idle_timeout,
  client_closed,
  tls_error,
  size_cap,
  recorder_stopped,
  torn,
};

inline constexpr NameTable<EndReason, 9> kEndReasons = {{
    {EndReason::complete, "complete", "the HTTP message ended whole"},
    {EndReason::eof_early, "eof_early", "the peer closed before the HTTP message was whole"},
    {EndReason::reset, "reset", "the connection was reset"},
    {EndReason::idle_timeout, "idle_timeout",
     "nothing came for too long and the wait was given up"},
    {EndReason::client_closed, "client_closed", "the client went away"},
    {EndReason::tls_error, "tls_error", "the TLS session failed"},
    {EndReason::size_cap, "size_cap", "the recorder reached its size limit"},
    {EndReason::recorder_stopped, "recorder_stopped", "the recorder was stopped"},
    {EndReason::torn, "torn", "the recording has no end: its recorder was killed"},
}};
static_assert(covers_enum(kEndReasons, EndReason::torn));

constexpr std::string_view name_of(EndReason reason) { return name_in(kEndReasons, reason); }
constexpr std::optional<EndReason> end_reason_named(std::string_view name) {
  return find_in(kEndReasons, name);
}

// The provider or the network failed, so that asking again may help (SPEC 5, "Transient").
constexpr bool is_transport_failure(EndReason reason) {
  return reason == EndReason::reset || reason == EndReason::eof_early ||
         reason == EndReason::idle_timeout || reason == EndReason::tls_error ||
         reason == EndReason::torn;
}

// The end says nothing about the provider: a turn ends interrupted with this reason as its code.
constexpr bool is_interruption(EndReason reason) {
  return reason == EndReason::client_closed || reason == EndReason::size_cap ||
         reason == EndReason::recorder_stopped;
}

}  // namespace playhead

#endif  // PLAYHEAD_MODEL_END_REASON_H_
