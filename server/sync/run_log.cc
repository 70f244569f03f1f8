#include "server/sync/run_log.h"

#include <algorithm>
#include <utility>

namespace satudata::sync {
namespace {

constexpr int64_t kStartSequence = 1;

}  // namespace

RunLog::RunLog(Run run, size_t capacity)
    : capacity_(capacity),
      kind_(run.request.kind),
      run_(std::move(run)),
      dropped_sequence_(run_.last_sequence) {
  for (const std::string& target : run_.request.targets) {
    planned_[target] = false;
    run_.counts.try_emplace(target);
  }
}

void RunLog::OnCommitted(const Change& change, absl::Time now) {
  {
    base::MutexLock lock(&mu_);
    Count(change);
    for (const DeliveryChange& item : change.deliveries) {
      run_.last_sequence = std::max(run_.last_sequence, item.delivery.sequence);
      if (IsStreamed(kind_, item.delivery.state)) {
        Push({run_.run_id, item.delivery.sequence, item.delivery.update_time, item.delivery});
      }
    }
    for (const FileSkipped& skipped : change.skipped) {
      run_.last_sequence = std::max(run_.last_sequence, skipped.sequence);
      Push({run_.run_id, skipped.sequence, now, skipped});
    }
    if (change.run_state.has_value()) {
      run_.last_sequence = std::max(run_.last_sequence, change.run_state->sequence);
      Push({run_.run_id, change.run_state->sequence, now, *change.run_state});
    }
  }
  WakeAll();
}

void RunLog::Count(const Change& change) {
  ++version_;
  for (const DeliveryChange& item : change.deliveries) {
    StateCounts& counts = run_.counts[item.delivery.target];
    if (item.previous.has_value()) --counts[*item.previous];
    ++counts[item.delivery.state];
  }
  for (const auto& [target, count] : change.unchanged) run_.counts[target][State::kUnchanged] += count;
  for (const std::string& target : change.planned_targets) planned_[target] = true;
  for (const auto& [target, forecast] : change.forecasts) run_.forecasts[target] = forecast;
  run_.skipped_file_count += static_cast<int64_t>(change.skipped.size());
  if (change.run_start_time.has_value()) run_.start_time = change.run_start_time;
  if (change.run_end_time.has_value()) run_.end_time = change.run_end_time;
  if (!change.run_state.has_value()) return;
  run_.state = change.run_state->current;
  run_.failure = change.run_state->failure;
}

// It is the first thing that happens to a run.
void RunLog::OnStartSeen(const Run& run) {
  base::MutexLock lock(&mu_);
  if (run_.state != RunState::kQueued || !run.start_time.has_value()) return;
  run_.state = RunState::kRunning;
  run_.start_time = run.start_time;
  run_.last_sequence = std::max(run_.last_sequence, kStartSequence);
  Push({run_.run_id, kStartSequence, *run.start_time,
        RunStateChange{RunState::kQueued, RunState::kRunning, catalog::Failure(), kStartSequence}});
}

void RunLog::OnEventsSeen(std::vector<RunEvent> events, int64_t through_sequence) {
  base::MutexLock lock(&mu_);
  for (RunEvent& event : events) {
    const Delivery* delivery = std::get_if<Delivery>(&event.event);
    if (delivery == nullptr || IsStreamed(kind_, delivery->state)) Push(std::move(event));
  }
  run_.last_sequence = std::max(run_.last_sequence, through_sequence);
}

void RunLog::OnSeen(const Run& run, const std::vector<std::string>& planned_targets, absl::Time now) {
  base::MutexLock lock(&mu_);
  for (const std::string& target : planned_targets) planned_[target] = true;
  const bool is_new = run.last_sequence != seen_sequence_;
  seen_sequence_ = run.last_sequence;
  if (is_new) ++version_;
  const bool ends = IsFinal(run.state) && !IsFinal(run_.state);
  // What has happened since its end may have taken the sequence.
  const bool is_free = tail_.empty() || tail_.back().sequence < run.last_sequence;
  if (ends && is_free) {
    Push({run.run_id, run.last_sequence, run.end_time.value_or(now),
          RunStateChange{run_.state, run.state, run.failure, run.last_sequence}});
  }
  const int64_t last_sequence = std::max(run_.last_sequence, run.last_sequence);
  run_ = run;
  run_.last_sequence = last_sequence;
}

int64_t RunLog::last_sequence() const {
  base::MutexLock lock(&mu_);
  return run_.last_sequence;
}

bool RunLog::HasEnded() const {
  base::MutexLock lock(&mu_);
  return IsFinal(run_.state);
}

// Events of one commit come in the order of their sequences but for the kinds; the tail is kept in sequence
// order.
void RunLog::Push(RunEvent event) {
  auto place = tail_.end();
  while (place != tail_.begin() && std::prev(place)->sequence > event.sequence) --place;
  tail_.insert(place, std::move(event));
  if (tail_.size() <= capacity_) return;
  dropped_sequence_ = tail_.front().sequence;
  tail_.pop_front();
}

RunLog::Tail RunLog::ReadAfter(int64_t sequence, size_t limit) const {
  base::MutexLock lock(&mu_);
  Tail tail{.dropped_sequence = dropped_sequence_};
  if (sequence < dropped_sequence_) {
    tail.behind = true;
    return tail;
  }
  auto next = std::upper_bound(tail_.begin(), tail_.end(), sequence,
                               [](int64_t wanted, const RunEvent& event) { return wanted < event.sequence; });
  tail.events.reserve(std::min(limit, static_cast<size_t>(tail_.end() - next)));
  for (; next != tail_.end() && tail.events.size() < limit; ++next) tail.events.push_back(*next);
  tail.ended = next == tail_.end() && IsFinal(run_.state);
  return tail;
}

Run RunLog::Snapshot() const {
  base::MutexLock lock(&mu_);
  return run_;
}

std::map<std::string, bool> RunLog::Planned() const {
  base::MutexLock lock(&mu_);
  return planned_;
}

int64_t RunLog::Version() const {
  base::MutexLock lock(&mu_);
  return version_;
}

int64_t RunLog::Subscribe(std::function<void()> waker) {
  base::MutexLock lock(&subscribers_mu_);
  subscribers_.emplace(next_subscription_, std::move(waker));
  return next_subscription_++;
}

void RunLog::Unsubscribe(int64_t subscription) {
  base::MutexLock lock(&subscribers_mu_);
  subscribers_.erase(subscription);
}

void RunLog::WakeAll() {
  base::MutexLock lock(&subscribers_mu_);
  for (const auto& [id, waker] : subscribers_) waker();
}

std::shared_ptr<RunLog> RunLogs::Create(const Run& run) {
  auto log = std::make_shared<RunLog>(run);
  base::MutexLock lock(&mu_);
  return logs_[run.run_id] = log;
}

std::shared_ptr<RunLog> RunLogs::Find(absl::string_view run_id) const {
  base::MutexLock lock(&mu_);
  const auto found = logs_.find(run_id);
  return found == logs_.end() ? nullptr : found->second;
}

void RunLogs::Remove(absl::string_view run_id) {
  base::MutexLock lock(&mu_);
  logs_.erase(std::string(run_id));
}

std::vector<std::shared_ptr<RunLog>> RunLogs::All() const {
  base::MutexLock lock(&mu_);
  std::vector<std::shared_ptr<RunLog>> all;
  for (const auto& [id, log] : logs_) all.push_back(log);
  return all;
}

}  // namespace satudata::sync
