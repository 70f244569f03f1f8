#include "server/sync/vitals.h"

#include <algorithm>

namespace satudata::sync {
namespace {

// What was read is used for so many times as long as it took to read.
constexpr int kVitalsRest = 10;

}  // namespace

std::vector<State> WatchedStates() {
  return {State::kUnknown, State::kDeferred, State::kParked, State::kRejected, State::kPartial};
}

VitalsReader::VitalsReader(VitalsSource& source, std::vector<std::string> targets, base::Executor& executor,
                           base::Clock& clock)
    : source_(source), targets_(std::move(targets)), executor_(executor), clock_(clock) {}

std::shared_ptr<const Vitals> VitalsReader::Read(absl::Duration patience) {
  const absl::Duration until = clock_.Monotonic() + patience;
  const bool is_mine = BeginsReading();
  if (is_mine && !executor_.Execute([this] { Refresh(); })) EndReading();
  base::MutexLock lock(&mu_);
  while (reading_) {
    const absl::Duration left = until - clock_.Monotonic();
    if (left <= absl::ZeroDuration()) break;
    read_.WaitFor(&mu_, absl::ToChronoMilliseconds(left) + std::chrono::milliseconds(1));
  }
  if (!last_.has_value()) return nullptr;
  return std::make_shared<const Vitals>(Vitals{.stored = *last_, .longest_stall = LongestStall()});
}

// Whether nobody reads, and somebody should.
bool VitalsReader::BeginsReading() {
  base::MutexLock lock(&mu_);
  if (reading_ || IsRecent()) return false;
  reading_ = true;
  return true;
}

void VitalsReader::EndReading() {
  base::MutexLock lock(&mu_);
  reading_ = false;
  read_.SignalAll();
}

bool VitalsReader::IsRecent() const {
  if (!last_.has_value()) return false;
  const std::optional<int64_t> now = source_.VitalsStamp();
  if (now.has_value() && now == stamp_) return true;
  return clock_.Monotonic() - read_time_ < kVitalsRest * cost_;
}

void VitalsReader::Refresh() {
  const std::optional<int64_t> stamp = source_.VitalsStamp();
  const absl::Duration start = clock_.Monotonic();
  absl::StatusOr<StoredVitals> stored = source_.ReadVitals(targets_);
  base::MutexLock lock(&mu_);
  reading_ = false;
  read_.SignalAll();
  if (!stored.ok()) return;  // The store tells of its own troubles.
  NoteProgress(stored->runs);
  last_ = *std::move(stored);
  stamp_ = stamp;
  read_time_ = clock_.Monotonic();
  cost_ = read_time_ - start;
}

void VitalsReader::NoteProgress(const std::vector<RunMark>& runs) {
  const absl::Duration now = clock_.Monotonic();
  absl::flat_hash_map<std::string, Progress> progress;
  for (const RunMark& run : runs) {
    const auto known = progress_.find(run.run_id);
    const bool stands = known != progress_.end() && known->second.sequence == run.sequence;
    progress[run.run_id] = stands ? known->second : Progress{run.sequence, now};
  }
  progress_ = std::move(progress);
}

absl::Duration VitalsReader::LongestStall() const {
  absl::Duration longest;
  for (const auto& [run_id, progress] : progress_) {
    longest = std::max(longest, clock_.Monotonic() - progress.since);
  }
  return longest;
}

}  // namespace satudata::sync
