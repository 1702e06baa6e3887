// ByteStream: a live connection, plain or TLS, as reads, writes and an ending that is told apart.
#ifndef PLAYHEAD_NET_BYTE_STREAM_H_
#define PLAYHEAD_NET_BYTE_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/name_table.h"

namespace playhead::net {

enum class StreamEnd : std::uint8_t { eof, reset, tls_cut, tls_error, failed };

inline constexpr NameTable<StreamEnd, 5> kStreamEnds = {{
    {StreamEnd::eof, "eof", "the peer closed its side (FIN; with TLS: close_notify)"},
    {StreamEnd::reset, "reset", "the connection was reset (RST), or writing to it failed"},
    {StreamEnd::tls_cut, "tls_cut", "the peer closed its side (FIN) without TLS's close_notify"},
    {StreamEnd::tls_error, "tls_error", "the TLS session failed"},
    {StreamEnd::failed, "failed", "another failure of this machine"},
}};
static_assert(covers_enum(kStreamEnds, StreamEnd::failed));

// The detail of a tls_cut.
inline constexpr std::string_view kNoCloseNotify = "the connection was closed without close_notify";

// What a stream tells its owner: always from the loop, never within a call of the owner. A callback
// may destroy the stream, reset it, or start it anew.
struct StreamEvents {
  // The bytes of one read (of TLS: of one record or more), borrowed for the call. Read borders are
  // evidence: bytes of two reads never come in one call.
  std::function<void(std::string_view bytes)> read;
  // Comes once; no read comes after it. The other direction may still be open after `eof`.
  std::function<void(StreamEnd end, const std::string& detail)> end;
  // What was queued has all been handed to the system. May be empty. Where writing fails after
  // `eof`, nothing is left to tell but this, so that nobody waits for the queue for ever.
  std::function<void()> drained;
};

// Destroying it closes the connection at once (what is queued is lost) without RST where that can
// be avoided. TCP_NODELAY is always on.
class ByteStream {
 public:
  virtual ~ByteStream() = default;

  // Begins to read. Again: from now on other events are told, to a new owner.
  virtual void start(StreamEvents events) = 0;
  // Stops reading for the time being, so that the peer is held back; goes on. In between an end is
  // told only if writing fails; what has not been read then is lost.
  virtual void pause() = 0;
  virtual void resume() = 0;

  // Sends what the socket takes at once and queues the rest. After an end other than eof, and after
  // finish(), it does nothing.
  virtual void write(std::string_view bytes) = 0;
  // Bytes that wait because the peer does not read.
  virtual std::size_t queued() const = 0;
  // Bytes that the system took and the peer's system has not acknowledged (SIOCOUTQ). 0 where
  // nobody can tell, and after an end other than eof.
  virtual std::size_t unacknowledged() const = 0;
  // FIN behind what is queued (with TLS: close_notify before it).
  virtual void finish() = 0;
  // RST now; what is queued is dropped. No further event comes.
  virtual void reset() = 0;
};

}  // namespace playhead::net

#endif  // PLAYHEAD_NET_BYTE_STREAM_H_
