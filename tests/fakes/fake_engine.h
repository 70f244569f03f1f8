// File: fake_engine.h
//
// An engine whose runs do what a test says: it appends events to a run's log and ends it. Thread-safe.
#ifndef TESTS_FAKES_FAKE_ENGINE_H_
#define TESTS_FAKES_FAKE_ENGINE_H_

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/mutex.h"
#include "server/catalog/failure.h"
#include "server/sync/engine.h"

namespace satudata::fakes {

// One run's log. Watches read from it at their own pace.
class FakeRun {
 public:
  explicit FakeRun(sync::Run run) : run_(std::move(run)) {}

  // A delivery in `state`; its sequence is the next one.
  void AppendDelivery(absl::string_view file_id, sync::State state) {
    base::MutexLock lock(&mu_);
    sync::Delivery delivery;
    delivery.delivery_id = absl::StrCat(run_.run_id, "-", file_id);
    delivery.run_id = run_.run_id;
    delivery.file_id = std::string(file_id);
    delivery.target = run_.request.targets.empty() ? "splp" : run_.request.targets.front();
    delivery.state = state;
    delivery.sequence = ++run_.last_sequence;
    log_.push_back({run_.run_id, delivery.sequence, absl::UnixEpoch(), delivery});
    WakeAll();
  }

  void End(sync::RunState state) {
    base::MutexLock lock(&mu_);
    run_.state = state;
    ended_ = true;
    WakeAll();
  }

  // From now on Read fails with this.
  void Break(absl::Status status) {
    base::MutexLock lock(&mu_);
    broken_ = std::move(status);
    WakeAll();
  }

  sync::Run run() const {
    base::MutexLock lock(&mu_);
    return run_;
  }
  // How often any watch was read.
  int reads() const {
    base::MutexLock lock(&mu_);
    return reads_;
  }
  int watches() const {
    base::MutexLock lock(&mu_);
    return static_cast<int>(wakers_.size());
  }
  // Waits until at least `count` reads were made.
  void AwaitReads(int count) {
    base::MutexLock lock(&mu_);
    while (reads_ < count) changed_.Wait(&mu_);
  }
  void AwaitWatches(int count) {
    base::MutexLock lock(&mu_);
    while (static_cast<int>(wakers_.size()) != count) changed_.Wait(&mu_);
  }

 private:
  friend class FakeRunWatch;
  using Waker = std::function<void()>;

  sync::RunEvent Snapshot() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return {run_.run_id, run_.last_sequence, absl::UnixEpoch(), run_};
  }
  void WakeAll() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    for (const auto& [watch, waker] : wakers_) {
      if (waker) waker();
    }
    changed_.SignalAll();
  }

  mutable base::Mutex mu_;
  base::CondVar changed_;
  sync::Run run_ ABSL_GUARDED_BY(mu_);
  std::vector<sync::RunEvent> log_ ABSL_GUARDED_BY(mu_);
  bool ended_ ABSL_GUARDED_BY(mu_) = false;
  absl::Status broken_ ABSL_GUARDED_BY(mu_);
  int reads_ ABSL_GUARDED_BY(mu_) = 0;
  std::map<const void*, Waker> wakers_ ABSL_GUARDED_BY(mu_);
};

// As the engine's: a snapshot, what changed after a sequence, the live tail, a last snapshot.
class FakeRunWatch final : public sync::RunWatch {
 public:
  FakeRunWatch(std::shared_ptr<FakeRun> run, int64_t after) : run_(std::move(run)), after_(after) {
    base::MutexLock lock(&run_->mu_);
    run_->wakers_[this] = nullptr;
    run_->changed_.SignalAll();
  }
  ~FakeRunWatch() override {
    base::MutexLock lock(&run_->mu_);
    run_->wakers_.erase(this);
    run_->changed_.SignalAll();
  }

  absl::StatusOr<Batch> Read(size_t limit) override {
    base::MutexLock lock(&run_->mu_);
    ++run_->reads_;
    run_->changed_.SignalAll();
    if (!run_->broken_.ok()) return run_->broken_;
    Batch batch;
    if (!std::exchange(greeted_, true)) batch.events.push_back(run_->Snapshot());
    for (const sync::RunEvent& event : run_->log_) {
      if (event.sequence <= after_) continue;
      if (batch.events.size() == limit) return batch;
      after_ = event.sequence;
      batch.events.push_back(event);
    }
    if (run_->ended_ && batch.events.size() < limit) {
      batch.events.push_back(run_->Snapshot());
      batch.ended = true;
    }
    return batch;
  }

  void SetWaker(std::function<void()> waker) override {
    base::MutexLock lock(&run_->mu_);
    run_->wakers_[this] = std::move(waker);
  }

 private:
  const std::shared_ptr<FakeRun> run_;
  int64_t after_;
  bool greeted_ = false;
};

class FakeEngine final : public sync::Engine {
 public:
  explicit FakeEngine(std::vector<std::string> targets) : targets_(std::move(targets)) {
    std::sort(targets_.begin(), targets_.end());
  }

  // The next StartRun fails with this.
  void FailStart(absl::Status status) {
    base::MutexLock lock(&mu_);
    start_error_ = std::move(status);
  }
  // Waits for the `count`-th run (from 1) to be started.
  std::shared_ptr<FakeRun> AwaitRun(size_t count) {
    base::MutexLock lock(&mu_);
    while (runs_.size() < count) changed_.Wait(&mu_);
    return runs_[count - 1];
  }
  std::shared_ptr<FakeRun> AddRun(sync::SyncRequest request) {
    base::MutexLock lock(&mu_);
    return Create(std::move(request));
  }
  size_t run_count() const {
    base::MutexLock lock(&mu_);
    return runs_.size();
  }

  absl::Status Resume() override { return absl::OkStatus(); }

  absl::StatusOr<sync::Run> StartRun(sync::SyncRequest request) override {
    base::MutexLock lock(&mu_);
    if (!start_error_.ok()) return std::exchange(start_error_, absl::OkStatus());
    return Create(std::move(request))->run();
  }

  absl::StatusOr<sync::Run> CancelRun(absl::string_view run_id) override {
    const std::shared_ptr<FakeRun> run = Find(run_id);
    if (run == nullptr) return NotFound(run_id);
    run->End(sync::RunState::kCancelled);
    return run->run();
  }

  absl::StatusOr<std::unique_ptr<sync::RunWatch>> Watch(absl::string_view run_id,
                                                        int64_t after_sequence) override {
    std::shared_ptr<FakeRun> run = Find(run_id);
    if (run == nullptr) return NotFound(run_id);
    return std::make_unique<FakeRunWatch>(std::move(run), after_sequence);
  }

  std::vector<sync::TargetStatus> Targets() override {
    std::vector<sync::TargetStatus> out;
    for (const std::string& name : targets_) out.push_back(StatusOf(name));
    return out;
  }

  absl::StatusOr<sync::CheckResult> CheckTarget(absl::string_view target) override {
    if (absl::Status known = CheckKnown(target); !known.ok()) return known;
    return sync::CheckResult{.healthy = true, .latency = absl::Milliseconds(12), .http_code = 200};
  }

  absl::StatusOr<sync::TargetStatus> PauseTarget(absl::string_view target, absl::string_view paused_by,
                                                 absl::string_view comment) override {
    if (absl::Status known = CheckKnown(target); !known.ok()) return known;
    {
      base::MutexLock lock(&mu_);
      pauses_[std::string(target)] = {
          .kind = sync::PauseKind::kByOperator,
          .failure = {.reason = catalog::Reason::kTargetPaused, .args = {{"detail", std::string(comment)}}},
          .paused_by = std::string(paused_by)};
    }
    return StatusOf(std::string(target));
  }
  absl::StatusOr<sync::TargetStatus> ResumeTarget(absl::string_view target) override {
    if (absl::Status known = CheckKnown(target); !known.ok()) return known;
    {
      base::MutexLock lock(&mu_);
      pauses_.erase(std::string(target));
    }
    return StatusOf(std::string(target));
  }
  // Of the list that was set; without years.
  absl::StatusOr<sync::IndicatorPage> ListIndicators(const sync::IndicatorFilter& filter,
                                                     const sync::Page& page) override {
    if (absl::Status known = CheckKnown(filter.target); !known.ok()) return known;
    base::MutexLock lock(&mu_);
    indicator_filter_ = filter;
    return sync::SelectIndicators(reference_list_, filter, page);
  }
  void SetReferenceList(sync::ReferenceList list) {
    base::MutexLock lock(&mu_);
    reference_list_ = std::move(list);
  }
  sync::IndicatorFilter indicator_filter() {
    base::MutexLock lock(&mu_);
    return indicator_filter_;
  }
  int64_t ActiveRunCount() const override { return 0; }
  void Shutdown(absl::Duration) override {}

 private:
  absl::Status CheckKnown(absl::string_view target) const {
    if (std::binary_search(targets_.begin(), targets_.end(), target)) return absl::OkStatus();
    return catalog::FailureStatus(
        absl::StatusCode::kInvalidArgument,
        {.reason = catalog::Reason::kTargetUnknown, .args = {{"target", std::string(target)}}});
  }
  sync::TargetStatus StatusOf(const std::string& target) {
    sync::TargetStatus status;
    status.traits.name = target;
    status.traits.profile = "fake";
    status.traits.withdraws = target == "sipd";
    base::MutexLock lock(&mu_);
    const auto pause = pauses_.find(target);
    if (pause == pauses_.end()) return status;
    status.pause = pause->second;
    status.wait = sync::Wait{target, pause->second.failure, absl::InfiniteFuture()};
    return status;
  }
  static absl::Status NotFound(absl::string_view run_id) {
    return catalog::FailureStatus(absl::StatusCode::kNotFound, {.reason = catalog::Reason::kRunNotFound,
                                                                .args = {{"run_id", std::string(run_id)}}});
  }
  std::shared_ptr<FakeRun> Create(sync::SyncRequest request) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    sync::Run run;
    run.run_id = absl::StrCat("run-", runs_.size() + 1);
    run.request = std::move(request);
    run.state = sync::RunState::kRunning;
    runs_.push_back(std::make_shared<FakeRun>(std::move(run)));
    changed_.SignalAll();
    return runs_.back();
  }
  std::shared_ptr<FakeRun> Find(absl::string_view run_id) {
    base::MutexLock lock(&mu_);
    for (const auto& run : runs_) {
      if (run->run().run_id == run_id) return run;
    }
    return nullptr;
  }

  std::vector<std::string> targets_;
  mutable base::Mutex mu_;
  base::CondVar changed_;
  absl::Status start_error_ ABSL_GUARDED_BY(mu_);
  std::map<std::string, sync::TargetPause> pauses_ ABSL_GUARDED_BY(mu_);
  sync::ReferenceList reference_list_ ABSL_GUARDED_BY(mu_);
  sync::IndicatorFilter indicator_filter_ ABSL_GUARDED_BY(mu_);  // Of the last call.
  std::vector<std::shared_ptr<FakeRun>> runs_ ABSL_GUARDED_BY(mu_);
};

}  // namespace satudata::fakes

#endif  // TESTS_FAKES_FAKE_ENGINE_H_
