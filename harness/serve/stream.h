// Stream: one recorded exchange as it is played to one client.
#ifndef PLAYHEAD_SERVE_STREAM_H_
#define PLAYHEAD_SERVE_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "net/http_server.h"
#include "net/loop.h"
#include "recording/recording.h"
#include "serve/answer_form.h"
#include "serve/limits.h"
#include "serve/speed.h"

namespace playhead::serve {

// What the streams of a server share.
struct Stage {
  net::Loop& loop;
  const ServeLimits& limits;
  Speed speed;
  std::uint64_t bytes = 0;  // of bodies, written so far
  std::string chunk;        // of the write at hand: one buffer for all streams
};

// Each recorded read leaves in one write, and in one chunk where the body is chunked, when as much
// time has passed since the request as in the recording. A client that does not read holds its
// stream back; what is late then leaves as soon as it may.
class Stream : public std::enable_shared_from_this<Stream> {
 public:
  // `stage`, `recording` and `exchange`, which is of that recording, are borrowed: bytes are never
  // copied for a stream.
  Stream(Stage& stage, const Recording& recording, const RecordedExchange& exchange,
         std::shared_ptr<net::Responder> responder);
  // `over` is called once, not from within start(), unless the stream is destroyed before: then the
  // connection is reset.
  void start(std::function<void()> over);

 private:
  enum class Next : std::uint8_t { head, body, end, silence };

  void go_on();
  bool is_held_back() const;
  Duration due() const;
  bool step();
  void write_piece();
  bool end();
  void leave();

  Stage& stage_;
  const RecordedExchange& exchange_;
  std::shared_ptr<net::Responder> responder_;
  std::function<void()> over_;
  AnswerForm form_;
  Instant asked_at_;
  net::Timer timer_;
  Next next_ = Next::head;
  std::size_t chunk_ = 0;  // the next one
  std::size_t taken_ = 0;  // bytes of it that are written
  bool waits_for_client_ = false;
};

}  // namespace playhead::serve

#endif  // PLAYHEAD_SERVE_STREAM_H_
