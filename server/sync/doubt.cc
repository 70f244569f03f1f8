#include "server/sync/doubt.h"

namespace satudata::sync {
namespace {

// Whether `seen` is what the target held before we sent. Where that was never known, any other value may be
// it.
bool IsPrevious(const Record& record, const ObservedValue* seen) {
  if (seen == nullptr) return true;
  return !record.previous_known || seen->hash == record.previous_hash;
}

Finding JudgeWithdrawal(const Record& record, const ObservedValue* seen, absl::Time read_start,
                        const TargetTraits& traits) {
  if (seen != nullptr && seen->hash == record.hash) return Finding::kConfirmed;
  if (read_start < record.send_time.value_or(absl::InfiniteFuture())) return Finding::kWait;
  const bool is_gone = seen == nullptr && !record.previous_hash.empty();
  if (is_gone && traits.withdrawal_proof == WithdrawalProof::kListedOrGone) return Finding::kConfirmed;
  if (record.state == State::kAccepted) return Finding::kWait;
  return read_start >= ConclusiveTime(*record.send_time, traits) ? Finding::kNotApplied : Finding::kWait;
}

void JudgeFirstSightOfWithdrawn(const ObservedValue* seen, Record& record) {
  if (seen == nullptr) return;
  record.previous_hash = seen->hash;
  record.previous_value = seen->value;
  if (seen->hash == record.hash) record.state = State::kUnchanged;
}

}  // namespace

absl::Time ConclusiveTime(absl::Time send_time, const TargetTraits& traits) {
  return send_time + traits.request_deadline + traits.settle_time;
}

Finding JudgeRead(const Record& record, const ObservedValue* seen, absl::Time read_start,
                  const TargetTraits& traits) {
  if (record.withdraws()) return JudgeWithdrawal(record, seen, read_start, traits);
  if (seen != nullptr && seen->hash == record.sent_hash) return Finding::kConfirmed;
  if (seen != nullptr && seen->hash == record.hash) {
    // What is wanted is there, but another value that we sent may still arrive and take its place.
    const bool conclusive =
        record.send_time.has_value() && read_start >= ConclusiveTime(*record.send_time, traits);
    return conclusive ? Finding::kConfirmed : Finding::kWait;
  }
  if (read_start < record.send_time.value_or(absl::InfiniteFuture())) return Finding::kWait;
  if (!IsPrevious(record, seen)) return Finding::kConflict;
  // An accepted record is never sent again by itself: it arrives, or a person looks into it.
  if (record.state == State::kAccepted) return Finding::kWait;
  return read_start >= ConclusiveTime(*record.send_time, traits) ? Finding::kNotApplied : Finding::kWait;
}

void JudgeFirstSight(const ObservedValue* seen, Record& record) {
  record.previous_known = true;
  if (record.withdraws()) return JudgeFirstSightOfWithdrawn(seen, record);
  if (seen == nullptr) {
    record.previous_hash.clear();
    record.previous_value.clear();
    record.change = ChangeKind::kCreate;
    return;
  }
  record.previous_hash = seen->hash;
  record.previous_value = seen->value;
  if (seen->hash == record.hash) {
    record.change = ChangeKind::kSame;
    record.state = State::kUnchanged;
    record.remote_id = seen->remote_id;
    return;
  }
  record.change = ChangeKind::kUpdate;
  if (!seen->final) return;
  record.state = State::kRejected;
  record.failure = {.reason = catalog::Reason::kTargetValueFinal,
                    .args = {{"key", record.key}, {"held_value", seen->value}}};
}

bool IsOfOneKind(const Record& a, const Record& b) { return a.withdraws() == b.withdraws(); }

catalog::Failure Withdrawn(const std::string& key, absl::Time since) {
  return {
      .reason = catalog::Reason::kIndicatorWithdrawn,
      .args = {{"key", key}, {"since", absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", since, absl::UTCTimeZone())}}};
}

void InheritDoubt(const Record& open, Record& record) {
  const bool accepted = open.state == State::kAccepted && open.sent_hash == record.hash;
  record.state = accepted ? State::kAccepted : State::kUnknown;
  record.send_time = open.send_time;
  record.accept_time = open.accept_time;
  record.sent_hash = open.sent_hash;
  record.previous_known = open.previous_known;
  record.previous_hash = open.previous_hash;
  record.previous_value = open.previous_value;
}

}  // namespace satudata::sync
