#include <algorithm>
#include <utility>

#include "server/base/log.h"
#include "server/sync/engine_impl.h"

namespace satudata::sync {

absl::Status EngineImpl::Resume() {
  if (absl::Status restored = RestoreTargets(); !restored.ok()) return restored;
  // One process has the database to itself: what an earlier one held is free. Where that cannot be stored, as
  // on a full disk, its leases end by themselves.
  const absl::Status freed = dependencies_.store->ReleaseLeases("");
  if (!freed.ok() && !absl::IsUnavailable(freed)) return freed;
  const absl::StatusOr<std::vector<Run>> runs = dependencies_.store->UnfinishedRuns();
  if (!runs.ok()) return runs.status();
  for (const auto& [name, lanes] : targets_) {
    CarryOnEnded(name);
  }
  for (const Run& run : *runs) {
    if (absl::Status resumed = ResumeRun(run); !resumed.ok()) return resumed;
  }
  return absl::OkStatus();
}

absl::Status EngineImpl::ResumeRun(Run run) {
  absl::StatusOr<std::vector<std::string>> planned = dependencies_.store->PlannedTargets(run.run_id);
  if (!planned.ok()) return planned.status();
  // What was found of a preview is not stored before its end.
  if (run.request.is_preview()) planned->clear();
  {
    base::MutexLock lock(&mu_);
    admitted_.insert(run.run_id);
    if (run.request.is_preview()) previews_.insert(run.run_id);
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
  if (const auto driver = FindDriver(chunk.run_id)) driver->FeedAgain(chunk.target);
  targets_.at(chunk.target).worker->LoseChunk(chunk.fence());
}

// Nobody works on these any more.
void EngineImpl::TakeOver(const std::vector<Chunk>& expired) {
  absl::flat_hash_set<std::string> of_ended;  // Targets.
  for (const Chunk& chunk : expired) {
    if (!targets_.contains(chunk.target)) continue;
    const auto driver = FindDriver(chunk.run_id);
    if (driver != nullptr) {
      driver->FeedAgain(chunk.target);
    } else {
      of_ended.insert(chunk.target);
    }
  }
  for (const std::string& target : of_ended) CarryOnEnded(target);
}

}  // namespace satudata::sync
