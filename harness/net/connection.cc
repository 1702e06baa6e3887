#include "net/connection.h"

#include <uv.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/check.h"
#include "net/address.h"
#include "net/clock.h"
#include "net/tcp_stream.h"
#include "net/tls_stream.h"

namespace playhead::net {
namespace {

// The way to one connection: look up, try each address, shake hands. One step is under way at a
// time; its callback goes nowhere once this object is destroyed.
class Attempt : public std::enable_shared_from_this<Attempt> {
 public:
  Attempt(Loop& loop, Url url, std::shared_ptr<TlsClient> tls, Connected connected,
          ConnectFailed failed)
      : loop_(loop),
        url_(std::move(url)),
        tls_(std::move(tls)),
        connected_(std::move(connected)),
        failed_(std::move(failed)),
        whole_time_(loop),
        address_time_(loop) {}
  ~Attempt() { stop_lookup(); }
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

  void begin(Duration timeout);

 private:
  struct Lookup {
    uv_getaddrinfo_t request = {};
    std::weak_ptr<Attempt> attempt;
  };

  void look_up();
  void stop_lookup();
  static void on_looked_up(uv_getaddrinfo_t* request, int status, addrinfo* found);
  void looked_up(int status, const addrinfo* found);

  void try_next();
  void tried(int status);
  void shake_hands();
  void timed_out();

  void fail(StreamEnd end, std::string message);
  void fail_with(int status);
  std::string place() const { return url_.host + ":" + std::to_string(url_.port); }

  Loop& loop_;
  Url url_;
  std::shared_ptr<TlsClient> tls_;
  Connected connected_;
  ConnectFailed failed_;

  Instant deadline_;
  Timer whole_time_;
  Timer address_time_;        // of one address, or until a failure is told
  Lookup* lookup_ = nullptr;  // owned by the loop while it is under way
  std::vector<sockaddr_storage> addresses_;
  std::size_t next_address_ = 0;
  int last_status_ = 0;
  std::unique_ptr<TcpStream> tcp_;
  std::unique_ptr<TlsStream> secured_;
};

void Attempt::begin(Duration timeout) {
  deadline_ = monotonic_now() + timeout;
  whole_time_.start(timeout, [this] { timed_out(); });
  if (const auto address = numeric_address(url_.host, url_.port)) {
    addresses_.push_back(*address);
    try_next();
  } else {
    look_up();
  }
}

void Attempt::look_up() {
  auto lookup = std::make_unique<Lookup>();
  lookup->attempt = weak_from_this();
  lookup->request.data = lookup.get();
  const addrinfo hints = lookup_hints();
  const int status = uv_getaddrinfo(loop_.handle(), &lookup->request, on_looked_up,
                                    url_.host.c_str(), nullptr, &hints);
  if (status == 0) {
    lookup_ = lookup.release();
  } else {
    // Not a name at all.
    address_time_.start(Duration{}, [this, status] { looked_up(status, nullptr); });
  }
}

void Attempt::stop_lookup() {
  if (lookup_ == nullptr) return;
  lookup_->attempt.reset();
  // Refused where the lookup runs already; it then ends by itself.
  uv_cancel(reinterpret_cast<uv_req_t*>(&lookup_->request));
  lookup_ = nullptr;
}

void Attempt::on_looked_up(uv_getaddrinfo_t* request, int status, addrinfo* found) {
  const std::unique_ptr<Lookup> lookup(static_cast<Lookup*>(request->data));
  const std::unique_ptr<addrinfo, decltype(&uv_freeaddrinfo)> free_found(found, uv_freeaddrinfo);
  const auto attempt = lookup->attempt.lock();
  if (attempt == nullptr) return;
  attempt->lookup_ = nullptr;
  attempt->looked_up(status, found);
}

void Attempt::looked_up(int status, const addrinfo* found) {
  if (status == 0) addresses_ = addresses_of(found, url_.port);
  if (!addresses_.empty()) return try_next();
  const char* reason = status == 0 ? "it has no address" : uv_strerror(status);
  fail(StreamEnd::failed, "cannot find the host " + url_.host + ": " + reason +
                              "; check its name, and the network of this machine");
}

void Attempt::try_next() {
  while (next_address_ < addresses_.size()) {
    // An address that does not answer leaves time for those behind it.
    const auto left = static_cast<std::int64_t>(addresses_.size() - next_address_);
    const sockaddr_storage& address = addresses_[next_address_++];
    tcp_ = std::make_unique<TcpStream>(loop_);
    last_status_ = tcp_->connect(as_sockaddr(address), [this](int status) { tried(status); });
    if (last_status_ == 0) {
      if (left == 1) return;
      const Duration time = deadline_ - monotonic_now();
      address_time_.start(Duration{time.us / left}, [this] { tried(UV_ETIMEDOUT); });
      return;
    }
  }
  tcp_ = nullptr;
  // Never within connect().
  address_time_.start(Duration{}, [this] { fail_with(last_status_); });
}

void Attempt::tried(int status) {
  address_time_.cancel();
  if (status != 0) {
    last_status_ = status;
    tcp_ = nullptr;
    if (next_address_ < addresses_.size()) return try_next();
    return fail_with(status);
  }
  if (url_.tls) return shake_hands();
  whole_time_.cancel();
  const auto connected = std::move(connected_);
  connected(std::move(tcp_));
}

void Attempt::shake_hands() {
  secured_ = std::make_unique<TlsStream>(loop_, std::move(tcp_), tls_, url_);
  secured_->handshake([this](const std::optional<ConnectFailure>& failure) {
    if (failure) return fail(failure->end, failure->message);
    whole_time_.cancel();
    const auto connected = std::move(connected_);
    connected(std::move(secured_));
  });
}

void Attempt::timed_out() {
  const char* what = lookup_ != nullptr    ? "to find the host "
                     : secured_ != nullptr ? "for the TLS handshake with "
                                           : "to connect to ";
  fail(StreamEnd::failed,
       std::string("it took too long ") + what + place() + "; is it reachable from this machine?");
}

void Attempt::fail(StreamEnd end, std::string message) {
  whole_time_.cancel();
  address_time_.cancel();
  stop_lookup();
  tcp_ = nullptr;
  secured_ = nullptr;
  const auto failed = std::move(failed_);
  failed(ConnectFailure{end, std::move(message)});
}

void Attempt::fail_with(int status) {
  std::string message = "cannot connect to " + place() + ": " + uv_strerror(status);
  if (status == UV_ETIMEDOUT) return fail(StreamEnd::failed, message + "; is it reachable?");
  if (status == UV_ECONNREFUSED) message += "; is a server running there?";
  fail(stream_end_of(status), std::move(message));
}

class Dialing final : public Connecting {
 public:
  explicit Dialing(std::shared_ptr<Attempt> attempt) : attempt_(std::move(attempt)) {}

 private:
  std::shared_ptr<Attempt> attempt_;
};

}  // namespace

std::unique_ptr<Connecting> connect(Loop& loop, const Url& url, std::shared_ptr<TlsClient> tls,
                                    Duration timeout, Connected connected, ConnectFailed failed) {
  PLAYHEAD_CHECK(!url.tls || tls != nullptr);
  auto attempt =
      std::make_shared<Attempt>(loop, url, std::move(tls), std::move(connected), std::move(failed));
  attempt->begin(timeout);
  return std::make_unique<Dialing>(std::move(attempt));
}

}  // namespace playhead::net
