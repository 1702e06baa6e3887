// Writer: what happens in a turn, as bytes for its client. Formats implement it (SPEC 9.1, 9.3).
#ifndef PLAYHEAD_EMIT_WRITER_H_
#define PLAYHEAD_EMIT_WRITER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/turn.h"

namespace playhead::emit {

// The constant part of everything a writer writes.
struct Envelope {
  std::string id;
  std::string model;
  std::int64_t created_s = 0;
  std::string reasoning_field;  // of a delta; empty: reasoning is not sent
};

// How a turn ended, for its last frames.
struct TurnEnd {
  bool completed = false;
  bool partial = false;
  bool failed = false;
  std::string_view finish_reason;
  const std::optional<TurnError>* error = nullptr;  // borrowed
  Usage usage;
};

// Each call appends whole frames to `out`, so that a keepalive may follow any of them. finish() or
// stopped() comes once and last; anything after it is CHECKed.
class Writer {
 public:
  virtual ~Writer() = default;

  virtual void begin(std::string& out) = 0;
  // A request went out: what follows belongs to another reply.
  virtual void next_reply(std::string& out) = 0;
  virtual void text(std::string_view visible, std::string& out) = 0;
  virtual void reasoning(std::string_view piece, std::string& out) = 0;
  virtual void tool_running(const ToolRecord& call, std::string& out) = 0;
  virtual void tool_completed(const ToolRecord& call, std::string_view result,
                              std::string& out) = 0;
  // The tool ran and failed, or was told to stop.
  virtual void tool_failed(const ToolRecord& call, std::string_view error, std::string& out) = 0;
  // A call that was not run and that the model is told `error` of.
  virtual void tool_refused(const ToolRecord& call, std::string_view error, std::string& out) = 0;
  virtual void notice(std::string_view text, std::string& out) = 0;
  virtual void finish(const TurnEnd& end, std::string& out) = 0;
  // The turn was stopped while its client listens; takes the place of finish().
  virtual void stopped(const TurnError& why, std::string& out) = 0;
};

}  // namespace playhead::emit

#endif  // PLAYHEAD_EMIT_WRITER_H_
