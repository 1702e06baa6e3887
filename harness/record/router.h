// Where a request goes: upstreams come from the command line, and nothing in a request changes
// them.
#ifndef PLAYHEAD_RECORD_ROUTER_H_
#define PLAYHEAD_RECORD_ROUTER_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/url.h"

namespace playhead::record {

struct Upstream {
  std::string prefix;  // "/openai"; empty: all that no other prefix takes
  net::Url url;
  std::string provider;  // for meta.provider; may be empty
  // "/v1": put before a rest that names no version at its beginning, because some clients of this
  // provider leave it out; empty: nothing is.
  std::string api_path;
};

// An answer that the recorder itself gives.
struct Refusal {
  int status = 0;
  std::string message;
};

struct Route {
  std::optional<Refusal> refused;  // then nothing else is set
  std::size_t upstream = 0;        // its place in the list
  std::string target;              // what the upstream is asked for
  // What is recorded: the client's target without the prefix, which a mark tells
  // (recording/upstream_mark.h), and without the path where the upstream's API begins.
  std::string recorded;
};

class Router {
 public:
  // Fails where a prefix is malformed, is that of `serve` itself (recording::kOwnPath) or stands
  // there twice, or the list is empty.
  static Result<Router> make(std::vector<Upstream> upstreams);

  // The upstream with the longest prefix that `target` has in whole segments. The prefix is
  // dropped and the upstream's own path put before the rest; segments that end in an API version
  // (`/v1`) and stand on both sides of the joint stand there once. Refused: segments `.` and `..`,
  // also percent-encoded or with parameters, backslashes, `%00`, a rest that begins with `//`, and
  // whatever is no origin form.
  Route route(std::string_view target) const;

  const std::vector<Upstream>& upstreams() const { return upstreams_; }

 private:
  explicit Router(std::vector<Upstream> upstreams) : upstreams_(std::move(upstreams)) {}

  std::vector<Upstream> upstreams_;
};

// How much of `rest` the end of `base` says already; see Router::route().
std::size_t overlap_of(std::string_view base, std::string_view rest);

}  // namespace playhead::record

#endif  // PLAYHEAD_RECORD_ROUTER_H_
