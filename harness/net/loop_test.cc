#include "net/loop.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <memory>
#include <utility>
#include <vector>

#include "net/clock.h"
#include "net/testing.h"

namespace playhead::net {
namespace {

TEST(Loop, ReturnsWhenNothingIsLeft) {
  Loop loop;
  loop.run();
  Timer idle(loop);
  loop.run();
  EXPECT_FALSE(loop.run_once());
}

TEST(Loop, ReturnsAfterStop) {
  Loop loop;
  Timer never(loop);
  never.start(seconds(3600), [] {});
  Timer soon(loop);
  soon.start(milliseconds(1), [&] { loop.stop(); });
  loop.run();
}

TEST(Loop, EndsAfterAStopThatNobodySaw) {
  Loop loop;
  loop.stop();
}

TEST(Loop, KeepsTheProcessFromWritesThatFail) {
  Loop loop;
  for (const int signal : {SIGPIPE, SIGXFSZ}) {
    struct sigaction action = {};
    ASSERT_EQ(sigaction(signal, nullptr, &action), 0);
    EXPECT_EQ(action.sa_handler, SIG_IGN);
  }
}

TEST(Loop, RaisesTheLimitOfOpenFiles) {
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit low = before;
  low.rlim_cur = 256;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  Loop loop;
  rlimit after = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &after), 0);
  EXPECT_EQ(after.rlim_cur, std::min<rlim_t>(kOpenFilesWanted, before.rlim_max));
  EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
}

TEST(Timer, CallsInTheOrderOfTheInstants) {
  Loop loop;
  std::vector<int> calls;
  std::vector<Timer> timers;
  for (int i = 0; i < 5; ++i) {
    timers.emplace_back(loop);
    timers.back().start(milliseconds(5 - i), [&calls, i] { calls.push_back(i); });
  }
  loop.run();
  EXPECT_EQ(calls, (std::vector<int>{4, 3, 2, 1, 0}));
}

// So many are started in a millisecond that many fall on one microsecond.
TEST(Timer, FirstInFirstOutAtEqualInstants) {
  Loop loop;
  std::vector<int> calls;
  std::vector<int> expected;
  std::vector<Timer> timers;
  for (int i = 0; i < 5000; ++i) timers.emplace_back(loop);
  for (int i = 0; i < 5000; ++i) {
    timers[static_cast<std::size_t>(i)].start(milliseconds(20),
                                              [&calls, i] { calls.push_back(i); });
    expected.push_back(i);
  }
  loop.run();
  EXPECT_EQ(calls, expected);
}

TEST(Timer, IsNeverEarlyNorRoundedToMilliseconds) {
  Loop loop;
  Timer timer(loop);
  for (const std::int64_t us : {1, 10, 300, 999, 1001, 1500}) {
    const Instant start = monotonic_now();
    Instant called;
    timer.start(microseconds(us), [&] { called = monotonic_now(); });
    loop.run();
    EXPECT_GE(called - start, microseconds(us));
  }
}

TEST(Timer, CancelForgetsTheCall) {
  Loop loop;
  int calls = 0;
  Timer cancelled(loop);
  cancelled.start(microseconds(1), [&] { calls += 100; });
  cancelled.cancel();
  cancelled.cancel();
  {
    Timer destroyed(loop);
    destroyed.start(microseconds(1), [&] { calls += 100; });
  }
  Timer kept(loop);
  kept.start(microseconds(500), [&] { ++calls; });
  loop.run();
  EXPECT_EQ(calls, 1);
}

TEST(Timer, CancelOfADueTimerInACall) {
  Loop loop;
  int calls = 0;
  Timer first(loop);
  Timer second(loop);
  first.start(microseconds(0), [&] {
    ++calls;
    second.cancel();
  });
  second.start(microseconds(0), [&] { ++calls; });
  loop.run();
  EXPECT_EQ(calls, 1);
}

TEST(Timer, RestartReplacesTheCall) {
  Loop loop;
  std::vector<int> calls;
  Timer timer(loop);
  timer.start(microseconds(1), [&] { calls.push_back(1); });
  timer.start(microseconds(200), [&] { calls.push_back(2); });
  timer.start(microseconds(100), [&] { calls.push_back(3); });
  loop.run();
  EXPECT_EQ(calls, (std::vector<int>{3}));
}

TEST(Timer, RestartsItselfInItsCall) {
  Loop loop;
  Timer timer(loop);
  int calls = 0;
  std::function<void()> again = [&] {
    if (++calls < 10) timer.start(microseconds(calls * 10), again);
  };
  timer.start(microseconds(10), again);
  loop.run();
  EXPECT_EQ(calls, 10);
}

TEST(Timer, MayBeDestroyedInItsCall) {
  Loop loop;
  auto timer = std::make_unique<Timer>(loop);
  auto text = std::make_shared<int>(7);
  int seen = 0;
  timer->start(microseconds(1), [&, text] {
    timer = nullptr;
    seen = *text;
  });
  loop.run();
  EXPECT_EQ(seen, 7);
}

TEST(Timer, GoesOnAfterAMove) {
  Loop loop;
  int calls = 0;
  Timer first(loop);
  first.start(microseconds(100), [&] { ++calls; });
  Timer second = std::move(first);
  loop.run();
  EXPECT_EQ(calls, 1);
}

TEST(Timer, WithoutDelayDoesNotHoldUpSockets) {
  Loop loop;
  StreamPair pair = connected_pair(loop);
  StreamLog log;
  pair.server->start(log.events());
  Timer timer(loop);
  std::function<void()> again = [&] { timer.start(Duration{-5}, again); };
  again();
  pair.client->write("x");
  EXPECT_TRUE(run_until(loop, [&] { return log.text() == "x"; }));
}

TEST(StopSignals, CallsForEach) {
  Loop loop;
  std::vector<int> signals;
  StopSignals stop(loop, [&](int signal) { signals.push_back(signal); });
  raise(SIGINT);
  EXPECT_TRUE(run_until(loop, [&] { return signals.size() == 1; }));
  raise(SIGTERM);
  EXPECT_TRUE(run_until(loop, [&] { return signals.size() == 2; }));
  raise(SIGHUP);
  EXPECT_TRUE(run_until(loop, [&] { return signals.size() == 3; }));
  EXPECT_EQ(signals, (std::vector<int>{SIGINT, SIGTERM, SIGHUP}));
  loop.run();  // does not wait for signals
}

TEST(StopSignals, LeavesAnIgnoredHangUpIgnored) {
  ::signal(SIGHUP, SIG_IGN);
  Loop loop;
  {
    StopSignals stop(loop, [](int signal) { FAIL() << signal; });
    raise(SIGHUP);
    run_a_little(loop);
  }
  ::signal(SIGHUP, SIG_DFL);
}

TEST(StopSignals, MayBeDestroyedInItsCall) {
  Loop loop;
  int seen = 0;
  std::unique_ptr<StopSignals> stop;
  stop = std::make_unique<StopSignals>(loop, [&](int signal) {
    stop = nullptr;
    seen = signal;
  });
  raise(SIGTERM);
  EXPECT_TRUE(run_until(loop, [&] { return seen == SIGTERM; }));
}

}  // namespace
}  // namespace playhead::net
