// The load of bench/relay: an upstream and a client, and a check of what was recorded between them.
// bench/relay/run puts them together.
#include <fmt/core.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <optional>
#include <string_view>
#include <vector>

#include "bench/relay/client.h"
#include "bench/relay/events.h"
#include "bench/relay/sockets.h"
#include "bench/relay/upstream.h"

namespace playhead::bench {
namespace {

constexpr std::string_view kUsage =
    "usage: relay_load streams [LOAD]    prints the port of an upstream, reads the port of a "
    "proxy\n"
    "                                    (or the same) on stdin, sends all streams through it, "
    "and\n"
    "                                    prints what came, how late, and what was sent\n"
    "       relay_load check [LOAD]      the bodies of all streams, one behind the other, on "
    "stdin:\n"
    "                                    prints what is in them\n"
    "LOAD: --streams=100 --rate=200 --seconds=8\n";

std::optional<int> number_of(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 1) return std::nullopt;
  return value;
}

bool take_option(std::string_view argument, Load& load) {
  const std::size_t equals = argument.find('=');
  if (equals == std::string_view::npos) return false;
  const std::string_view name = argument.substr(0, equals);
  const auto value = number_of(argument.substr(equals + 1));
  if (!value) return false;
  if (name == "--streams") {
    load.streams = *value;
  } else if (name == "--rate") {
    load.rate = *value;
  } else if (name == "--seconds") {
    load.seconds = *value;
  } else {
    return false;
  }
  return true;
}

bool is_possible(const Load& load) {
  return load.streams <= kStreamsMax && load.rate <= 100'000 && load.seconds <= 3600;
}

// After the last event, for what is still on its way through a proxy that falls behind.
constexpr std::int64_t kDrainNs = 30 * kNanosecondsOfSecond;

// Upstream and client share a thread, so that a proxy has a core of two for itself, and what is
// measured is not how three processes share two cores. Exit code: 0 when every event came.
int run_streams(const Load& load) {
  // By default the kernel may wake a sleeper 50 us late, so as to wake several at once.
  ::prctl(PR_SET_TIMERSLACK, 1000UL);
  Poller poller;
  Upstream upstream(load, poller);
  fmt::print("{{\"port\":{}}}\n", upstream.port());
  std::fflush(stdout);
  std::array<char, 32> line{};
  if (std::fgets(line.data(), line.size(), stdin) == nullptr) return 2;
  const std::string_view text(line.data());
  const auto port = number_of(text.substr(0, text.find('\n')));
  if (!port || *port > 65'535) return 2;
  Client client(load, static_cast<std::uint16_t>(*port), poller);
  const bool ran = upstream.run([&client](const epoll_event& event) { client.handle(event); });
  const std::int64_t until = monotonic_ns() + kDrainNs;
  while ((upstream.is_open() || client.is_open()) && monotonic_ns() < until) {
    upstream.wait(kDrainNs / 100);
  }
  fmt::print("{{\"client\":{},\"upstream\":{}}}\n", client.json(), upstream.json());
  return ran && client.has_all() ? 0 : 1;
}

// Every stream once, whole, in any order.
class BodiesCheck {
 public:
  explicit BodiesCheck(const Load& load)
      : load_(load), seen_(static_cast<std::size_t>(load.streams)) {}

  void feed(std::string_view bytes) {
    while (!bytes.empty()) {
      bytes.remove_prefix(body_.feed(bytes, [](const Event&) {}));
      begun_ = true;
      if (body_.ended()) end_body();
    }
  }

  int print() {
    if (begun_) end_body();
    fmt::print(
        "{{\"bodies\":{},\"complete\":{},\"events\":{},\"errors\":{{\"repeated\":{},\"lost\":{},"
        "\"doubled\":{},\"crossed\":{},\"broken\":{}}}}}\n",
        bodies_, complete_, tally_.events, repeated_, tally_.lost, tally_.doubled, tally_.crossed,
        tally_.broken);
    const bool all = complete_ == load_.streams && tally_.events == load_.events();
    return all && repeated_ == 0 && tally_.is_clean() ? 0 : 1;
  }

 private:
  void end_body() {
    const BodyTally tally = body_.tally(load_.events_of_stream());
    const auto stream = static_cast<std::size_t>(body_.stream());
    ++bodies_;
    if (body_.ended() && tally.is_clean()) ++complete_;
    if (stream < seen_.size()) {
      if (seen_[stream]) ++repeated_;
      seen_[stream] = true;
    }
    tally_.add(tally);
    body_ = BodyCheck();
    begun_ = false;
  }

  Load load_;
  std::vector<bool> seen_;
  BodyCheck body_;
  BodyTally tally_;
  bool begun_ = false;
  int bodies_ = 0;
  int complete_ = 0;
  int repeated_ = 0;
};

int run_check(const Load& load) {
  BodiesCheck check(load);
  std::array<char, 64 << 10> buffer;
  for (ssize_t size = 0; (size = ::read(STDIN_FILENO, buffer.data(), buffer.size())) > 0;) {
    check.feed({buffer.data(), static_cast<std::size_t>(size)});
  }
  return check.print();
}

int main_of_relay_load(int argc, char** argv) {
  Load load;
  const std::string_view mode = argc > 1 ? argv[1] : "";
  bool good = true;
  for (int i = 2; i < argc; ++i) good = take_option(argv[i], load) && good;
  raise_file_limit();
  if (good && is_possible(load)) {
    if (mode == "streams") return run_streams(load);
    if (mode == "check") return run_check(load);
  }
  fmt::print(stderr, "{}", kUsage);
  return 2;
}

}  // namespace
}  // namespace playhead::bench

int main(int argc, char** argv) { return playhead::bench::main_of_relay_load(argc, argv); }
