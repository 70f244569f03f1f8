// File: run_log.h
//
// The live tail of an active run: its newest events, its counts, and who wants to hear of more. What has left
// the tail is in the store; a reader that fell behind goes there and comes back.
#ifndef SERVER_SYNC_RUN_LOG_H_
#define SERVER_SYNC_RUN_LOG_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/mutex.h"
#include "server/sync/run.h"
#include "server/sync/store.h"

namespace satudata::sync {

// Thread-safe.
class RunLog {
 public:
  // `run` as the store has it; the tail begins after its last_sequence. Default capacity: 4,096 events.
  explicit RunLog(Run run, size_t capacity = 4096);

  // Takes in what was committed. On the store's writer thread, in commit order.
  void OnCommitted(const Change& change, absl::Time now);

  // The same for a run that others write as well, read from the store by one thread, in this order: that it
  // has begun, what happened after last_sequence() up to `through_sequence`, and how it stands since.
  void OnStartSeen(const Run& run);
  void OnEventsSeen(std::vector<RunEvent> events, int64_t through_sequence);
  void OnSeen(const Run& run, const std::vector<std::string>& planned_targets, absl::Time now);
  int64_t last_sequence() const;
  bool HasEnded() const;

  struct Tail {
    std::vector<RunEvent> events;
    bool behind = false;           // Something after the cursor has left the tail: read the store first.
    int64_t dropped_sequence = 0;  // The store has everything up to here.
    bool ended = false;            // The run's state is final, and `events` reach up to it.
  };
  Tail ReadAfter(int64_t sequence, size_t limit) const;

  Run Snapshot() const;
  RunKind kind() const { return kind_; }
  std::map<std::string, bool> Planned() const;
  // Rises with every change of the counts.
  int64_t Version() const;

  // `waker` is called after each change until Unsubscribe returns. It must be quick and must not call the
  // log.
  int64_t Subscribe(std::function<void()> waker);
  void Unsubscribe(int64_t subscription);
  void WakeAll();

 private:
  void Push(RunEvent event) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Count(const Change& change) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const size_t capacity_;
  const RunKind kind_;
  mutable base::Mutex mu_;
  Run run_ ABSL_GUARDED_BY(mu_);
  std::map<std::string, bool> planned_ ABSL_GUARDED_BY(mu_);
  int64_t version_ ABSL_GUARDED_BY(mu_) = 0;
  int64_t seen_sequence_ ABSL_GUARDED_BY(mu_) = -1;  // Of the run as it was last read.
  std::deque<RunEvent> tail_ ABSL_GUARDED_BY(mu_);
  int64_t dropped_sequence_ ABSL_GUARDED_BY(mu_);

  // Held while wakers run, so that Unsubscribe can promise that none runs after it.
  mutable base::Mutex subscribers_mu_;
  std::map<int64_t, std::function<void()>> subscribers_ ABSL_GUARDED_BY(subscribers_mu_);
  int64_t next_subscription_ ABSL_GUARDED_BY(subscribers_mu_) = 1;
};

// The logs of all active runs, and the heartbeat of those who watch them.
class RunLogs {
 public:
  std::shared_ptr<RunLog> Create(const Run& run);
  std::shared_ptr<RunLog> Find(absl::string_view run_id) const;  // nullptr for a run that is not active.
  void Remove(absl::string_view run_id);
  std::vector<std::shared_ptr<RunLog>> All() const;

 private:
  mutable base::Mutex mu_;
  absl::flat_hash_map<std::string, std::shared_ptr<RunLog>> logs_ ABSL_GUARDED_BY(mu_);
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_RUN_LOG_H_
