// What the relay changes in the heads of messages, and what it leaves as it is.
#ifndef PLAYHEAD_RECORD_HEADS_H_
#define PLAYHEAD_RECORD_HEADS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_head.h"
#include "net/url.h"

namespace playhead::record {

// Names the recording that an exchange belongs to. Neither forwarded nor recorded.
inline constexpr std::string_view kNameHeader = "x-playhead-recording";

// The head that the upstream gets: end-to-end headers in their order; Host is the upstream's,
// `accept-encoding: identity`, the framing that of a body that is there whole; without
// X-Forwarded-*, Forwarded, Expect and kNameHeader. No Connection header: servers answer as they
// do to clients that keep their connections.
std::string upstream_head(const net::RequestHead& request, std::size_t body_bytes,
                          const net::Url& url, std::string_view target);

// How the client gets the body.
enum class ClientFraming {
  same,       // byte for byte as the upstream sends it
  until_end,  // the payload alone, ended by FIN: of a client with HTTP/1.0 and chunks
};
ClientFraming framing_for(const net::RequestHead& request, const net::ResponseHead& response);

// The head that the client gets.
std::string client_head(const net::RequestHead& request, const net::ResponseHead& response);

// Whether the end of the connection is the end of the answer.
bool ends_by_close(const net::RequestHead& request, const net::ResponseHead& response);

// The request's headers that may be recorded at all, before redaction.
std::vector<net::HttpHeader> recordable(const std::vector<net::HttpHeader>& headers);

}  // namespace playhead::record

#endif  // PLAYHEAD_RECORD_HEADS_H_
