#include "server/sync/lane.h"

#include <algorithm>
#include <utility>

#include "server/sync/doubt.h"
#include "server/sync/planner.h"

namespace satudata::sync {
namespace {

using catalog::Failure;
using catalog::Reason;

bool IsInDoubt(State state) { return state == State::kUnknown || state == State::kAccepted; }

// Whether `record` is in doubt itself and says at least as much as `from` about what is at the target: a
// delivery may have the outcome of a request that a newer one sent since.
bool KnowsMore(const Record& record, const Record& from) {
  if (record.state == State::kAccepted && record.sent_hash == from.sent_hash) return true;
  return IsInDoubt(record.state) && record.send_time > from.send_time;
}

}  // namespace

Lane::Lane(const TargetTraits& traits, LaneOptions options, base::Uniform uniform)
    : traits_(traits),
      options_(std::move(options)),
      uniform_(std::move(uniform)),
      control_(traits, options_.control),
      claim_size_(LeastClaim()),
      reads_(traits.read_interval),
      suspects_(traits.confirm_wait) {}

Lane::~Lane() = default;

Entry* Lane::Find(Ref ref) {
  const auto found = entries_.find(ref.entry);
  return found == entries_.end() ? nullptr : found->second.get();
}

std::vector<int64_t> Lane::EntryIds() const {
  std::vector<int64_t> ids;
  ids.reserve(entries_.size());
  for (const auto& [id, entry] : entries_) ids.push_back(id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

Record& Lane::RecordOf(Ref ref) { return entries_.at(ref.entry)->item.records[ref.index]; }

// Adding

void Lane::Add(LaneDelivery item, absl::Time now) {
  if (!IsOurs(item.fence)) {
    if (item.returning) Forget(item.delivery.run_id, item.delivery.delivery_id);
    return;
  }
  auto owned = std::make_unique<Entry>();
  Entry& entry = *owned;
  entry.entry_id = next_entry_++;
  entry.stored_state = item.delivery.state;
  entry.settled = item.detached;
  entry.cancelled = item.stopped;
  entry.runtime.resize(item.records.size());
  if (!item.detached && !item.returning) ++unsettled_[item.delivery.run_id];
  if (item.delivery.state == State::kQueued) ++queued_deliveries_;
  entry.item = std::move(item);
  entries_.emplace(entry.entry_id, std::move(owned));
  for (const Baseline& baseline : entry.item.held) Remember(baseline);
  TakePlace(entry, now);
  dirty_.push_back(entry.entry_id);
  WriteFirst(entry, now);
  Refresh(now);
}

// Of its file the newest delivery counts; of withdrawals, the newest of their key.
void Lane::TakePlace(Entry& entry, absl::Time now) {
  const auto [newest, first] = by_file_.try_emplace(PlaceOf(entry.item), entry.entry_id);
  Entry& other = *entries_.at(newest->second);
  if (!first && other.item.delivery.delivery_id > entry.item.delivery.delivery_id) {
    return YieldTo(other, entry, now);
  }
  newest->second = entry.entry_id;
  if (!first) Supersede(other, entry, now);
  EnterAll(entry, now);
}

void Lane::EnterAll(Entry& entry, absl::Time now) {
  for (size_t i = 0; i < entry.item.records.size(); ++i) Enter(entry, i, now);
}

bool Lane::NeedsFirstSight(Ref ref) {
  const Entry& entry = *Find(ref);
  const Record& record = entry.item.records[ref.index];
  if (traits_.reads_tables && !record.previous_known && !record.send_time.has_value()) return true;
  return IsUnproven(entry, ref.index);
}

// Whether the target may hold it already, by what a restored database has forgotten. What was planned since
// knows what is there, or is sent whatever is there.
bool Lane::IsUnproven(const Entry& entry, size_t index) const {
  const bool never_restored = options_.restore_time == absl::InfinitePast();
  if (never_restored || entry.runtime[index].seen) return false;
  const Record& record = entry.item.records[index];
  const bool is_new = entry.item.delivery.create_time > options_.restore_time;
  if (is_new && (record.previous_known || entry.item.force)) return false;
  const auto known = confirmed_.find(record.key);
  return known == confirmed_.end() || !IsProven(known->second.second);
}

void Lane::Enter(Entry& entry, size_t index, absl::Time now) {
  const Ref ref{entry.entry_id, index};
  Record& record = entry.item.records[index];
  switch (record.state) {
    case State::kQueued:
      return Enqueue(ref, now, now);
    case State::kSending:
      // The process that sent it is gone; when it did so is not known, so the waiting begins now.
      record.send_time = now;
      record.sent_hash = record.hash;
      return Doubt(ref, State::kUnknown, now);
    case State::kUnknown:
    case State::kAccepted:
      return Doubt(ref, record.state, now);
    case State::kDeferred: {
      if (entry.cancelled) return Cancel(ref, {.reason = Reason::kRunCancelled}, now);
      const absl::Time due = entry.item.delivery.next_attempt_time.value_or(now);
      entry.runtime[index].ready_time = due;
      deferred_.insert({{due, next_order_++}, ref});
      return;
    }
    default:
      return;  // Final.
  }
}

// A newer delivery of a file takes the older one's place and its doubts.
void Lane::Supersede(Entry& older, Entry& newer, absl::Time now) {
  older.superseded = true;
  older.superseded_by = newer.item.delivery.delivery_id;
  for (size_t i = 0; i < older.item.records.size(); ++i) {
    Record& record = older.item.records[i];
    if (IsFinal(record.state) || older.runtime[i].requested) continue;
    // A doubt that nobody takes over stays here: it must be read back all the same.
    if (IsInDoubt(record.state) && !HandOver(record, newer)) continue;
    Cancel({older.entry_id, i}, SupersededFailure(older), now);
  }
}

// Names the delivery that took this one's place.
Failure Lane::SupersededFailure(const Entry& older) const {
  return {.reason = Reason::kSuperseded, .args = {{"delivery_id", older.superseded_by}}};
}

// A delivery that was planned before the one that is here already, and is fed only now.
void Lane::YieldTo(const Entry& newer, Entry& older, absl::Time now) {
  older.superseded = true;
  older.superseded_by = newer.item.delivery.delivery_id;
  for (size_t i = 0; i < older.item.records.size(); ++i) {
    const State state = older.item.records[i].state;
    if (state == State::kSending || IsInDoubt(state)) {
      Enter(older, i, now);  // Passes the doubt on.
    } else if (!IsFinal(state)) {
      Cancel({older.entry_id, i}, SupersededFailure(older), now);
    }
  }
}

// Whether `newer` has a record that takes over the open outcome of `from`.
bool Lane::HandOver(const Record& from, Entry& newer) {
  for (Record& record : newer.item.records) {
    if (record.key != from.key || IsFinal(record.state) || record.state == State::kSending) continue;
    if (!KnowsMore(record, from)) InheritDoubt(from, record);
    return true;
  }
  return false;
}

// Keys

bool Lane::HoldKey(Ref ref) {
  KeyState& key = keys_[RecordOf(ref).key];
  if (key.holder == Ref{} || key.holder == ref || Find(key.holder) == nullptr) {
    key.holder = ref;
    return true;
  }
  key.waiters.push_back(ref);
  return false;
}

// Who is in doubt about the key as well holds it next: nobody may send it before that is settled. All others
// who wait are queued again: the first to be claimed holds the key, the others wait anew or find the value
// there.
void Lane::ReleaseKey(Ref ref, absl::Time now) {
  const auto found = keys_.find(RecordOf(ref).key);
  if (found == keys_.end() || !(found->second.holder == ref)) return;
  const std::vector<Ref> waiters = std::move(found->second.waiters);
  keys_.erase(found);
  for (const Ref& waiter : waiters) {
    if (Find(waiter) != nullptr && IsInDoubt(RecordOf(waiter).state)) HoldKey(waiter);
  }
  for (const Ref& waiter : waiters) {
    Entry* entry = Find(waiter);
    if (entry == nullptr) continue;
    const State state = entry->item.records[waiter.index].state;
    if (state != State::kQueued && state != State::kDeferred) continue;
    entry->runtime[waiter.index].waited = false;
    Enqueue(waiter, now, now);
  }
}

// Bookkeeping

void Lane::SetState(Ref ref, State state) {
  RecordOf(ref).state = state;
  if (state == State::kAccepted || IsFinal(state)) suspects_.Clear(ref);
  Touch(*Find(ref), ref.index);
}

void Lane::Touch(Entry& entry, size_t index) {
  entry.runtime[index].dirty = true;
  if (entry.dirty) return;
  entry.dirty = true;
  dirty_.push_back(entry.entry_id);
}

// What `entry` took over is stored before others give it up: a process that dies between the two leaves it
// with both, not with neither.
void Lane::WriteFirst(Entry& entry, absl::Time now) {
  if (entry.dirty) WriteRow(entry, now);
  first_open_change_ = changes_.size();
}

Change& Lane::ChangeOf(const std::string& run_id, const std::optional<Fence>& fence) {
  for (size_t i = first_open_change_; i < changes_.size(); ++i) {
    if (changes_[i].run_id == run_id && changes_[i].fence == fence) return changes_[i];
  }
  changes_.push_back({.run_id = run_id, .fence = fence});
  return changes_.back();
}

void Lane::Refresh(absl::Time now) {
  const std::vector<int64_t> dirty = std::exchange(dirty_, {});
  for (const int64_t id : dirty) {
    const auto found = entries_.find(id);
    if (found != entries_.end()) RefreshEntry(*found->second, now);
  }
}

void Lane::RefreshEntry(Entry& entry, absl::Time now) {
  if (entry.lost) return;
  if (entry.dirty) WriteRow(entry, now);
  if (!entry.settled && IsSettled(entry, now)) Settle(entry);
  if (!entry.settled && entry.settle_time > now && entry.settle_time < absl::InfiniteFuture()) {
    settle_times_.emplace(entry.settle_time, entry.entry_id);
  }
  if (!IsFinal(entry.item.delivery.state)) return;
  CountOutOfChunk(entry.item);
  Drop(entry);
}

void Lane::WriteRow(Entry& entry, absl::Time now) {
  Delivery& delivery = entry.item.delivery;
  SumUp(entry.item.records, delivery);
  delivery.update_time = now;
  delivery.next_attempt_time.reset();
  Change& change = ChangeOf(entry.item);
  const absl::Duration stopped = control_.StoppedTime(now);
  for (size_t i = 0; i < entry.item.records.size(); ++i) {
    const RecordRuntime& runtime = entry.runtime[i];
    const State state = entry.item.records[i].state;
    const absl::Time ready = runtime.ready_time + (runtime.on_ladder ? stopped : absl::ZeroDuration());
    if ((state == State::kDeferred || state == State::kQueued) && ready > now &&
        ready < absl::InfiniteFuture()) {
      delivery.next_attempt_time =
          std::min(delivery.next_attempt_time.value_or(absl::InfiniteFuture()), ready);
    }
    if (!runtime.dirty) continue;
    entry.runtime[i].dirty = false;
    change.records.push_back({delivery.delivery_id, static_cast<int64_t>(i), entry.item.records[i]});
  }
  change.deliveries.push_back({delivery, entry.stored_state});
  queued_deliveries_ += (delivery.state == State::kQueued) - (entry.stored_state == State::kQueued);
  entry.stored_state = delivery.state;
  entry.dirty = false;
}

bool Lane::IsSettled(const Entry& entry, absl::Time now) const {
  const StateCounts& counts = entry.item.delivery.records;
  if (counts[State::kSending] > 0) return false;
  if (entry.cancelled) return true;
  if (counts[State::kQueued] > 0) return false;
  return entry.settle_time <= now || counts[State::kAccepted] + counts[State::kUnknown] == 0;
}

void Lane::Settle(Entry& entry) {
  entry.settled = true;
  if (entry.item.fence.has_value()) SettleInChunk(entry.item.delivery.run_id, *entry.item.fence);
  Forget(entry.item.delivery.run_id, entry.item.delivery.delivery_id);
}

void Lane::Drop(Entry& entry) {
  const auto found = by_file_.find(PlaceOf(entry.item));
  if (found != by_file_.end() && found->second == entry.entry_id) by_file_.erase(found);
  entries_.erase(entry.entry_id);
}

std::vector<Change> Lane::TakeChanges() {
  first_open_change_ = 0;
  return std::exchange(changes_, {});
}

std::vector<Settled> Lane::TakeSettled() { return std::exchange(settled_, {}); }
std::vector<std::stop_source> Lane::TakeStops() { return std::exchange(stops_, {}); }
std::vector<LaneDelivery> Lane::TakeMoved() { return std::exchange(moved_, {}); }

size_t Lane::backlog() const {
  return ready_[0].size() + ready_[1].size() + delayed_.size() + claiming_.size() + claimed_.size() +
         suspects_.waiting();
}

int64_t Lane::UnsettledCount(absl::string_view run_id) const {
  const auto found = unsettled_.find(run_id);
  return found == unsettled_.end() ? 0 : found->second;
}

}  // namespace satudata::sync
