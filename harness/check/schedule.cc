// Draws the kinds one after the other; each works on what the ones before it have left.
#include "check/schedule.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "base/hash.h"
#include "base/prng.h"
#include "check/rechunking.h"

namespace playhead::check {
namespace {

// Silences that end in the instant at which a timer of the default policy fires: 30 s and its
// multiples, and those of stale streams.
constexpr std::array<Duration, 7> kRoundSilences = {
    seconds(2), seconds(5), seconds(30), seconds(60), seconds(180), seconds(240), seconds(300)};

// Our choice: no event of the client comes later, so that no sum of times overflows.
constexpr std::int64_t kMomentMaxUs = 1'000'000'000'000;

constexpr std::array<std::string_view, 3> kSteerTexts = {"in French, please", "<think>no</think>",
                                                         "\"}],\n\n"};

// "41 s", "0.0012 s": exact.
std::string seconds_text(std::int64_t us) {
  std::string text = fmt::format("{}.{:06}", us / 1'000'000, us % 1'000'000);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text + " s";
}

// The bytes [begin, end) of a block of lines around the byte at `place`, up to a blank line; where
// the body has none, a line.
std::pair<std::size_t, std::size_t> block_around(const std::string& body, std::size_t place) {
  const std::string_view border = body.find("\n\n") == std::string::npos ? "\n" : "\n\n";
  std::size_t begin = 0;
  if (place >= border.size()) {
    const std::size_t before = body.rfind(border, place - border.size());
    if (before != std::string::npos) begin = before + border.size();
  }
  const std::size_t behind = body.find(border, place);
  return {begin, behind == std::string::npos ? body.size() : behind + border.size()};
}

void cut_body(RecordedExchange& exchange, std::size_t size) {
  exchange.body.resize(size);
  std::erase_if(exchange.chunks, [size](const RecordedChunk& c) { return c.offset >= size; });
  exchange.end.at = exchange.responded_at.value_or(exchange.requested_at);
  if (exchange.chunks.empty()) return;
  exchange.chunks.back().size = size - exchange.chunks.back().offset;
  exchange.end.at = exchange.chunks.back().at;
}

// Before chunk `chunk`, counted from 1; before the head of the response where that is 0.
Duration silence_before(const RecordedExchange& exchange, std::size_t chunk) {
  const Instant head = exchange.responded_at.value_or(exchange.requested_at);
  if (chunk == 0) return head - exchange.requested_at;
  if (chunk == 1) return exchange.chunks[0].at - head;
  return exchange.chunks[chunk - 1].at - exchange.chunks[chunk - 2].at;
}

// Everything from chunk `from` on, counted from 1, comes later; 0: the head of the response too.
void delay(RecordedExchange& exchange, std::size_t from, Duration gap) {
  if (from == 0 && exchange.responded_at) *exchange.responded_at = *exchange.responded_at + gap;
  for (std::size_t i = from == 0 ? 0 : from - 1; i < exchange.chunks.size(); ++i) {
    exchange.chunks[i].at = exchange.chunks[i].at + gap;
  }
  exchange.end.at = exchange.end.at + gap;
}

class Scheduler {
 public:
  Scheduler(const Recording& recording, std::uint64_t seed) : prng_(seed) {
    schedule_.recording = recording;
    // One seed is not to do the same to all recordings.
    for (const RecordedExchange& exchange : recording.exchanges) {
      prng_ = Prng(prng_.next() ^ hash64(exchange.body));
    }
  }

  Schedule run() {
    const std::size_t count = 1 + prng_.below(kDisturbancesMax);
    while (schedule_.kinds.size() < count) {
      const Disturbance kind = kDisturbances[prng_.below(kDisturbances.size())].value;
      // What the client does is always possible, so that this ends.
      if (disturb(kind)) schedule_.kinds.push_back(kind);
    }
    return std::move(schedule_);
  }

 private:
  bool disturb(Disturbance kind) {
    switch (kind) {
      case Disturbance::split: return split();
      case Disturbance::stall: return stall();
      case Disturbance::cut: return cut();
      case Disturbance::duplicate: return duplicate();
      case Disturbance::drop: return drop();
      case Disturbance::late_close: return close_late();
      case Disturbance::client_close: return act(InputKind::client_closed, "the client closes", "");
      case Disturbance::cancel:
        return prng_.chance(1, 2) ? act(InputKind::interrupt, "interrupt", "")
                                  : act(InputKind::stop, "stop", "");
      case Disturbance::steer:
        return act(InputKind::steer, "steer", kSteerTexts[prng_.below(kSteerTexts.size())]);
    }
    return false;
  }

  void say(const std::string& what) {
    schedule_.description.append(schedule_.description.empty() ? "" : "; ").append(what);
  }

  // One of the exchanges, or of those that have chunks; nullptr where there is none.
  RecordedExchange* any_exchange(bool with_chunks) {
    std::vector<RecordedExchange*> fitting;
    for (RecordedExchange& exchange : schedule_.recording.exchanges) {
      if (!with_chunks || !exchange.chunks.empty()) fitting.push_back(&exchange);
    }
    return fitting.empty() ? nullptr : fitting[prng_.below(fitting.size())];
  }

  // From a millisecond up, each length as likely as twice that length.
  Duration any_silence() {
    const std::uint64_t low = std::uint64_t{1} << (10 + prng_.below(19));
    return std::min(microseconds(static_cast<std::int64_t>(low + prng_.below(low))), kSilenceMax);
  }

  bool split() {
    Recording& recording = schedule_.recording;
    if (any_exchange(true) == nullptr) return false;
    const std::size_t count = rechunking_count(recording);
    // The timed ones are the last, and few: half of all splits are theirs.
    const std::size_t i =
        prng_.chance(1, 2) ? count - 1 - prng_.below(kTimedCuts + 1) : prng_.below(count);
    say("split as " + rechunking(recording, i).name);
    recording = rechunk(recording, i, prng_.next());
    return true;
  }

  bool stall() {
    RecordedExchange* exchange = any_exchange(false);
    if (exchange == nullptr) return false;
    const std::size_t chunk = prng_.below(exchange->chunks.size() + 1);
    const Duration silence = silence_before(*exchange, chunk);
    Duration gap = any_silence();
    const Duration round = kRoundSilences[prng_.below(kRoundSilences.size())];
    if (prng_.chance(1, 4) && round > silence) gap = microseconds(round.us - silence.us);
    delay(*exchange, chunk, gap);
    say(chunk == 0 ? fmt::format("stall of {} before the response of exchange {}",
                                 seconds_text(gap.us), exchange->index)
                   : fmt::format("stall of {} before chunk {} of exchange {}", seconds_text(gap.us),
                                 chunk, exchange->index));
    return true;
  }

  EndReason any_cut_reason() {
    std::vector<EndReason> reasons = {EndReason::complete};
    for (const auto& row : kEndReasons) {
      if (is_transport_failure(row.value)) reasons.push_back(row.value);
    }
    return reasons[prng_.below(reasons.size())];
  }

  bool cut() {
    RecordedExchange* exchange = any_exchange(true);
    if (exchange == nullptr) return false;
    const RecordedExchange whole = *exchange;
    const std::size_t size = prng_.chance(1, 16) ? 0 : prng_.below(whole.body.size() + 1);
    cut_body(*exchange, size);
    exchange->end.reason = any_cut_reason();
    const bool no_response =
        size == 0 && exchange->end.reason != EndReason::complete && prng_.chance(1, 2);
    if (no_response) {
      exchange->responded_at.reset();
      exchange->status = 0;
      exchange->response_headers.clear();
    }
    say(fmt::format("cut of exchange {} {} ({})", whole.index,
                    no_response ? "before its response" : fmt::format("at byte {}", size),
                    name_of(exchange->end.reason)));
    if (prng_.chance(1, 2)) repeat_behind(exchange, whole);
    return true;
  }

  // So that a request which is repeated finds a reply.
  void repeat_behind(const RecordedExchange* cut, const RecordedExchange& whole) {
    std::vector<RecordedExchange>& all = schedule_.recording.exchanges;
    all.insert(all.begin() + (cut - all.data()) + 1, whole);
    for (std::size_t i = 0; i < all.size(); ++i) all[i].index = static_cast<int>(i) + 1;
    schedule_.description += ", then again whole";
  }

  bool duplicate() {
    RecordedExchange* exchange = any_exchange(true);
    if (exchange == nullptr) return false;
    const std::size_t i = prng_.below(exchange->chunks.size());
    const RecordedChunk chunk = exchange->chunks[i];
    std::size_t begin = chunk.offset;
    std::size_t end = begin + chunk.size;
    const bool block = chunk.size > 0 && prng_.chance(1, 2);
    if (block) std::tie(begin, end) = block_around(exchange->body, begin + prng_.below(chunk.size));
    insert_again(*exchange, begin, end);
    say(fmt::format("bytes {} to {} of exchange {} twice", begin, end, exchange->index));
    return true;
  }

  // The copy comes with the chunk that holds the last byte of the original.
  static void insert_again(RecordedExchange& exchange, std::size_t begin, std::size_t end) {
    const std::size_t size = end - begin;
    exchange.body.insert(end, exchange.body.substr(begin, size));
    for (RecordedChunk& chunk : exchange.chunks) {
      if (chunk.offset >= end) {
        chunk.offset += size;
      } else if (chunk.offset + chunk.size >= end) {
        chunk.size += size;
      }
    }
  }

  bool drop() {
    RecordedExchange* exchange = any_exchange(true);
    if (exchange == nullptr) return false;
    const std::size_t i = prng_.below(exchange->chunks.size());
    const RecordedChunk dropped = exchange->chunks[i];
    exchange->body.erase(dropped.offset, dropped.size);
    exchange->chunks.erase(exchange->chunks.begin() + static_cast<std::ptrdiff_t>(i));
    for (std::size_t k = i; k < exchange->chunks.size(); ++k) {
      exchange->chunks[k].offset -= dropped.size;
    }
    say(fmt::format("chunk {} of exchange {} missing ({} bytes)", i + 1, exchange->index,
                    dropped.size));
    return true;
  }

  bool close_late() {
    RecordedExchange* exchange = any_exchange(false);
    if (exchange == nullptr) return false;
    const Duration gap = any_silence();
    exchange->end.at = exchange->end.at + gap;
    say(fmt::format("end of exchange {} later by {}", exchange->index, seconds_text(gap.us)));
    return true;
  }

  bool act(InputKind kind, std::string_view word, std::string_view text) {
    const Instant at = any_moment();
    schedule_.events.push_back({kind, at, std::string(text)});
    say(fmt::format("{} at {}", word, seconds_text(at.us)));
    return true;
  }

  // Of the turn: early, in the midst, past its end, or together with a chunk.
  Instant any_moment() {
    const std::vector<RecordedExchange>& all = schedule_.recording.exchanges;
    if (prng_.chance(1, 4)) return Instant{} + any_silence();
    if (prng_.chance(1, 3) && !all.empty() && !all[0].chunks.empty()) {
      const RecordedChunk& chunk = all[0].chunks[prng_.below(all[0].chunks.size())];
      return Instant{} + std::max(chunk.at - all[0].requested_at, Duration{});
    }
    std::int64_t length = 1'000'000;
    for (const RecordedExchange& exchange : all) {
      length =
          std::clamp(length + (exchange.end.at - exchange.requested_at).us, length, kMomentMaxUs);
    }
    const std::int64_t past_the_end = length + length / 4;
    return Instant{
        static_cast<std::int64_t>(prng_.below(static_cast<std::uint64_t>(past_the_end)))};
  }

  Prng prng_;
  Schedule schedule_;
};

}  // namespace

Schedule make_schedule(const Recording& recording, std::uint64_t seed) {
  return Scheduler(recording, seed).run();
}

}  // namespace playhead::check
