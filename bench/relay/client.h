// The client's side of relay_load: reads all streams, checks every byte, measures every event.
#ifndef PLAYHEAD_BENCH_RELAY_CLIENT_H_
#define PLAYHEAD_BENCH_RELAY_CLIENT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bench/relay/events.h"
#include "bench/relay/histogram.h"
#include "bench/relay/load.h"
#include "bench/relay/response_reader.h"
#include "bench/relay/sockets.h"

namespace playhead::bench {

// What was sent in the first time of a stream is checked, not measured.
inline constexpr int kWarmUpMs = 1300;

// Opens all streams through one port of 127.0.0.1. Latency is from the stamp in an event to the
// return of the read that completed it.
class Client {
 public:
  // `poller` is borrowed; what is ready there with kClientTags comes to handle().
  Client(const Load& load, std::uint16_t port, Poller& poller);

  void handle(const epoll_event& event);
  bool is_open() const { return open_ > 0; }
  // Every event of every stream came.
  bool has_all() const;
  // What came, and how late.
  std::string json() const;

 private:
  struct Stream {
    explicit Stream(int number) : body(number) {}

    Descriptor socket;
    ResponseReader response;
    BodyCheck body;
    bool asked = false;
    bool answered = false;
  };

  void open_some();
  void ask(std::size_t index);
  void read_from(Stream& stream);
  void take(Stream& stream, std::string_view bytes);
  void close(Stream& stream);
  BodyTally tally() const;

  Load load_;
  std::uint16_t port_;
  std::int64_t warm_up_events_;
  std::vector<char> buffer_;
  Poller& poller_;
  std::vector<Stream> streams_;
  Histogram latencies_;
  int unanswered_ = 0;
  int open_ = 0;
  int complete_ = 0;
  int refused_ = 0;      // no connection, or no whole request
  int bad_answers_ = 0;  // not a chunked 200
  int cut_ = 0;          // reset, or ended before its end
};

}  // namespace playhead::bench

#endif  // PLAYHEAD_BENCH_RELAY_CLIENT_H_
