#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/log.h"
#include "server/base/random.h"
#include "server/base/trace.h"
#include "server/sync/engine_impl.h"
#include "server/sync/request_fingerprint.h"

namespace satudata::sync {
namespace {

using catalog::FailureStatus;
using catalog::Reason;

// They wait for one another at each target.
constexpr int kMostActivePreviews = 16;
// Deliveries of a run that withdraws: one at each of its targets.
constexpr int64_t kMostOfAWithdrawal = 100;

absl::Status UnknownTarget(const std::string& target, const std::vector<std::string>& known) {
  return FailureStatus(absl::StatusCode::kInvalidArgument,
                       {.reason = Reason::kTargetUnknown,
                        .args = {{"target", target}, {"known", absl::StrJoin(known, ", ")}}});
}

}  // namespace

absl::Status NothingOpen(const Run& run) {
  return FailureStatus(absl::StatusCode::kFailedPrecondition,
                       {.reason = Reason::kNothingOpen,
                        .args = {{"run_id", run.run_id}, {"state", std::string(RunStateName(run.state))}}});
}

absl::Status EngineImpl::CheckTargets(const SyncRequest& request) const {
  for (const std::string& target : request.targets) {
    if (targets_.contains(target)) continue;
    std::vector<std::string> known;
    for (const auto& [name, lanes] : targets_) known.push_back(name);
    return UnknownTarget(target, known);
  }
  return absl::OkStatus();
}

absl::Status EngineImpl::CheckFile(const SyncRequest& request) {
  if (!request.is_single_file()) return absl::OkStatus();
  const absl::StatusOr<catalog::CatalogFile> file = dependencies_.store->GetFile(request.file_id);
  if (!file.ok()) return file.status();
  // Who is about to verify a file wants to see first what that would send.
  if (file->verification == catalog::Verification::kVerified || request.is_preview()) return absl::OkStatus();
  return FailureStatus(absl::StatusCode::kFailedPrecondition, catalog::NotVerified(*file));
}

absl::Status EngineImpl::CheckWithdrawal(const SyncRequest& request) const {
  if (!request.withdraws()) return absl::OkStatus();
  for (const std::string& name : request.targets) {
    const Target& target = targets_.at(name).worker->target();
    if (!target.traits().withdraws) {
      return FailureStatus(absl::StatusCode::kFailedPrecondition,
                           {.reason = Reason::kMethodUnavailable, .args = {{"method", "WithdrawIndicator"}}});
    }
    catalog::Failure failure = target.ProjectWithdrawal(request.withdrawal).failure;
    if (!failure.ok()) return FailureStatus(absl::StatusCode::kInvalidArgument, std::move(failure));
  }
  return absl::OkStatus();
}

absl::Status EngineImpl::CheckRoom(const SyncRequest& request) const {
  const bool is_preview = request.is_preview();
  const size_t active = is_preview ? previews_.size() : admitted_.size() - previews_.size();
  const int limit = is_preview ? kMostActivePreviews : options_.max_active_runs;
  if (static_cast<int>(active) < limit) return absl::OkStatus();
  return FailureStatus(absl::StatusCode::kResourceExhausted,
                       {.reason = Reason::kTooManyRuns, .args = {{"limit", absl::StrCat(limit)}}});
}

// Reserves the run's place. Answers with the active run that this very request has started before, if that is
// why there is no place.
absl::StatusOr<std::optional<Run>> EngineImpl::Admit(const SyncRequest& request, const std::string& run_id) {
  std::shared_ptr<RunDriver> active;
  {
    base::MutexLock lock(&mu_);
    if (stopping_) return FailureStatus(absl::StatusCode::kUnavailable, {.reason = Reason::kServerStopping});
    if (absl::Status room = CheckRoom(request); !room.ok()) return room;
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
      if (request.is_preview()) previews_.insert(run_id);
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
  GiveUpPlace(run_id);
  cancelled_early_.erase(run_id);
  drivers_.erase(run_id);
  changed_.SignalAll();
}

void EngineImpl::GiveUpPlace(const std::string& run_id) {
  admitted_.erase(run_id);
  previews_.erase(run_id);
  absl::erase_if(bulk_runs_, [&](const auto& item) { return item.second == run_id; });
}

// A retry is for the targets of the run that it retries, or for some of them.
absl::Status EngineImpl::ResolveRetry(SyncRequest& request) {
  if (request.kind != RunKind::kRetry) return absl::OkStatus();
  const absl::StatusOr<Run> retried = dependencies_.store->GetRun(request.retry_of);
  if (!retried.ok()) return retried.status();
  const std::vector<std::string>& known = retried->request.targets;
  if (request.targets.empty()) {
    for (const std::string& target : known) {
      if (targets_.contains(target)) request.targets.push_back(target);
    }
  }
  for (const std::string& target : request.targets) {
    if (std::find(known.begin(), known.end(), target) == known.end()) return UnknownTarget(target, known);
  }
  // Of a withdrawal it is the withdrawal that is tried again.
  request.withdrawal = retried->request.withdrawal;
  return request.targets.empty() ? NothingOpen(*retried) : absl::OkStatus();
}

// A withdrawal is of no file: what is left of it is its delivery.
absl::StatusOr<bool> EngineImpl::IsWithdrawalLeft(const SyncRequest& request) {
  const auto deliveries =
      dependencies_.store->ListDeliveries({.run_id = request.retry_of}, {.limit = kMostOfAWithdrawal});
  if (!deliveries.ok()) return deliveries.status();
  const auto& targets = request.targets;
  return std::any_of(deliveries->begin(), deliveries->end(), [&](const Delivery& delivery) {
    if (std::find(targets.begin(), targets.end(), delivery.target) == targets.end()) return false;
    return delivery.state == State::kDeferred || delivery.state == State::kParked ||
           (request.include_rejected && delivery.state == State::kRejected);
  });
}

absl::Status EngineImpl::CheckLeftOver(const SyncRequest& request) {
  if (request.kind != RunKind::kRetry) return absl::OkStatus();
  if (request.withdraws()) {
    const absl::StatusOr<bool> is_left = IsWithdrawalLeft(request);
    if (!is_left.ok() || *is_left) return is_left.status();
    const absl::StatusOr<Run> retried = dependencies_.store->GetRun(request.retry_of);
    return retried.ok() ? NothingOpen(*retried) : retried.status();
  }
  for (const std::string& target : request.targets) {
    const auto files = dependencies_.store->FilesToPlan(
        {.left_over = LeftOver{request.retry_of, target, request.include_rejected}}, /*after_file_id=*/"",
        /*limit=*/1);
    if (!files.ok()) return files.status();
    if (!files->empty()) return absl::OkStatus();
  }
  const absl::StatusOr<Run> retried = dependencies_.store->GetRun(request.retry_of);
  return retried.ok() ? NothingOpen(*retried) : retried.status();
}

absl::StatusOr<Run> EngineImpl::StartRun(SyncRequest request) {
  if (absl::Status known = ResolveRetry(request); !known.ok()) return known;
  if (absl::Status known = CheckTargets(request); !known.ok()) return known;
  // Whoever repeats a request gets its run, whatever has become of the file or of what was left over.
  absl::StatusOr<std::optional<Run>> earlier =
      dependencies_.store->FindRequest(request, Fingerprint(request));
  if (!earlier.ok()) return earlier.status();
  if (earlier->has_value()) return **std::move(earlier);
  if (absl::Status file = CheckFile(request); !file.ok()) return file;
  if (absl::Status withdrawal = CheckWithdrawal(request); !withdrawal.ok()) return withdrawal;
  const absl::Time now = time_.Now();  // Like all times of the run, so that none ends before it begins.
  const std::string run_id = base::NewTimeOrderedUuid(absl::ToUnixMillis(now));
  absl::StatusOr<std::optional<Run>> attached = Admit(request, run_id);
  if (!attached.ok()) return attached.status();
  if (attached->has_value()) return **std::move(attached);
  if (absl::Status left = CheckLeftOver(request); !left.ok()) {
    Release(run_id);
    return left;
  }
  const std::string fingerprint = Fingerprint(request);
  const Run run{.run_id = run_id, .request = std::move(request), .create_time = now};
  // Before the store knows the run: whoever finds it there finds its live tail as well.
  if (!IsShared()) logs_.Create(run);
  const Lease lease = keeper_->NewLease(now);
  absl::StatusOr<RunCreation> created =
      dependencies_.store->CreateRun({.run = run,
                                      .fingerprint = fingerprint,
                                      .lease = lease,
                                      .alone = IsShared() && IsBulk(run.request.kind)});
  if (!created.ok() || created->attached) {
    logs_.Remove(run_id);
    Release(run_id);
    if (!created.ok()) return created.status();
    return created->run;
  }
  dependencies_.observer->OnRunStarted(created->run.request.kind);
  const base::TraceScope trace(created->run.request.traceparent);
  base::Log(base::Severity::kInfo, "run started",
            {{"run_id", run_id},
             {"kind", RunKindName(created->run.request.kind)},
             {"requested_by", created->run.request.requested_by}});
  keeper_->Take(RunChunk(run_id), lease);
  Drive(created->run, RunChunk(run_id).fence(), {});
  return created->run;
}

std::shared_ptr<RunDriver> EngineImpl::MakeDriver(const Run& run) {
  std::vector<RunTarget> targets;
  for (const std::string& name : run.request.targets) {
    const auto found = targets_.find(name);
    if (found == targets_.end()) continue;
    const Lanes& lanes = found->second;
    targets.push_back(
        {lanes.worker.get(), run.request.is_preview() ? lanes.previewers.get() : lanes.planners.get()});
  }
  return std::make_shared<RunDriver>(
      run, std::move(targets),
      RunDriver::Dependencies{.store = dependencies_.store,
                              .catalog = dependencies_.catalog,
                              .time = &time_,
                              .default_kodepemda = options_.default_kodepemda,
                              .judge_wait = options_.judge_wait,
                              .keeper = keeper_.get(),
                              .submit = [this](Change change, std::function<void(const absl::Status&)> done) {
                                Submit(std::move(change), std::move(done));
                              }});
}

// Goes on with the one that has assisted, if there is one: it knows what it works on.
void EngineImpl::Drive(const Run& run, const Fence& drive, const std::vector<std::string>& planned_targets) {
  std::shared_ptr<RunDriver> driver = FindDriver(run.run_id);
  if (driver == nullptr) driver = MakeDriver(run);
  bool cancelled = false;
  {
    base::MutexLock lock(&mu_);
    driver = drivers_.try_emplace(run.run_id, driver).first->second;
    cancelled = cancelled_early_.erase(run.run_id) > 0;
    changed_.SignalAll();  // The ticker sleeps while no run is active; it is needed also if nobody watches.
  }
  if (cancelled) driver->Cancel();
  driver->Drive(drive, run, planned_targets);
}

}  // namespace satudata::sync
