// The bodies that relay_load sends, and the check that every byte came as it was sent, once, in
// order and in the right stream.
#ifndef PLAYHEAD_BENCH_RELAY_EVENTS_H_
#define PLAYHEAD_BENCH_RELAY_EVENTS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace playhead::bench {

// An event of an OpenAI chat stream. Its text begins with these three numbers.
struct Event {
  int stream = 0;
  std::int64_t number = 0;   // in its stream, from 0
  std::int64_t sent_ns = 0;  // monotonic, just before it was written
};

inline constexpr std::size_t kEventBytes = 330;

// Writes exactly kEventBytes.
void write_event(const Event& event, char* out);

// What follows the last event: the one with the finish reason, and `[DONE]`.
std::string_view body_end();

// What the head of a request holds at its end: the number of the stream that it asks for.
inline constexpr std::size_t kStreamDigits = 5;
void write_digits(std::int64_t value, std::size_t digits, char* out);

struct BodyTally {
  std::int64_t events = 0;   // right in every byte, and the next of their stream
  std::int64_t lost = 0;     // left out
  std::int64_t doubled = 0;  // came again, or behind a later one
  std::int64_t crossed = 0;  // of another stream
  std::int64_t broken = 0;   // other bytes than were sent; the rest of that body is not read

  void add(const BodyTally& other);
  bool is_clean() const { return lost + doubled + crossed + broken == 0; }
};

// Reads one body, in pieces of any size. Allocates nothing.
class BodyCheck {
 public:
  static constexpr int kAnyStream = -1;

  // With kAnyStream the first event says which stream it is.
  explicit BodyCheck(int stream = kAnyStream) : stream_(stream) {}

  // Calls on_event(event) for each that is right. Stops at the end of the body; returns how many
  // bytes belong to it.
  template <typename OnEvent>
  std::size_t feed(std::string_view bytes, const OnEvent& on_event) {
    std::size_t used = 0;
    while (used < bytes.size() && !ended_) {
      used += hold(bytes.substr(used));
      Event event;
      if (take(event)) on_event(event);
    }
    return used;
  }

  // Nothing follows the body's end.
  void expect_nothing(std::string_view bytes);

  bool ended() const { return ended_; }
  // Of a body that ended: counts the events that it should have had.
  BodyTally tally(std::int64_t events_of_stream) const;
  int stream() const { return stream_; }

 private:
  // Enough to tell an event from the end.
  static constexpr std::size_t kTagBytes = 9;
  static constexpr std::size_t kHeldMax = 512;

  std::size_t hold(std::string_view bytes);
  std::size_t wanted() const;
  // Takes the held unit when it is whole. Whether it is the next event.
  bool take(Event& event);
  void take_end();
  bool is_next(const Event& event);

  std::array<char, kHeldMax> held_{};
  std::size_t held_size_ = 0;
  int stream_;
  std::int64_t next_ = 0;
  bool ended_ = false;
  BodyTally tally_;
};

}  // namespace playhead::bench

#endif  // PLAYHEAD_BENCH_RELAY_EVENTS_H_
