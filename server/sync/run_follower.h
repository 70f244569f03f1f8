// File: run_follower.h
//
// Follows runs that other processes may work on, for all who watch them here: reads what was committed and
// puts it into their logs. One thread and one read for each watched run; it sleeps while nobody watches any.
#ifndef SERVER_SYNC_RUN_FOLLOWER_H_
#define SERVER_SYNC_RUN_FOLLOWER_H_

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/mutex.h"
#include "server/sync/run_log.h"
#include "server/sync/store.h"

namespace satudata::sync {

// Thread-safe.
class RunFollower {
 public:
  // Both must outlive the follower.
  RunFollower(Store& store, base::Clock& clock);
  ~RunFollower();

  // The log of `run`, which has not ended; one for all who hold it. Its tail begins after the run's last
  // sequence.
  std::shared_ptr<RunLog> Follow(const Run& run);
  // Something was committed here: whoever watches it need not wait for the next look. Quick.
  void Nudge();

 private:
  void Loop();
  // False when it is to end.
  bool WaitForRound();
  std::vector<std::shared_ptr<RunLog>> Watched();
  absl::Status Read(RunLog& log);

  Store& store_;
  base::Clock& clock_;

  base::Mutex mu_;
  base::CondVar changed_;
  absl::flat_hash_map<std::string, std::weak_ptr<RunLog>> logs_ ABSL_GUARDED_BY(mu_);
  bool nudged_ ABSL_GUARDED_BY(mu_) = false;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_RUN_FOLLOWER_H_
