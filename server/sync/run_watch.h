// File: run_watch.h
//
// Follows one run: a snapshot, what changed after a sequence, the live tail, and a last snapshot in the final
// state.
#ifndef SERVER_SYNC_RUN_WATCH_H_
#define SERVER_SYNC_RUN_WATCH_H_

#include <cstddef>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "server/sync/run.h"

namespace satudata::sync {

// A pull cursor: what a slow reader has not fetched is not queued for it but read again from the store.
// Read is called by one thread at a time; SetWaker and the destructor from any. The engine must outlive it.
class RunWatch {
 public:
  virtual ~RunWatch() = default;

  struct Batch {
    std::vector<RunEvent> events;  // Empty: nothing new; the waker will be called.
    bool ended = false;            // These were the last: the final snapshot is among them.
  };
  // At most `limit` events. May read the store: never call it where blocking is not allowed.
  virtual absl::StatusOr<Batch> Read(size_t limit) = 0;

  // `waker` is called, from any thread and at any time until the destructor returns, when Read may have
  // something new. It must be quick and must not call the watch. Set once, before the first Read.
  virtual void SetWaker(std::function<void()> waker) = 0;
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_RUN_WATCH_H_
