// Stable hashes of bytes (XXH3): the same value on every machine, run and version of Playhead.
#ifndef PLAYHEAD_BASE_HASH_H_
#define PLAYHEAD_BASE_HASH_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace playhead {

std::uint64_t hash64(std::string_view bytes);

// The hash as 16 lower-case hex digits.
std::string hash64_hex(std::string_view bytes);

// A 128-bit hash of a sequence of bytes, in any cut.
class StreamHash {
 public:
  StreamHash();
  ~StreamHash();
  StreamHash(const StreamHash&) = delete;
  StreamHash& operator=(const StreamHash&) = delete;

  void add(std::string_view bytes);
  // 32 lower-case hex digits of all bytes so far.
  std::string hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace playhead

#endif  // PLAYHEAD_BASE_HASH_H_
