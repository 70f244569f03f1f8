// File: target_worker.h
//
// Gives a Lane its threads: the senders of one target. They take jobs from the lane, do them with the Target,
// and put what comes of it into the store. Nothing here decides.
//
// A sender is started when there is a job and none is free, so that a target that needs few has few. One
// sender is woken per job: whoever takes one wakes the next if there is more; of those that are free one
// sleeps until something is due, the others until they are called.
#ifndef SERVER_SYNC_TARGET_WORKER_H_
#define SERVER_SYNC_TARGET_WORKER_H_

#include <atomic>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/mutex.h"
#include "server/base/random.h"
#include "server/sync/engine.h"
#include "server/sync/lane.h"
#include "server/sync/observer.h"
#include "server/sync/pace.h"
#include "server/sync/steady_time.h"
#include "server/sync/store.h"
#include "server/sync/target.h"

namespace satudata::sync {

// Thread-safe. Everything given must outlive the worker.
class TargetWorker : private Pace {
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
    // Called without any lock held, from whichever thread changed something.
    std::function<void(const std::vector<Settled>&)> on_settled;
    std::function<void(std::vector<LaneDelivery>)> on_moved;
    // Something waits for a grant. Only of a store that is shared.
    std::function<void()> on_grant_wanted;
  };

  TargetWorker(Dependencies dependencies, LaneOptions options);
  ~TargetWorker() override;  // Stop, with no grace.

  // Goes on with what an earlier process knew of the target. Before the first Add.
  void Restore(TargetMemory memory);
  // So many deliveries of a chunk are about to be added, or to leave again.
  void OpenChunk(const Fence& fence, int64_t deliveries);
  void LeaveChunk(const std::string& run_id, const Fence& fence);
  void LoseChunk(const Fence& fence);
  void SetLeaseEnd(absl::Time until);
  void Add(std::vector<LaneDelivery> deliveries);
  void CancelRun(absl::string_view run_id);
  void Forget(absl::string_view run_id, absl::string_view delivery_id);
  // Done even where it could not be stored: then it does not outlive the process.
  absl::Status Pause(TargetPause pause);
  absl::Status Resume();
  // What this server asks of the target now, and what it gets.
  GrantRequest AskGrant();
  void SetGrant(const Grant& grant, absl::Time until);
  // As another server has stored it.
  void Adopt(const TargetMemory& memory);
  // A probe that somebody else made.
  void OnChecked(const CheckResult& result);

  enum class Patience {
    kLong,   // Waits for a circuit that is open to close.
    kBrief,  // Does not.
  };
  // Reads these scopes, sharing reads with everybody else who waits for them. Blocks until all are there, one
  // of them has failed repeatedly, `limit` has passed, the target is stopped for long, or `stop` or the
  // worker's is requested; what could not be read is missing.
  absl::flat_hash_map<std::string, std::shared_ptr<const Observation>> Observe(
      const std::vector<std::string>& scopes, Patience patience, absl::Duration limit, std::stop_token stop);

  // Has the target fetch its reference lists for these regions, if it keeps any, in at most `tries` tries.
  // Without them values are judged by their shape. Not asked for while the circuit is open.
  void PrepareReferences(const std::vector<std::string>& kodepemdas, int tries, const std::stop_token& stop);

  // The region's reference list, for people to look at: fetched if it is missing or old, by one who asks at a
  // time, and not while the target is stopped; else as it was last read. UNAVAILABLE kTargetOutage: it never
  // was.
  absl::StatusOr<ReferenceListPtr> LookAtReferences(const std::string& kodepemda);

  // What it does not count any more has been submitted to the store.
  int64_t UnsettledCount(absl::string_view run_id);
  size_t Backlog();
  std::optional<Wait> CurrentWait();
  // Nobody knows when it will tell what it holds: its circuit is open, it is stopped for long, or it could
  // not be read several times in a row. A single failure is no sign of that.
  bool IsAway();
  TargetStatus Status();
  Target& target() { return *dependencies_.target; }

  // No new jobs; waits up to `grace` for those under way, then aborts them; joins. Idempotent.
  void Stop(absl::Duration grace);

 private:
  // Runs `mutation` on the lane and hands on what came of it. Within: by a sender, which will look for its
  // next job by itself.
  template <typename Mutation>
  absl::Status MutateWithin(Mutation mutation);
  template <typename Mutation>
  absl::Status Mutate(Mutation mutation);
  // Mutate, for those in other files.
  void Apply(absl::FunctionRef<void(Lane& lane, absl::Time now)> mutation);
  bool LacksGrant(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Status Tell(const std::vector<TargetNotice>& notices, const std::optional<TargetMemory>& memory);
  Permit AwaitTurn(const base::Deadline& deadline) override;
  void CountRequest() override;
  Permit TryTurn(int64_t turn, const base::Deadline& deadline, absl::Time& look_at);
  void NoteTurn();
  int64_t TurnCount();
  bool WaitForTurn(absl::Time until, const base::Deadline& deadline, int64_t seen_turn);
  void LeaveTurn(int64_t turn, bool taken);
  std::vector<Settled> TakeSettled() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  Job TakeJob();
  void Work(int index);
  void Do(const SendJob& job);
  void Do(const ReadJob& job);
  void DoProbe();
  bool StoppedForLong();
  bool IsCut();
  void NoteReadable(bool readable);
  bool IsRefused();
  bool IsStopped();
  bool GoBackIfMoved(const SendJob& job);
  bool GoBackIfSuperseded(const SendJob& job);
  bool GoBackIfOthersHaveKeys(const SendJob& job);
  bool GoBackIfLate(const SendJob& job);
  void RebaseHint(Verdict& verdict) const;
  void Note(const std::vector<Exchange>& exchanges, const Verdict& verdict);
  void NoticeNewCredentials();
  void SleepUntil(absl::Time until, int64_t seen_call);
  // Sees to it that a sender looks for a job at `time`.
  void CallFor(absl::Time time);
  void WaitForRead(const base::Deadline& deadline, int64_t seen_read);
  void NoteRead();

  const Dependencies dependencies_;
  const size_t most_senders_;
  std::atomic<uint64_t> credential_version_;  // As last seen.
  std::atomic<int> failed_reads_ = 0;         // In a row.
  std::atomic<bool> looking_ = false;         // Somebody fetches a list to look at it.
  // Held across a mutation and the submission of its changes, so that changes are submitted in the order in
  // which they were decided. Taken before mu_.
  base::Mutex order_mu_;
  base::Mutex mu_;
  Lane lane_ ABSL_GUARDED_BY(mu_);

  base::Mutex wake_mu_;
  base::CondVar call_;     // For free senders.
  base::CondVar read_;     // For those who wait for observations.
  base::CondVar stopped_;  // For Stop.
  base::CondVar turn_;     // For those who await their turn.
  int64_t turn_count_ ABSL_GUARDED_BY(wake_mu_) = 0;
  int64_t call_count_ ABSL_GUARDED_BY(wake_mu_) = 0;
  int64_t read_count_ ABSL_GUARDED_BY(wake_mu_) = 0;
  bool stopping_ ABSL_GUARDED_BY(wake_mu_) = false;
  int running_ ABSL_GUARDED_BY(wake_mu_) = 0;
  int free_ ABSL_GUARDED_BY(wake_mu_) = 0;
  // When a sender that is free or has just been called will look for a job.
  absl::Time looks_at_ ABSL_GUARDED_BY(wake_mu_) = absl::InfiniteFuture();
  std::vector<std::thread> threads_ ABSL_GUARDED_BY(wake_mu_);
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_TARGET_WORKER_H_
