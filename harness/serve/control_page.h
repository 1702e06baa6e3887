// The control page under `/_playhead/`: what was served, missed and left over, for people and for
// programs.
#ifndef PLAYHEAD_SERVE_CONTROL_PAGE_H_
#define PLAYHEAD_SERVE_CONTROL_PAGE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "match/matcher.h"
#include "net/http_server.h"
#include "net/url.h"
#include "recording/upstream_mark.h"

namespace playhead::serve {

// Where it stands: no recording can be served from there.
inline constexpr std::string_view kControlPath = recording::kOwnPath;

struct ServeStats {
  std::size_t open = 0;       // streams
  std::uint64_t streams = 0;  // begun
  std::uint64_t refused = 0;  // requests beyond the limit of open streams
  std::uint64_t bytes = 0;    // of bodies
};

// Whether the control page takes the request: its path is kControlPath, below it, or it without the
// last slash.
bool is_control(std::string_view target);

// Answers such a request, GET or HEAD: the page at kControlPath, control_json() at `state.json`.
// Refused with 403 where its Host is a name other than `localhost` and that of `listen`: a page in
// a browser could have its own name resolved to us (DNS rebinding). Addresses cannot be that.
void answer_control(net::Responder& responder, const match::Matcher& matcher,
                    const ServeStats& stats, const net::Endpoint& listen);

// {"streams": {"open", "begun", "refused", "bytes"}, "matching": match::state_json()}
std::string control_json(const match::Matcher& matcher, const ServeStats& stats);

// One HTML document that refers to nothing outside; texts of requests and recordings are escaped.
std::string control_html(const match::Matcher& matcher, const ServeStats& stats);

}  // namespace playhead::serve

#endif  // PLAYHEAD_SERVE_CONTROL_PAGE_H_
