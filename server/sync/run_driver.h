// File: run_driver.h
//
// Carries one run from its plan to its end: plans it target by target, feeds the deliveries to the targets'
// lanes as these have room, and ends it when nothing is left to wait for. Targets do not wait for one
// another.
//
// Of several processes one drives a run: whoever has the run's own chunk (chunk.h), with whose fence all is
// written that concerns the run as a whole. The others assist: they work on chunks whose target the driver
// has released.
#ifndef SERVER_SYNC_RUN_DRIVER_H_
#define SERVER_SYNC_RUN_DRIVER_H_

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/base/executor.h"
#include "server/base/mutex.h"
#include "server/catalog/catalog.h"
#include "server/sync/chunk_feeder.h"
#include "server/sync/lease_keeper.h"
#include "server/sync/mass_change.h"
#include "server/sync/observer.h"
#include "server/sync/plan_builder.h"
#include "server/sync/run.h"
#include "server/sync/steady_time.h"
#include "server/sync/store.h"
#include "server/sync/store_patience.h"
#include "server/sync/target_worker.h"

namespace satudata::sync {

// One target of a run's work. `executor` is the target's own, so that one that hangs does not hold up the
// others.
struct RunTarget {
  TargetWorker* worker = nullptr;
  base::Executor* executor = nullptr;
};

// Thread-safe. Shared between the engine and the work that it has scheduled; the latter keeps it alive.
class RunDriver : public std::enable_shared_from_this<RunDriver> {
 public:
  struct Dependencies {  // All must outlive the driver.
    Store* store;
    catalog::Catalog* catalog;
    const SteadyTime* time;
    std::string default_kodepemda;
    absl::Duration judge_wait;  // How long a target's plan waits for the others to be judged.
    LeaseKeeper* keeper;
    std::function<void(Change, std::function<void(const absl::Status&)>)> submit;
  };

  RunDriver(Run run, std::vector<RunTarget> targets, Dependencies dependencies);

  // Begins, or goes on with `now`, the run as it is stored, and with the targets that were planned already;
  // `drive` is the fence of the run's own chunk. Also for one that has only assisted.
  void Drive(const Fence& drive, const Run& now, const std::vector<std::string>& planned_targets);
  // Works on what FeedAgain tells of, and never ends the run.
  void Assist();
  // Somebody else drives the run now: assists.
  void LoseDrive() { drives_ = false; }
  bool drives() const { return drives_; }
  // A plan is under way, perhaps one for a drive that was lost: it must end before the run is driven again.
  bool IsPlanning() const { return plans_ > 0; }
  // Sends nothing more; the caller has made that durable.
  void Cancel();
  // Goes on feeding where a lane was full of other work. Called now and then.
  void Nudge();
  // There are chunks to be claimed that this process does not have, or has lost.
  void FeedAgain(absl::string_view target);
  // Something of this run was not stored, since another process has its chunk now. Quick.
  void NoteRefusal() { refused_ = true; }
  // Something of this run was settled at a target.
  void OnSettled(absl::string_view target);
  // A file changed before its delivery was sent: it is planned again.
  void OnMoved(LaneDelivery delivery);
  // Schedules nothing more; what is stored stays as it is for the next process.
  void Stop();

  const Run& run() const { return run_; }

 private:
  struct Planned {  // At one target.
    PlanTotals totals;
    int64_t requests = 0;      // Of a preview.
    catalog::Failure refused;  // Of a preview: the run would not be begun.
  };
  enum class Phase { kPlanning, kJudged, kFeeding, kFed, kDone };
  enum class Start { kNone, kToBePlanned, kPlanned };
  struct Part {
    RunTarget target;
    std::string name;
    std::atomic<Phase> phase = Phase::kPlanning;
    std::atomic<bool> scheduled = false;
    std::atomic<bool> feed_again = false;  // Before it counts as fed, or done, there is more to claim.
    std::atomic<int> replans = 0;
    std::atomic<Start> start = Start::kNone;  // Of a drive that has just begun.
    std::atomic<int> rests = 0;               // Nudges until it is looked again for what others work on.
    absl::Time judge_time;                    // Set before the phase is kJudged.
    base::Mutex step_mu;                      // One step at a time.
    std::unique_ptr<ChunkFeeder> feeder;
  };

  Fence CurrentDrive();
  // `change` concerns the run as a whole.
  void Submit(Change change, std::function<void(const absl::Status&)> done = nullptr);
  void Release(Part& part);
  void Schedule(Part& part);
  void Step(Part& part);
  void Plan(Part& part);
  absl::Status PlanPages(Part& part, Planned& planned);
  absl::Status PlanWithdrawal(PlanBuilder& builder);
  // The page after `cursor`, which it moves on; nullopt at the end.
  absl::StatusOr<std::optional<PlanBuilder::Page>> PlanPage(PlanBuilder& builder,
                                                            const PlanBuilder::Options& options,
                                                            const PlanFilter& filter, PlanTotals& totals,
                                                            std::string& cursor);
  void Judge(const PlanTotals& totals);
  void Refuse(catalog::Failure failure);
  bool MaySend(const Part& part) const;
  absl::StatusOr<std::vector<catalog::FileWithValues>> LoadFiles(const std::vector<std::string>& file_ids);
  void Feed(Part& part);
  absl::StatusOr<FeedProgress> FeedChunk(Part& part);
  bool MayFeed(Part& part);
  void Replan(Part& part, LaneDelivery delivery);
  void StoreReplanned(Part& part, LaneDelivery item, PlannedFile planned, State previous, int64_t generation);
  PlanBuilder::Dependencies BuilderDependencies(Part& part);
  // Submits, and waits until this and everything before it is stored.
  absl::Status CommitAll(Change change);
  void End(const Fence& drive);
  void CheckDone(Part& part);
  void Finish();
  void GoOn();
  void FailPlanning(const absl::Status& status);
  void Fail(catalog::Failure failure);
  void StopSending();
  catalog::Failure StopReason();
  Part* FindPart(absl::string_view target);
  // Another process may look at it anew.
  bool IsAbandoned() const { return stopped_ || !drives_; }
  bool Ends() const { return IsAbandoned() || cancelled_; }

  const Run run_;
  const Dependencies dependencies_;
  StorePatience patience_;
  std::stop_source stop_;  // Requested when the planning of this run is of no use any more.
  std::vector<std::unique_ptr<Part>> parts_;
  std::atomic<bool> cancelled_;  // Nothing more is sent: cancelled, or failed.
  std::atomic<bool> drives_ = false;
  std::atomic<int> plans_ = 0;  // Under way.
  std::atomic<bool> stopped_ = false;
  std::atomic<bool> finished_ = false;
  std::atomic<bool> refused_ = false;  // Since it was last believed to be finished.

  base::Mutex mu_;
  catalog::Failure failure_ ABSL_GUARDED_BY(mu_);
  Fence drive_ ABSL_GUARDED_BY(mu_);
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_RUN_DRIVER_H_
