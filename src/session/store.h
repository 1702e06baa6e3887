// Where sessions are kept. Processes may share a store, so that every change is a transaction.
#ifndef PLAYHEAD_SESSION_STORE_H_
#define PLAYHEAD_SESSION_STORE_H_

#include <functional>

#include "base/result.h"
#include "session/entry.h"

namespace playhead::session {

class Store {
 public:
  virtual ~Store() = default;

  // Reads, changes and writes back, as one step that no other update comes between. `change` is
  // called at most once, exactly once where the update succeeds, and must not call the store. On
  // failure nothing is changed, but for what the implementation names.
  virtual Status update(const std::function<void(Table&)>& change) = 0;

  // All sessions, as some update left them.
  virtual Result<Table> read() const = 0;
};

// Sessions of one process and thread, gone with it. Never fails.
class MemoryStore : public Store {
 public:
  Status update(const std::function<void(Table&)>& change) override {
    change(table_);
    return Done{};
  }
  Result<Table> read() const override { return table_; }

 private:
  Table table_;
};

}  // namespace playhead::session

#endif  // PLAYHEAD_SESSION_STORE_H_
