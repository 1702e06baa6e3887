// Policy: the numbers and switches of the runtime, as a value with a JSON form.
// Defaults are those of SPEC; each member names the section it comes from.
#ifndef PLAYHEAD_MODEL_POLICY_H_
#define PLAYHEAD_MODEL_POLICY_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/json.h"
#include "base/name_table.h"
#include "base/result.h"

namespace playhead {

// What counts as the end of a reply (SPEC 2).
enum class EndEvidence : std::uint8_t { by_protocol, finish, finish_or_done, eof };

inline constexpr NameTable<EndEvidence, 4> kEndEvidences = {{
    {EndEvidence::by_protocol, "by_protocol", "as the catalog says for the protocol"},
    {EndEvidence::finish, "finish", "a finish reason on the choice"},
    {EndEvidence::finish_or_done, "finish_or_done", "a finish reason, or the protocol's end mark"},
    {EndEvidence::eof, "eof", "a clean end of the HTTP message is enough"},
}};
static_assert(covers_enum(kEndEvidences, EndEvidence::eof));

// Our choice: the largest number of a policy (31 years in ms), far from where times would overflow.
inline constexpr std::int64_t kPolicyNumberMax = 1'000'000'000'000;

struct Policy {
  EndEvidence end_evidence = EndEvidence::by_protocol;  // SPEC 2
  struct Think {
    std::int64_t hold_bytes = 16 * 1024;  // SPEC 3: how much an undecided opener may hold back
    bool starts_inside = false;           // SPEC 3: the template has opened the block already
  } think;
  std::int64_t max_rounds = 90;  // SPEC 6: tool rounds and pauses
  struct Length {
    std::int64_t replies = 4;  // SPEC 6: truncated replies in a turn; the last is not continued
    std::int64_t tool_retries = 4;  // SPEC 6: repeats of a request whose tool call was cut
    // The same where only the arguments show the cut, whatever the finish says (SPEC 4, 12).
    std::int64_t hidden_tool_retries = 4;
    std::int64_t base_tokens = 4096;  // SPEC 6: where the request names no limit
    std::int64_t max_tokens = 32768;  // SPEC 6: no raised limit above it
  } length;
  std::int64_t invalid_json = 3;   // SPEC 6
  std::int64_t unknown_tool = 3;   // SPEC 6
  std::int64_t empty_replies = 3;  // SPEC 6
  struct Transport {
    std::int64_t retries = 2;                   // SPEC 6, 8
    std::int64_t backoff_ms = 2'000;            // SPEC 6: doubled at each retry
    std::int64_t backoff_max_ms = 60'000;       // SPEC 6
    std::int64_t retry_after_max_ms = 600'000;  // SPEC 6: Retry-After is obeyed up to it
  } transport;
  std::int64_t keepalive_ms = 30'000;  // SPEC 9.2
  std::int64_t stale_ms = 180'000;     // SPEC 8; 0: off
  struct Stale {  // SPEC 8: above so many estimated input tokens the wait is at least so long
    std::int64_t medium_tokens = 50'000;
    std::int64_t medium_ms = 240'000;
    std::int64_t large_tokens = 100'000;
    std::int64_t large_ms = 300'000;
  } stale;
  std::int64_t cancel_ms = 5'000;  // SPEC 9.3: how long a stopped turn waits for its tool
  struct Session {                 // SPEC 10
    std::int64_t recent_ms =
        120'000;                    // at start-up what was updated within it is suspended; 0: off
    std::int64_t stuck_deaths = 3;  // in flight at so many deaths in a row: suspended; 0: off
    std::int64_t idle_minutes = 0;  // a session unused for longer begins anew; 0: off
    std::int64_t daily_hour = 24;   // each day at this hour (UTC) it begins anew; 24: off
  } session;
  struct Downstream {
    std::string reasoning;  // SPEC 9.1: name of the field that carries reasoning; empty: not sent
  } downstream;
};

// The policy with the members of `overrides` (a JSON object, nested as the struct is) put in. A
// member `profile` names the profile they are put into, in place of `base`. Fails with
// "policy.length.replys: unknown name" and the like.
Result<Policy> apply_policy(const Policy& base, const JsonValue& overrides);

// The profile of that name (model/policy_profile.h). Fails with the names there are.
Result<Policy> policy_of_profile(std::string_view name);

// The whole policy as JSON, in the order of the struct.
std::string policy_json(const Policy& policy);

}  // namespace playhead

#endif  // PLAYHEAD_MODEL_POLICY_H_
