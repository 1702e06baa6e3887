#include "net/http_server.h"

#include <map>
#include <utility>

#include "base/check.h"
#include "base/json.h"
#include "net/server_connection.h"

namespace playhead::net {

namespace {

// Lives as long as one of its connections is in a call.
class ServerState final : public ConnectionOwner, public std::enable_shared_from_this<ServerState> {
 public:
  ServerState(Loop& loop, const ServerLimits& limits, HttpServer::Handler handler)
      : loop_(loop), limits_(limits), handler_(std::move(handler)) {
    PLAYHEAD_CHECK(limits_.connections > 0 && limits_.requests > 0);
  }

  Status listen_on(const Endpoint& endpoint) {
    auto listener = listen(loop_, endpoint, [this](std::unique_ptr<ByteStream> stream) {
      accepted(std::move(stream));
    });
    if (!listener) return listener.error();
    listener_ = std::move(*listener);
    return Done{};
  }

  std::uint16_t port() const { return listener_->port(); }
  std::size_t connections() const { return connections_.size(); }

  void drain() {
    draining_ = true;
    listener_->stop();
    const auto all = connections_;
    for (const auto& [id, connection] : all) connection->drain();
  }

  // Connections hold us, so they go first.
  void shut() {
    draining_ = true;
    listener_.reset();
    const auto all = std::exchange(connections_, {});
    for (const auto& [id, connection] : all) connection->shut();
  }

  const ServerLimits& limits() const override { return limits_; }
  bool is_draining() const override { return draining_; }
  void handle(std::shared_ptr<Responder> responder) override { handler_(std::move(responder)); }

  void remove(std::uint64_t connection) override {
    connections_.erase(connection);
    if (draining_ || connections_.size() >= limits_.connections) return;
    if (std::exchange(paused_, false)) listener_->resume();
  }

 private:
  void accepted(std::unique_ptr<ByteStream> stream) {
    if (draining_) return;
    const std::uint64_t id = ++last_id_;
    const auto connection =
        std::make_shared<ServerConnection>(shared_from_this(), loop_, id, std::move(stream));
    connections_.emplace(id, connection);
    if (connections_.size() >= limits_.connections) {
      paused_ = true;
      listener_->pause();
    }
    connection->start();
  }

  Loop& loop_;
  const ServerLimits limits_;
  const HttpServer::Handler handler_;
  std::unique_ptr<Listener> listener_;
  std::map<std::uint64_t, std::shared_ptr<ServerConnection>> connections_;
  std::uint64_t last_id_ = 0;
  bool draining_ = false;
  bool paused_ = false;
};

class ListeningServer final : public HttpServer {
 public:
  explicit ListeningServer(std::shared_ptr<ServerState> state) : state_(std::move(state)) {}
  ~ListeningServer() override { state_->shut(); }
  ListeningServer(const ListeningServer&) = delete;
  ListeningServer& operator=(const ListeningServer&) = delete;

  std::uint16_t port() const override { return state_->port(); }
  std::size_t connections() const override { return state_->connections(); }
  void drain() override { state_->drain(); }

 private:
  std::shared_ptr<ServerState> state_;
};

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::start(Loop& loop, const Endpoint& endpoint,
                                                      const ServerLimits& limits, Handler handler) {
  auto state = std::make_shared<ServerState>(loop, limits, std::move(handler));
  const Status listening = state->listen_on(endpoint);
  if (!listening) return listening.error();
  return std::unique_ptr<HttpServer>(std::make_unique<ListeningServer>(std::move(state)));
}

void answer(Responder& responder, int status, std::string_view content_type,
            std::string_view body) {
  const RequestHead& request = responder.request().head;
  std::vector<HttpHeader> headers;
  const bool is_bodiless = status == 204 || status == 304;
  if (!is_bodiless) {
    headers.emplace_back("Content-Type", content_type);
    headers.emplace_back("Content-Length", std::to_string(body.size()));
  }
  if (!request.keep_alive) {
    headers.emplace_back("Connection", "close");
  } else if (request.minor_version == 0) {
    headers.emplace_back("Connection", "keep-alive");
  }
  std::string text = response_text(status, reason_of(status), headers);
  if (!is_bodiless && request.method != "HEAD") text += body;
  responder.write(text);
  responder.finish_answer();
}

std::string error_json(std::string_view message) {
  JsonWriter json;
  json.begin_object().key("error").begin_object();
  json.key("type").string("playhead").key("message").string(message);
  return json.end_object().end_object().take();
}

void answer_error(Responder& responder, int status, std::string_view message) {
  answer(responder, status, "application/json", error_json(message));
}

}  // namespace playhead::net
