// The limits of a recorder. Each is our choice; the README lists them.
#ifndef PLAYHEAD_RECORD_LIMITS_H_
#define PLAYHEAD_RECORD_LIMITS_H_

#include <cstddef>
#include <cstdint>

#include "base/instant.h"
#include "net/http_server.h"

namespace playhead::record {

struct RecordLimits {
  std::size_t exchanges = 4096;         // open at once: 503
  Duration connect_time = seconds(30);  // to upstream, name and TLS included: 502
  // Upstream says nothing: `idle_timeout`. Longer than the 600 s that the official clients wait
  // (WIRE 11.3), so that they give up first.
  Duration idle_time = seconds(900);
  std::uint64_t response_bytes = 64u << 20;  // of one body; then its recording ends in `size_cap`
  std::size_t interim_responses = 16;        // 1xx before one response; more are malformed

  // Of an upstream whose client has gone: what it still sends is kept so long, and so far.
  Duration drain_time = seconds(30);
  std::uint64_t drain_bytes = 8u << 20;

  // A client that does not read: with so many bytes waiting upstream is paused, and after so long
  // the client is reset.
  std::size_t client_queue_bytes = 256u << 10;
  Duration stall_time = seconds(300);

  // Recordings open at once. When a further one is needed, the one that was not used for longest is
  // finished; where all have open exchanges, the new one is relayed without being recorded, which
  // is said (with --strict: 503).
  std::size_t files = 256;
  // A file with more gets no further exchange: the next one begins a file with the next number.
  std::uint64_t file_bytes = 256u << 20;
  std::uint64_t file_records = 1'000'000;
  int file_exchanges = 10'000;
  // In such a file the recording of open exchanges ends in `size_cap`: readers refuse files of
  // 1 GiB, and of 4,000,000 records (recordings/FORMAT.md).
  std::uint64_t file_bytes_max = 900u << 20;
  std::uint64_t file_records_max = 3'900'000;
  int file_number_max = 10'000;  // in NAME-2, NAME-3, ...

  net::ServerLimits server;
};

// What else a process has open.
inline constexpr std::size_t kOtherFiles = 32;

// The same, but no more connections and recordings than `open_files` allow: an exchange has two
// sockets. Connections beyond that wait in the kernel.
RecordLimits fitting(RecordLimits limits, std::size_t open_files);

}  // namespace playhead::record

#endif  // PLAYHEAD_RECORD_LIMITS_H_
