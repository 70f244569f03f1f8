// File: target_worker.h
//
// Gives a Lane its threads: the senders of one target. They take jobs from the lane, do them with the Target,
// and put what comes of it into the store. Nothing here decides.
#ifndef SERVER_SYNC_TARGET_WORKER_H_
#define SERVER_SYNC_TARGET_WORKER_H_

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/mutex.h"
#include "server/base/random.h"
#include "server/sync/engine.h"
#include "server/sync/lane.h"
#include "server/sync/observer.h"
#include "server/sync/steady_time.h"
#include "server/sync/store.h"
#include "server/sync/target.h"

namespace satudata::sync {

// Thread-safe. Everything given must outlive the worker.
class TargetWorker {
 public:
  struct Dependencies {
    Target* target;
    Store* store;
    Observer* observer;
    base::Clock* clock;
    const SteadyTime* time;
    base::Uniform uniform;
    // Store::Submit, and whoever wants to know of the commit beside the callback.
    std::function<void(Change, std::function<void(const absl::Status&)>)> submit;
    // Called without any lock held, from a sender's thread.
    std::function<void(const std::vector<Settled>&)> on_settled;
    std::function<void(std::vector<LaneDelivery>)> on_moved;
  };

  TargetWorker(Dependencies dependencies, LaneOptions options);
  ~TargetWorker();  // Stop, with no grace.

  void Start();
  void Add(std::vector<LaneDelivery> deliveries);
  void CancelRun(absl::string_view run_id);
  void Forget(absl::string_view run_id, absl::string_view delivery_id);

  // Reads these scopes, sharing reads with everybody else who waits for them. Blocks until all are there, one
  // of them has failed repeatedly, `limit` has passed, or `stop` or the worker's is requested; what could not
  // be read is missing.
  absl::flat_hash_map<std::string, std::shared_ptr<const Observation>> Observe(
      const std::vector<std::string>& scopes, absl::Duration limit, std::stop_token stop);

  // Has the target fetch its reference lists for these regions, if it keeps any, in at most `tries` tries.
  // Without them values are judged by their shape.
  void PrepareReferences(const std::vector<std::string>& kodepemdas, int tries, const std::stop_token& stop);

  int64_t UnsettledCount(absl::string_view run_id);
  size_t Backlog();
  std::optional<Wait> CurrentWait();
  TargetStatus Status();
  Target& target() { return *dependencies_.target; }

  // No new jobs; waits up to `grace` for those under way, then aborts them; joins. Idempotent.
  void Stop(absl::Duration grace);

 private:
  template <typename Mutation>
  void Mutate(Mutation mutation);
  Job TakeJob();
  void Work(int index);
  void Do(const SendJob& job);
  void Do(const ReadJob& job);
  bool GoBackIfMoved(const SendJob& job);
  void RebaseHint(Verdict& verdict) const;
  void Note(const std::vector<Exchange>& exchanges, const Verdict& verdict);
  void NoticeNewCredentials();
  void SleepUntil(absl::Time until, int64_t seen_generation);
  void Wake();

  const Dependencies dependencies_;
  const int sender_count_;
  uint64_t credential_version_;  // As the first sender last saw it, and by it alone.
  // Held across a mutation and the submission of its changes, so that changes are submitted in the order in
  // which they were decided. Taken before mu_.
  base::Mutex order_mu_;
  base::Mutex mu_;
  Lane lane_ ABSL_GUARDED_BY(mu_);

  base::Mutex wake_mu_;
  base::CondVar wake_;
  int64_t wake_generation_ ABSL_GUARDED_BY(wake_mu_) = 0;
  bool stopping_ ABSL_GUARDED_BY(wake_mu_) = false;
  int running_ ABSL_GUARDED_BY(wake_mu_) = 0;
  std::vector<std::thread> threads_;
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_TARGET_WORKER_H_
