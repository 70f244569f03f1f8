// File: engine_impl.h
//
// The engine behind engine.h, private to server/sync/engine*.cc: engine.cc makes it, stores changes and ends
// it, engine_admission.cc decides who may start and starts it, engine_resume.cc carries on what a restart
// found or another process left, engine_sharing.cc works together with other processes at the same store,
// engine_watch.cc serves those who look on, engine_cancel.cc ends runs.
// Thread-safe.
#ifndef SERVER_SYNC_ENGINE_IMPL_H_
#define SERVER_SYNC_ENGINE_IMPL_H_

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/executor.h"
#include "server/base/mutex.h"
#include "server/sync/chunk_feeder.h"
#include "server/sync/engine.h"
#include "server/sync/lease_keeper.h"
#include "server/sync/run_driver.h"
#include "server/sync/run_follower.h"
#include "server/sync/run_log.h"
#include "server/sync/steady_time.h"
#include "server/sync/target_worker.h"

namespace satudata::sync {

// FAILED_PRECONDITION: there is nothing of `run` to cancel, or to retry.
absl::Status NothingOpen(const Run& run);

class EngineImpl final : public Engine {
 public:
  EngineImpl(EngineOptions options, Dependencies dependencies);
  ~EngineImpl() override { Shutdown(absl::ZeroDuration()); }

  absl::Status Resume() override;
  absl::StatusOr<Run> StartRun(SyncRequest request) override;
  absl::StatusOr<Run> CancelRun(absl::string_view run_id) override;
  absl::StatusOr<std::unique_ptr<RunWatch>> Watch(absl::string_view run_id, int64_t after_sequence) override;
  std::vector<TargetStatus> Targets() override;
  absl::StatusOr<CheckResult> CheckTarget(absl::string_view target) override;
  absl::StatusOr<TargetStatus> PauseTarget(absl::string_view target, absl::string_view paused_by,
                                           absl::string_view comment) override;
  absl::StatusOr<TargetStatus> ResumeTarget(absl::string_view target) override;
  absl::StatusOr<IndicatorPage> ListIndicators(const IndicatorFilter& filter, const Page& page) override;
  int64_t ActiveRunCount() const override;
  void Shutdown(absl::Duration grace) override;

 private:
  struct Lanes {  // What one target has to itself.
    std::unique_ptr<TargetWorker> worker;
    std::unique_ptr<base::ThreadPool> planners;
    std::unique_ptr<base::ThreadPool> previewers;  // So that no preview keeps a run waiting.
    std::unique_ptr<ChunkFeeder> feeder;           // Of what ended runs have left.
    std::atomic<bool> carrying_on = false;
  };

  std::unique_ptr<TargetWorker> MakeWorker(Target& target);
  std::unique_ptr<LeaseKeeper> MakeKeeper();
  void Submit(Change change, std::function<void(const absl::Status&)> done);
  void Publish(const Change& committed);
  void OnRefused(const Change& change);
  void Observe(const Change& change);

  absl::Status CheckTargets(const SyncRequest& request) const;
  absl::Status CheckFile(const SyncRequest& request);
  absl::Status CheckWithdrawal(const SyncRequest& request) const;
  absl::Status ResolveRetry(SyncRequest& request);
  absl::StatusOr<bool> IsWithdrawalLeft(const SyncRequest& request);
  absl::Status CheckLeftOver(const SyncRequest& request);
  absl::Status CheckRoom(const SyncRequest& request) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::StatusOr<std::optional<Run>> Admit(const SyncRequest& request, const std::string& run_id);
  void Release(const std::string& run_id);
  void GiveUpPlace(const std::string& run_id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  std::shared_ptr<RunDriver> MakeDriver(const Run& run);
  void Drive(const Run& run, const Fence& drive, const std::vector<std::string>& planned_targets);
  absl::Status MarkCancelled(const Run& run);
  void CancelInMemory(absl::string_view run_id);
  absl::Status RestoreTargets();
  absl::Status ResumeRuns();
  void ExpectRun(const Run& run);
  absl::Status AdoptRun(const std::string& run_id);
  absl::Status AdoptClaimed(const Chunk& run_chunk);
  void AdoptInTime(const std::string& run_id);
  void AdoptExpired(const std::string& run_id);
  // Loses a run to another process.
  void LetAssist(const std::string& run_id, RunDriver* driver);
  void CarryOnEnded(const std::string& target);
  void OnChunkLost(const Chunk& chunk);
  void TakeOver(const std::vector<Chunk>& expired);
  std::shared_ptr<RunDriver> FindDriver(absl::string_view run_id) const;
  std::vector<std::shared_ptr<RunDriver>> Drivers() const;
  void TellEnd(const RunDriver& driver, const Change& end);
  std::vector<Wait> Waits(const Run& run);
  void Tick();

  bool IsShared() const { return dependencies_.store->IsShared(); }
  void Share();
  void ShareRound();
  void LookAtRun(const ActiveRun& active);
  std::shared_ptr<RunDriver> Assist(const Run& run);
  void ForgetEnded(const std::vector<ActiveRun>& active);
  void CancelStopped();
  void AdoptMemories();
  void WantGrant();
  bool ExchangeGrants();

  // The store outlives the engine and may still have commits to tell of: nobody listens once this is closed.
  struct Gate {
    base::Mutex mu;
    bool open ABSL_GUARDED_BY(mu) = true;
  };

  const EngineOptions options_;
  const Dependencies dependencies_;
  const SteadyTime time_;
  const std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();
  RunLogs logs_;  // Of a store that is not shared, where all that happens passes through here.
  std::unique_ptr<RunFollower> follower_;  // Of one that is.
  StorePatience patience_;
  std::unique_ptr<LeaseKeeper> keeper_;
  bool holds_grants_ = false;  // As last exchanged; the sharer's.
  std::map<std::string, Lanes> targets_;

  mutable base::Mutex mu_;
  base::CondVar changed_;
  base::CondVar share_;  // For the sharer, which is not to be woken by each run.
  absl::flat_hash_map<std::string, std::shared_ptr<RunDriver>> drivers_ ABSL_GUARDED_BY(mu_);
  absl::flat_hash_map<std::string, std::string> bulk_runs_ ABSL_GUARDED_BY(mu_);  // By target.
  absl::flat_hash_set<std::string> admitted_ ABSL_GUARDED_BY(mu_);  // Runs, from before they exist.
  absl::flat_hash_set<std::string> previews_ ABSL_GUARDED_BY(mu_);  // Of these: they take no run's place.
  absl::flat_hash_set<std::string> cancelled_early_
      ABSL_GUARDED_BY(mu_);  // Of these: before they are driven.
  bool grant_wanted_ ABSL_GUARDED_BY(mu_) = false;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  std::thread ticker_;
  std::thread sharer_;
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_ENGINE_IMPL_H_
