#include "server/sync/run_driver.h"

#include <algorithm>
#include <utility>

#include "server/base/log.h"
#include "server/base/stop.h"
#include "server/base/trace.h"
#include "server/sync/lane_feed.h"

namespace satudata::sync {
namespace {

using catalog::Failure;
using catalog::FileWithValues;
using catalog::Reason;

constexpr size_t kBacklogLimit = 2'000;  // Records in a lane above which nothing more is fed,
constexpr size_t kSharedBacklogLimit =
    200;  // ... and where others would take them: none is to be left with much at the end.
constexpr int kNudgesOfRest = 5;

}  // namespace

RunDriver::RunDriver(Run run, std::vector<RunTarget> targets, Dependencies dependencies)
    : run_(std::move(run)),
      dependencies_(std::move(dependencies)),
      stop_(base::NewStopSource()),
      cancelled_(run_.stop_time.has_value()),
      failure_(run_.failure) {
  if (cancelled_) stop_.request_stop();
  for (RunTarget& target : targets) {
    auto part = std::make_unique<Part>();
    part->name = target.worker->target().traits().name;
    part->target = target;
    part->feeder =
        std::make_unique<ChunkFeeder>(BuilderDependencies(*part), *dependencies_.keeper, patience_);
    parts_.push_back(std::move(part));
  }
}

RunDriver::Part* RunDriver::FindPart(absl::string_view target) {
  for (const auto& part : parts_) {
    if (part->name == target) return part.get();
  }
  return nullptr;
}

void RunDriver::Drive(const Fence& drive, const Run& now, const std::vector<std::string>& planned_targets) {
  {
    base::MutexLock lock(&mu_);
    drive_ = drive;
    failure_ = now.failure;
  }
  finished_ = false;
  refused_ = false;
  drives_ = true;
  if (now.stop_time.has_value()) Cancel();
  if (parts_.empty()) {  // Of an earlier process, whose targets are not configured any more.
    const Failure failure = {.reason = Reason::kPlanningFailed,
                             .args = {{"detail", "no target of it is configured"}}};
    return Submit({.run_id = run_.run_id,
                   .run_state = RunStateChange{now.state, RunState::kFailed, failure},
                   .run_end_time = dependencies_.time->Now(),
                   // Should the target come back, nothing of it is sent by surprise.
                   .run_stop = RunStop{dependencies_.time->Now(), failure}});
  }
  if (now.state == RunState::kQueued) {
    Submit({.run_id = run_.run_id,
            .run_state = RunStateChange{RunState::kQueued, RunState::kRunning},
            .run_start_time = dependencies_.time->Now()});
  }
  for (const auto& part : parts_) {
    const bool planned =
        std::find(planned_targets.begin(), planned_targets.end(), part->name) != planned_targets.end();
    part->start = planned ? Start::kPlanned : Start::kToBePlanned;
    Schedule(*part);
  }
}

void RunDriver::Assist() {
  for (const auto& part : parts_) part->phase = Phase::kDone;
}

Fence RunDriver::CurrentDrive() {
  base::MutexLock lock(&mu_);
  return drive_;
}

void RunDriver::Submit(Change change, std::function<void(const absl::Status&)> done) {
  change.fence = CurrentDrive();
  dependencies_.submit(std::move(change), std::move(done));
}

// From here on others may send what is planned: it has been judged. Nothing of it is sent before that is
// stored, by who drives the run.
void RunDriver::Release(Part& part) {
  absl::Status stored = absl::OkStatus();
  if (!run_.request.is_preview())
    stored = CommitAll({.run_id = run_.run_id, .released_targets = {part.name}});
  if (IsChunkLost(stored)) LoseDrive();
  if (stored.ok()) part.phase = Phase::kFeeding;
}

// One step of a part runs at a time; what asks for one while it runs is served by one more.
void RunDriver::Schedule(Part& part) {
  if (stopped_ || part.scheduled.exchange(true)) return;
  const bool queued = part.target.executor->Execute([self = shared_from_this(), &part] {
    part.scheduled = false;
    self->Step(part);
  });
  if (!queued) part.scheduled = false;  // The executor is shut down: so is the engine.
}

void RunDriver::Step(Part& part) {
  const base::TraceScope trace(run_.request.traceparent);
  base::MutexLock lock(&part.step_mu);
  if (stopped_) return;
  const bool was_fed = part.phase == Phase::kFed || part.phase == Phase::kDone;
  if (part.feed_again.exchange(false) && was_fed) part.phase = Phase::kFeeding;
  const Start start = part.start.exchange(Start::kNone);
  if (start == Start::kPlanned) part.judge_time = dependencies_.time->Now();
  if (start != Start::kNone) part.phase = start == Start::kPlanned ? Phase::kJudged : Phase::kPlanning;
  if (part.phase == Phase::kPlanning && drives_) Plan(part);
  if (part.phase == Phase::kJudged && drives_ && MaySend(part)) Release(part);
  if ((part.phase == Phase::kPlanning || part.phase == Phase::kJudged) && !drives_) part.phase = Phase::kDone;
  if (part.phase == Phase::kFeeding) Feed(part);
  if (part.phase == Phase::kFed) CheckDone(part);
}

absl::Status RunDriver::CommitAll(Change change) {
  auto promise = std::make_shared<std::promise<absl::Status>>();
  std::future<absl::Status> stored = promise->get_future();
  Submit(std::move(change), [promise](const absl::Status& status) { promise->set_value(status); });
  return stored.get();
}

absl::StatusOr<std::vector<FileWithValues>> RunDriver::LoadFiles(const std::vector<std::string>& file_ids) {
  return patience_.Do([&] { return dependencies_.store->LoadFiles(file_ids); });
}

PlanBuilder::Dependencies RunDriver::BuilderDependencies(Part& part) {
  return {dependencies_.store, dependencies_.catalog,           part.target.worker,
          dependencies_.time,  dependencies_.default_kodepemda, stop_.get_token()};
}

void RunDriver::Feed(Part& part) {
  FeedProgress progress = FeedProgress::kFed;
  while (!stopped_ && progress == FeedProgress::kFed && MayFeed(part)) {
    const absl::StatusOr<FeedProgress> fed = FeedChunk(part);
    if (stopped_) return;
    if (!fed.ok()) return FailPlanning(fed.status());
    progress = *fed;
  }
  if (progress == FeedProgress::kHeldElsewhere) part.rests = kNudgesOfRest;
  // Who assists waits for nobody.
  const bool is_fed =
      progress == FeedProgress::kExhausted || (progress == FeedProgress::kHeldElsewhere && !drives_);
  if (is_fed && !part.feed_again) part.phase = Phase::kFed;
}

// A single file goes before bulk, however much of that there is.
bool RunDriver::MayFeed(Part& part) {
  const size_t limit = dependencies_.store->IsShared() ? kSharedBacklogLimit : kBacklogLimit;
  return cancelled_ || !IsBulk(run_.request.kind) || part.target.worker->Backlog() < limit;
}

void RunDriver::Nudge() {
  for (const auto& part : parts_) {
    if (part->rests > 0 && --part->rests > 0) continue;
    const bool goes_on = (part->phase == Phase::kFeeding && MayFeed(*part)) || part->phase == Phase::kFed ||
                         (part->phase == Phase::kJudged && MaySend(*part));
    if (goes_on) Schedule(*part);
  }
}

absl::StatusOr<FeedProgress> RunDriver::FeedChunk(Part& part) {
  if (cancelled_ && !drives_) return FeedProgress::kExhausted;  // The driver cancels what nobody has.
  if (cancelled_) {
    return part.feeder->FeedCancelled(
        run_, StopReason(), [this](Change change) { dependencies_.submit(std::move(change), nullptr); });
  }
  absl::StatusOr<Fed> fed = part.feeder->Feed(run_);
  if (!fed.ok()) return fed.status();
  for (LaneDelivery& item : fed->outdated) Replan(part, std::move(item));
  // It may have been cancelled while these were on their way into the lane.
  if (cancelled_) part.target.worker->CancelRun(run_.run_id);
  return fed->progress;
}

void RunDriver::FeedAgain(absl::string_view target) {
  Part* part = FindPart(target);
  if (part == nullptr) return;
  part->feed_again = true;
  part->rests = 0;
  Schedule(*part);
}

void RunDriver::OnMoved(LaneDelivery delivery) {
  Part* part = FindPart(delivery.delivery.target);
  if (part == nullptr) return;
  ++part->replans;
  auto shared = std::make_shared<LaneDelivery>(std::move(delivery));
  const bool queued = part->target.executor->Execute([self = shared_from_this(), part, shared] {
    const base::TraceScope trace(self->run_.request.traceparent);
    self->Replan(*part, std::move(*shared));
    --part->replans;
    self->Schedule(*part);
  });
  if (!queued) --part->replans;
}

// Plans a delivery again whose file changed before anything of it was sent.
void RunDriver::Replan(Part& part, LaneDelivery item) {
  const State previous = item.delivery.state;
  const int64_t generation = dependencies_.store->Generation();
  absl::StatusOr<std::vector<FileWithValues>> files = LoadFiles({item.delivery.file_id});
  absl::StatusOr<PlannedFile> planned = PlannedFile{.delivery = item.delivery};
  if (!files.ok()) {
    planned = files.status();
  } else if (files->empty()) {
    planned->delivery.state = State::kCancelled;
    planned->delivery.failure = {.reason = Reason::kFileDeleted};
  } else if (files->front().file.verification != catalog::Verification::kVerified) {
    planned->delivery.state = State::kRejected;
    planned->delivery.failure = catalog::NotVerified(files->front().file);
  } else {
    PlanBuilder builder(run_, BuilderDependencies(part));
    planned = patience_.Do([&] { return builder.PlanAgain(files->front(), item.delivery.delivery_id); });
  }
  if (stopped_) return;  // Nothing of it was sent: the next process finds it as it was.
  if (!planned.ok()) {   // The store is away, or the file moved on once more: as it is, it is planned again
                         // later.
    planned = PlannedFile{.delivery = item.delivery};
    planned->delivery.state = State::kCancelled;
    planned->delivery.failure = {.reason = Reason::kRevisionChanged};
  }
  StoreReplanned(part, std::move(item), *std::move(planned), previous, generation);
}

void RunDriver::StoreReplanned(Part& part, LaneDelivery item, PlannedFile planned, State previous,
                               int64_t generation) {
  Delivery& delivery = planned.delivery;
  delivery.delivery_id = item.delivery.delivery_id;
  delivery.run_id = item.delivery.run_id;
  delivery.create_time = item.delivery.create_time;
  delivery.update_time = dependencies_.time->Now();
  Change change{.run_id = run_.run_id, .fence = item.fence, .cleared_deliveries = {delivery.delivery_id}};
  for (size_t i = 0; i < planned.records.size(); ++i) {
    change.records.push_back({delivery.delivery_id, static_cast<int64_t>(i), planned.records[i]});
  }
  if (planned.records.empty()) delivery.records = StateCounts();
  for (Baseline& baseline : planned.adopted) change.baselines.push_back(std::move(baseline));
  change.deliveries.push_back({delivery, previous});
  dependencies_.submit(std::move(change), nullptr);
  const bool returning = item.returning;
  if (IsFinal(delivery.state)) {
    if (returning) part.target.worker->Forget(run_.run_id, delivery.delivery_id);
    if (item.fence.has_value()) part.target.worker->LeaveChunk(run_.run_id, *item.fence);
    return;
  }
  LaneDelivery again = MakeLaneDelivery(run_, {.delivery = delivery, .records = std::move(planned.records)});
  again.fence = item.fence;
  again.returning = returning;
  again.generation = generation;
  again.outbound = std::move(planned.outbound);
  std::vector<LaneDelivery> one;
  one.push_back(std::move(again));
  part.target.worker->Add(std::move(one));
  if (cancelled_) part.target.worker->CancelRun(run_.run_id);
}

void RunDriver::OnSettled(absl::string_view target) {
  if (Part* part = FindPart(target)) Schedule(*part);
}

void RunDriver::Cancel() {
  if (cancelled_.exchange(true)) return;
  StopSending();
  for (const auto& part : parts_) Schedule(*part);
}

void RunDriver::Stop() {
  stopped_ = true;
  patience_.End();
  stop_.request_stop();
}

void RunDriver::StopSending() {
  stop_.request_stop();
  for (const auto& part : parts_) part->target.worker->CancelRun(run_.run_id);
}

// Why what is planned is not sent.
Failure RunDriver::StopReason() {
  base::MutexLock lock(&mu_);
  return failure_.ok() ? Failure{.reason = Reason::kRunCancelled} : failure_;
}

void RunDriver::CheckDone(Part& part) {
  if (part.replans > 0 || part.target.worker->UnsettledCount(run_.run_id) > 0) return;
  // In this order: what is lost is first said to be there again, and then not counted any more.
  if (part.feed_again) return;
  part.phase = Phase::kDone;
  const bool all =
      std::all_of(parts_.begin(), parts_.end(), [](const auto& item) { return item->phase == Phase::kDone; });
  if (all && drives_ && !finished_.exchange(true)) Finish();
}

void RunDriver::FailPlanning(const absl::Status& status) {
  if (IsChunkLost(status)) return;  // Somebody else drives the run.
  if (!drives_) {
    return base::Log(base::Severity::kWarning, "a run of another server cannot be assisted",
                     {{"run_id", run_.run_id}, {"error", status.message()}});
  }
  Fail({.reason = Reason::kPlanningFailed, .args = {{"detail", std::string(status.message())}}});
}

// That nothing more is sent is stored before what is planned is cancelled: a later process must not go on.
void RunDriver::Fail(Failure failure) {
  const base::TraceScope trace(run_.request.traceparent);
  {
    base::MutexLock lock(&mu_);
    if (!failure_.ok()) return;
    failure_ = failure;
  }
  base::Log(base::Severity::kError, "run stopped before its end",
            {{"run_id", run_.run_id},
             {"reason", catalog::ReasonName(failure.reason)},
             {"error", catalog::EncodeFailure(failure)}});
  const absl::Status stored =
      CommitAll({.run_id = run_.run_id, .run_stop = RunStop{dependencies_.time->Now(), std::move(failure)}});
  if (IsChunkLost(stored)) {  // It is for somebody else to say.
    LoseDrive();
    base::MutexLock lock(&mu_);
    failure_ = {};
    return;
  }
  cancelled_ = true;
  StopSending();
}

// Everything that was decided has been submitted; the counts are complete once it is stored.
void RunDriver::Finish() {
  Submit({.run_id = run_.run_id}, [self = shared_from_this(),
                                   drive = CurrentDrive()](const absl::Status& stored) {
    // The store is closing, or somebody else drives the run, who finds it as it is stored.
    if (!stored.ok()) return;
    if (self->refused_.exchange(false)) return self->GoOn();
    // Not on the store's writer thread, which must not wait for itself.
    const bool queued = self->parts_.front()->target.executor->Execute([self, drive] { self->End(drive); });
    if (!queued)
      base::Log(base::Severity::kInfo, "run left to the next start", {{"run_id", self->run_.run_id}});
  });
}

// What seemed to be finished was taken over before that was stored.
void RunDriver::GoOn() {
  finished_ = false;
  for (const auto& part : parts_) FeedAgain(part->name);
}

// By what is stored: another process may have worked on a part of it.
void RunDriver::End(const Fence& drive) {
  const base::TraceScope trace(run_.request.traceparent);
  const absl::StatusOr<Run> now = patience_.Do([&] { return dependencies_.store->GetRun(run_.run_id); });
  if (!now.ok()) {
    return base::Log(base::Severity::kInfo, "run left to the next start",
                     {{"run_id", run_.run_id}, {"error", now.status().message()}});
  }
  Failure failure;
  {
    base::MutexLock lock(&mu_);
    failure = failure_;
  }
  const StateCounts counts = now->Counts();
  RunState state = run_.request.is_preview() ? SumPreview(counts) : SumDeliveries(counts);
  if (cancelled_ || now->stop_time.has_value()) state = RunState::kCancelled;
  if (!failure.ok()) state = RunState::kFailed;
  dependencies_.submit({.run_id = run_.run_id,
                        .fence = drive,
                        .run_state = RunStateChange{now->state, state, failure},
                        .run_end_time = dependencies_.time->Now()},
                       nullptr);
}

}  // namespace satudata::sync
