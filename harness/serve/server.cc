#include "serve/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

#include "match/match_report.h"
#include "net/http_server.h"
#include "serve/prefixes.h"
#include "serve/recording_warnings.h"
#include "serve/stream.h"

namespace playhead::serve {
namespace {

class RunningServer final : public Server {
 public:
  RunningServer(net::Loop& loop, ServerOptions options, Log log)
      : options_(std::move(options)),
        log_(std::move(log)),
        matcher_(options_.recordings, options_.match, options_.secrets),
        prefixes_(options_.prefixes, options_.recordings),
        stage_{loop, options_.limits, options_.speed} {}
  ~RunningServer() override {
    std::exchange(streams_, {});  // gone before the connections are, so that they are reset
    http_.reset();
  }
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  Status listen() {
    limit_streams();
    for (const std::string& line : recording_warnings(options_.recordings)) log_(line);
    auto http = net::HttpServer::start(
        stage_.loop, options_.listen, options_.limits.server,
        [this](std::shared_ptr<net::Responder> responder) { handle(std::move(responder)); });
    if (!http) return http.error();
    http_ = std::move(*http);
    return Done{};
  }

  std::uint16_t port() const override { return http_->port(); }
  const match::Matcher& matcher() const override { return matcher_; }
  ServeStats stats() const override {
    return {streams_.size(), last_stream_, refused_, stage_.bytes};
  }

 private:
  void limit_streams();
  void handle(std::shared_ptr<net::Responder> responder);
  void play(const Hit& hit, std::shared_ptr<net::Responder> responder);

  ServerOptions options_;
  Log log_;
  match::Matcher matcher_;
  Prefixes prefixes_;
  Stage stage_;
  std::map<std::uint64_t, std::shared_ptr<Stream>> streams_;  // open ones, by their number
  std::uint64_t last_stream_ = 0;
  std::uint64_t refused_ = 0;
  std::unique_ptr<net::HttpServer> http_;
};

// As many as there may be files; a stream is one.
void RunningServer::limit_streams() {
  ServeLimits& limits = options_.limits;
  const std::size_t all = net::open_files_max();
  const std::size_t room = all > 2 * kOtherFiles ? all - kOtherFiles : kOtherFiles;
  if (room < limits.streams + kOtherConnections) {
    const std::size_t others = std::min(kOtherConnections, room / 4);
    limits.streams = std::min(limits.streams, room - others);
    log_(
        fmt::format("this process may open only {} files, so at most {} streams at once; "
                    "`ulimit -Hn` tells and sets the limit",
                    all, limits.streams));
  }
  limits.server.connections = limits.streams + kOtherConnections;
}

void RunningServer::handle(std::shared_ptr<net::Responder> responder) {
  const net::HttpRequest& request = responder->request();
  if (is_control(request.head.target)) {
    return answer_control(*responder, matcher_, stats(), options_.listen);
  }
  if (streams_.size() >= options_.limits.streams) {
    ++refused_;
    return net::answer_error(*responder, 503, "too many streams are open at once");
  }
  const Match match = matcher_.take(request.head.method, prefixes_.recorded(request.head.target),
                                    request.body, request.head.headers);
  if (const Hit* hit = std::get_if<Hit>(&match)) return play(*hit, std::move(responder));
  const Miss& miss = std::get<Miss>(match);
  log_(match::miss_text(miss));
  net::answer(*responder, 404, "application/json", match::miss_json(miss));
}

void RunningServer::play(const Hit& hit, std::shared_ptr<net::Responder> responder) {
  const Recording& recording = options_.recordings[hit.recording];
  const std::uint64_t id = ++last_stream_;
  const auto stream = std::make_shared<Stream>(stage_, recording, recording.exchanges[hit.exchange],
                                               std::move(responder));
  streams_.emplace(id, stream);
  stream->start([this, id] { streams_.erase(id); });
}

}  // namespace

Result<std::unique_ptr<Server>> Server::start(net::Loop& loop, ServerOptions options, Log log) {
  for (const Recording& recording : options.recordings) {
    if (Status status = check_servable(recording); !status) return status.error();
  }
  restore_prefixes(options.recordings);
  auto server = std::make_unique<RunningServer>(loop, std::move(options), std::move(log));
  if (Status status = server->listen(); !status) return status.error();
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace playhead::serve
