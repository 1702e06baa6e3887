// Lines of HTTP heads, chunk frames and trailers: what they all have in common. Of this room only.
#ifndef PLAYHEAD_NET_HTTP_LINE_H_
#define PLAYHEAD_NET_HTTP_LINE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_head.h"

namespace playhead::net {

enum class LineStep : std::uint8_t { more, line, bad };

// Appends one byte. `line`: `text` now ends with CRLF. `bad`: the byte is a bare CR's neighbour, a
// bare LF, NUL, or another control character than tab.
LineStep append_line_byte(char byte, std::string& text);

// "name: value" without CRLF, as a header behind those of `headers`. Returns what is wrong with the
// line, or nothing; never quotes it, it may hold a secret.
std::string_view add_header_line(std::string_view line, std::vector<HttpHeader>& headers);

// RFC 9110 section 5.6.2.
bool is_token(std::string_view text);
// Without control characters other than tab (RFC 9110 section 5.5).
bool is_field_text(std::string_view text);
std::string_view without_outer_blanks(std::string_view text);

}  // namespace playhead::net

#endif  // PLAYHEAD_NET_HTTP_LINE_H_
