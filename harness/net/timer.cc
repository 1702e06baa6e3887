#include <utility>

#include "net/loop.h"
#include "net/loop_state.h"

namespace playhead::net {

struct Timer::State {
  explicit State(TimerQueue& of) : queue(of) {}
  ~State() { queue.cancel(entry); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  TimerQueue& queue;
  TimerEntry entry;
};

Timer::Timer(Loop& loop) : state_(std::make_unique<State>(loop.shared().timers)) {}
Timer::~Timer() = default;
Timer::Timer(Timer&&) noexcept = default;
Timer& Timer::operator=(Timer&&) noexcept = default;

void Timer::start(Duration after, std::function<void()> call) {
  state_->queue.start(state_->entry, after, std::move(call));
}

void Timer::cancel() { state_->queue.cancel(state_->entry); }

}  // namespace playhead::net
