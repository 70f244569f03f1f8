#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/random.h"
#include "server/sync/engine_impl.h"
#include "server/sync/request_fingerprint.h"

namespace satudata::sync {
namespace {

using catalog::FailureStatus;
using catalog::Reason;

}  // namespace

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

}  // namespace satudata::sync
