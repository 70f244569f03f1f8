#include <algorithm>
#include <utility>

#include "server/base/log.h"
#include "server/sync/engine_impl.h"
#include "server/sync/lane_feed.h"
#include "server/sync/stored_times.h"

namespace satudata::sync {
namespace {

constexpr int64_t kResumePage = 500;

}  // namespace

absl::Status EngineImpl::Resume() {
  if (absl::Status restored = RestoreTargets(); !restored.ok()) return restored;
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
    if (absl::Status known = AddKnown(*dependencies_.store, target, *open); !known.ok()) return known;
    for (LaneDelivery& item : *open) AdoptTimes(time_.Now(), item);
    worker.Add(*std::move(open));
  }
}

}  // namespace satudata::sync
