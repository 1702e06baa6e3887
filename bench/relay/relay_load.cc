// The load of bench/relay: an upstream and a client, each a process of its own, and a check of what
// was recorded between them. bench/relay/run puts them together.
#include <fmt/core.h>
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
    "usage: relay_load upstream [LOAD]            prints its port, then what it sent\n"
    "       relay_load client --port=N [LOAD]     prints what came, and how late\n"
    "       relay_load check [LOAD]               the bodies of all streams, one behind the "
    "other,\n"
    "                                             on stdin: prints what is in them\n"
    "LOAD: --streams=100 --rate=200 --seconds=8\n";

struct Options {
  Load load;
  int port = 0;
};

std::optional<int> number_of(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 1) return std::nullopt;
  return value;
}

bool take_option(std::string_view argument, Options& options) {
  const std::size_t equals = argument.find('=');
  if (equals == std::string_view::npos) return false;
  const std::string_view name = argument.substr(0, equals);
  const auto value = number_of(argument.substr(equals + 1));
  if (!value) return false;
  if (name == "--streams") {
    options.load.streams = *value;
  } else if (name == "--rate") {
    options.load.rate = *value;
  } else if (name == "--seconds") {
    options.load.seconds = *value;
  } else if (name == "--port") {
    options.port = *value;
  } else {
    return false;
  }
  return true;
}

bool is_possible(const Options& options) {
  return options.load.streams <= kStreamsMax && options.load.rate <= 100'000 &&
         options.load.seconds <= 3600 && options.port <= 65'535;
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
  Options options;
  const std::string_view mode = argc > 1 ? argv[1] : "";
  bool good = true;
  for (int i = 2; i < argc; ++i) good = take_option(argv[i], options) && good;
  raise_file_limit();
  if (good && is_possible(options)) {
    if (mode == "upstream") return run_upstream(options.load);
    if (mode == "check") return run_check(options.load);
    if (mode == "client" && options.port > 0) {
      return run_client(options.load, static_cast<std::uint16_t>(options.port));
    }
  }
  fmt::print(stderr, "{}", kUsage);
  return 2;
}

}  // namespace
}  // namespace playhead::bench

int main(int argc, char** argv) { return playhead::bench::main_of_relay_load(argc, argv); }
