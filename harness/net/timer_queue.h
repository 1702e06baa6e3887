// TimerQueue: all timers of one loop on one timerfd, because libuv's own count milliseconds.
#ifndef PLAYHEAD_NET_TIMER_QUEUE_H_
#define PLAYHEAD_NET_TIMER_QUEUE_H_

#include <uv.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <set>

#include "base/instant.h"

namespace playhead::net {

// One call that is to be made, or none. Owned by a Timer.
struct TimerEntry {
  Instant at;
  std::uint64_t order = 0;
  bool waiting = false;
  std::function<void()> call;
};

// Holds pointers to entries that wait; their owners take them out before they go.
class TimerQueue {
 public:
  explicit TimerQueue(uv_loop_t& loop);
  TimerQueue(const TimerQueue&) = delete;
  TimerQueue& operator=(const TimerQueue&) = delete;

  // The loop must run once more before the queue goes.
  void close();

  void start(TimerEntry& entry, Duration after, std::function<void()> call);
  void cancel(TimerEntry& entry);

 private:
  struct Earlier {
    bool operator()(const TimerEntry* a, const TimerEntry* b) const {
      return a->at != b->at ? a->at < b->at : a->order < b->order;
    }
  };
  static constexpr Instant kNever{std::numeric_limits<std::int64_t>::max()};

  void call_due();
  // Makes the timerfd ring no later than the first entry is due. It may ring too early, which
  // costs less than a system call for each timer that is put off.
  void arm();

  uv_poll_t poll_ = {};
  int file_ = -1;
  Instant armed_at_ = kNever;
  std::uint64_t next_order_ = 0;
  std::set<TimerEntry*, Earlier> waiting_;
};

}  // namespace playhead::net

#endif  // PLAYHEAD_NET_TIMER_QUEUE_H_
