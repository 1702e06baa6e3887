// Exchange: one request on its way to the upstream and the answer on its way back, recorded before
// it is forwarded, to whichever end it comes.
#ifndef PLAYHEAD_RECORD_EXCHANGE_H_
#define PLAYHEAD_RECORD_EXCHANGE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "model/end_reason.h"
#include "net/byte_stream.h"
#include "net/connection.h"
#include "net/http_body.h"
#include "net/http_head.h"
#include "net/loop.h"
#include "record/client_answer.h"
#include "record/limits.h"
#include "record/router.h"
#include "record/tape.h"

namespace playhead::record {

// What the exchanges of a recorder share.
struct Relay {
  net::Loop& loop;
  const RecordLimits& limits;
  std::shared_ptr<net::TlsClient> tls;  // none where no upstream has https
  bool strict = false;                  // what cannot be recorded is not forwarded
  std::string payload;                  // of the read at hand: one buffer for all streams
};

// How an exchange ended.
struct ExchangeEnd {
  EndReason reason = EndReason::complete;
  std::string detail;
  int status = 0;  // of the response; 0: none came
};

class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  using Closed = std::function<void(const Exchange& exchange, const ExchangeEnd& end)>;

  // `relay` and `upstream` are borrowed. `closed` is called once, not from within start().
  Exchange(Relay& relay, std::shared_ptr<net::Responder> responder, const Upstream& upstream,
           std::unique_ptr<Tape> tape, Closed closed);
  // The request is recorded before; it is sent as `target`.
  void start(std::string target);
  // The recorder stops: ends at once.
  void stop();

  const Tape& tape() const { return *tape_; }

 private:
  void connected(std::unique_ptr<net::ByteStream> stream, const std::string& target);
  void connect_failed(const net::ConnectFailure& failure);

  void read(std::string_view bytes);
  std::string_view take_heads(std::string_view bytes);
  bool take_head(net::ResponseHead head);
  void take_body(std::string_view bytes);
  void upstream_ended(net::StreamEnd end, const std::string& detail);

  void client_gone();
  void client_drained();
  void hold_back();
  void wait();
  void check_time();

  void whole(std::string_view dropped);
  void fail(EndReason reason, const std::string& detail, int status = 0);
  void leave(EndReason reason, std::string detail);
  std::string gone_text() const;
  bool refuses_to_go_on();

  // What each read looks at comes first.
  Relay& relay_;
  bool paused_ = false;
  bool over_ = false;
  bool client_gone_ = false;
  bool upstream_finished_ = false;  // by FIN, before its answer was whole
  Instant read_at_;                 // the last one, or when the request was sent
  std::unique_ptr<net::Connecting> connecting_;
  std::unique_ptr<Tape> tape_;
  ClientAnswer client_;
  std::optional<net::BodyReader> body_;

  std::unique_ptr<net::ByteStream> stream_;  // to the upstream
  std::optional<net::HeadReader<net::ResponseHead>> head_;
  const Upstream& upstream_;
  Closed closed_;
  std::size_t interim_ = 0;
  int status_ = 0;

  net::Timer timer_;
  Instant paused_at_;  // where paused_
  Instant gone_at_;
  std::uint64_t gone_bytes_ = 0;  // of the body, when the client went
  std::uint64_t drained_ = 0;     // read since then
};

}  // namespace playhead::record

#endif  // PLAYHEAD_RECORD_EXCHANGE_H_
