#include "server/sync/engine_impl.h"

namespace satudata::sync {

absl::StatusOr<Run> EngineImpl::CancelRun(absl::string_view run_id) {
  absl::StatusOr<Run> run = dependencies_.store->GetRun(run_id);
  if (!run.ok()) return run;
  if (IsFinal(run->state) && run->OpenCount() == 0) return NothingOpen(*run);
  if (absl::Status marked = MarkCancelled(*run); !marked.ok()) return marked;
  CancelInMemory(run_id);
  return dependencies_.store->GetRun(run_id);
}

// Before anything else: should this process end now, the next one finishes the cancelling.
absl::Status EngineImpl::MarkCancelled(const Run& run) {
  if (run.stop_time.has_value()) return absl::OkStatus();
  return dependencies_.store->Commit(
      {.run_id = run.run_id, .run_stop = RunStop{.time = dependencies_.clock->Now()}});
}

void EngineImpl::CancelInMemory(absl::string_view run_id) {
  if (const std::shared_ptr<RunDriver> driver = FindDriver(run_id)) return driver->Cancel();
  {
    base::MutexLock lock(&mu_);
    if (admitted_.contains(run_id)) cancelled_early_.emplace(run_id);
  }
  for (auto& [name, lanes] : targets_) lanes.worker->CancelRun(run_id);
}

}  // namespace satudata::sync
