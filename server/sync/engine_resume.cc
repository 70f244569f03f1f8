#include <algorithm>
#include <utility>

#include "server/base/log.h"
#include "server/base/trace.h"
#include "server/sync/engine_impl.h"

namespace satudata::sync {

absl::Status EngineImpl::Resume() {
  if (absl::Status restored = RestoreTargets(); !restored.ok()) return restored;
  // Who has the database to itself: what an earlier process held is free. Where that cannot be stored, as on
  // a full disk, its leases end by themselves.
  const absl::Status freed = IsShared() ? absl::OkStatus() : dependencies_.store->ReleaseLeases("");
  if (!freed.ok() && !absl::IsUnavailable(freed)) return freed;
  for (const auto& [name, lanes] : targets_) CarryOnEnded(name);
  if (absl::Status resumed = ResumeRuns(); !resumed.ok()) return resumed;
  if (IsShared()) sharer_ = std::thread([this] { Share(); });
  return absl::OkStatus();
}

absl::Status EngineImpl::ResumeRuns() {
  const absl::StatusOr<std::vector<Run>> runs = dependencies_.store->UnfinishedRuns();
  if (!runs.ok()) return runs.status();
  for (const Run& run : *runs) {
    if (!IsShared()) ExpectRun(run);
    const absl::Status adopted = AdoptRun(run.run_id);
    if (absl::IsUnavailable(adopted)) {
      AdoptInTime(run.run_id);
    } else if (!adopted.ok()) {
      return adopted;
    }
  }
  return absl::OkStatus();
}

// It is this process that will carry it on: it keeps its place, and who asks for it waits for what comes.
void EngineImpl::ExpectRun(const Run& run) {
  logs_.Create(run);
  base::MutexLock lock(&mu_);
  admitted_.insert(run.run_id);
  if (run.request.is_preview()) previews_.insert(run.run_id);
  for (const std::string& target : run.request.targets) {
    if (IsBulk(run.request.kind)) bulk_runs_.try_emplace(target, run.run_id);
  }
}

// Carries on a run that nobody carries to its end. It is no error if somebody does.
absl::Status EngineImpl::AdoptRun(const std::string& run_id) {
  const auto driver = FindDriver(run_id);
  if (driver != nullptr && driver->IsPlanning())
    return absl::OkStatus();  // Later: it is on its way to give up.
  const ChunkFilter filter{.target = "", .run_id = run_id};
  const absl::StatusOr<ChunkClaim> claim = keeper_->Claim(filter);
  if (!claim.ok() || !claim->chunk.has_value()) return claim.status();
  absl::Status adopted = AdoptClaimed(*claim->chunk);
  if (!adopted.ok()) keeper_->GiveBack(filter, *claim->chunk);
  return adopted;
}

absl::Status EngineImpl::AdoptClaimed(const Chunk& run_chunk) {
  absl::StatusOr<Run> run = dependencies_.store->GetRun(run_chunk.run_id);
  if (!run.ok()) return run.status();
  absl::StatusOr<std::vector<std::string>> planned = dependencies_.store->PlannedTargets(run_chunk.run_id);
  if (!planned.ok()) return planned.status();
  // What was found of a preview is not stored before its end.
  if (run->request.is_preview()) planned->clear();
  const base::TraceScope trace(run->request.traceparent);
  base::Log(base::Severity::kInfo, "run goes on", {{"run_id", run->run_id}});
  // What was not planned to the end is planned anew, and counted anew.
  const auto is_planned = [&](const std::string& target) {
    return std::find(planned->begin(), planned->end(), target) != planned->end();
  };
  for (auto& [target, counts] : run->counts) {
    if (!is_planned(target)) counts = StateCounts();
  }
  if (!is_planned(run->request.targets.front())) run->skipped_file_count = 0;
  if (!IsShared()) logs_.Create(*run);
  Drive(*run, run_chunk.fence(), *planned);
  return absl::OkStatus();
}

// Once the store takes writes again.
void EngineImpl::AdoptInTime(const std::string& run_id) {
  targets_.begin()->second.planners->Execute([this, run_id] {
    const absl::Status adopted = patience_.Do([&] { return AdoptRun(run_id); });
    if (adopted.ok()) return;
    base::Log(base::Severity::kWarning, "a run is left to the next start",
              {{"run_id", run_id}, {"error", adopted.message()}});
  });
}

// What ended runs left open is carried on in the background: read back, and sent again where that is allowed.
void EngineImpl::CarryOnEnded(const std::string& target) {
  Lanes& lanes = targets_.at(target);
  if (lanes.carrying_on.exchange(true)) return;
  const bool queued = lanes.planners->Execute([&lanes, target] {
    absl::StatusOr<FeedProgress> progress = FeedProgress::kFed;
    while (progress.ok() && *progress == FeedProgress::kFed) progress = lanes.feeder->FeedEnded();
    lanes.carrying_on = false;
    if (progress.ok()) return;
    base::Log(base::Severity::kWarning, "what ended runs have left is not carried on yet",
              {{"target", target}, {"error", progress.status().message()}});
  });
  if (!queued) lanes.carrying_on = false;
}

// The run waits for whoever has it now, and takes it back should that one give it up.
void EngineImpl::OnChunkLost(const Chunk& chunk) {
  const auto driver = FindDriver(chunk.run_id);
  if (chunk.is_run()) return LetAssist(chunk.run_id, driver.get());
  if (driver != nullptr) driver->FeedAgain(chunk.target);
  targets_.at(chunk.target).worker->LoseChunk(chunk.fence());
}

// Somebody else drives it; what this process has of it is still its own to do.
void EngineImpl::LetAssist(const std::string& run_id, RunDriver* driver) {
  if (driver != nullptr) driver->LoseDrive();
  base::MutexLock lock(&mu_);
  GiveUpPlace(run_id);
}

// Nobody works on these any more.
void EngineImpl::TakeOver(const std::vector<Chunk>& expired) {
  absl::flat_hash_set<std::string> of_ended;  // Targets.
  for (const Chunk& chunk : expired) {
    if (chunk.is_run()) {
      AdoptExpired(chunk.run_id);
    } else if (!targets_.contains(chunk.target)) {
      continue;
    } else if (const auto driver = FindDriver(chunk.run_id)) {
      driver->FeedAgain(chunk.target);
    } else {
      of_ended.insert(chunk.target);
    }
  }
  for (const std::string& target : of_ended) CarryOnEnded(target);
}

void EngineImpl::AdoptExpired(const std::string& run_id) {
  const absl::Status adopted = AdoptRun(run_id);
  if (adopted.ok()) return;
  if (!IsShared() && absl::IsUnavailable(adopted)) return AdoptInTime(run_id);
  base::Log(base::Severity::kWarning, "a run that nobody carries on is not taken over yet",
            {{"run_id", run_id}, {"error", adopted.message()}});
}

}  // namespace satudata::sync
