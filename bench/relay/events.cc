// The text of an event is of fixed size, with its numbers at fixed places.
#include "bench/relay/events.h"

#include <algorithm>
#include <cstring>
#include <optional>

namespace playhead::bench {
namespace {

constexpr std::string_view kBefore =
    R"(data: {"id":"chatcmpl-relay","object":"chat.completion.chunk","created":1767225600,)"
    R"("model":"relay-load","system_fingerprint":"fp_relay",)"
    R"("choices":[{"index":0,"delta":{"content":")";
constexpr std::string_view kAfter = "\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n";
constexpr std::string_view kEnd =
    R"(data: {"choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],)"
    R"("id":"chatcmpl-relay","object":"chat.completion.chunk","created":1767225600,)"
    "\"model\":\"relay-load\",\"system_fingerprint\":\"fp_relay\"}\n\ndata: [DONE]\n\n";

constexpr std::size_t kNumberDigits = 8;
constexpr std::size_t kTimeDigits = 19;
constexpr std::size_t kNumberAt = kBefore.size() + kStreamDigits + 1;
constexpr std::size_t kTimeAt = kNumberAt + kNumberDigits + 1;
constexpr std::size_t kProseAt = kTimeAt + kTimeDigits + 1;
constexpr std::size_t kProseBytes = kEventBytes - kAfter.size() - kProseAt;
static_assert(kProseAt + kAfter.size() < kEventBytes);

// So that a recorder that compresses has something to do in each event: another piece each time.
constexpr std::string_view kProse =
    "A proxy that keeps what it hands on has two duties that get into each other's way: the reader "
    "must not wait, and nothing may be missing afterwards. Whoever writes first and hands on later "
    "is late by the time of one write; whoever hands on first loses the last words when the power "
    "goes. Most of the time nobody can tell which of both was built, since disks are quick to say "
    "yes and processes seldom die. The difference shows on a bad day, in the file that somebody "
    "opens to learn why the answer stopped in the middle of a sentence, and finds that it stops "
    "one sentence earlier. ";

std::string_view prose_of(const Event& event) {
  constexpr std::size_t kPlaces = kProse.size() - kProseBytes;
  const auto mixed =
      static_cast<std::size_t>(event.stream) * 131 + static_cast<std::size_t>(event.number) * 37;
  return kProse.substr(mixed % kPlaces, kProseBytes);
}

std::optional<std::int64_t> read_digits(const char* text, std::size_t digits) {
  std::int64_t value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

// The event of that text; nothing where any byte differs from what write_event writes.
std::optional<Event> read_event(const char* text) {
  const auto stream = read_digits(text + kBefore.size(), kStreamDigits);
  const auto number = read_digits(text + kNumberAt, kNumberDigits);
  const auto sent = read_digits(text + kTimeAt, kTimeDigits);
  if (!stream || !number || !sent) return std::nullopt;
  const Event event{static_cast<int>(*stream), *number, *sent};
  std::array<char, kEventBytes> expected;
  write_event(event, expected.data());
  if (std::memcmp(expected.data(), text, kEventBytes) != 0) return std::nullopt;
  return event;
}

}  // namespace

void write_digits(std::int64_t value, std::size_t digits, char* out) {
  for (std::size_t i = digits; i-- > 0; value /= 10) out[i] = static_cast<char>('0' + value % 10);
}

void write_event(const Event& event, char* out) {
  std::memcpy(out, kBefore.data(), kBefore.size());
  write_digits(event.stream, kStreamDigits, out + kBefore.size());
  write_digits(event.number, kNumberDigits, out + kNumberAt);
  write_digits(event.sent_ns, kTimeDigits, out + kTimeAt);
  out[kNumberAt - 1] = out[kTimeAt - 1] = out[kProseAt - 1] = ' ';
  std::memcpy(out + kProseAt, prose_of(event).data(), kProseBytes);
  std::memcpy(out + kProseAt + kProseBytes, kAfter.data(), kAfter.size());
}

std::string_view body_end() { return kEnd; }

void BodyTally::add(const BodyTally& other) {
  events += other.events;
  lost += other.lost;
  doubled += other.doubled;
  crossed += other.crossed;
  broken += other.broken;
}

std::size_t BodyCheck::wanted() const {
  if (held_size_ < kTagBytes) return kTagBytes;
  static_assert(kEnd.size() <= kHeldMax && kEventBytes <= kHeldMax);
  static_assert(kBefore.substr(0, kTagBytes) != kEnd.substr(0, kTagBytes));
  return held_[kTagBytes - 1] == kEnd[kTagBytes - 1] ? kEnd.size() : kEventBytes;
}

std::size_t BodyCheck::hold(std::string_view bytes) {
  const std::size_t size = std::min(bytes.size(), wanted() - held_size_);
  std::memcpy(held_.data() + held_size_, bytes.data(), size);
  held_size_ += size;
  return size;
}

bool BodyCheck::take(Event& event) {
  const std::size_t size = wanted();
  if (held_size_ < size || size == kTagBytes) return false;
  held_size_ = 0;
  if (tally_.broken > 0) return false;
  if (size != kEventBytes) {
    take_end();
    return false;
  }
  const auto read = read_event(held_.data());
  if (!read) {
    ++tally_.broken;
    return false;
  }
  event = *read;
  return is_next(event);
}

void BodyCheck::take_end() {
  if (std::memcmp(held_.data(), kEnd.data(), kEnd.size()) == 0) {
    ended_ = true;
  } else {
    ++tally_.broken;
  }
}

bool BodyCheck::is_next(const Event& event) {
  if (stream_ == kAnyStream) stream_ = event.stream;
  if (event.stream != stream_) {
    ++tally_.crossed;
    return false;
  }
  if (event.number < next_) {
    ++tally_.doubled;
    return false;
  }
  tally_.lost += event.number - next_;
  next_ = event.number + 1;
  ++tally_.events;
  return true;
}

void BodyCheck::expect_nothing(std::string_view bytes) {
  if (!bytes.empty()) ++tally_.broken;
}

BodyTally BodyCheck::tally(std::int64_t events_of_stream) const {
  BodyTally tally = tally_;
  if (ended_ && next_ < events_of_stream) tally.lost += events_of_stream - next_;
  return tally;
}

}  // namespace playhead::bench
