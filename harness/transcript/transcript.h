// What a replay did: its facts, and what is read off them.
#ifndef PLAYHEAD_TRANSCRIPT_TRANSCRIPT_H_
#define PLAYHEAD_TRANSCRIPT_TRANSCRIPT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/instant.h"
#include "model/fact.h"

namespace playhead {

struct Transcript {
  std::string recording;  // path, or empty
  std::uint64_t seed = 0;
  DownstreamFormat downstream = DownstreamFormat::openai_chat;
  std::int64_t unused_exchanges = 0;  // recorded, but never asked for
  Facts facts;
  std::string session;  // what became of the sessions: a JSON object, or empty
};

namespace transcript {

// What the client of the turn was sent.
struct Downstream {
  std::int64_t frames = 0;  // events; comments apart
  std::vector<Instant> keepalives;
  std::string finish_reason;  // of the last finish chunk; empty: none came, or it says none
  std::int64_t finishes = 0;  // finish chunks; more than one is a broken law
  bool done = false;          // the format's end mark came
  Duration longest_silence;   // between two writes, up to the end of the turn
  std::string text;           // all bytes
};

Downstream downstream_of(const Transcript& transcript);

// The end of the turn; the last fact where the turn did not end.
Instant end_of_turn(const Transcript& transcript);

// 32 hex digits over all facts in order. With `chunks` false over all but those of kind chunk: what
// must not depend on how the bytes were cut.
std::string fingerprint(const Facts& facts, bool chunks = true);

}  // namespace transcript
}  // namespace playhead

#endif  // PLAYHEAD_TRANSCRIPT_TRANSCRIPT_H_
