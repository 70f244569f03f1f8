// The order in which a Lane's records are claimed and sent.
#include <algorithm>
#include <cmath>
#include <utility>

#include "server/base/stop.h"
#include "server/sync/doubt.h"
#include "server/sync/lane.h"

namespace satudata::sync {
namespace {

using catalog::Failure;
using catalog::Reason;

// How quickly one claim must follow the other for the claims to grow, and how slowly for them to shrink:
// enough is claimed ahead to hide a commit, and no more.
constexpr absl::Duration kGrowClaim = absl::Milliseconds(50);
constexpr absl::Duration kShrinkClaim = absl::Seconds(1);
// Until it is asked again whether files have moved, where the store could not say.
constexpr absl::Duration kUncheckedWait = absl::Seconds(1);
constexpr int kLeastClaim = 8;  // A commit for each single record would hold up a target that is quick.

constexpr absl::Duration kSoon =
    absl::Seconds(2);  // About as long as it takes to get a grant, and to hold it.

}  // namespace

// Enough for every sender.
size_t Lane::LeastClaim() const {
  const int senders =
      std::min(traits_.most_senders(), std::max(control_.concurrency_limit() + 1, kLeastClaim));
  return std::max<size_t>(traits_.max_batch_records, static_cast<size_t>(senders));
}

void Lane::Enqueue(Ref ref, absl::Time ready_time, absl::Time now) {
  Entry& entry = *Find(ref);
  if (entry.cancelled) return Cancel(ref, {.reason = Reason::kRunCancelled}, now);
  if (entry.superseded) return Cancel(ref, SupersededFailure(entry), now);
  if (control_.stopped_for_long(now)) return Postpone(ref, now);
  Record& record = RecordOf(ref);
  entry.runtime[ref.index].ready_time = ready_time;
  entry.runtime[ref.index].on_ladder = false;
  if (record.state != State::kQueued) SetState(ref, State::kQueued);
  if (NeedsFirstSight(ref)) {
    reads_.Add(record.scope, ref, absl::InfiniteFuture(), now - traits_.read_interval);
  } else if (suspects_.Contains(ref)) {
    suspects_.Wait(ref, ready_time, now);
  } else if (ready_time > now) {
    delayed_.insert({{ready_time, next_order_++}, ref});
  } else {
    ready_[IsBulk(entry.item.kind) ? 1 : 0].push_back(ref);
  }
}

// Moves what has become due out of the delay queue; ends in-run waits that are over.
void Lane::Promote(absl::Time now) {
  PromoteDue(delayed_, now, now);
  PromoteDue(deferred_, now, now);
  PromoteDue(ladder_, LadderTime(now), now);
  PromoteSuspects(now);
  while (!settle_times_.empty() && settle_times_.begin()->first <= now) {
    dirty_.push_back(settle_times_.begin()->second);
    settle_times_.erase(settle_times_.begin());
  }
}

void Lane::PromoteDue(Delays& delays, absl::Time due, absl::Time now) {
  while (!delays.empty() && delays.begin()->first.first <= due) {
    const auto [when, ref] = *delays.begin();
    delays.erase(delays.begin());
    Entry* entry = Find(ref);
    if (entry == nullptr || entry->runtime[ref.index].ready_time != when.first) continue;
    const State state = entry->item.records[ref.index].state;
    if (state == State::kDeferred && control_.stopped(now)) {
      PostponeDue(ref);
    } else if (state == State::kQueued || state == State::kDeferred) {
      Enqueue(ref, now, now);
    }
  }
}

Job Lane::Next(absl::Time now) {
  control_.Advance(now);
  ReactToStop(now);
  Promote(now);
  ReleasePostponed(now);
  std::optional<Job> job = NextRequest(now);
  if (!job.has_value() && Claim(now)) job = ClaimJob{};
  Refresh(now);
  return job.has_value() ? *std::move(job) : Idle{NextTime(now)};
}

std::optional<Job> Lane::NextRequest(absl::Time now) {
  if (control_.ProbeDue(now)) {
    control_.OnProbeSent();
    return ProbeJob{};
  }
  if (!control_.MayRequest(now)) return std::nullopt;
  if (auto scope = reads_.Begin(now)) {
    reading_[*scope] = control_.OnSend(now);
    std::string traceparent = TraceOfRead(*scope);
    return ReadJob{*std::move(scope), std::move(traceparent)};
  }
  return MakeSendJob(now);
}

std::string Lane::TraceOfRead(absl::string_view scope) {
  for (const Ref ref : reads_.Waiting(scope)) {
    const Entry* entry = Find(ref);
    if (entry != nullptr && !entry->item.traceparent.empty()) return entry->item.traceparent;
  }
  return reads_.ObserverTrace(scope);
}

absl::Time Lane::NextTime(absl::Time now) const {
  if (WantsClaim(now) || MayReleasePostponed(now)) return now;
  absl::Time next = control_.NextStopEnd(now);
  if (control_.MayProbe(now)) next = std::min(next, control_.NextProbeTime());
  for (const Delays* delays : {&delayed_, &deferred_}) {
    if (!delays->empty()) next = std::min(next, delays->begin()->first.first);
  }
  next = std::min(next, suspects_.NextTime());
  if (!ladder_.empty() && !control_.stopped(now)) {
    next = std::min(next, ladder_.begin()->first.first + control_.StoppedTime(now));
  }
  if (!settle_times_.empty()) next = std::min(next, settle_times_.begin()->first);
  if (!control_.HasSlots(now)) return next;  // A new grant is told of.
  const bool sends = !claimed_.empty() && now < lease_end_;
  const absl::Time wanted = sends ? absl::InfinitePast() : reads_.NextTime();
  return std::min(next, std::max(wanted, control_.NextRequestTime()));
}

bool Lane::WantsGrant(absl::Time now) const {
  const absl::Time soon = now + kSoon;
  if (control_.in_flight() > 0 || control_.HasTurns() || control_.OwesTime(now)) return true;
  if (control_.NextProbeTime() <= soon) return true;
  if (control_.stopped(now)) return control_.NextStopEnd(now) <= soon;
  if (!claimed_.empty() || !ready_[0].empty() || !ready_[1].empty()) return true;
  return reads_.NextTime() <= soon || (!delayed_.empty() && delayed_.begin()->first.first <= soon);
}

bool Lane::WantsClaim(absl::Time now) const {
  if (claim_pending_ || claimed_.size() > claim_size_ / 2 || control_.stopped(now)) return false;
  if (now >= lease_end_ || !control_.HasSlots(now)) return false;
  return !ready_[0].empty() || !ready_[1].empty();
}

bool Lane::Claim(absl::Time now) {
  if (!WantsClaim(now)) return false;
  const absl::Duration since = now - last_claim_time_;
  if (claimed_.empty() && since < kGrowClaim) claim_size_ = std::min(claim_size_ * 2, options_.max_claim);
  if (since > kShrinkClaim) claim_size_ = LeastClaim();
  for (auto& queue : ready_) {
    while (!queue.empty() && claiming_.size() < claim_size_) {
      const Ref ref = queue.front();
      queue.pop_front();
      if (ClaimOne(ref, now)) claiming_.push_back(ref);
    }
  }
  SortByChunk(claiming_);
  last_claim_time_ = now;
  claim_pending_ = !claiming_.empty();
  return claim_pending_;
}

bool Lane::ClaimOne(Ref ref, absl::Time now) {
  Entry* entry = Find(ref);
  if (entry == nullptr || entry->item.records[ref.index].state != State::kQueued) return false;
  Record& record = entry->item.records[ref.index];
  if (IsHeldAlready(*entry, record)) {
    record.change = ChangeKind::kSame;
    record.failure = Failure();
    SetState(ref, State::kUnchanged);
    return false;
  }
  const auto known = confirmed_.find(record.key);
  const bool is_withdrawn = known != confirmed_.end() && known->second.first == kWithdrawnHash;
  if (is_withdrawn && !record.withdraws() && !entry->item.force) {
    // It waited for that.
    record.failure = Withdrawn(record.key, known->second.second);
    SetState(ref, State::kRejected);
    return false;
  }
  if (entry->item.outbound[ref.index].key.empty()) {
    // Carried on from an earlier process while its file has changed: what was planned cannot be sent any
    // more.
    Cancel(ref, {.reason = Reason::kRevisionChanged}, now);
    return false;
  }
  if (!HoldKey(ref)) {
    WaitInLine(ref, now);
    return false;
  }
  record.send_time = now;
  record.sent_hash = record.hash;
  record.failure = Failure();
  SetState(ref, State::kSending);
  return true;
}

// Another record with this key is on its way or in doubt. A run waits for that as long as for a confirmation.
void Lane::WaitInLine(Ref ref, absl::Time now) {
  RecordRuntime& runtime = Find(ref)->runtime[ref.index];
  if (std::exchange(runtime.waited, true)) return DeferInLine(ref, now);
  runtime.ready_time = now + traits_.confirm_wait;
  delayed_.insert({{runtime.ready_time, next_order_++}, ref});
}

void Lane::DeferInLine(Ref ref, absl::Time now) {
  const std::string since =
      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", now - traits_.confirm_wait, absl::UTCTimeZone());
  Defer(ref, {.reason = Reason::kNotSeenAtTarget, .args = {{"since", since}}}, now + options_.ladder[0], now);
}

// Whether another delivery brought the same value there after this one was planned.
bool Lane::IsHeldAlready(const Entry& entry, const Record& record) const {
  const auto found = confirmed_.find(record.key);
  return found != confirmed_.end() && !entry.item.force && found->second.first == record.hash &&
         IsProven(found->second.second) && found->second.second >= entry.item.delivery.create_time;
}

void Lane::OnClaimed(absl::Time now) {
  for (const Ref& ref : std::exchange(claiming_, {})) {
    Entry* entry = Find(ref);
    if (entry != nullptr && RecordOf(ref).state == State::kSending) claimed_.push_back(ref);
  }
  claim_pending_ = false;
  if (control_.stopped(now)) ReturnClaimed(now);
  Refresh(now);
}

void Lane::OnClaimFailed(absl::Time now) {
  const std::deque<Ref> refs = std::exchange(claiming_, {});
  claim_pending_ = false;
  for (const Ref& ref : refs) {
    Entry* entry = Find(ref);
    if (entry == nullptr || RecordOf(ref).state != State::kSending) continue;
    ReleaseKey(ref, now);
    Enqueue(ref, now, now);
  }
  Refresh(now);
}

void Lane::ReleaseUnsent(absl::Time now) {
  ReturnClaimed(now);
  Refresh(now);
}

std::optional<SendJob> Lane::MakeSendJob(absl::Time now) {
  if (now >= lease_end_) return std::nullopt;
  SendJob job{.job_id = next_job_, .send_time = now};
  Sent sent{.stop = base::NewStopSource()};
  job.stop = sent.stop.get_token();
  while (!claimed_.empty() && sent.refs.size() < traits_.max_batch_records) {
    const Ref ref = claimed_.front();
    Entry* entry = Find(ref);
    if (!sent.refs.empty() && entry != nullptr) {
      if (suspects_.GroupOf(ref) != suspects_.GroupOf(sent.refs.front())) break;
      if (entry->item.fence != Find(sent.refs.front())->item.fence) break;
    }
    claimed_.pop_front();
    // Cancelled or deferred meanwhile; or here twice, when it was claimed again after that.
    if (entry == nullptr || RecordOf(ref).state != State::kSending || entry->runtime[ref.index].requested)
      continue;
    entry->runtime[ref.index].requested = true;
    RecordOf(ref).send_time = now;
    const Delivery& delivery = entry->item.delivery;
    if (job.traceparent.empty()) job.traceparent = entry->item.traceparent;
    job.generation =
        sent.refs.empty() ? entry->item.generation : std::min(job.generation, entry->item.generation);
    const bool is_new = job.pins.empty() || job.pins.back().file_id != delivery.file_id;
    if (is_new && !delivery.file_id.empty()) job.pins.push_back({delivery.file_id, delivery.revision});
    if (job.delivery_ids.empty() || job.delivery_ids.back() != delivery.delivery_id) {
      job.delivery_ids.push_back(delivery.delivery_id);
    }
    job.records.push_back(entry->item.outbound[ref.index]);
    sent.refs.push_back(ref);
  }
  if (sent.refs.empty()) return std::nullopt;
  sent.ticket = control_.OnSend(now);
  sent_.emplace(next_job_++, std::move(sent));
  return job;
}

// The records of a job that was not sent after all; none where nobody wants them any more.
std::vector<RecordRef> Lane::TakeBack(int64_t job_id, absl::Time now) {
  const Sent sent = std::move(sent_.extract(job_id).mapped());
  control_.OnNotSent();
  if (Find(sent.refs.front())->lost) {
    DropLost(sent, Effect::kNone, now);
    return {};
  }
  for (const Ref& ref : sent.refs) {
    if (Entry* entry = Find(ref)) entry->runtime[ref.index].requested = false;
  }
  return sent.refs;
}

void Lane::OnUnchecked(int64_t job_id, absl::Time now) {
  for (const Ref& ref : TakeBack(job_id, now)) {
    ReleaseKey(ref, now);
    Enqueue(ref, now + kUncheckedWait, now);
  }
  Refresh(now);
}

void Lane::OnSuperseded(int64_t job_id, const absl::flat_hash_map<std::string, std::string>& newer,
                        absl::Time now) {
  for (const Ref& ref : TakeBack(job_id, now)) {
    Entry* entry = Find(ref);
    if (entry == nullptr || RecordOf(ref).state != State::kSending) continue;
    const auto found = newer.find(entry->item.delivery.delivery_id);
    if (found != newer.end()) {
      entry->superseded = true;
      entry->superseded_by = found->second;
    }
    ReleaseKey(ref, now);
    Enqueue(ref, now, now);
  }
  Refresh(now);
}

bool Lane::YieldsToOthers(int64_t job_id, const absl::flat_hash_map<std::string, KeyUse>& uses,
                          const absl::flat_hash_map<std::string, Baseline>& confirmed, absl::Time now) {
  bool yields = false;
  for (const Ref& ref : sent_.at(job_id).refs) {
    if (Find(ref) == nullptr) continue;
    yields |= uses.contains(RecordOf(ref).key) || WasConfirmedByOthers(ref, confirmed);
  }
  if (!yields) return false;
  for (const Ref& ref : TakeBack(job_id, now)) {
    if (Find(ref) == nullptr || RecordOf(ref).state != State::kSending) continue;
    const auto use = uses.find(RecordOf(ref).key);
    ReleaseKey(ref, now);
    use == uses.end() ? Enqueue(ref, now, now) : WaitForOther(ref, use->second, now);
  }
  Refresh(now);
  return true;
}

// What was confirmed since the delivery was planned, which was against something else; the next claim looks
// at it.
bool Lane::WasConfirmedByOthers(Ref ref, const absl::flat_hash_map<std::string, Baseline>& confirmed) {
  const Entry& entry = *Find(ref);
  const Record& record = entry.item.records[ref.index];
  const auto found = confirmed.find(record.key);
  if (found == confirmed.end() || record.previous_hash == record.hash) return false;
  if (found->second.confirm_time < entry.item.delivery.create_time) return false;
  Remember(found->second);
  const bool is_withdrawn = found->second.withdrawn() && !record.withdraws() && !entry.item.force;
  return is_withdrawn || IsHeldAlready(entry, record);
}

// Nobody tells of what other processes do: each look comes after twice as long, and a run waits about as long
// as for a confirmation. Of two that claimed a key at once, and both see the other, the older delivery looks
// first.
void Lane::WaitForOther(Ref ref, const KeyUse& use, absl::Time now) {
  Entry& entry = *Find(ref);
  int& yields = entry.runtime[ref.index].yields;
  const bool looks_first = use.state == State::kSending && use.delivery_id > entry.item.delivery.delivery_id;
  if (!looks_first) yields = std::max(yields, 1);
  const absl::Duration wait = kUncheckedWait * std::pow(2, yields++);
  if (wait < traits_.confirm_wait) return Enqueue(ref, now + wait, now);
  DeferInLine(ref, now);
}

void Lane::OnMoved(int64_t job_id, const std::vector<std::string>& file_ids, absl::Time now) {
  for (const Ref& ref : TakeBack(job_id, now)) {
    Entry* entry = Find(ref);
    if (entry == nullptr || RecordOf(ref).state != State::kSending)
      continue;  // Dealt with, with one before it.
    const std::string& file_id = entry->item.delivery.file_id;
    if (std::find(file_ids.begin(), file_ids.end(), file_id) == file_ids.end()) {
      ReleaseKey(ref, now);
      Enqueue(ref, now, now);
    } else if (!MayLeave(*entry)) {
      CancelUnsent(*entry, Reason::kRevisionChanged, now);
    } else {
      LeaveToBePlanned(*entry, now);
    }
  }
  Refresh(now);
}

// Only a delivery of which nothing was ever sent, or is in doubt, may be planned anew; and only for a run
// that lives.
bool Lane::MayLeave(const Entry& entry) const {
  if (entry.item.delivery.attempt_count > 0 || entry.superseded || entry.cancelled || entry.settled)
    return false;
  for (size_t i = 0; i < entry.runtime.size(); ++i) {
    const State state = entry.item.records[i].state;
    if (entry.runtime[i].requested || state == State::kUnknown || state == State::kAccepted) return false;
  }
  return true;
}

void Lane::LeaveToBePlanned(Entry& entry, absl::Time now) {
  const int64_t entry_id = entry.entry_id;
  for (size_t i = 0; i < entry.item.records.size(); ++i) {
    ReleaseKey({entry_id, i}, now);
    suspects_.Clear({entry_id, i});
  }
  // What the store knows of it is the claim: the next change must start from there.
  entry.item.delivery.state = entry.stored_state;
  if (entry.stored_state == State::kQueued) --queued_deliveries_;
  moved_.push_back(std::move(entry.item));
  moved_.back().returning = !entry.settled;
  const auto found = by_file_.find(PlaceOf(moved_.back()));
  if (found != by_file_.end() && found->second == entry_id) by_file_.erase(found);
  entries_.erase(entry_id);
}

void Lane::Forget(absl::string_view run_id, absl::string_view delivery_id) {
  settled_.push_back({std::string(run_id), std::string(delivery_id)});
  if (const auto found = unsettled_.find(run_id); found != unsettled_.end() && --found->second == 0) {
    unsettled_.erase(found);
  }
}

void Lane::CancelRun(absl::string_view run_id, absl::Time now) {
  for (const int64_t id : EntryIds()) {
    Entry& entry = *entries_.at(id);
    if (entry.item.delivery.run_id != run_id) continue;
    entry.cancelled = true;
    CancelUnsent(entry, Reason::kRunCancelled, now);
    dirty_.push_back(id);
  }
  StopRequests();
  Refresh(now);
}

// A request that also carries what somebody still wants goes on.
void Lane::StopRequests() {
  for (const auto& [id, sent] : sent_) {
    const bool unwanted = std::all_of(sent.refs.begin(), sent.refs.end(),
                                      [this](const Ref& ref) { return Find(ref)->cancelled; });
    if (unwanted && !sent.stop.stop_requested()) stops_.push_back(sent.stop);
  }
}

void Lane::CancelUnsent(Entry& entry, Reason reason, absl::Time now) {
  for (size_t i = 0; i < entry.item.records.size(); ++i) {
    const State state = entry.item.records[i].state;
    const bool unsent = state == State::kQueued || state == State::kDeferred ||
                        (state == State::kSending && !entry.runtime[i].requested);
    if (unsent) Cancel({entry.entry_id, i}, {.reason = reason}, now);
  }
}

}  // namespace satudata::sync
