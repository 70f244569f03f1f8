// What a Lane does when its target is stopped, and when it goes on.
#include <utility>

#include "server/sync/lane.h"

namespace satudata::sync {
namespace {

using catalog::Failure;
using catalog::Reason;

// What was postponed comes back while fewer than so many records wait: the rest need not be written twice if
// the target stops again.
constexpr size_t kReleaseBelow = 1'000;
// A stop shorter than this is not worth storing that what was claimed is not sent yet.
constexpr absl::Duration kWorthReturning = absl::Seconds(10);

}  // namespace

void Lane::OnProbed(const CheckResult& result, absl::Time now) {
  control_.OnProbed(result, now);
  ReactToStop(now);
  Refresh(now);
}

void Lane::OnChecked(const CheckResult& result, absl::Time now) {
  control_.OnChecked(result, now);
  ReactToStop(now);
  Refresh(now);
}

void Lane::Pause(TargetPause pause, absl::Time now) {
  control_.Pause(std::move(pause), now);
  ReactToStop(now);
  Refresh(now);
}

bool Lane::Resume(absl::Time now) {
  const bool resumed = control_.Resume(now);
  ReactToStop(now);
  Refresh(now);
  return resumed;
}

// What waits for a target that will not go on within the time that a run waits does not hold up the run.
void Lane::ReactToStop(absl::Time now) {
  if (std::exchange(seen_stop_, control_.stop_version()) == control_.stop_version()) return;
  if (!control_.stopped(now)) return;
  if (control_.stopped_for_long(now)) return PostponeQueued(now);
  const std::optional<Wait> wait = control_.CurrentWait(now);
  if (wait.has_value() && wait->until - now >= kWorthReturning) ReturnClaimed(now);
}

void Lane::Postpone(Ref ref, absl::Time now) {
  Entry& entry = *Find(ref);
  if (entry.cancelled) return Cancel(ref, {.reason = Reason::kRunCancelled}, now);
  if (entry.superseded) return Cancel(ref, SupersededFailure(entry), now);
  const std::optional<Wait> wait = control_.CurrentWait(now);
  RecordOf(ref).failure = wait.has_value() ? wait->failure : Failure();
  RecordRuntime& runtime = entry.runtime[ref.index];
  runtime.ready_time = wait.has_value() ? wait->until : now;
  runtime.on_ladder = false;
  PostponeDue(ref);
  SetState(ref, State::kDeferred);
}

void Lane::PostponeDue(Ref ref) {
  RecordRuntime& runtime = Find(ref)->runtime[ref.index];
  if (!std::exchange(runtime.postponed, true)) postponed_.push_back(ref);
}

void Lane::PostponeQueued(absl::Time now) {
  for (const int64_t id : EntryIds()) {
    Entry* const entry = entries_.at(id).get();
    for (size_t i = 0; i < entry->item.records.size(); ++i) {
      const Ref ref{id, i};
      Record& record = entry->item.records[i];
      const bool claimed = record.state == State::kSending && !entry->runtime[i].requested;
      if (record.state != State::kQueued && !claimed) continue;
      reads_.Remove(record.scope, ref);
      if (claimed) {
        record.send_time.reset();
        ReleaseKey(ref, now);
      }
      Postpone(ref, now);
    }
  }
  // They may be claimed again later: an old place in this line must not send them before that is stored.
  std::erase_if(claimed_, [this](const Ref& ref) {
    return Find(ref) == nullptr || RecordOf(ref).state != State::kSending;
  });
}

bool Lane::MayReleasePostponed(absl::Time now) const {
  return !postponed_.empty() && backlog() < kReleaseBelow && !control_.stopped(now);
}

void Lane::ReleasePostponed(absl::Time now) {
  while (MayReleasePostponed(now)) {
    const Ref ref = postponed_.front();
    postponed_.pop_front();
    Entry* entry = Find(ref);
    if (entry == nullptr) continue;
    entry->runtime[ref.index].postponed = false;
    if (entry->item.records[ref.index].state == State::kDeferred) Enqueue(ref, now, now);
  }
}

// Nobody knows how long a stop lasts: what is not on its way is not SENDING.
void Lane::ReturnClaimed(absl::Time now) {
  for (const Ref& ref : std::exchange(claimed_, {})) {
    Entry* entry = Find(ref);
    if (entry == nullptr || RecordOf(ref).state != State::kSending || entry->runtime[ref.index].requested) {
      continue;
    }
    RecordOf(ref).send_time.reset();
    ReleaseKey(ref, now);
    Enqueue(ref, now, now);
  }
}

}  // namespace satudata::sync
