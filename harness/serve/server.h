// Server: a mock provider that answers requests with recorded exchanges: the same bytes, splits,
// times and endings.
#ifndef PLAYHEAD_SERVE_SERVER_H_
#define PLAYHEAD_SERVE_SERVER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "match/match_options.h"
#include "match/matcher.h"
#include "net/loop.h"
#include "net/url.h"
#include "recording/recording.h"
#include "serve/control_page.h"
#include "serve/limits.h"
#include "serve/speed.h"

namespace playhead::serve {

struct ServerOptions {
  std::vector<Recording> recordings;
  MatchOptions match;
  Speed speed;
  net::Endpoint listen;
  // Of paths, as base-URL variables have them; those of recordings' marks come along (prefixes.h).
  std::vector<std::string> prefixes;
  std::vector<std::string> secrets;  // masked in what is told of a miss
  ServeLimits limits;
};

// Text for people, a line or several, without the last line feed.
using Log = std::function<void(std::string_view text)>;

// A request that an exchange answers gets that (stream.h, answer_form.h). Other answers, all with
// an `error` in JSON: 404 a miss (match::miss_json()), 503 more streams than the limit, and those
// of net::HttpServer. `/_playhead/` is the control page. Exchanges are told by the target that
// their client asked for, with its prefix.
class Server {
 public:
  // Listens from here on. Fails where a recording cannot be served, or the port is taken. Misses
  // and warnings go to `log`.
  static Result<std::unique_ptr<Server>> start(net::Loop& loop, ServerOptions options, Log log);
  // Connections of open streams are reset.
  virtual ~Server() = default;

  virtual std::uint16_t port() const = 0;
  virtual const match::Matcher& matcher() const = 0;
  virtual ServeStats stats() const = 0;
};

}  // namespace playhead::serve

#endif  // PLAYHEAD_SERVE_SERVER_H_
