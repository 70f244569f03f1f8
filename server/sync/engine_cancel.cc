#include "server/sync/engine_impl.h"

namespace satudata::sync {
namespace {

using catalog::FailureStatus;
using catalog::Reason;

}  // namespace

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

}  // namespace satudata::sync
