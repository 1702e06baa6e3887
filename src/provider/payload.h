// Whether the data of an unterminated frame came whole after all (SPEC 1).
#ifndef PLAYHEAD_PROVIDER_PAYLOAD_H_
#define PLAYHEAD_PROVIDER_PAYLOAD_H_

#include <string_view>

namespace playhead::provider {

// The end mark of OpenAI chat; data that begins with it ends the stream.
inline constexpr std::string_view kDoneMark = "[DONE]";

// Whether `data` is a complete JSON object or array, or begins with the end mark. A bare scalar
// never is: `12` may be the beginning of `123`.
bool is_whole_payload(std::string_view data);

}  // namespace playhead::provider

#endif  // PLAYHEAD_PROVIDER_PAYLOAD_H_
