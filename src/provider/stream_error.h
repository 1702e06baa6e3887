// Errors as providers write them into streams and bodies: where they may stand, and what they say
// (SPEC 1; WIRE 2.6, 4.1, 5.5).
#ifndef PLAYHEAD_PROVIDER_STREAM_ERROR_H_
#define PLAYHEAD_PROVIDER_STREAM_ERROR_H_

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/delta.h"
#include "model/frame.h"
#include "provider/deltas.h"

namespace playhead::provider {

// Texts that were made for the deltas of one frame. A deque, because views into it must stay.
using OwnedTexts = std::deque<std::string>;

inline std::string_view own(std::string text, OwnedTexts& owned) {
  return owned.emplace_back(std::move(text));
}

// A string as it is, other values as their JSON; null and missing ones are empty.
std::string_view scalar_text(const Member& value, OwnedTexts& owned);

// Whether a member named `error` says that there is one: null, "", {} and false do not.
bool says_error(const Member& error);

// The value that reports the failure, where this payload reports one: its member `error`, or all
// of it when the event is named so, or when it stands alone and has nothing but a message.
std::optional<JsonView> error_of(const Frame& frame, const JsonView& root);

// The delta of such a value. Borrows from the value and from `owned`.
Delta read_error(const JsonView& error, OwnedTexts& owned);

// The deltas of a payload that is no JSON.
void read_unparsable(const Frame& frame, OwnedTexts& owned, std::vector<Delta>& out);

}  // namespace playhead::provider

#endif  // PLAYHEAD_PROVIDER_STREAM_ERROR_H_
