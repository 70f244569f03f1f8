// File: log_watch.h
//
// The RunWatch over a RunLog and the store.
#ifndef SERVER_SYNC_LOG_WATCH_H_
#define SERVER_SYNC_LOG_WATCH_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/sync/run_log.h"
#include "server/sync/run_watch.h"
#include "server/sync/store.h"

namespace satudata::sync {

class LogWatch final : public RunWatch {
 public:
  struct Dependencies {  // Must outlive the watch.
    Store* store;
    base::Clock* clock;
    std::function<std::vector<Wait>(const Run&)> waits;  // Of the run's targets, now.
  };
  // Between two Progress events, and between two signs of life.
  static constexpr absl::Duration kProgressInterval = absl::Milliseconds(100);
  static constexpr absl::Duration kHeartbeatInterval = absl::Seconds(15);

  // `log` is null for a run that is not active.
  LogWatch(std::string run_id, int64_t after_sequence, std::shared_ptr<RunLog> log,
           Dependencies dependencies);
  ~LogWatch() override;

  absl::StatusOr<Batch> Read(size_t limit) override;
  void SetWaker(std::function<void()> waker) override;

 private:
  absl::StatusOr<Run> CurrentRun();
  absl::Status Append(size_t limit, Batch& batch, bool& ended);
  absl::Status AppendStored(size_t limit, int64_t through_sequence, Batch& batch, bool& complete);
  void AppendProgress(Batch& batch);
  RunEvent Event(int64_t sequence,
                 std::variant<Run, RunStateChange, Delivery, FileSkipped, Progress, Heartbeat> what);

  const std::string run_id_;
  const std::shared_ptr<RunLog> log_;
  const Dependencies dependencies_;
  int64_t cursor_;
  RunKind kind_ = RunKind::kSyncAll;
  bool opened_ = false;
  bool done_ = false;
  int64_t seen_version_ = -1;
  absl::Duration last_progress_;
  absl::Duration last_event_;
  int64_t subscription_ = 0;
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_LOG_WATCH_H_
