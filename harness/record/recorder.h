// Recorder: a transparent relay between clients and the upstreams that its options name, which
// records all that passes before it is forwarded.
#ifndef PLAYHEAD_RECORD_RECORDER_H_
#define PLAYHEAD_RECORD_RECORDER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/loop.h"
#include "net/url.h"
#include "record/file_shelf.h"
#include "record/limits.h"
#include "record/recording_name.h"
#include "record/router.h"

namespace playhead::record {

struct RecorderOptions {
  std::vector<Upstream> upstreams;
  Output output;
  std::string name;  // of recordings in a folder, where a request names none; empty: kDefaultName
  std::string recorder;  // program and version, for meta.recorder
  net::Endpoint listen;
  std::string ca_file;               // further trusted certificates (PEM); empty: none
  std::vector<std::string> secrets;  // values to mask wherever they turn up: of the environment
  bool strict = false;               // what cannot be recorded is not forwarded
  RecordLimits limits;
};

// Lines for people, without line feed, secrets and bodies.
struct RecorderLog {
  Log warning;
  Log exchange;  // each exchange that ended; may be empty
};

struct RecorderStats {
  std::size_t open = 0;         // exchanges
  std::uint64_t exchanges = 0;  // ended
  std::uint64_t refused = 0;    // requests that were answered by the recorder itself
  std::uint64_t bytes = 0;      // of response bodies
  bool incomplete = false;      // something is missing in a recording
};

class Recorder {
 public:
  // Listens from here on. Fails where the options are unusable, the port is taken, or the output
  // cannot be made.
  static Result<std::unique_ptr<Recorder>> start(net::Loop& loop, RecorderOptions options,
                                                 RecorderLog log);
  // Does end().
  virtual ~Recorder() = default;

  virtual std::uint16_t port() const = 0;
  virtual RecorderStats stats() const = 0;

  // Takes no further request. Open exchanges get `grace` to end by themselves, then they end in
  // `recorder_stopped` and their clients are reset. The files are finished, and when the last
  // connection is closed, or has lingered too long, `done` is called.
  virtual void stop(Duration grace, std::function<void()> done) = 0;
  // The same without grace, and done when it returns.
  virtual void end() = 0;
  // Once stopped.
  virtual const std::vector<FinishedFile>& finished() const = 0;
};

}  // namespace playhead::record

#endif  // PLAYHEAD_RECORD_RECORDER_H_
