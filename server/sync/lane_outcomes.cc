// What answers and reads make of the records of a Lane.
#include <algorithm>
#include <utility>

#include "server/sync/doubt.h"
#include "server/sync/lane.h"

namespace satudata::sync {
namespace {

using catalog::Failure;
using catalog::Reason;

constexpr absl::Duration kFirstWarmUp = absl::Milliseconds(500);
constexpr absl::Duration kNextWarmUp = absl::Seconds(2);
// Keys confirmed by this process that are remembered; the window between a plan and its feeding is far
// smaller.
constexpr size_t kConfirmedLimit = 100'000;

// How long the target took; not what our own threads waited for one another.
absl::Duration Latency(const std::vector<Exchange>& exchanges, const TargetControl::Ticket& ticket,
                       absl::Time now) {
  if (exchanges.empty()) return now - ticket.send_time;
  absl::Duration sum;
  for (const Exchange& exchange : exchanges) sum += exchange.duration;
  return sum;
}

}  // namespace

void Lane::OnSent(int64_t job_id, const SendResult& result, absl::Time now) {
  Sent sent = std::move(sent_.extract(job_id).mapped());
  CountFurther(result.exchanges, sent.ticket, now);
  control_.OnAnswer(sent.ticket, result.verdict, Find(sent.refs.front())->item.delivery.delivery_id,
                    Latency(result.exchanges, sent.ticket, now), now);
  if (Find(sent.refs.front())->lost) return DropLost(sent, result.verdict.effect, now);
  Entry* counted = nullptr;
  for (const Ref& ref : sent.refs) {
    Entry& entry = *Find(ref);
    entry.runtime[ref.index].requested = false;
    ++RecordOf(ref).attempt_count;
    if (&entry != counted) ++entry.item.delivery.attempt_count;
    counted = &entry;
    Touch(entry, ref.index);
  }
  NoteExchanges(result.exchanges, sent.refs);
  if (result.verdict.kind == VerdictKind::kJudged) {
    last_passed_ = now;
    ApplyRulings(sent, result.verdict, now);
  } else {
    ApplyFailure(sent, result.verdict, now);
  }
  ReactToStop(now);
  Refresh(now);
}

// The last exchange ended now; the others have their places before it.
void Lane::CountFurther(const std::vector<Exchange>& exchanges, TargetControl::Ticket& ticket,
                        absl::Time now) {
  if (exchanges.size() < 2) return;
  const Exchange& last = exchanges.back();
  const auto sent_at = [&](const Exchange& exchange) {
    return std::clamp(now - last.duration - (last.start_time - exchange.start_time), ticket.send_time, now);
  };
  for (const Exchange& exchange : exchanges) {
    if (&exchange != &last && exchange.is_counted) control_.OnFurtherAnswer(sent_at(exchange), now);
  }
  ticket.last_send_time = sent_at(last);
}

// An attempt belongs to the run of its first record; it names the deliveries of all.
void Lane::NoteExchanges(const std::vector<Exchange>& exchanges, const std::vector<Ref>& refs) {
  std::vector<std::string> delivery_ids;
  for (const Ref& ref : refs) {
    const std::string& id = Find(ref)->item.delivery.delivery_id;
    if (delivery_ids.empty() || delivery_ids.back() != id) delivery_ids.push_back(id);
  }
  std::sort(delivery_ids.begin(), delivery_ids.end());
  delivery_ids.erase(std::unique(delivery_ids.begin(), delivery_ids.end()), delivery_ids.end());
  const LaneDelivery& first = Find(refs.front())->item;
  const std::string& run_id = first.delivery.run_id;
  for (const Exchange& exchange : exchanges) {
    ChangeOf(first).attempts.push_back(
        {.attempt_id = base::NewTimeOrderedUuid(absl::ToUnixMillis(exchange.start_time)),
         .run_id = run_id,
         .target = traits_.name,
         .exchange = exchange,
         .record_count = static_cast<int64_t>(refs.size()),
         .delivery_ids = delivery_ids});
  }
}

void Lane::ApplyRulings(const Sent& sent, const Verdict& verdict, absl::Time now) {
  static const RecordRuling kNothingSaid{};
  for (size_t i = 0; i < sent.refs.size(); ++i) {
    ApplyRuling(sent.refs[i], i < verdict.records.size() ? verdict.records[i] : kNothingSaid,
                sent.ticket.send_time, now);
  }
}

void Lane::ApplyRuling(Ref ref, const RecordRuling& ruling, absl::Time send_time, absl::Time now) {
  Record& record = RecordOf(ref);
  record.send_time = send_time;
  switch (ruling.ruling) {
    case Ruling::kConfirmed:
      return Confirm(ref, ruling.remote_id, now);
    case Ruling::kAccepted:
      record.accept_time = now;
      record.remote_id = ruling.remote_id;
      record.failure = Failure();
      return Doubt(ref, State::kAccepted, now);
    case Ruling::kRejected:
      if (ruling.is_lasting) RememberRefusal(ref, ruling.failure, now);
      return Refuse(ref, ruling.failure, now);
    case Ruling::kUnknown:
      record.failure = ruling.failure;
      return Doubt(ref, State::kUnknown, now);
  }
}

void Lane::ApplyFailure(const Sent& sent, const Verdict& verdict, absl::Time now) {
  if (verdict.kind == VerdictKind::kBlocked) Suspect(sent);
  for (const Ref& ref : sent.refs) {
    if (verdict.kind != VerdictKind::kBlocked) Find(ref)->runtime[ref.index].refused_whole = false;
    Record& record = RecordOf(ref);
    record.failure = verdict.failure;
    record.send_time = sent.ticket.send_time;
    if (verdict.effect == Effect::kPossible) {
      Doubt(ref, State::kUnknown, now);
    } else {
      Retry(ref, verdict, now);
    }
  }
}

// It is certain that the last request had no effect.
void Lane::Retry(Ref ref, const Verdict& verdict, absl::Time now) {
  Record& record = RecordOf(ref);
  RecordRuntime& runtime = Find(ref)->runtime[ref.index];
  record.send_time.reset();
  record.sent_hash.clear();
  ReleaseKey(ref, now);
  if (IsToBlame(ref)) return Reject(ref, verdict.failure, now);
  // Who was refused with others has waited long enough: until it was certain that nothing was applied.
  const absl::Duration wait = runtime.refused_whole ? absl::ZeroDuration() : RetryWait(verdict, runtime, now);
  const int attempts = record.attempt_count - runtime.warm_ups - runtime.throttles - runtime.splits;
  const bool used_up = attempts >= options_.attempts_per_run || runtime.throttles >= options_.throttled_limit;
  if (used_up || wait > options_.control.in_run_wait) {
    return Defer(ref, verdict.failure, used_up ? std::nullopt : std::make_optional(now + wait), now);
  }
  Enqueue(ref, now + wait, now);
}

absl::Duration Lane::RetryWait(const Verdict& verdict, RecordRuntime& runtime, absl::Time now) {
  if (verdict.kind == VerdictKind::kWarmingUp && runtime.warm_ups < options_.warming_up_limit) {
    const absl::Duration wait = runtime.warm_ups++ == 0 ? kFirstWarmUp : kNextWarmUp;
    control_.HoldUntil(now + wait, verdict.failure, now);  // The others need not try what one has tried.
    return wait;
  }
  int& failures = verdict.kind == VerdictKind::kThrottled ? runtime.throttles : runtime.failures;
  const absl::Duration backoff = base::JitteredBackoff(options_.backoff, ++failures, uniform_);
  return std::max(backoff, verdict.retry_at.value_or(now) - now);
}

void Lane::Defer(Ref ref, Failure failure, std::optional<absl::Time> not_before, absl::Time now) {
  Entry& entry = *Find(ref);
  if (entry.cancelled) return Cancel(ref, {.reason = Reason::kRunCancelled}, now);
  if (entry.superseded) return Cancel(ref, SupersededFailure(entry), now);
  Record& record = RecordOf(ref);
  record.failure = std::move(failure);
  const RecordRuntime& runtime = entry.runtime[ref.index];
  const int attempts = record.attempt_count - runtime.throttles - runtime.warm_ups - runtime.splits;
  const int rung = std::max(0, attempts - options_.attempts_per_run);
  const bool ended = !not_before.has_value() && rung >= static_cast<int>(options_.ladder.size());
  if (ended) return SetState(ref, State::kParked);
  const bool on_ladder = !not_before.has_value();
  const absl::Time due = on_ladder ? LadderTime(now) + options_.ladder[rung] : *not_before;
  entry.runtime[ref.index].ready_time = due;
  entry.runtime[ref.index].on_ladder = on_ladder;
  (on_ladder ? ladder_ : deferred_).insert({{due, next_order_++}, ref});
  SetState(ref, State::kDeferred);
}

void Lane::Confirm(Ref ref, absl::string_view remote_id, absl::Time now) {
  Record& record = RecordOf(ref);
  if (!remote_id.empty()) record.remote_id = std::string(remote_id);
  record.failure = Failure();
  PutBaseline(ref, record.hash, record.value, /*adopted=*/false, now);
  SetState(ref, State::kConfirmed);
  ReleaseKey(ref, now);
}

// What arrived is what an earlier delivery sent; what is wanted now is another value and may go.
void Lane::ConfirmEarlier(Ref ref, const ObservedValue& seen, absl::Time now) {
  Record& record = RecordOf(ref);
  PutBaseline(ref, seen.hash, seen.value, /*adopted=*/false, now);
  record.previous_known = true;
  record.previous_hash = seen.hash;
  record.previous_value = seen.value;
  record.change = ChangeKind::kUpdate;
  record.send_time.reset();
  record.accept_time.reset();
  record.sent_hash.clear();
  record.failure = Failure();
  ReleaseKey(ref, now);
  Enqueue(ref, now, now);
}

void Lane::PutBaseline(Ref ref, absl::string_view hash, absl::string_view value, bool adopted,
                       absl::Time now) {
  const Entry& entry = *Find(ref);
  const Record& record = entry.item.records[ref.index];
  Change& change = ChangeOf(entry.item);
  change.baselines.push_back({.target = traits_.name,
                              .key = record.key,
                              .hash = std::string(hash),
                              .value = std::string(value),
                              .file_id = entry.item.delivery.file_id,
                              .confirm_time = now,
                              .adopted = adopted});
  Remember(change.baselines.back());
}

void Lane::Remember(const Baseline& baseline) {
  auto [known, fresh] = confirmed_.try_emplace(baseline.key);
  if (fresh) confirmed_order_.push_back(baseline.key);
  if (fresh || known->second.second < baseline.confirm_time)
    known->second = {baseline.hash, baseline.confirm_time};
  if (confirmed_order_.size() <= kConfirmedLimit) return;
  confirmed_.erase(confirmed_order_.front());
  confirmed_order_.pop_front();
}

void Lane::Reject(Ref ref, Failure failure, absl::Time now) {
  RememberRefusal(ref, failure, now);
  Refuse(ref, std::move(failure), now);
}

void Lane::RememberRefusal(Ref ref, const Failure& failure, absl::Time now) {
  const Entry& entry = *Find(ref);
  const Record& record = entry.item.records[ref.index];
  // Who withdraws a key asks each time; the refusal of its value is not forgotten for that.
  if (record.withdraws()) return;
  ChangeOf(entry.item)
      .refusals.push_back({.target = traits_.name,
                           .key = record.key,
                           .hash = record.hash,
                           .rules_version = traits_.rules_version,
                           .reference_version = options_.reference_version(),
                           .failure = failure,
                           .refuse_time = now});
}

void Lane::Refuse(Ref ref, Failure failure, absl::Time now) {
  RecordOf(ref).failure = std::move(failure);
  SetState(ref, State::kRejected);
  ReleaseKey(ref, now);
}

// The target holds nothing of it any more: whoever plans the former value again must not take it for
// unchanged.
void Lane::ForgetHeld(Ref ref, absl::Time now) {
  Record& record = RecordOf(ref);
  if (!record.previous_known || record.previous_hash.empty()) return;
  PutBaseline(ref, /*hash=*/"", /*value=*/"", /*adopted=*/false, now);
  record.previous_hash.clear();
  record.previous_value.clear();
}

void Lane::Cancel(Ref ref, Failure failure, absl::Time now) {
  Record& record = RecordOf(ref);
  reads_.Remove(record.scope, ref);
  record.failure = std::move(failure);
  SetState(ref, State::kCancelled);
  ReleaseKey(ref, now);
}

// The outcome is open (UNKNOWN) or not seen yet (ACCEPTED): only a read tells.
void Lane::Doubt(Ref ref, State state, absl::Time now) {
  Entry& entry = *Find(ref);
  Record& record = RecordOf(ref);
  SetState(ref, state);
  if (entry.superseded && PassOn(ref, now)) return;
  HoldKey(ref);
  entry.settle_time = now + traits_.confirm_wait;
  const absl::Time conclusive =
      state == State::kUnknown ? ConclusiveTime(*record.send_time, traits_) : absl::InfiniteFuture();
  reads_.Add(record.scope, ref, conclusive, now);
}

// A superseded delivery's request had an open outcome: it is the newer one's to settle.
bool Lane::PassOn(Ref ref, absl::Time now) {
  const Entry& entry = *Find(ref);
  const auto found = by_file_.find(PlaceOf(entry.item));
  if (found == by_file_.end() || found->second == entry.entry_id) return false;
  Entry& newer = *entries_.at(found->second);
  if (!HandOver(RecordOf(ref), newer)) return false;
  const std::string key = RecordOf(ref).key;
  for (size_t i = 0; i < newer.item.records.size(); ++i) {
    const Record& record = newer.item.records[i];
    if (record.key == key && (record.state == State::kUnknown || record.state == State::kAccepted)) {
      Doubt({newer.entry_id, i}, record.state, now);
    }
  }
  WriteFirst(newer, now);
  Cancel(ref, SupersededFailure(*Find(ref)), now);
  return true;
}

// Reading

void Lane::OnRead(absl::string_view scope, const ReadResult& result, absl::Time now) {
  TargetControl::Ticket ticket = reading_.extract(std::string(scope)).mapped();
  CountFurther(result.exchanges, ticket, now);
  control_.OnReadAnswer(ticket, result.verdict, scope, now);
  if (result.observation.has_value()) {
    last_passed_ = now;
    JudgeScope(*result.observation, now);
  } else {
    ReadFailed(scope, result.verdict, now);
  }
  ReactToStop(now);
  Refresh(now);
}

void Lane::JudgeScope(const Observation& observation, absl::Time now) {
  reads_.Offer(observation);
  const std::vector<Ref> waiting = reads_.Waiting(observation.scope);
  for (const Ref& ref : waiting) {
    if (Find(ref) == nullptr) {
      reads_.Remove(observation.scope, ref);
    } else {
      JudgeSeen(ref, observation, now);
    }
  }
  const bool progress = reads_.Waiting(observation.scope).size() < waiting.size();
  reads_.End(observation.scope, now - observation.start_time, progress, std::nullopt, now);
}

void Lane::JudgeSeen(Ref ref, const Observation& observation, absl::Time now) {
  const Record& record = RecordOf(ref);
  const auto found = observation.values.find(record.key);
  const ObservedValue* seen = found == observation.values.end() ? nullptr : &found->second;
  if (record.state == State::kQueued) return JudgeFirst(ref, seen, now);
  if (record.state == State::kUnknown || record.state == State::kAccepted) {
    return JudgeDoubted(ref, seen, observation.start_time, now);
  }
  reads_.Remove(record.scope, ref);
}

void Lane::JudgeFirst(Ref ref, const ObservedValue* seen, absl::Time now) {
  Record& record = RecordOf(ref);
  reads_.Remove(record.scope, ref);
  Find(ref)->runtime[ref.index].seen = true;
  JudgeFirstSight(seen, record);
  SetState(ref, record.state);
  if (record.state == State::kUnchanged) PutBaseline(ref, record.hash, record.value, /*adopted=*/true, now);
  if (record.state == State::kQueued) Enqueue(ref, now, now);
}

void Lane::JudgeDoubted(Ref ref, const ObservedValue* seen, absl::Time read_start, absl::Time now) {
  Record& record = RecordOf(ref);
  switch (JudgeRead(record, seen, read_start, traits_)) {
    case Finding::kConfirmed:
      reads_.Remove(record.scope, ref);
      if (seen == nullptr) return Confirm(ref, /*remote_id=*/"", now);  // Withdrawn, and gone.
      return seen->hash == record.hash ? Confirm(ref, seen->remote_id, now) : ConfirmEarlier(ref, *seen, now);
    case Finding::kNotApplied:
      reads_.Remove(record.scope, ref);
      if (seen == nullptr) ForgetHeld(ref, now);
      return Retry(ref,
                   Verdict{.kind = VerdictKind::kOutage, .effect = Effect::kNone, .failure = record.failure},
                   now);
    case Finding::kConflict:
      reads_.Remove(record.scope, ref);
      return Reject(
          ref,
          {.reason = Reason::kChangedAtTarget,
           .args = {{"key", record.key}, {"sent_value", record.value}, {"held_value", seen->value}}},
          now);
    case Finding::kWait:
      if (record.state != State::kAccepted || now - record.accept_time.value_or(now) < options_.park_after)
        return;
      reads_.Remove(record.scope, ref);
      record.failure = {.reason = Reason::kNotSeenAtTarget,
                        .args = {{"since", absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", *record.accept_time,
                                                            absl::UTCTimeZone())}}};
      SetState(ref, State::kParked);
      return ReleaseKey(ref, now);
  }
}

void Lane::ReadFailed(absl::string_view scope, const Verdict& verdict, absl::Time now) {
  reads_.CountFailure(scope);
  if (verdict.kind == VerdictKind::kBlocked) BlockedRead(scope, now);
  if (reads_.Failures(scope) >= options_.attempts_per_run) {
    for (const Ref& ref : reads_.Waiting(scope)) {
      // What cannot be looked at must not be sent; what is in doubt already goes on waiting.
      if (Find(ref) == nullptr || RecordOf(ref).state != State::kQueued) continue;
      reads_.Remove(RecordOf(ref).scope, ref);
      Defer(ref, verdict.failure, std::nullopt, now);
    }
  }
  reads_.End(scope, absl::ZeroDuration(), /*progress=*/false, verdict.retry_at, now);
}

void Lane::RequestObservation(const std::string& scope, absl::string_view traceparent, absl::Time now) {
  reads_.Request(scope, traceparent, now);
}

std::shared_ptr<const Observation> Lane::TakeObservation(const std::string& scope, Failure* failure) {
  if (auto observation = reads_.Take(scope)) return observation;
  if (reads_.Failures(scope) < options_.attempts_per_run) return nullptr;
  *failure = {.reason = Reason::kTargetOutage};
  return nullptr;
}

void Lane::WithdrawObservation(const std::string& scope) { reads_.Withdraw(scope); }

}  // namespace satudata::sync
