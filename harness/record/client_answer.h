// ClientAnswer: what one client sees of an exchange, in the read borders of the upstream.
#ifndef PLAYHEAD_RECORD_CLIENT_ANSWER_H_
#define PLAYHEAD_RECORD_CLIENT_ANSWER_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "net/http_head.h"
#include "net/http_server.h"
#include "record/heads.h"

namespace playhead::record {

class ClientAnswer {
 public:
  explicit ClientAnswer(std::shared_ptr<net::Responder> responder);

  const net::HttpRequest& request() const { return responder_->request(); }
  net::Responder& responder() { return *responder_; }

  // Each leaves its bytes for flush(), so that what came in one read leaves in one write.
  void interim(const net::ResponseHead& head);  // 1xx; not for HTTP/1.0
  void begin(const net::ResponseHead& head);
  // `raw`: as the upstream sent it, `payload`: what of it is body. Borrowed until flush().
  void body(std::string_view raw, std::string_view payload);
  void flush();

  bool has_begun() const { return begun_; }  // with the final response
  std::size_t queued() const { return responder_->queued(); }

  // The ends; after one nothing is done any more.
  void finish();  // whole
  void cut();     // too early, by FIN where that is told from a whole answer
  void reset();
  // {"error":{"type":"playhead",...}}; where the answer has begun: reset().
  void refuse(int status, std::string_view message);
  void forget();  // the client is gone

 private:
  std::shared_ptr<net::Responder> responder_;
  std::string head_;       // waits for flush()
  std::string_view body_;  // waits for flush()
  ClientFraming framing_ = ClientFraming::same;
  bool by_close_ = false;
  bool begun_ = false;
  bool over_ = false;
};

}  // namespace playhead::record

#endif  // PLAYHEAD_RECORD_CLIENT_ANSWER_H_
