// Which protocol an exchange speaks, from what is at hand without decoding it: the request's path
// and host, the response's content type, and the first bytes of its body.
#ifndef PLAYHEAD_PROVIDER_DETECT_H_
#define PLAYHEAD_PROVIDER_DETECT_H_

#include <optional>
#include <string_view>

#include "model/protocol.h"

namespace playhead::provider {

// Our choice: how much of a body is looked at.
inline constexpr std::size_t kDetectBytesMax = 4096;

// What is known; empty where it is not. Borrowed for the call.
struct Traces {
  std::string_view path;          // of the request, with or without its query
  std::string_view host;          // of the request
  std::string_view content_type;  // of the response
  std::string_view body;          // of the response, from its first byte
};

// The body decides where it says anything, since gateways answer one protocol under the path of
// another; then the path, the host for protocols that share a path, and the content type. Nothing
// where nothing tells.
std::optional<Protocol> detect(const Traces& traces);

}  // namespace playhead::provider

#endif  // PLAYHEAD_PROVIDER_DETECT_H_
