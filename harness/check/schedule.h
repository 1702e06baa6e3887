// Schedules: a recording disturbed at random, and a client who does things at random, all of it a
// function of a seed. Whatever a schedule does, every law holds.
#ifndef PLAYHEAD_CHECK_SCHEDULE_H_
#define PLAYHEAD_CHECK_SCHEDULE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/name_table.h"
#include "model/engine.h"
#include "recording/recording.h"

namespace playhead::check {

enum class Disturbance : std::uint8_t {
  split,
  stall,
  cut,
  duplicate,
  drop,
  late_close,
  client_close,
  cancel,
  steer
};

inline constexpr NameTable<Disturbance, 9> kDisturbances = {{
    {Disturbance::split, "split", "the borders of chunks are moved"},
    {Disturbance::stall, "stall", "a silence comes before a chunk, and what follows is later"},
    {Disturbance::cut, "cut",
     "a body ends early, broken or cleanly; at times the exchange then comes again, whole"},
    {Disturbance::duplicate, "duplicate", "a chunk, or a block of lines, comes twice"},
    {Disturbance::drop, "drop", "a chunk never comes"},
    {Disturbance::late_close, "late_close", "the transport ends long after the last byte"},
    {Disturbance::client_close, "client_close", "the client of the turn goes away"},
    {Disturbance::cancel, "cancel", "the turn is interrupted or stopped"},
    {Disturbance::steer, "steer", "text for the model is given during the turn"},
}};
static_assert(covers_enum(kDisturbances, Disturbance::steer));

constexpr std::string_view name_of(Disturbance kind) { return name_in(kDisturbances, kind); }

// Our choice: how many disturbances one schedule has at most; at least one.
inline constexpr std::size_t kDisturbancesMax = 4;
// Our choice: the longest silence of a disturbance, beyond every keepalive and stale interval of
// the default policy.
inline constexpr Duration kSilenceMax = seconds(400);

// What the client of the turn does, or a person.
struct ClientEvent {
  InputKind kind = InputKind::client_closed;  // or steer, interrupt, stop
  Instant at;                                 // since the turn began
  std::string text;                           // of steer

  bool operator==(const ClientEvent&) const = default;
};

struct Schedule {
  Recording recording;
  std::vector<ClientEvent> events;
  std::vector<Disturbance> kinds;  // in the order in which they were put on the recording
  // In words: "stall of 41 s before chunk 3 of exchange 1; stop at 1.2 s".
  std::string description;
};

// A pure function of its arguments: the path of the recording and its notes do not count. The same
// seed gives recordings of different bytes different disturbances.
Schedule make_schedule(const Recording& recording, std::uint64_t seed);

}  // namespace playhead::check

#endif  // PLAYHEAD_CHECK_SCHEDULE_H_
