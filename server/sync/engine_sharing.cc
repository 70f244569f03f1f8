// What this process does because others work at the same store: it takes part in their runs.
#include <algorithm>
#include <utility>

#include "server/base/executor.h"
#include "server/base/log.h"
#include "server/sync/engine_impl.h"

namespace satudata::sync {
namespace {

constexpr absl::Duration kRound = absl::Seconds(1);
constexpr absl::Duration kRetry = absl::Milliseconds(250);
// A few rounds may be missed.
constexpr absl::Duration kGrantTime = absl::Seconds(5);

}  // namespace

void EngineImpl::Share() {
  base::SetThreadName("sharer");
  absl::Duration last_round = -absl::InfiniteDuration();
  while (true) {
    if (const absl::Duration now = dependencies_.clock->Monotonic(); now - last_round >= kRound) {
      last_round = now;
      ShareRound();
    }
    const bool exchanged = ExchangeGrants();
    base::MutexLock lock(&mu_);
    // Of a store that does not answer nobody need ask more often.
    const bool waits = !grant_wanted_ || !exchanged;
    if (!stopping_ && waits) share_.WaitFor(&mu_, absl::ToChronoMilliseconds(exchanged ? kRound : kRetry));
    if (stopping_) return;
    grant_wanted_ = false;
  }
}

// Where the store cannot be read, nothing changes: it tells of its own troubles.
void EngineImpl::ShareRound() {
  const absl::StatusOr<std::vector<ActiveRun>> active = dependencies_.store->ActiveRuns(time_.Now());
  if (!active.ok()) return;
  for (const ActiveRun& run : *active) LookAtRun(run);
  ForgetEnded(*active);
  CancelStopped();
  AdoptMemories();
}

void EngineImpl::LookAtRun(const ActiveRun& active) {
  const Run& run = active.run;
  std::shared_ptr<RunDriver> driver = FindDriver(run.run_id);
  // Its own chunk may be here, and whoever was to drive the run could not begin.
  const bool waits_here = keeper_->HasGivenBack({.target = "", .run_id = run.run_id});
  const bool is_driven = active.is_driven && !waits_here;
  if (!is_driven && (driver == nullptr || !driver->drives())) return AdoptExpired(run.run_id);
  if (driver != nullptr && run.stop_time.has_value()) driver->Cancel();
  if (run.request.is_preview() || run.stop_time.has_value()) return;
  if (driver == nullptr) driver = Assist(run);
  for (const std::string& target : active.open_targets) driver->FeedAgain(target);
}

std::shared_ptr<RunDriver> EngineImpl::Assist(const Run& run) {
  std::shared_ptr<RunDriver> driver = MakeDriver(run);
  driver->Assist();
  base::MutexLock lock(&mu_);
  changed_.SignalAll();
  return drivers_.try_emplace(run.run_id, std::move(driver)).first->second;
}

// Of others' runs: their own ends tell of themselves.
void EngineImpl::ForgetEnded(const std::vector<ActiveRun>& active) {
  absl::flat_hash_set<absl::string_view> alive;
  for (const ActiveRun& run : active) alive.insert(run.run.run_id);
  base::MutexLock lock(&mu_);
  absl::erase_if(drivers_,
                 [&](const auto& item) { return !item.second->drives() && !alive.contains(item.first); });
}

// Also what ended runs have left.
void EngineImpl::CancelStopped() {
  const auto stopped = dependencies_.store->StoppedRuns(keeper_->holder());
  if (!stopped.ok()) return;
  for (const std::string& run_id : *stopped) {
    if (FindDriver(run_id) != nullptr) continue;
    for (auto& [name, lanes] : targets_) lanes.worker->CancelRun(run_id);
  }
}

void EngineImpl::AdoptMemories() {
  const auto memories = dependencies_.store->TargetMemories();
  if (!memories.ok()) return;
  for (const TargetMemory& memory : *memories) {
    const auto found = targets_.find(memory.target);
    if (found != targets_.end()) found->second.worker->Adopt(memory);
  }
}

void EngineImpl::WantGrant() {
  base::MutexLock lock(&mu_);
  grant_wanted_ = true;
  share_.SignalAll();
}

// A server that wants nothing and has nothing stays out of it.
bool EngineImpl::ExchangeGrants() {
  std::vector<GrantRequest> requests;
  bool is_wanted = false;
  for (auto& [name, lanes] : targets_) {
    requests.push_back(lanes.worker->AskGrant());
    requests.back().grant_time = kGrantTime;
    is_wanted |= requests.back().is_wanted;
  }
  if (!is_wanted && !holds_grants_) return true;
  const absl::Time until = time_.Now() + kGrantTime;
  const auto grants = dependencies_.store->ExchangeGrants(keeper_->holder(), requests, time_.Now());
  if (!grants.ok()) return false;  // What this server has runs out.
  holds_grants_ = is_wanted;
  for (size_t i = 0; i < requests.size(); ++i) {
    if (requests[i].is_wanted) targets_.at(requests[i].target).worker->SetGrant(grants->at(i), until);
  }
  return true;
}

}  // namespace satudata::sync
