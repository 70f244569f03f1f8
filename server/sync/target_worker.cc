#include "server/sync/target_worker.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/executor.h"
#include "server/base/log.h"

namespace satudata::sync {
namespace {

// Longest sleep without looking; a lost wake-up would cost this much and no more.
constexpr absl::Duration kLongestSleep = absl::Seconds(30);
// How often the first sender looks whether a credential was replaced when there is nothing else to do.
constexpr absl::Duration kLookAtCredentials = absl::Seconds(1);

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
      sender_count_(std::max(1, dependencies_.target->traits().max_concurrency)),
      credential_version_(dependencies_.target->credential_version()),
      lane_(dependencies_.target->traits(), std::move(options), dependencies_.uniform) {}

TargetWorker::~TargetWorker() { Stop(absl::ZeroDuration()); }

void TargetWorker::Start() {
  // One more than may be in flight: somebody must be free to claim.
  for (int i = 0; i <= sender_count_; ++i) {
    threads_.emplace_back([this, i] { Work(i); });
  }
}

// Runs `mutation` on the lane and hands on what came of it.
template <typename Mutation>
void TargetWorker::Mutate(Mutation mutation) {
  std::vector<Settled> settled;
  std::vector<LaneDelivery> moved;
  std::vector<std::stop_source> stops;
  {
    base::MutexLock order(&order_mu_);
    std::vector<Change> changes;
    {
      base::MutexLock lock(&mu_);
      mutation(lane_, dependencies_.time->Now());
      changes = lane_.TakeChanges();
      settled = lane_.TakeSettled();
      moved = lane_.TakeMoved();
      stops = lane_.TakeStops();
    }
    for (Change& change : changes) dependencies_.submit(std::move(change), nullptr);
  }
  for (std::stop_source& stop : stops) stop.request_stop();
  if (!moved.empty()) dependencies_.on_moved(std::move(moved));
  if (!settled.empty()) dependencies_.on_settled(settled);
  Wake();
}

// Takes the next job; a claim is carried out here, since its records may be sent only once it is stored.
Job TargetWorker::TakeJob() {
  Job job;
  std::vector<Settled> settled;
  auto latch = std::make_shared<Latch>(0);
  bool claimed = false;
  {
    base::MutexLock order(&order_mu_);
    std::vector<Change> changes;
    {
      base::MutexLock lock(&mu_);
      job = lane_.Next(dependencies_.time->Now());
      changes = lane_.TakeChanges();
      settled = lane_.TakeSettled();
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
  if (!claimed) return job;
  const absl::Status stored = latch->Wait();
  Mutate([&](Lane& lane, absl::Time now) { stored.ok() ? lane.OnClaimed(now) : lane.OnClaimFailed(now); });
  return job;
}

void TargetWorker::Work(int index) {
  base::SetThreadName(absl::StrCat(dependencies_.target->traits().name, "-", index));
  while (true) {
    int64_t generation = 0;
    {
      base::MutexLock lock(&wake_mu_);
      if (stopping_) return;
      generation = wake_generation_;
      ++running_;
    }
    const Job job = TakeJob();
    if (const auto* send = std::get_if<SendJob>(&job)) Do(*send);
    if (const auto* read = std::get_if<ReadJob>(&job)) Do(*read);
    {
      base::MutexLock lock(&wake_mu_);
      --running_;
      if (stopping_) wake_.SignalAll();
    }
    const auto* idle = std::get_if<Idle>(&job);
    if (idle == nullptr) continue;
    if (index == 0) NoticeNewCredentials();
    const absl::Time next_look =
        index == 0 ? dependencies_.time->Now() + kLookAtCredentials : absl::InfiniteFuture();
    SleepUntil(std::min(idle->until, next_look), generation);
  }
}

// May read a file.
void TargetWorker::NoticeNewCredentials() {
  const uint64_t version = dependencies_.target->credential_version();
  if (std::exchange(credential_version_, version) == version) return;
  Mutate([](Lane& lane, absl::Time now) { lane.OnCredentialsChanged(now); });
}

void TargetWorker::Do(const SendJob& job) {
  if (GoBackIfMoved(job)) return;
  const TargetTraits& traits = dependencies_.target->traits();
  SendResult result = dependencies_.target->Send(
      job.records, base::Deadline::After(*dependencies_.clock, traits.request_deadline).OrStop(job.stop),
      job.traceparent);
  RebaseHint(result.verdict);
  Note(result.exchanges, result.verdict);
  Mutate([&](Lane& lane, absl::Time now) { lane.OnSent(job.job_id, result, now); });
}

// A file that changed since it was planned is never sent as it was.
bool TargetWorker::GoBackIfMoved(const SendJob& job) {
  if (dependencies_.store->Generation() == job.generation) return false;
  const absl::StatusOr<std::vector<std::string>> moved = dependencies_.store->MovedFiles(job.pins);
  if (moved.ok() && moved->empty()) return false;
  // Where the store cannot say, nothing is sent: the records go back and are tried again.
  Mutate([&](Lane& lane, absl::Time now) {
    lane.OnMoved(job.job_id, moved.ok() ? *moved : std::vector<std::string>(), now);
  });
  return true;
}

void TargetWorker::Do(const ReadJob& job) {
  const TargetTraits& traits = dependencies_.target->traits();
  const absl::Time start_time = dependencies_.time->Now();
  ReadResult result = dependencies_.target->Read(
      job.scope, base::Deadline::After(*dependencies_.clock, traits.read_deadline));
  RebaseHint(result.verdict);
  // The lane compares it with times of this clock.
  if (result.observation.has_value()) result.observation->start_time = start_time;
  Note(result.exchanges, result.verdict);
  Mutate([&](Lane& lane, absl::Time now) { lane.OnRead(job.scope, result, now); });
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
  if (!verdict.needs_operator) return;
  base::Log(base::Severity::kWarning, "target paused: it refuses our credentials or subscription",
            {{"target", name},
             {"reason", catalog::ReasonName(verdict.failure.reason)},
             {"code", verdict.failure.target_code}});
}

void TargetWorker::SleepUntil(absl::Time until, int64_t seen_generation) {
  const absl::Duration limit = std::min(until - dependencies_.time->Now(), kLongestSleep);
  base::MutexLock lock(&wake_mu_);
  if (stopping_ || wake_generation_ != seen_generation || limit <= absl::ZeroDuration()) return;
  wake_.WaitFor(&wake_mu_, absl::ToChronoMicroseconds(limit) + std::chrono::microseconds(1));
}

void TargetWorker::Wake() {
  base::MutexLock lock(&wake_mu_);
  ++wake_generation_;
  wake_.SignalAll();
}

void TargetWorker::Add(std::vector<LaneDelivery> deliveries) {
  Mutate([&](Lane& lane, absl::Time now) {
    for (LaneDelivery& delivery : deliveries) lane.Add(std::move(delivery), now);
  });
}

void TargetWorker::CancelRun(absl::string_view run_id) {
  Mutate([&](Lane& lane, absl::Time now) { lane.CancelRun(run_id, now); });
}

void TargetWorker::Forget(absl::string_view run_id, absl::string_view delivery_id) {
  Mutate([&](Lane& lane, absl::Time) { lane.Forget(run_id, delivery_id); });
}

absl::flat_hash_map<std::string, std::shared_ptr<const Observation>> TargetWorker::Observe(
    const std::vector<std::string>& scopes, absl::Duration limit, std::stop_token stop) {
  absl::flat_hash_map<std::string, std::shared_ptr<const Observation>> seen;
  const base::Deadline deadline = base::Deadline::After(*dependencies_.clock, limit).OrStop(stop);
  const std::stop_callback on_stop(std::move(stop), [this] { Wake(); });
  Mutate([&](Lane& lane, absl::Time now) {
    for (const std::string& scope : scopes) lane.RequestObservation(scope, now);
  });
  size_t failed = 0;
  while (seen.size() + failed < scopes.size() && !deadline.Passed()) {
    int64_t generation = 0;
    {
      base::MutexLock lock(&wake_mu_);
      if (stopping_) break;
      generation = wake_generation_;
    }
    failed = 0;
    {
      base::MutexLock lock(&mu_);
      for (const std::string& scope : scopes) {
        catalog::Failure failure;
        if (auto observation = lane_.TakeObservation(scope, &failure)) seen[scope] = std::move(observation);
        failed += failure.ok() ? 0 : 1;
      }
    }
    if (seen.size() + failed >= scopes.size()) break;
    SleepUntil(dependencies_.time->Now() + deadline.Remaining(), generation);
  }
  Mutate([&](Lane& lane, absl::Time) {
    for (const std::string& scope : scopes) lane.WithdrawObservation(scope);
  });
  return seen;
}

void TargetWorker::PrepareReferences(const std::vector<std::string>& kodepemdas, int tries,
                                     const std::stop_token& stop) {
  absl::Status prepared;
  for (int i = 0; i < tries; ++i) {
    prepared = dependencies_.target->Prepare(
        kodepemdas, base::Deadline::After(*dependencies_.clock, dependencies_.target->traits().read_deadline)
                        .OrStop(stop));
    if (prepared.ok() || stop.stop_requested()) return;
  }
  base::Log(base::Severity::kWarning, "reference list not read; values are judged by their shape alone",
            {{"target", dependencies_.target->traits().name}, {"error", prepared.message()}});
}

int64_t TargetWorker::UnsettledCount(absl::string_view run_id) {
  base::MutexLock lock(&mu_);
  return lane_.UnsettledCount(run_id);
}

size_t TargetWorker::Backlog() {
  base::MutexLock lock(&mu_);
  return lane_.backlog();
}

std::optional<Wait> TargetWorker::CurrentWait() {
  base::MutexLock lock(&mu_);
  return lane_.CurrentWait(dependencies_.time->Now());
}

TargetStatus TargetWorker::Status() {
  const TargetTraits& traits = dependencies_.target->traits();
  const absl::Time now = dependencies_.time->Now();
  base::MutexLock lock(&mu_);
  return {.traits = traits,
          .concurrency_limit = traits.max_concurrency,
          .rate_limit_per_second = traits.rate_limit_per_second,
          .in_flight = lane_.in_flight(),
          .paused = lane_.paused(now),
          .wait = lane_.CurrentWait(now),
          .queue_depth = lane_.queued_deliveries()};
}

void TargetWorker::Stop(absl::Duration grace) {
  {
    base::MutexLock lock(&wake_mu_);
    stopping_ = true;
    wake_.SignalAll();
    const base::Deadline deadline = base::Deadline::After(*dependencies_.clock, grace);
    while (running_ > 0 && !deadline.Passed()) {
      wake_.WaitFor(&wake_mu_,
                    absl::ToChronoMilliseconds(deadline.Remaining()) + std::chrono::milliseconds(1));
    }
  }
  dependencies_.target->Abort();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
  Mutate([](Lane& lane, absl::Time now) { lane.ReleaseUnsent(now); });
}

}  // namespace satudata::sync
