#include "server/sync/run_follower.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "server/base/executor.h"

namespace satudata::sync {
namespace {

constexpr std::chrono::milliseconds kInterval{250};
constexpr std::chrono::milliseconds kShortestInterval{
    40};                          // Between two looks, though something was committed.
constexpr int64_t kPage = 1'000;  // Events.

}  // namespace

RunFollower::RunFollower(Store& store, base::Clock& clock)
    : store_(store), clock_(clock), thread_([this] { Loop(); }) {}

RunFollower::~RunFollower() {
  {
    base::MutexLock lock(&mu_);
    stopping_ = true;
    changed_.SignalAll();
  }
  thread_.join();
}

std::shared_ptr<RunLog> RunFollower::Follow(const Run& run) {
  base::MutexLock lock(&mu_);
  std::weak_ptr<RunLog>& known = logs_[run.run_id];
  std::shared_ptr<RunLog> log = known.lock();
  if (log == nullptr) known = log = std::make_shared<RunLog>(run);
  changed_.SignalAll();
  return log;
}

void RunFollower::Nudge() {
  base::MutexLock lock(&mu_);
  if (logs_.empty() || std::exchange(nudged_, true)) return;
  changed_.SignalAll();
}

void RunFollower::Loop() {
  base::SetThreadName("run-follower");
  while (WaitForRound()) {
    for (const std::shared_ptr<RunLog>& log : Watched()) {
      // Where the store cannot be read, the next look sees more.
      Read(*log).IgnoreError();
      log->WakeAll();  // Also for progress and signs of life.
    }
  }
}

bool RunFollower::WaitForRound() {
  base::MutexLock lock(&mu_);
  const auto begin = std::chrono::steady_clock::now();
  while (!stopping_) {
    const auto wait = nudged_ ? kShortestInterval : kInterval;
    const auto left = begin + wait - std::chrono::steady_clock::now();
    if (logs_.empty()) {
      changed_.Wait(&mu_);
    } else if (left <= std::chrono::nanoseconds::zero()) {
      break;
    } else {
      changed_.WaitFor(&mu_, left);
    }
  }
  nudged_ = false;
  return !stopping_;
}

// Forgets those that nobody watches any more, and those that have ended.
std::vector<std::shared_ptr<RunLog>> RunFollower::Watched() {
  std::vector<std::shared_ptr<RunLog>> watched;
  base::MutexLock lock(&mu_);
  absl::erase_if(logs_, [&watched](const auto& item) {
    std::shared_ptr<RunLog> log = item.second.lock();
    if (log == nullptr || log->HasEnded()) return true;
    watched.push_back(std::move(log));
    return false;
  });
  return watched;
}

// The run is read before its events: all that it speaks of is among them.
absl::Status RunFollower::Read(RunLog& log) {
  const std::string run_id = log.Snapshot().run_id;
  const absl::StatusOr<Run> run = store_.GetRun(run_id);
  if (!run.ok()) return run.status();
  const absl::StatusOr<std::vector<std::string>> planned = store_.PlannedTargets(run_id);
  if (!planned.ok()) return planned.status();
  log.OnStartSeen(*run);
  int64_t cursor = log.last_sequence();
  for (bool complete = cursor >= run->last_sequence; !complete;) {
    absl::StatusOr<std::vector<RunEvent>> events = store_.EventsAfter(run_id, cursor, kPage);
    if (!events.ok()) return events.status();
    complete = static_cast<int64_t>(events->size()) < kPage;
    if (!events->empty()) cursor = events->back().sequence;
    if (complete) cursor = std::max(cursor, run->last_sequence);
    log.OnEventsSeen(*std::move(events), cursor);
  }
  log.OnSeen(*run, *planned, clock_.Now());
  return absl::OkStatus();
}

}  // namespace satudata::sync
