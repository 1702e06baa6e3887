#include "record/recorder.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "net/clock.h"
#include "net/connection.h"
#include "net/http_server.h"
#include "record/client_answer.h"
#include "record/exchange.h"
#include "record/heads.h"
#include "record/tape.h"
#include "recording/redaction.h"
#include "recording/upstream_mark.h"

namespace playhead::record {
namespace {

// After a stop, connections that clients do not close are left to the end of the process.
constexpr Duration kStopLingerMax = seconds(3);
constexpr Duration kStopPoll = milliseconds(1);

class RunningRecorder final : public Recorder {
 public:
  RunningRecorder(net::Loop& loop, RecorderOptions options, RecorderLog log, Router router)
      : options_(std::move(options)),
        log_(std::move(log)),
        router_(std::move(router)),
        loop_(loop),
        relay_{loop, options_.limits, nullptr, options_.strict, {}},
        shelf_(options_.output, {options_.recorder, log_.warning}, options_.limits),
        timer_(loop) {
    for (const std::string& secret : options_.secrets) redactor_.add_environment(secret);
  }
  ~RunningRecorder() override { RunningRecorder::end(); }
  RunningRecorder(const RunningRecorder&) = delete;
  RunningRecorder& operator=(const RunningRecorder&) = delete;

  Status open();
  std::uint16_t port() const override { return server_->port(); }
  RecorderStats stats() const override;
  void stop(Duration grace, std::function<void()> done) override;
  void end() override;
  const std::vector<FinishedFile>& finished() const override { return shelf_.finished(); }

 private:
  void handle(std::shared_ptr<net::Responder> responder);
  std::optional<Refusal> admit(const net::RequestHead& head, std::string& name) const;
  void begin(std::shared_ptr<net::Responder> responder, const Route& route,
             std::shared_ptr<RecordingFile> file);
  void refuse(net::Responder& responder, const Refusal& refusal);
  void closed(std::uint64_t id, const Exchange& exchange, const ExchangeEnd& end);
  void say_unnamed();
  void wait_for_connections();

  const RecorderOptions options_;
  const RecorderLog log_;
  const Router router_;
  net::Loop& loop_;
  Relay relay_;
  recording::Redactor redactor_;
  FileShelf shelf_;
  net::Timer timer_;
  std::map<std::uint64_t, std::shared_ptr<Exchange>> exchanges_;
  std::unique_ptr<net::HttpServer> server_;  // goes first: it holds what calls us
  std::uint64_t last_id_ = 0;
  RecorderStats stats_;
  bool said_unnamed_ = false;
  bool stopping_ = false;
  bool ended_ = false;
  Instant ended_at_;
  std::function<void()> stopped_;
};

Status RunningRecorder::open() {
  bool tls = !options_.ca_file.empty();
  for (const Upstream& upstream : router_.upstreams()) tls = tls || upstream.url.tls;
  if (tls) {
    auto client = net::make_tls_client(options_.ca_file);
    if (!client) return client.error();
    relay_.tls = std::move(*client);
  }
  auto server = net::HttpServer::start(
      loop_, options_.listen, options_.limits.server,
      [this](std::shared_ptr<net::Responder> responder) { handle(std::move(responder)); });
  if (!server) return server.error();
  server_ = std::move(*server);
  return shelf_.open();
}

RecorderStats RunningRecorder::stats() const {
  RecorderStats stats = stats_;
  stats.open = exchanges_.size();
  stats.incomplete = stats.incomplete || shelf_.has_incomplete();
  return stats;
}

void RunningRecorder::handle(std::shared_ptr<net::Responder> responder) {
  const net::RequestHead& head = responder->request().head;
  std::string name = options_.name.empty() ? std::string(kDefaultName) : options_.name;
  if (const auto refusal = admit(head, name)) return refuse(*responder, *refusal);
  const Route route = router_.route(head.target);
  if (route.refused) return refuse(*responder, *route.refused);
  auto file = shelf_.file_for(name);
  if (!file) {
    stats_.incomplete = true;
    log_.warning("an exchange is not recorded: " + file.error().message);
    if (options_.strict) return refuse(*responder, {503, "it cannot be recorded, see the log"});
  }
  begin(std::move(responder), route, file ? std::move(*file) : nullptr);
}

// `name`: the one to use, changed where the request has its own.
std::optional<Refusal> RunningRecorder::admit(const net::RequestHead& head,
                                              std::string& name) const {
  if (stopping_) return Refusal{503, "the recorder is stopping"};
  if (exchanges_.size() >= options_.limits.exchanges) {
    return Refusal{503, "too many exchanges are open"};
  }
  int names = 0;
  for (const net::HttpHeader& header : head.headers) {
    if (!same_ignoring_case(header.first, kNameHeader)) continue;
    if (++names > 1) return Refusal{400, "several headers x-playhead-recording"};
    if (Status status = check_name(header.second); !status) {
      return Refusal{400, status.error().message};
    }
    name = header.second;
  }
  return std::nullopt;
}

void RunningRecorder::begin(std::shared_ptr<net::Responder> responder, const Route& route,
                            std::shared_ptr<RecordingFile> file) {
  const net::HttpRequest& request = responder->request();
  const bool named = !header_value(request.head.headers, kNameHeader).empty();
  if (named && !shelf_.is_folder()) say_unnamed();
  const Upstream& upstream = router_.upstreams()[route.upstream];
  auto tape = std::make_unique<Tape>(std::move(file), redactor_, options_.limits);
  tape->request(request.head, route.recorded, request.body, upstream);
  if (router_.upstreams().size() > 1 || !upstream.prefix.empty()) {
    tape->mark(recording::upstream_mark(upstream.url.authority(), upstream.prefix));
  }
  if (options_.strict && !tape->is_whole()) {
    stats_.incomplete = true;
    return refuse(*responder, {503, "it cannot be recorded, see the log"});
  }
  const std::uint64_t id = ++last_id_;
  const auto exchange = std::make_shared<Exchange>(
      relay_, std::move(responder), upstream, std::move(tape),
      [this, id](const Exchange& ended, const ExchangeEnd& end) { closed(id, ended, end); });
  exchanges_.emplace(id, exchange);
  exchange->start(route.target);
}

void RunningRecorder::refuse(net::Responder& responder, const Refusal& refusal) {
  ++stats_.refused;
  // The request was not recorded, so nobody has learned its secrets yet.
  recording::SecretSet secrets = redactor_.known();
  const net::RequestHead& head = responder.request().head;
  recording::collect_secrets(head.target, head.headers, secrets);
  const std::string message =
      recording::masked_text(redactor_.patterns_for(secrets), refusal.message);
  log_.warning(fmt::format("refused with {}: {}", refusal.status, message));
  net::answer_error(responder, refusal.status, message);
}

void RunningRecorder::closed(std::uint64_t id, const Exchange& exchange, const ExchangeEnd& end) {
  const Tape& tape = exchange.tape();
  ++stats_.exchanges;
  stats_.bytes += tape.bytes();
  stats_.incomplete = stats_.incomplete || tape.has_failed();
  if (!tape.is_whole() && !tape.has_failed()) {
    log_.warning(
        fmt::format("the recording of {} ends before its {} bytes: the size cap is reached",
                    tape.title(), tape.bytes()));
  }
  if (log_.exchange) {
    const std::string detail = end.detail.empty() ? "" : " (" + tape.text(end.detail) + ")";
    log_.exchange(fmt::format("{} {} {} {} bytes{}", tape.title(),
                              end.status == 0 ? "-" : std::to_string(end.status),
                              name_of(end.reason), tape.bytes(), detail));
  }
  const auto keep = exchanges_.extract(id);
  if (stopping_ && !ended_ && exchanges_.empty()) {
    timer_.start(Duration{}, [this] { RunningRecorder::end(); });
  }
}

void RunningRecorder::say_unnamed() {
  if (std::exchange(said_unnamed_, true)) return;
  log_.warning("names of recordings are not used: " + options_.output.path +
               " takes all exchanges, because -o names no folder");
}

void RunningRecorder::stop(Duration grace, std::function<void()> done) {
  stopped_ = std::move(done);
  if (ended_) return;
  stopping_ = true;
  server_->drain();
  timer_.start(exchanges_.empty() ? Duration{} : grace, [this] { end(); });
}

void RunningRecorder::end() {
  if (std::exchange(ended_, true)) return;
  stopping_ = true;
  while (!exchanges_.empty()) {
    const auto exchange = exchanges_.begin()->second;
    exchange->stop();
  }
  shelf_.finish();
  ended_at_ = net::monotonic_now();
  wait_for_connections();
}

void RunningRecorder::wait_for_connections() {
  const bool late = net::monotonic_now() - ended_at_ > kStopLingerMax;
  if (!late && server_ != nullptr && server_->connections() > 0) {
    timer_.start(kStopPoll, [this] { wait_for_connections(); });
    return;
  }
  const auto stopped = std::exchange(stopped_, nullptr);
  if (stopped) stopped();
}

}  // namespace

Result<std::unique_ptr<Recorder>> Recorder::start(net::Loop& loop, RecorderOptions options,
                                                  RecorderLog log) {
  if (!options.name.empty()) {
    if (Status status = check_name(options.name); !status) return status.error();
  }
  auto router = Router::make(options.upstreams);
  if (!router) return router.error();
  const std::size_t wanted = options.limits.server.connections;
  const std::size_t open_files = net::open_files_max();
  options.limits = fitting(options.limits, open_files);
  if (const std::size_t fits = options.limits.server.connections; fits < wanted) {
    log.warning(
        fmt::format("this process may open only {} files, so at most {} connections at once; "
                    "`ulimit -Hn` tells and sets the limit",
                    open_files, fits));
  }
  auto recorder = std::make_unique<RunningRecorder>(loop, std::move(options), std::move(log),
                                                    std::move(*router));
  if (Status status = recorder->open(); !status) return status.error();
  return std::unique_ptr<Recorder>(std::move(recorder));
}

}  // namespace playhead::record
