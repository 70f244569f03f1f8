#include "server/sync/target_worker.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/executor.h"
#include "server/base/log.h"
#include "server/base/trace.h"
#include "server/sync/notice_log.h"

namespace satudata::sync {
namespace {

// Longest sleep without looking; a lost wake-up would cost this much and no more.
constexpr absl::Duration kLongestSleep = absl::Seconds(30);
// How often a target that refuses us is looked at for a credential that was replaced.
constexpr absl::Duration kLookAtCredentials = absl::Seconds(1);
constexpr absl::Duration kLongestProbe = absl::Seconds(30);
// Records in a lane above which nobody need hurry to feed it. Less than what feeding fills it up to, so that
// this is done in strokes.
constexpr size_t kLittleLeft = 1'000;

// Counts commits down.
class Latch {
 public:
  explicit Latch(size_t count) : count_(count) {}
  void CountDown(const absl::Status& status) {
    base::MutexLock lock(&mu_);
    if (!status.ok()) status_ = status;
    --count_;
    changed_.SignalAll();
  }
  absl::Status Wait() {
    base::MutexLock lock(&mu_);
    while (count_ > 0) changed_.Wait(&mu_);
    return status_;
  }

 private:
  base::Mutex mu_;
  base::CondVar changed_;
  size_t count_ ABSL_GUARDED_BY(mu_);
  absl::Status status_ ABSL_GUARDED_BY(mu_);
};

}  // namespace

TargetWorker::TargetWorker(Dependencies dependencies, LaneOptions options)
    : dependencies_(std::move(dependencies)),
      // One more than may be in flight: somebody must be free to claim.
      most_senders_(static_cast<size_t>(dependencies_.target->traits().most_senders()) + 1),
      credential_version_(dependencies_.target->credential_version()),
      lane_(dependencies_.target->traits(), std::move(options), dependencies_.uniform) {
  if (dependencies_.store->IsShared()) {
    base::MutexLock lock(&mu_);
    lane_.RequireGrants();
  }
  dependencies_.target->SetPace(this);
}

TargetWorker::~TargetWorker() {
  Stop(absl::ZeroDuration());
  dependencies_.target->SetPace(nullptr);
}

// What those who feed the lane are to be told: each step while it has little left, else only that a run has
// nothing more to wait for.
std::vector<Settled> TargetWorker::TakeSettled() {
  std::vector<Settled> settled = lane_.TakeSettled();
  if (settled.empty() || lane_.backlog() < kLittleLeft) return settled;
  settled.erase(std::remove_if(settled.begin(), settled.end(),
                               [this](const Settled& item) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
                                 return lane_.UnsettledCount(item.run_id) > 0;
                               }),
                settled.end());
  return settled;
}

template <typename Mutation>
absl::Status TargetWorker::MutateWithin(Mutation mutation) {
  std::vector<Settled> settled;
  std::vector<LaneDelivery> moved;
  std::vector<std::stop_source> stops;
  std::vector<TargetNotice> notices;
  std::optional<TargetMemory> memory;
  bool lacks_grant = false;
  {
    base::MutexLock order(&order_mu_);
    std::vector<Change> changes;
    {
      base::MutexLock lock(&mu_);
      const absl::Time now = dependencies_.time->Now();
      mutation(lane_, now);
      changes = lane_.TakeChanges();
      settled = TakeSettled();
      moved = lane_.TakeMoved();
      stops = lane_.TakeStops();
      notices = lane_.TakeNotices();
      memory = lane_.TakeMemory(now);
      lacks_grant = LacksGrant(now);
    }
    for (Change& change : changes) dependencies_.submit(std::move(change), nullptr);
  }
  for (std::stop_source& stop : stops) stop.request_stop();
  if (!moved.empty()) dependencies_.on_moved(std::move(moved));
  if (!settled.empty()) dependencies_.on_settled(settled);
  if (lacks_grant) dependencies_.on_grant_wanted();
  return Tell(notices, memory);
}

template <typename Mutation>
absl::Status TargetWorker::Mutate(Mutation mutation) {
  absl::Time next;
  absl::Status saved = MutateWithin([&](Lane& lane, absl::Time now) {
    mutation(lane, now);
    next = lane.NextTime(now);
  });
  CallFor(next);
  return saved;
}

void TargetWorker::Apply(absl::FunctionRef<void(Lane& lane, absl::Time now)> mutation) {
  Mutate(mutation).IgnoreError();
}

// What befalls the target itself: to the log, once each, and to where it outlives the process.
absl::Status TargetWorker::Tell(const std::vector<TargetNotice>& notices,
                                const std::optional<TargetMemory>& memory) {
  for (const TargetNotice& notice : notices) LogNotice(dependencies_.target->traits().name, notice);
  if (!notices.empty()) NoteRead();  // Who waits for a read may not get one now.
  if (!memory.has_value()) return absl::OkStatus();
  absl::Status saved = dependencies_.store->PutTargetMemory(*memory);
  if (!saved.ok()) {
    {
      base::MutexLock lock(&mu_);
      lane_.KeepUntold(*memory, dependencies_.time->Now());
    }
    base::Log(base::Severity::kWarning, "what was learned about a target is not stored",
              {{"target", memory->target}, {"error", saved.message()}});
  }
  return saved;
}

// Takes the next job; a claim is carried out here, since its records may be sent only once it is stored.
Job TargetWorker::TakeJob() {
  Job job;
  absl::Time next;
  std::vector<Settled> settled;
  auto latch = std::make_shared<Latch>(0);
  bool claimed = false;
  {
    base::MutexLock order(&order_mu_);
    std::vector<Change> changes;
    {
      base::MutexLock lock(&mu_);
      const absl::Time now = dependencies_.time->Now();
      job = lane_.Next(now);
      next = lane_.NextTime(now);
      changes = lane_.TakeChanges();
      settled = TakeSettled();
    }
    claimed = std::holds_alternative<ClaimJob>(job);
    if (claimed) latch = std::make_shared<Latch>(changes.size());
    for (Change& change : changes) {
      dependencies_.submit(std::move(change),
                           claimed ? [latch](const absl::Status& status) { latch->CountDown(status); }
                                   : std::function<void(const absl::Status&)>());
    }
  }
  if (!settled.empty()) dependencies_.on_settled(settled);
  if (!std::holds_alternative<Idle>(job)) CallFor(next);  // There may be work for another one.
  if (!claimed) return job;
  const absl::Status stored = latch->Wait();
  MutateWithin([&](Lane& lane, absl::Time now) {
    stored.ok() ? lane.OnClaimed(now) : lane.OnClaimFailed(now);
  }).IgnoreError();
  return job;
}

void TargetWorker::Work(int index) {
  base::SetThreadName(absl::StrCat(dependencies_.target->traits().name, "-", index));
  {
    base::MutexLock lock(&wake_mu_);
    looks_at_ = absl::InfiniteFuture();  // It looks now.
  }
  while (true) {
    int64_t call = 0;
    {
      base::MutexLock lock(&wake_mu_);
      if (stopping_) return;
      call = call_count_;
      ++running_;
    }
    const Job job = TakeJob();
    if (const auto* send = std::get_if<SendJob>(&job)) Do(*send);
    if (const auto* read = std::get_if<ReadJob>(&job)) Do(*read);
    if (std::holds_alternative<ProbeJob>(job)) DoProbe();
    {
      base::MutexLock lock(&wake_mu_);
      --running_;
      if (stopping_) stopped_.SignalAll();
    }
    const auto* idle = std::get_if<Idle>(&job);
    if (idle == nullptr) continue;
    const bool refused = IsRefused();
    if (refused) NoticeNewCredentials();
    const absl::Time look = refused ? dependencies_.time->Now() + kLookAtCredentials : absl::InfiniteFuture();
    SleepUntil(std::min(idle->until, look), call);
  }
}

// May read a file. Only a target that refuses us is asked: whoever sends uses the newest credential anyway.
void TargetWorker::NoticeNewCredentials() {
  const uint64_t version = dependencies_.target->credential_version();
  if (credential_version_.exchange(version) == version) return;
  Mutate([](Lane& lane, absl::Time now) { lane.OnCredentialsChanged(now); }).IgnoreError();
}

bool TargetWorker::IsRefused() {
  base::MutexLock lock(&mu_);
  return lane_.control().pause().kind == PauseKind::kByTarget;
}

void TargetWorker::Do(const SendJob& job) {
  const base::TraceScope trace(job.traceparent);
  if (GoBackIfMoved(job)) return;
  // What was spent on looking is not added to the time in which it may take effect.
  const absl::Duration left =
      dependencies_.target->traits().request_deadline - (dependencies_.time->Now() - job.send_time);
  SendResult result = dependencies_.target->Send(
      job.records, base::Deadline::After(*dependencies_.clock, left).OrStop(job.stop), job.traceparent);
  RebaseHint(result.verdict);
  Note(result.exchanges, result.verdict);
  MutateWithin([&](Lane& lane, absl::Time now) { lane.OnSent(job.job_id, result, now); }).IgnoreError();
}

// A file that changed since it was planned is never sent as it was.
bool TargetWorker::GoBackIfMoved(const SendJob& job) {
  const bool is_shared = dependencies_.store->IsShared();  // Then others may have changed it.
  if (!is_shared && dependencies_.store->Generation() == job.generation) return false;
  if (is_shared && (GoBackIfSuperseded(job) || GoBackIfOthersHaveKeys(job))) return true;
  const absl::StatusOr<std::vector<std::string>> moved = dependencies_.store->MovedFiles(job.pins);
  if (moved.ok() && moved->empty()) return GoBackIfLate(job);
  // Where the store cannot say, nothing is sent.
  MutateWithin([&](Lane& lane, absl::Time now) {
    moved.ok() ? lane.OnMoved(job.job_id, *moved, now) : lane.OnUnchecked(job.job_id, now);
  }).IgnoreError();
  return true;
}

// The store may have taken its time to answer, or this process may have been stopped.
bool TargetWorker::GoBackIfLate(const SendJob& job) {
  const absl::Duration request_deadline = dependencies_.target->traits().request_deadline;
  {
    base::MutexLock lock(&mu_);
    const absl::Time now = dependencies_.time->Now();
    if (lane_.MayStillSend(now) && now - job.send_time <= request_deadline / 2) return false;
  }
  MutateWithin([&](Lane& lane, absl::Time now) { lane.OnUnchecked(job.job_id, now); }).IgnoreError();
  return true;
}

// In this process the lane sees to that.
bool TargetWorker::GoBackIfSuperseded(const SendJob& job) {
  const auto newer = dependencies_.store->NewerDeliveries(job.delivery_ids);
  if (newer.ok() && newer->empty()) return false;
  MutateWithin([&](Lane& lane, absl::Time now) {
    newer.ok() ? lane.OnSuperseded(job.job_id, *newer, now) : lane.OnUnchecked(job.job_id, now);
  }).IgnoreError();
  return true;
}

// Of two that stored a claim on one key, the second sees the first here. In this process the lane sees to
// that.
bool TargetWorker::GoBackIfOthersHaveKeys(const SendJob& job) {
  std::vector<std::string> keys;
  for (const OutboundRecord& record : job.records) keys.push_back(record.key);
  const std::string& target = dependencies_.target->traits().name;
  const auto uses = dependencies_.store->KeysInUse(target, keys, job.delivery_ids);
  const auto confirmed = dependencies_.store->Baselines(target, keys);
  bool goes_back = true;
  MutateWithin([&](Lane& lane, absl::Time now) {
    if (uses.ok() && confirmed.ok()) {
      goes_back = lane.YieldsToOthers(job.job_id, *uses, *confirmed, now);
    } else {
      lane.OnUnchecked(job.job_id, now);
    }
  }).IgnoreError();
  return goes_back;
}

void TargetWorker::Do(const ReadJob& job) {
  const base::TraceScope trace(job.traceparent);
  const TargetTraits& traits = dependencies_.target->traits();
  const absl::Time start_time = dependencies_.time->Now();
  ReadResult result = dependencies_.target->Read(
      job.scope, base::Deadline::After(*dependencies_.clock, traits.read_deadline));
  RebaseHint(result.verdict);
  // The lane compares it with times of this clock.
  if (result.observation.has_value()) result.observation->start_time = start_time;
  Note(result.exchanges, result.verdict);
  NoteReadable(result.observation.has_value());
  MutateWithin([&](Lane& lane, absl::Time now) { lane.OnRead(job.scope, result, now); }).IgnoreError();
  NoteRead();
}

void TargetWorker::DoProbe() {
  const absl::Duration limit = std::min(dependencies_.target->traits().read_deadline, kLongestProbe);
  const CheckResult result = dependencies_.target->Check(base::Deadline::After(*dependencies_.clock, limit));
  MutateWithin([&](Lane& lane, absl::Time now) { lane.OnProbed(result, now); }).IgnoreError();
}

// A hint is a wall time, as the target and the answer's own clock have it; the lane waits by a clock that
// nobody sets.
void TargetWorker::RebaseHint(Verdict& verdict) const {
  if (!verdict.retry_at.has_value()) return;
  verdict.retry_at = dependencies_.time->Now() + (*verdict.retry_at - dependencies_.clock->Now());
}

void TargetWorker::Note(const std::vector<Exchange>& exchanges, const Verdict& verdict) {
  const std::string& name = dependencies_.target->traits().name;
  for (const Exchange& exchange : exchanges) dependencies_.observer->OnExchange(name, exchange);
  if (verdict.kind == VerdictKind::kJudged) return;
  dependencies_.observer->OnRetry(name, verdict.failure.reason);
}

// Of those that are free the one with the earliest job keeps the time; the others wait to be called.
void TargetWorker::SleepUntil(absl::Time until, int64_t seen_call) {
  const absl::Duration limit = std::min(until - dependencies_.time->Now(), kLongestSleep);
  base::MutexLock lock(&wake_mu_);
  if (stopping_ || call_count_ != seen_call || limit <= absl::ZeroDuration()) return;
  ++free_;
  if (until < looks_at_) {
    looks_at_ = until;
    call_.WaitFor(&wake_mu_, absl::ToChronoMicroseconds(limit) + std::chrono::microseconds(1));
  } else {
    call_.Wait(&wake_mu_);
  }
  --free_;
  looks_at_ = absl::InfiniteFuture();  // It will look now, and then see to it that somebody looks again.
}

void TargetWorker::CallFor(absl::Time time) {
  if (time == absl::InfiniteFuture()) return;
  base::MutexLock lock(&wake_mu_);
  if (stopping_ || time >= looks_at_) return;
  ++call_count_;
  if (free_ > 0) {
    looks_at_ = time;
    call_.Signal();
  } else if (threads_.size() < most_senders_) {
    looks_at_ = time;
    threads_.emplace_back([this, i = static_cast<int>(threads_.size())] { Work(i); });
  }
  // Otherwise all are at work, and each looks when it is done.
}

void TargetWorker::Add(std::vector<LaneDelivery> deliveries) {
  Mutate([&](Lane& lane, absl::Time now) {
    for (LaneDelivery& delivery : deliveries) lane.Add(std::move(delivery), now);
  }).IgnoreError();
}

void TargetWorker::OpenChunk(const Fence& fence, int64_t deliveries) {
  base::MutexLock lock(&mu_);
  lane_.OpenChunk(fence, deliveries);
}

void TargetWorker::LeaveChunk(const std::string& run_id, const Fence& fence) {
  Mutate([&](Lane& lane, absl::Time) { lane.LeaveChunk(run_id, fence); }).IgnoreError();
}

void TargetWorker::LoseChunk(const Fence& fence) {
  Mutate([&](Lane& lane, absl::Time now) { lane.LoseChunk(fence, now); }).IgnoreError();
}

void TargetWorker::SetLeaseEnd(absl::Time until) {
  Mutate([&](Lane& lane, absl::Time) { lane.SetLeaseEnd(until); }).IgnoreError();
}

void TargetWorker::CancelRun(absl::string_view run_id) {
  Mutate([&](Lane& lane, absl::Time now) { lane.CancelRun(run_id, now); }).IgnoreError();
}

void TargetWorker::Forget(absl::string_view run_id, absl::string_view delivery_id) {
  Mutate([&](Lane& lane, absl::Time) { lane.Forget(run_id, delivery_id); }).IgnoreError();
}

void TargetWorker::Restore(TargetMemory memory) {
  Mutate([&](Lane& lane, absl::Time now) { lane.Restore(std::move(memory), now); }).IgnoreError();
}

absl::Status TargetWorker::Pause(TargetPause pause) {
  return Mutate([&](Lane& lane, absl::Time now) {
    pause.since = now;
    lane.Pause(std::move(pause), now);
  });
}

absl::Status TargetWorker::Resume() {
  return Mutate([](Lane& lane, absl::Time now) { lane.Resume(now); });
}

void TargetWorker::OnChecked(const CheckResult& result) {
  Mutate([&](Lane& lane, absl::Time now) { lane.OnChecked(result, now); }).IgnoreError();
}

bool TargetWorker::StoppedForLong() {
  base::MutexLock lock(&mu_);
  return lane_.control().stopped_for_long(dependencies_.time->Now());
}

bool TargetWorker::IsCut() {
  base::MutexLock lock(&mu_);
  return lane_.control().circuit() != Circuit::kClosed;
}

int64_t TargetWorker::UnsettledCount(absl::string_view run_id) {
  // Who reads that nothing is left ends the run by what is stored: all that was decided must have been
  // submitted.
  base::MutexLock order(&order_mu_);
  base::MutexLock lock(&mu_);
  return lane_.UnsettledCount(run_id);
}

size_t TargetWorker::Backlog() {
  base::MutexLock lock(&mu_);
  return lane_.backlog();
}

std::optional<Wait> TargetWorker::CurrentWait() {
  base::MutexLock lock(&mu_);
  return lane_.control().CurrentWait(dependencies_.time->Now());
}

TargetStatus TargetWorker::Status() {
  const TargetTraits& traits = dependencies_.target->traits();
  const absl::Time now = dependencies_.time->Now();
  base::MutexLock lock(&mu_);
  const TargetControl& control = lane_.control();
  return {
      .traits = traits,
      .circuit = control.circuit(),
      .concurrency_limit = control.concurrency_limit(),
      .rate_limit_per_second = control.rate_limit(),
      .in_flight = control.in_flight(),
      .latency = control.latency() == absl::InfiniteDuration() ? std::nullopt
                                                               : std::make_optional(control.latency()),
      .pause = control.pause(),
      .wait = control.CurrentWait(now),
      .queue_depth = lane_.queued_deliveries(),
      .controls = control.MayProbe(now),
      .granted_slots = dependencies_.store->IsShared() ? control.grant(now).slots : traits.most_senders()};
}

void TargetWorker::Stop(absl::Duration grace) {
  std::vector<std::thread> threads;
  {
    base::MutexLock lock(&wake_mu_);
    stopping_ = true;
    call_.SignalAll();
    read_.SignalAll();
    turn_.SignalAll();
    const base::Deadline deadline = base::Deadline::After(*dependencies_.clock, grace);
    while (running_ > 0 && !deadline.Passed()) {
      stopped_.WaitFor(&wake_mu_,
                       absl::ToChronoMilliseconds(deadline.Remaining()) + std::chrono::milliseconds(1));
    }
    threads.swap(threads_);  // No more are started.
  }
  dependencies_.target->Abort();
  for (std::thread& thread : threads) thread.join();
  MutateWithin([](Lane& lane, absl::Time now) { lane.ReleaseUnsent(now); }).IgnoreError();
}

}  // namespace satudata::sync
