#include "net/timer_queue.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "net/clock.h"

namespace playhead::net {
namespace {

constexpr std::int64_t kMicrosecondsASecond = 1'000'000;
// A year: longer waits would overflow nothing yet, and nobody means them.
constexpr Duration kLongestWait = seconds(366LL * 24 * 3600);

timespec timespec_of(Instant at) {
  timespec time = {};
  time.tv_sec = at.us / kMicrosecondsASecond;
  time.tv_nsec = at.us % kMicrosecondsASecond * 1000;
  return time;
}

}  // namespace

TimerQueue::TimerQueue(uv_loop_t& loop) {
  file_ = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  PLAYHEAD_CHECK(file_ >= 0);
  PLAYHEAD_CHECK(uv_poll_init(&loop, &poll_, file_) == 0);
  poll_.data = this;
  const auto on_ring = [](uv_poll_t* poll, int, int) {
    static_cast<TimerQueue*>(poll->data)->call_due();
  };
  PLAYHEAD_CHECK(uv_poll_start(&poll_, UV_READABLE, on_ring) == 0);
  uv_unref(reinterpret_cast<uv_handle_t*>(&poll_));
}

void TimerQueue::close() {
  PLAYHEAD_CHECK(waiting_.empty());
  uv_close(reinterpret_cast<uv_handle_t*>(&poll_), nullptr);
  ::close(file_);
}

void TimerQueue::start(TimerEntry& entry, Duration after, std::function<void()> call) {
  entry.call = std::move(call);
  const Instant at = monotonic_now() + std::clamp(after, Duration{}, kLongestWait);
  if (entry.waiting) {
    auto node = waiting_.extract(&entry);
    entry.at = at;
    entry.order = next_order_++;
    waiting_.insert(std::move(node));
  } else {
    entry.at = at;
    entry.order = next_order_++;
    entry.waiting = true;
    if (waiting_.empty()) uv_ref(reinterpret_cast<uv_handle_t*>(&poll_));
    waiting_.insert(&entry);
  }
  arm();
}

void TimerQueue::cancel(TimerEntry& entry) {
  if (!entry.waiting) return;
  waiting_.erase(&entry);
  entry.waiting = false;
  entry.call = nullptr;
  if (waiting_.empty()) uv_unref(reinterpret_cast<uv_handle_t*>(&poll_));
}

void TimerQueue::call_due() {
  std::uint64_t rings = 0;
  // Empty where the timerfd was armed anew since it rang.
  if (::read(file_, &rings, sizeof rings) != sizeof rings) return;
  armed_at_ = kNever;
  const Instant now = monotonic_now();
  // What the calls start waits for the next turn, so that they cannot hold up the sockets.
  const std::uint64_t started_before = next_order_;
  while (!waiting_.empty()) {
    TimerEntry& first = **waiting_.begin();
    if (first.at > now || first.order >= started_before) break;
    const std::function<void()> call = std::move(first.call);
    cancel(first);
    call();
  }
  arm();
}

void TimerQueue::arm() {
  if (waiting_.empty() || (*waiting_.begin())->at >= armed_at_) return;
  armed_at_ = (*waiting_.begin())->at;
  itimerspec when = {};
  when.it_value = timespec_of(armed_at_);
  PLAYHEAD_CHECK(timerfd_settime(file_, TFD_TIMER_ABSTIME, &when, nullptr) == 0);
}

}  // namespace playhead::net
