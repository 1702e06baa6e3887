// Sessions in one JSON file that processes and threads may share and that survives their death.
#ifndef PLAYHEAD_SESSION_STORE_FILE_STORE_H_
#define PLAYHEAD_SESSION_STORE_FILE_STORE_H_

#include <cstddef>
#include <functional>
#include <string>

#include "base/result.h"
#include "session/store.h"

namespace playhead::session_store {

// Our choice: what kEntriesMax sessions with the longest names need fits in it.
inline constexpr std::size_t kFileBytesMax = std::size_t{64} << 20;

// The file (session/session_json.h, mode 0600) is only ever replaced by rename: it is the old or
// the new one whenever this process is killed, and after a failure of power. Beside it stand
// FILE.lock, empty, which updates lock and nobody removes, and during an update FILE.new; one that
// a killed process left is replaced by the next update. No file: no sessions.
//
// Failures name the path, the system's reason and what to do. A file that cannot be read as
// sessions is a failure, and is left as it is.
class FileStore : public session::Store {
 public:
  // The folder of the file must exist.
  explicit FileStore(std::string path);

  // Waits until others are done with their updates. A change that changes nothing writes nothing.
  // Only where the folder cannot be synced the failure comes behind the change; it says so.
  Status update(const std::function<void(session::Table&)>& change) override;
  Result<session::Table> read() const override;

 private:
  std::string path_;
};

}  // namespace playhead::session_store

#endif  // PLAYHEAD_SESSION_STORE_FILE_STORE_H_
