#include "server/sync/engine.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/executor.h"
#include "server/base/log.h"
#include "server/base/mutex.h"
#include "server/sync/lane_feed.h"
#include "server/sync/log_watch.h"
#include "server/sync/request_fingerprint.h"
#include "server/sync/run_driver.h"
#include "server/sync/run_log.h"
#include "server/sync/steady_time.h"
#include "server/sync/target_worker.h"

namespace satudata::sync {
namespace {

using catalog::Failure;
using catalog::FailureStatus;
using catalog::Reason;

// Planning may wait long for a target's tables; so many plans of one target may do so at once.
constexpr int kPlannersPerTarget = 3;
constexpr absl::Duration kTick = absl::Milliseconds(100);
constexpr absl::Duration kLongestCheck = absl::Seconds(30);
constexpr int64_t kResumePage = 500;

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
  int64_t ActiveRunCount() const override;
  void Shutdown(absl::Duration grace) override;

 private:
  struct Lanes {  // What one target has to itself.
    std::unique_ptr<TargetWorker> worker;
    std::unique_ptr<base::ThreadPool> planners;
  };

  std::unique_ptr<TargetWorker> MakeWorker(Target& target);
  void Submit(Change change, std::function<void(const absl::Status&)> done);
  void Publish(const Change& committed);
  void Observe(const Change& change);

  absl::Status CheckTargets(const SyncRequest& request) const;
  absl::Status CheckFile(const SyncRequest& request);
  absl::StatusOr<std::optional<Run>> Admit(const SyncRequest& request, const std::string& run_id);
  void Release(const std::string& run_id);
  void Drive(const Run& run, const std::vector<std::string>& planned_targets);
  absl::Status ResumeRun(Run run);
  absl::Status ResumeOpen(const std::string& target);
  std::shared_ptr<RunDriver> FindDriver(absl::string_view run_id) const;
  std::vector<std::shared_ptr<RunDriver>> Drivers() const;
  void OnEnded(const std::string& run_id);
  std::vector<Wait> Waits(const Run& run);
  void Tick();

  // The store outlives the engine and may still have commits to tell of: nobody listens once this is closed.
  struct Gate {
    base::Mutex mu;
    bool open ABSL_GUARDED_BY(mu) = true;
  };

  const EngineOptions options_;
  const Dependencies dependencies_;
  const SteadyTime time_;
  const std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();
  RunLogs logs_;
  std::map<std::string, Lanes> targets_;

  mutable base::Mutex mu_;
  base::CondVar changed_;
  absl::flat_hash_map<std::string, std::shared_ptr<RunDriver>> drivers_ ABSL_GUARDED_BY(mu_);
  absl::flat_hash_map<std::string, std::string> bulk_runs_ ABSL_GUARDED_BY(mu_);  // By target.
  absl::flat_hash_set<std::string> admitted_ ABSL_GUARDED_BY(mu_);  // Runs, from before they exist.
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  std::thread ticker_;
};

EngineImpl::EngineImpl(EngineOptions options, Dependencies dependencies)
    : options_(std::move(options)), dependencies_(std::move(dependencies)), time_(*dependencies_.clock) {
  for (Target* target : dependencies_.targets) {
    Lanes& lanes = targets_[target->traits().name];
    lanes.planners = std::make_unique<base::ThreadPool>(base::ThreadPoolOptions{
        .name = absl::StrCat(target->traits().name, "-plan"), .threads = kPlannersPerTarget});
    lanes.worker = MakeWorker(*target);
  }
  for (auto& [name, lanes] : targets_) lanes.worker->Start();
  ticker_ = std::thread([this] { Tick(); });
}

std::unique_ptr<TargetWorker> EngineImpl::MakeWorker(Target& target) {
  const std::string name = target.traits().name;
  LaneOptions options;
  options.reference_version = [&target] { return target.reference_version(); };
  return std::make_unique<TargetWorker>(
      TargetWorker::Dependencies{.target = &target,
                                 .store = dependencies_.store,
                                 .observer = dependencies_.observer,
                                 .clock = dependencies_.clock,
                                 .time = &time_,
                                 .uniform = dependencies_.uniform,
                                 .submit =
                                     [this](Change change, std::function<void(const absl::Status&)> done) {
                                       Submit(std::move(change), std::move(done));
                                     },
                                 .on_settled =
                                     [this, name](const std::vector<Settled>& settled) {
                                       absl::flat_hash_set<absl::string_view> runs;
                                       for (const Settled& item : settled) runs.insert(item.run_id);
                                       for (const absl::string_view run_id : runs) {
                                         if (auto driver = FindDriver(run_id)) driver->OnSettled(name);
                                       }
                                     },
                                 .on_moved =
                                     [this](std::vector<LaneDelivery> moved) {
                                       for (LaneDelivery& delivery : moved) {
                                         if (auto driver = FindDriver(delivery.delivery.run_id))
                                           driver->OnMoved(std::move(delivery));
                                       }
                                     }},
      std::move(options));
}

// Commits

void EngineImpl::Submit(Change change, std::function<void(const absl::Status&)> done) {
  dependencies_.store->Submit(std::move(change), [this, gate = gate_, done = std::move(done)](
                                                     const absl::Status& status, const Change& committed) {
    if (!status.ok()) {
      base::Log(base::Severity::kError, "change not stored",
                {{"run_id", committed.run_id}, {"error", status.message()}});
    }
    base::MutexLock lock(&gate->mu);
    if (!gate->open) return;  // All who could wait for it have been joined.
    if (status.ok()) Publish(committed);
    if (done) done(status);
  });
}

// Counts and tells what is stored. Whoever hears that a run has ended may start the next one at once, so its
// place is given up before that is told.
void EngineImpl::Publish(const Change& committed) {
  Observe(committed);
  const bool ended = committed.run_state.has_value() && IsFinal(committed.run_state->current);
  if (ended) Release(committed.run_id);
  if (auto log = logs_.Find(committed.run_id)) log->OnCommitted(committed, dependencies_.clock->Now());
  if (ended) OnEnded(committed.run_id);
}

// What is counted is what is stored.
void EngineImpl::Observe(const Change& change) {
  for (const DeliveryChange& item : change.deliveries) {
    const Delivery& delivery = item.delivery;
    const bool settled = IsFinal(delivery.state) && (!item.previous.has_value() || !IsFinal(*item.previous));
    if (!settled) continue;
    dependencies_.observer->OnDeliverySettled(delivery.target, delivery.state,
                                              delivery.update_time - delivery.create_time);
    for (int i = 0; i < kStateCount; ++i) {
      const State state = static_cast<State>(i);
      if (delivery.records[state] > 0) {
        dependencies_.observer->OnRecordSettled(delivery.target, state, delivery.records[state]);
      }
    }
  }
}

// Starting

absl::Status EngineImpl::CheckTargets(const SyncRequest& request) const {
  for (const std::string& target : request.targets) {
    if (targets_.contains(target)) continue;
    const std::string known =
        absl::StrJoin(targets_, ", ", [](std::string* out, const auto& item) { out->append(item.first); });
    return FailureStatus(absl::StatusCode::kInvalidArgument,
                         {.reason = Reason::kTargetUnknown, .args = {{"target", target}, {"known", known}}});
  }
  return absl::OkStatus();
}

absl::Status EngineImpl::CheckFile(const SyncRequest& request) {
  if (request.kind != RunKind::kSyncFile) return absl::OkStatus();
  const absl::StatusOr<catalog::CatalogFile> file = dependencies_.store->GetFile(request.file_id);
  if (!file.ok()) return file.status();
  if (file->verification == catalog::Verification::kVerified) return absl::OkStatus();
  return FailureStatus(
      absl::StatusCode::kFailedPrecondition,
      {.reason = Reason::kFileNotVerified,
       .args = {{"file_id", file->file_id},
                {"verification", std::string(catalog::VerificationText(file->verification))}}});
}

// Reserves the run's place. Answers with the active run that this very request has started before, if that is
// why there is no place.
absl::StatusOr<std::optional<Run>> EngineImpl::Admit(const SyncRequest& request, const std::string& run_id) {
  std::shared_ptr<RunDriver> active;
  {
    base::MutexLock lock(&mu_);
    if (stopping_) return FailureStatus(absl::StatusCode::kUnavailable, {.reason = Reason::kServerStopping});
    if (static_cast<int>(admitted_.size()) >= options_.max_active_runs) {
      return FailureStatus(
          absl::StatusCode::kResourceExhausted,
          {.reason = Reason::kTooManyRuns, .args = {{"limit", absl::StrCat(options_.max_active_runs)}}});
    }
    for (const std::string& target : request.targets) {
      const auto busy = IsBulk(request.kind) ? bulk_runs_.find(target) : bulk_runs_.end();
      if (busy == bulk_runs_.end()) continue;
      const auto found = drivers_.find(busy->second);
      if (found != drivers_.end()) active = found->second;
      const bool repeated = active != nullptr && !request.request_id.empty() &&
                            active->run().request.request_id == request.request_id &&
                            active->run().request.requested_by == request.requested_by &&
                            Fingerprint(active->run().request) == Fingerprint(request);
      if (repeated) break;
      return FailureStatus(
          absl::StatusCode::kAborted,
          {.reason = Reason::kRunActive, .args = {{"run_id", busy->second}, {"target", target}}});
    }
    if (active == nullptr) {
      admitted_.insert(run_id);
      for (const std::string& target : request.targets) {
        if (IsBulk(request.kind)) bulk_runs_[target] = run_id;
      }
      return std::nullopt;
    }
  }
  const std::shared_ptr<RunLog> log = logs_.Find(active->run().run_id);
  return log != nullptr ? log->Snapshot() : active->run();
}

void EngineImpl::Release(const std::string& run_id) {
  base::MutexLock lock(&mu_);
  admitted_.erase(run_id);
  drivers_.erase(run_id);
  absl::erase_if(bulk_runs_, [&](const auto& item) { return item.second == run_id; });
  changed_.SignalAll();
}

absl::StatusOr<Run> EngineImpl::StartRun(SyncRequest request) {
  if (absl::Status known = CheckTargets(request); !known.ok()) return known;
  if (absl::Status file = CheckFile(request); !file.ok()) return file;
  const absl::Time now = dependencies_.clock->Now();
  const std::string run_id = base::NewTimeOrderedUuid(absl::ToUnixMillis(now));
  absl::StatusOr<std::optional<Run>> attached = Admit(request, run_id);
  if (!attached.ok()) return attached.status();
  if (attached->has_value()) return **std::move(attached);
  const std::string fingerprint = Fingerprint(request);
  const Run run{.run_id = run_id, .request = std::move(request), .create_time = now};
  // Before the store knows the run: whoever finds it there finds its live tail as well.
  logs_.Create(run);
  absl::StatusOr<RunCreation> created = dependencies_.store->CreateRun(run, fingerprint);
  if (!created.ok() || created->attached) {
    logs_.Remove(run_id);
    Release(run_id);
    if (!created.ok()) return created.status();
    return created->run;
  }
  dependencies_.observer->OnRunStarted(created->run.request.kind);
  Drive(created->run, {});
  return created->run;
}

void EngineImpl::Drive(const Run& run, const std::vector<std::string>& planned_targets) {
  std::vector<RunTarget> targets;
  for (const std::string& name : run.request.targets) {
    const auto found = targets_.find(name);
    if (found != targets_.end())
      targets.push_back({found->second.worker.get(), found->second.planners.get()});
  }
  std::shared_ptr<RunLog> log = logs_.Find(run.run_id);
  if (log == nullptr) log = logs_.Create(run);
  auto driver = std::make_shared<RunDriver>(
      run, log, std::move(targets),
      RunDriver::Dependencies{.store = dependencies_.store,
                              .catalog = dependencies_.catalog,
                              .time = &time_,
                              .default_kodepemda = options_.default_kodepemda,
                              .submit = [this](Change change, std::function<void(const absl::Status&)> done) {
                                Submit(std::move(change), std::move(done));
                              }});
  {
    base::MutexLock lock(&mu_);
    drivers_[run.run_id] = driver;
  }
  driver->Start(planned_targets);
}

void EngineImpl::OnEnded(const std::string& run_id) {
  const std::shared_ptr<RunLog> log = logs_.Find(run_id);
  if (log != nullptr) {
    const Run run = log->Snapshot();
    dependencies_.observer->OnRunEnded(run.request.kind, run.state);
    base::Log(
        base::Severity::kInfo, "run ended",
        {{"run_id", run_id}, {"state", RunStateName(run.state)}, {"open", absl::StrCat(run.OpenCount())}});
  }
  // Those who watch keep the log; who comes now reads the store.
  logs_.Remove(run_id);
}

// After a restart

absl::Status EngineImpl::Resume() {
  const absl::StatusOr<std::vector<Run>> runs = dependencies_.store->UnfinishedRuns();
  if (!runs.ok()) return runs.status();
  for (const auto& [name, lanes] : targets_) {
    if (absl::Status resumed = ResumeOpen(name); !resumed.ok()) return resumed;
  }
  for (const Run& run : *runs) {
    if (absl::Status resumed = ResumeRun(run); !resumed.ok()) return resumed;
  }
  return absl::OkStatus();
}

absl::Status EngineImpl::ResumeRun(Run run) {
  const absl::StatusOr<std::vector<std::string>> planned = dependencies_.store->PlannedTargets(run.run_id);
  if (!planned.ok()) return planned.status();
  {
    base::MutexLock lock(&mu_);
    admitted_.insert(run.run_id);
    for (const std::string& target : run.request.targets) {
      if (IsBulk(run.request.kind)) bulk_runs_.try_emplace(target, run.run_id);
    }
  }
  base::Log(base::Severity::kInfo, "run goes on after a restart", {{"run_id", run.run_id}});
  // What was not planned to the end is planned anew, and counted anew.
  const auto is_planned = [&](const std::string& target) {
    return std::find(planned->begin(), planned->end(), target) != planned->end();
  };
  for (auto& [target, counts] : run.counts) {
    if (!is_planned(target)) counts = StateCounts();
  }
  if (!is_planned(run.request.targets.front())) run.skipped_file_count = 0;
  Drive(run, *planned);
  return absl::OkStatus();
}

// What ended runs left open is carried on in the background: read back, and sent again where that is allowed.
absl::Status EngineImpl::ResumeOpen(const std::string& target) {
  TargetWorker& worker = *targets_.at(target).worker;
  absl::flat_hash_map<std::string, Run> runs;
  std::string cursor;
  while (true) {
    const int64_t generation = dependencies_.store->Generation();
    absl::StatusOr<std::vector<DeliveryDetail>> page =
        dependencies_.store->UnsettledDeliveries("", target, cursor, kResumePage);
    if (!page.ok()) return page.status();
    if (page->empty()) return absl::OkStatus();
    cursor = page->back().delivery.delivery_id;
    absl::StatusOr<std::vector<LaneDelivery>> open =
        EquipOpen(*std::move(page), runs,
                  {dependencies_.store, dependencies_.catalog, &worker, &time_, options_.default_kodepemda});
    if (!open.ok()) return open.status();
    for (LaneDelivery& item : *open) item.generation = generation;
    worker.Add(*std::move(open));
  }
}

// Cancelling and watching

std::shared_ptr<RunDriver> EngineImpl::FindDriver(absl::string_view run_id) const {
  base::MutexLock lock(&mu_);
  const auto found = drivers_.find(run_id);
  return found == drivers_.end() ? nullptr : found->second;
}

absl::StatusOr<Run> EngineImpl::CancelRun(absl::string_view run_id) {
  absl::StatusOr<Run> run = dependencies_.store->GetRun(run_id);
  if (!run.ok()) return run;
  if (const std::shared_ptr<RunDriver> driver = FindDriver(run_id)) {
    driver->Cancel();
    return dependencies_.store->GetRun(run_id);
  }
  if (run->OpenCount() == 0) {
    return FailureStatus(
        absl::StatusCode::kFailedPrecondition,
        {.reason = Reason::kNothingOpen,
         .args = {{"run_id", run->run_id}, {"state", std::string(RunStateName(run->state))}}});
  }
  for (auto& [name, lanes] : targets_) lanes.worker->CancelRun(run_id);
  return dependencies_.store->GetRun(run_id);
}

absl::StatusOr<std::unique_ptr<RunWatch>> EngineImpl::Watch(absl::string_view run_id,
                                                            int64_t after_sequence) {
  std::shared_ptr<RunLog> log = logs_.Find(run_id);
  absl::StatusOr<Run> run =
      log != nullptr ? absl::StatusOr<Run>(log->Snapshot()) : dependencies_.store->GetRun(run_id);
  if (!run.ok()) return run.status();
  if (after_sequence < 0 || after_sequence > run->last_sequence) {
    return FailureStatus(absl::StatusCode::kOutOfRange,
                         {.reason = Reason::kSequenceOutOfRange,
                          .args = {{"sequence", absl::StrCat(after_sequence)},
                                   {"last_sequence", absl::StrCat(run->last_sequence)}}});
  }
  {
    base::MutexLock lock(&mu_);
    changed_.SignalAll();  // The ticker sleeps while nobody watches.
  }
  return std::make_unique<LogWatch>(std::string(run_id), after_sequence, std::move(log),
                                    LogWatch::Dependencies{dependencies_.store, dependencies_.clock,
                                                           [this](const Run& item) { return Waits(item); }});
}

std::vector<Wait> EngineImpl::Waits(const Run& run) {
  std::vector<Wait> waits;
  for (const std::string& name : run.request.targets) {
    const auto found = targets_.find(name);
    if (found == targets_.end()) continue;
    if (std::optional<Wait> wait = found->second.worker->CurrentWait()) waits.push_back(*std::move(wait));
  }
  return waits;
}

std::vector<std::shared_ptr<RunDriver>> EngineImpl::Drivers() const {
  base::MutexLock lock(&mu_);
  std::vector<std::shared_ptr<RunDriver>> drivers;
  for (const auto& [id, driver] : drivers_) drivers.push_back(driver);
  return drivers;
}

// Wakes watchers so that progress and heartbeats go out though nothing is committed. Sleeps while no run is
// active.
void EngineImpl::Tick() {
  base::SetThreadName("run-ticker");
  while (true) {
    {
      base::MutexLock lock(&mu_);
      while (!stopping_ && drivers_.empty()) changed_.Wait(&mu_);
      if (stopping_) return;
      changed_.WaitFor(&mu_, absl::ToChronoMilliseconds(kTick));
    }
    for (const std::shared_ptr<RunLog>& log : logs_.All()) log->WakeAll();
    for (const std::shared_ptr<RunDriver>& driver : Drivers()) driver->Nudge();
  }
}

// Targets

std::vector<TargetStatus> EngineImpl::Targets() {
  std::vector<TargetStatus> all;
  for (auto& [name, lanes] : targets_) all.push_back(lanes.worker->Status());
  return all;
}

absl::StatusOr<CheckResult> EngineImpl::CheckTarget(absl::string_view target) {
  if (absl::Status known = CheckTargets({.targets = {std::string(target)}}); !known.ok()) return known;
  Target& checked = targets_.at(std::string(target)).worker->target();
  return checked.Check(
      base::Deadline::After(*dependencies_.clock, std::min(checked.traits().read_deadline, kLongestCheck)));
}

int64_t EngineImpl::ActiveRunCount() const {
  base::MutexLock lock(&mu_);
  return static_cast<int64_t>(drivers_.size());
}

void EngineImpl::Shutdown(absl::Duration grace) {
  {
    base::MutexLock lock(&mu_);
    if (stopping_) return;
    stopping_ = true;
    changed_.SignalAll();
  }
  ticker_.join();
  for (const auto& driver : Drivers()) driver->Stop();
  const base::Deadline deadline = base::Deadline::After(*dependencies_.clock, grace);
  std::vector<std::thread> stoppers;
  for (auto& [name, lanes] : targets_) {
    stoppers.emplace_back([&worker = *lanes.worker, &deadline] { worker.Stop(deadline.Remaining()); });
  }
  for (std::thread& stopper : stoppers) stopper.join();
  for (auto& [name, lanes] : targets_) lanes.planners->Shutdown();
  base::MutexLock lock(&gate_->mu);
  gate_->open = false;
}

}  // namespace

std::unique_ptr<Engine> Engine::Create(EngineOptions options, Dependencies dependencies) {
  return std::make_unique<EngineImpl>(std::move(options), std::move(dependencies));
}

}  // namespace satudata::sync
