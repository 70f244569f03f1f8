// What the target holds, for those who wait to know it.
#include <algorithm>

#include "server/base/trace.h"
#include "server/sync/target_worker.h"

namespace satudata::sync {
namespace {

// Reads in a row that failed, from which on nobody waits for the next one to succeed.
constexpr int kAwayAfter = 2;
// Longest wait without looking.
constexpr absl::Duration kLongestWait = absl::Seconds(30);

}  // namespace

bool TargetWorker::IsAway() { return failed_reads_ >= kAwayAfter || IsCut() || StoppedForLong(); }

void TargetWorker::NoteReadable(bool readable) {
  if (readable) {
    failed_reads_ = 0;
  } else {
    ++failed_reads_;
  }
}

void TargetWorker::NoteRead() {
  base::MutexLock lock(&wake_mu_);
  ++read_count_;
  read_.SignalAll();
}

void TargetWorker::WaitForRead(const base::Deadline& deadline, int64_t seen_read) {
  const absl::Duration limit = std::min(deadline.Remaining(), kLongestWait);
  base::MutexLock lock(&wake_mu_);
  if (stopping_ || read_count_ != seen_read) return;
  read_.WaitFor(&wake_mu_, absl::ToChronoMicroseconds(limit) + std::chrono::microseconds(1));
}

absl::flat_hash_map<std::string, std::shared_ptr<const Observation>> TargetWorker::Observe(
    const std::vector<std::string>& scopes, Patience patience, absl::Duration limit, std::stop_token stop) {
  absl::flat_hash_map<std::string, std::shared_ptr<const Observation>> seen;
  const base::Deadline deadline = base::Deadline::After(*dependencies_.clock, limit).OrStop(stop);
  const std::stop_callback on_stop(std::move(stop), [this] { NoteRead(); });
  const absl::string_view trace = base::CurrentTraceparent();
  Apply([&](Lane& lane, absl::Time now) {
    for (const std::string& scope : scopes) lane.RequestObservation(scope, trace, now);
  });
  size_t failed = 0;
  while (seen.size() + failed < scopes.size() && !deadline.Passed()) {
    int64_t read = 0;
    {
      base::MutexLock lock(&wake_mu_);
      if (stopping_) break;
      read = read_count_;
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
    if (seen.size() + failed >= scopes.size() || StoppedForLong()) break;
    if (patience == Patience::kBrief && IsCut()) break;
    WaitForRead(deadline, read);
  }
  Apply([&](Lane& lane, absl::Time) {
    for (const std::string& scope : scopes) lane.WithdrawObservation(scope);
  });
  return seen;
}

}  // namespace satudata::sync
