#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/log.h"
#include "server/base/random.h"
#include "server/base/trace.h"
#include "server/sync/engine_impl.h"

namespace satudata::sync {
namespace {

// Planning may wait long for a target's tables; so many plans of one target may do so at once.
constexpr int kPlannersPerTarget = 3;
// Between two looks for what other processes have left behind.
constexpr absl::Duration kSharedLook = absl::Seconds(2);

}  // namespace

EngineImpl::EngineImpl(EngineOptions options, Dependencies dependencies)
    : options_(std::move(options)), dependencies_(std::move(dependencies)), time_(*dependencies_.clock) {
  keeper_ = MakeKeeper();
  for (Target* target : dependencies_.targets) {
    Lanes& lanes = targets_[target->traits().name];
    lanes.planners = std::make_unique<base::ThreadPool>(base::ThreadPoolOptions{
        .name = absl::StrCat(target->traits().name, "-plan"), .threads = kPlannersPerTarget});
    lanes.previewers = std::make_unique<base::ThreadPool>(
        base::ThreadPoolOptions{.name = absl::StrCat(target->traits().name, "-preview"), .threads = 1});
    lanes.worker = MakeWorker(*target);
    lanes.feeder = std::make_unique<ChunkFeeder>(
        PlanBuilder::Dependencies{dependencies_.store, dependencies_.catalog, lanes.worker.get(), &time_,
                                  options_.default_kodepemda},
        *keeper_, patience_);
  }
  keeper_->Start();
  ticker_ = std::thread([this] { Tick(); });
  if (IsShared()) follower_ = std::make_unique<RunFollower>(*dependencies_.store, *dependencies_.clock);
}

std::unique_ptr<TargetWorker> EngineImpl::MakeWorker(Target& target) {
  const std::string name = target.traits().name;
  LaneOptions options;
  options.control = options_.target_control;
  options.backoff = options_.backoff;
  if (options_.ladder.has_value()) options.ladder = *options_.ladder;
  options.restore_time = dependencies_.store->RestoreTime();
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
                                     },
                                 .on_grant_wanted = [this] { WantGrant(); }},
      std::move(options));
}

std::unique_ptr<LeaseKeeper> EngineImpl::MakeKeeper() {
  const absl::Duration look_interval =
      IsShared() ? std::min(options_.lease_time, kSharedLook) : options_.lease_time;
  return std::make_unique<LeaseKeeper>(
      LeaseKeeper::Options{
          .holder = base::NewUuid(), .lease_time = options_.lease_time, .look_interval = look_interval},
      LeaseKeeper::Dependencies{
          .store = dependencies_.store,
          .time = &time_,
          .observer = dependencies_.observer,
          .on_renewed =
              [this](absl::Time until) {
                for (auto& [name, lanes] : targets_) lanes.worker->SetLeaseEnd(until);
              },
          .on_lost = [this](const Chunk& chunk) { OnChunkLost(chunk); },
          .on_expired = [this](const std::vector<Chunk>& chunks) { TakeOver(chunks); }});
}

// Commits

void EngineImpl::Submit(Change change, std::function<void(const absl::Status&)> done) {
  dependencies_.store->Submit(std::move(change), [this, gate = gate_, done = std::move(done)](
                                                     const absl::Status& status, const Change& committed) {
    base::MutexLock lock(&gate->mu);
    if (!gate->open) return;  // All who could wait for it have been joined.
    if (status.ok()) Publish(committed);
    if (IsChunkLost(status)) OnRefused(committed);
    if (done) done(status);
  });
}

// The run is told at once: it must not end while somebody else works on a part of it.
void EngineImpl::OnRefused(const Change& change) {
  if (const auto driver = FindDriver(change.run_id)) driver->NoteRefusal();
  keeper_->NoteRefusal();
}

// Counts and tells what is stored. Whoever hears that a run has ended may start the next one at once, so its
// place is given up before that is told.
void EngineImpl::Publish(const Change& committed) {
  const std::shared_ptr<RunDriver> driver = FindDriver(committed.run_id);
  // What a preview shows has not happened.
  if (driver == nullptr || !driver->run().request.is_preview()) Observe(committed);
  const bool ended = committed.run_state.has_value() && IsFinal(committed.run_state->current);
  // In the order of the commits: a renewal that finds the chunk gone finds it forgotten as well.
  if (committed.ends_chunk) keeper_->Forget(committed.fence->chunk_id);
  if (ended) keeper_->Forget(committed.run_id);
  if (ended) Release(committed.run_id);
  if (const std::shared_ptr<RunLog> log = logs_.Find(committed.run_id)) {
    log->OnCommitted(committed, dependencies_.clock->Now());
  }
  if (follower_ != nullptr) follower_->Nudge();
  if (!ended) return;
  if (driver != nullptr) TellEnd(*driver, committed);
  // Those who watch keep the log; who comes now reads the store.
  logs_.Remove(committed.run_id);
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

void EngineImpl::TellEnd(const RunDriver& driver, const Change& end) {
  const base::TraceScope trace(driver.run().request.traceparent);
  dependencies_.observer->OnRunEnded(driver.run().request.kind, end.run_state->current);
  base::Log(base::Severity::kInfo, "run ended",
            {{"run_id", end.run_id}, {"state", RunStateName(end.run_state->current)}});
}

// Targets

std::vector<TargetStatus> EngineImpl::Targets() {
  std::vector<TargetStatus> all;
  for (auto& [name, lanes] : targets_) all.push_back(lanes.worker->Status());
  return all;
}

int64_t EngineImpl::ActiveRunCount() const {
  base::MutexLock lock(&mu_);
  return std::count_if(drivers_.begin(), drivers_.end(), [](const auto& item) {
    return item.second->drives() && !item.second->run().request.is_preview();
  });
}

void EngineImpl::Shutdown(absl::Duration grace) {
  {
    base::MutexLock lock(&mu_);
    if (stopping_) return;
    stopping_ = true;
    changed_.SignalAll();
    share_.SignalAll();
  }
  // Nobody waits for the store any more, so that all who are at it come back.
  patience_.End();
  for (const auto& driver : Drivers()) driver->Stop();
  ticker_.join();
  if (sharer_.joinable()) sharer_.join();
  keeper_->Stop();
  for (const auto& driver : Drivers()) driver->Stop();  // Those that were made meanwhile.
  const base::Deadline deadline = base::Deadline::After(*dependencies_.clock, grace);
  std::vector<std::thread> stoppers;
  for (auto& [name, lanes] : targets_) {
    stoppers.emplace_back([&worker = *lanes.worker, &deadline] { worker.Stop(deadline.Remaining()); });
  }
  for (std::thread& stopper : stoppers) stopper.join();
  for (auto& [name, lanes] : targets_) {
    lanes.planners->Shutdown();
    lanes.previewers->Shutdown();
  }
  // Where the store does not take it, the next process frees them or waits for their end.
  keeper_->Release().IgnoreError();
  base::MutexLock lock(&gate_->mu);
  gate_->open = false;
}

std::unique_ptr<Engine> Engine::Create(EngineOptions options, Dependencies dependencies) {
  return std::make_unique<EngineImpl>(std::move(options), std::move(dependencies));
}

}  // namespace satudata::sync
