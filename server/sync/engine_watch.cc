#include <utility>

#include "absl/strings/str_cat.h"
#include "server/sync/engine_impl.h"
#include "server/sync/log_watch.h"

namespace satudata::sync {
namespace {

using catalog::FailureStatus;
using catalog::Reason;

constexpr absl::Duration kTick = absl::Milliseconds(100);

}  // namespace

std::shared_ptr<RunDriver> EngineImpl::FindDriver(absl::string_view run_id) const {
  base::MutexLock lock(&mu_);
  const auto found = drivers_.find(run_id);
  return found == drivers_.end() ? nullptr : found->second;
}

absl::StatusOr<std::unique_ptr<RunWatch>> EngineImpl::Watch(absl::string_view run_id,
                                                            int64_t after_sequence) {
  std::shared_ptr<RunLog> log = IsShared() ? nullptr : logs_.Find(run_id);
  absl::StatusOr<Run> run =
      log != nullptr ? absl::StatusOr<Run>(log->Snapshot()) : dependencies_.store->GetRun(run_id);
  if (!run.ok()) return run.status();
  if (after_sequence < 0 || after_sequence > run->last_sequence) {
    return FailureStatus(absl::StatusCode::kOutOfRange,
                         {.reason = Reason::kSequenceOutOfRange,
                          .args = {{"sequence", absl::StrCat(after_sequence)},
                                   {"last_sequence", absl::StrCat(run->last_sequence)}}});
  }
  if (follower_ != nullptr && !IsFinal(run->state)) log = follower_->Follow(*run);
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
    keeper_->Nudge();
  }
}

}  // namespace satudata::sync
