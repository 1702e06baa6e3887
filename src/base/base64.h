// Bytes as base64 (RFC 4648), with padding.
#ifndef PLAYHEAD_BASE_BASE64_H_
#define PLAYHEAD_BASE_BASE64_H_

#include <string>
#include <string_view>

namespace playhead {

std::string base64(std::string_view bytes);

}  // namespace playhead

#endif  // PLAYHEAD_BASE_BASE64_H_
