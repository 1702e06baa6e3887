// The provider's side of relay_load: streams of events on an absolute schedule.
#ifndef PLAYHEAD_BENCH_RELAY_UPSTREAM_H_
#define PLAYHEAD_BENCH_RELAY_UPSTREAM_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bench/relay/load.h"
#include "bench/relay/sockets.h"

namespace playhead::bench {

// Answers one POST for each stream, and starts all schedules together when all have asked (or some
// time after the first did).
class Upstream {
 public:
  // `poller` is borrowed; what others watch with it has kClientTags.
  Upstream(const Load& load, Poller& poller);

  std::uint16_t port() const;
  // Until all is sent. What is ready besides goes to `other`, which is kept. False where nobody
  // came.
  bool run(std::function<void(const epoll_event&)> other);
  // What is ready within so long is handled as in run().
  void wait(std::int64_t nanoseconds);
  bool is_open() const { return open_ > 0; }
  // What was sent.
  std::string json() const;

 private:
  static constexpr std::size_t kNobody = ~std::size_t{0};
  static constexpr std::uint64_t kListenerTag = kClientTags - 1;

  struct Peer {
    Descriptor socket;
    std::string request;
    std::string pending;  // what the socket did not take yet
    int stream = -1;
    bool ends = false;  // nothing follows what is pending
  };

  std::size_t streams() const { return peer_of_stream_.size(); }
  void gather();
  void send_all();

  void handle(std::span<const epoll_event> ready);
  void accept_all();
  void read_from(std::size_t index);
  void answer(std::size_t index);
  void drop(Peer& peer);
  void write(std::size_t index, std::string_view bytes);
  void flush(std::size_t index);
  void finish(Peer& peer);

  // Slots go round the streams, so that phases are spread evenly over the period.
  std::int64_t slots() const { return load_.events() + load_.streams; }
  std::int64_t due(std::int64_t slot) const;
  void send_slot(std::int64_t slot);

  Load load_;
  Poller& poller_;
  std::function<void(const epoll_event&)> other_;
  Descriptor listener_;
  std::vector<Peer> peers_;
  std::vector<std::size_t> peer_of_stream_;
  std::int64_t start_ns_ = 0;
  std::int64_t first_request_ns_ = 0;
  int asked_ = 0;
  int open_ = 0;
  std::int64_t sent_ = 0;
  std::int64_t late_ = 0;
  std::int64_t latest_ns_ = 0;
  std::int64_t blocked_ = 0;
  std::int64_t repeated_ = 0;
  std::int64_t gone_ = 0;
};

}  // namespace playhead::bench

#endif  // PLAYHEAD_BENCH_RELAY_UPSTREAM_H_
