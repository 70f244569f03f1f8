#include "server/sync/limits/target_control.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace satudata::sync {
namespace {

using catalog::Failure;
using catalog::Reason;

// A late sender may catch up this much on a configured rate.
constexpr absl::Duration kDebt = absl::Milliseconds(10);
// A pace slower than this is worth telling those who wait.
constexpr absl::Duration kTellingWait = absl::Seconds(1);
constexpr double kWorthStoring = 0.02;
constexpr absl::Duration kTellAgain = absl::Seconds(1);  // After it could not be stored.

// It answered: only not now, or not us.
bool IsAlive(const CheckResult& result) {
  return result.healthy || result.failure.reason == Reason::kThrottled;
}

bool RefusesUs(const CheckResult& result) {
  return !result.healthy && result.failure.reason == Reason::kCredentialsRefused;
}

}  // namespace

absl::string_view PauseKindName(PauseKind kind) {
  switch (kind) {
    case PauseKind::kNone:
      return "NONE";
    case PauseKind::kByTarget:
      return "BY_TARGET";
    case PauseKind::kByOperator:
      return "BY_OPERATOR";
  }
  return "NONE";
}

TargetControl::TargetControl(const TargetTraits& traits, TargetControlOptions options)
    : traits_(traits),
      options_(options),
      limit_(traits.most_senders(), options.first_concurrency),
      breaker_(options.breaker) {}

void TargetControl::RequireGrants() { grant_ = Granted(); }

void TargetControl::Restore(TargetMemory memory, absl::Time now) {
  stored_ = std::move(memory);
  rate_ = RateLearner(stored_.rate);
  pause_ = stored_.pause;
  // Whatever stopped it then may be over: one probe tells.
  if (pause_.kind == PauseKind::kByTarget) next_pause_probe_ = now;
  if (stored_.circuit_openings > 0) {
    breaker_.Restore(stored_.circuit_openings, now);
    circuit_failure_ = stored_.circuit_failure;
    outage_start_ = now;
  }
  if (stored_.hold_time > absl::ZeroDuration()) {
    HoldUntil(now + stored_.hold_time, stored_.hold_failure, now);
  }
  changed_ = {};
  NoteStop(now);
}

// Grants

void TargetControl::SetGrant(const Grant& grant, absl::Time until, absl::Time now) {
  // Who comes into what others have had until now begins with a wait, as if it had just sent.
  const bool joins =
      HasCeiling() && grant.rate > 0 && !grant.is_alone && (grant_->grant.rate <= 0 || now >= grant_->until);
  if (joins) next_by_ceiling_ = std::max(next_by_ceiling_, now + absl::Seconds(1) / grant.rate);
  grant_ = {grant, until};
}

Grant TargetControl::grant(absl::Time now) const {
  return grant_.has_value() && now < grant_->until ? grant_->grant : Grant();
}

bool TargetControl::HasSlots(absl::Time now) const {
  return !grant_.has_value() || (now < grant_->until && grant_->grant.slots > 0);
}

bool TargetControl::NeedsGrant(absl::Time now) const { return grant_.has_value() && now >= grant_->until; }

bool TargetControl::MayProbe(absl::Time now) const {
  return !grant_.has_value() || (now < grant_->until && grant_->grant.controls);
}

double TargetControl::Ceiling() const {
  return grant_.has_value() ? grant_->grant.rate : traits_.rate_limit_per_second;
}

int TargetControl::Slots() const {
  return grant_.has_value() ? std::min(limit_.limit(), grant_->grant.slots) : limit_.limit();
}

// Asking

bool TargetControl::MayRequest(absl::Time now) const {
  return HasSlots(now) && in_flight_ < Slots() && now >= NextRequestTime();
}

absl::Time TargetControl::NextRequestTime() const {
  if (in_flight_ >= Slots() || !turns_.empty()) return absl::InfiniteFuture();
  return NextTurnTime();
}

absl::Time TargetControl::NextTurnTime() const {
  if (paused() || breaker_.state() != Circuit::kClosed) return absl::InfiniteFuture();
  return std::max(hold_until_, HasCeiling() ? next_by_ceiling_ : rate_.NextTime());
}

absl::Time TargetControl::NextProbeTime() const {
  if (probing_ || pause_.kind == PauseKind::kByOperator) return absl::InfiniteFuture();
  if (pause_.kind == PauseKind::kByTarget) return next_pause_probe_;
  return breaker_.state() == Circuit::kOpen ? breaker_.open_until() : absl::InfiniteFuture();
}

double TargetControl::rate_limit() const {
  return HasCeiling() ? traits_.rate_limit_per_second : rate_.rate();
}

// Requests

TargetControl::Ticket TargetControl::OnSend(absl::Time now) {
  const Ticket ticket{now, ++in_flight_, now};
  limit_.OnSend(in_flight_, now);
  CountRequest(now);
  return ticket;
}

void TargetControl::CountRequest(absl::Time now) {
  if (!HasCeiling()) return rate_.OnSend(now);
  if (Ceiling() <= 0) return;  // It had its time when it was granted.
  next_by_ceiling_ = std::max(next_by_ceiling_, now - kDebt) + absl::Seconds(1) / Ceiling();
}

int64_t TargetControl::AskTurn() {
  turns_.insert(next_turn_);
  return next_turn_++;
}

bool TargetControl::TakeTurn(int64_t turn, absl::Time now) {
  if (!IsFirstTurn(turn) || !HasSlots(now) || now < NextTurnTime()) return false;
  turns_.erase(turns_.begin());
  CountRequest(now);
  return true;
}

void TargetControl::OnFurtherAnswer(absl::Time send_time, absl::Time now) {
  if (!HasCeiling()) rate_.OnAccepted(send_time, now);
}

void TargetControl::OnAnswer(const Ticket& ticket, const Verdict& verdict, absl::string_view odd_id,
                             absl::Duration latency, absl::Time now) {
  --in_flight_;
  if (verdict.kind != VerdictKind::kJudged) return OnNotTaken(ticket, verdict, odd_id, now);
  limit_.OnTaken(ticket.in_flight, ticket.send_time, latency, now);
  OnTaken(ticket, now);
}

void TargetControl::OnReadAnswer(const Ticket& ticket, const Verdict& verdict, absl::string_view odd_id,
                                 absl::Time now) {
  --in_flight_;
  if (verdict.kind != VerdictKind::kJudged) return OnNotTaken(ticket, verdict, odd_id, now);
  OnTaken(ticket, now);
}

void TargetControl::OnNotTaken(const Ticket& ticket, const Verdict& verdict, absl::string_view odd_id,
                               absl::Time now) {
  switch (verdict.kind) {
    case VerdictKind::kThrottled:
      OnThrottled(ticket, verdict, now);
      break;
    case VerdictKind::kOutage:
      OnOutage(ticket, verdict, now);
      break;
    case VerdictKind::kBlocked:
    case VerdictKind::kUnknown:
      OnOdd(ticket, verdict, odd_id, now);
      break;
    case VerdictKind::kJudged:
    case VerdictKind::kWarmingUp:
    case VerdictKind::kUnauthorized:
      break;
  }
  if (verdict.needs_operator) {
    Pause({.kind = PauseKind::kByTarget, .failure = verdict.failure, .since = now}, now);
  }
  NoteStop(now);
}

void TargetControl::OnTaken(const Ticket& ticket, absl::Time now) {
  if (!HasCeiling()) rate_.OnAccepted(ticket.last_send_time, now);
  if (ticket.send_time >= closed_since_) breaker_.OnSuccess(now);
}

void TargetControl::OnThrottled(const Ticket& ticket, const Verdict& verdict, absl::Time now) {
  if (verdict.is_own_pace) return;
  const bool too_fast = limit_.OnThrottled(ticket.in_flight, ticket.send_time, now);
  if (too_fast && !HasCeiling()) rate_.OnRefused(ticket.last_send_time, now);
  if (verdict.retry_at.has_value() && *verdict.retry_at - now >= options_.hold_from) {
    if (!HasCeiling() && now >= hold_until_) rate_.OnHeld(*verdict.retry_at, now);
    HoldUntil(*verdict.retry_at, verdict.failure, now);
  }
}

void TargetControl::OnOutage(const Ticket& ticket, const Verdict& verdict, absl::Time now) {
  const bool too_many = !limit_.OnFailed(ticket.in_flight, ticket.send_time, now);
  if (too_many || ticket.send_time < closed_since_) return;
  if (breaker_.OnFailure(now)) OnOpened(verdict.failure, /*odd=*/false, now);
}

void TargetControl::OnOdd(const Ticket& ticket, const Verdict& verdict, absl::string_view odd_id,
                          absl::Time now) {
  if (ticket.send_time < closed_since_) return;
  if (breaker_.OnOddAnswer(odd_id, now)) OnOpened(verdict.failure, /*odd=*/true, now);
}

void TargetControl::OnOpened(const Failure& failure, bool odd, absl::Time now) {
  outage_start_ = now;
  circuit_failure_ = failure;
  opened_by_odd_answers_ = odd;
  changed_.circuit = true;
  notices_.push_back({TargetNotice::Kind::kOutageBegan, failure, breaker_.open_until()});
}

// Probes

void TargetControl::OnProbeSent() {
  probing_ = true;  // Counted by who makes it.
  if (breaker_.state() == Circuit::kOpen) breaker_.OnProbeSent();
}

void TargetControl::OnProbed(const CheckResult& result, absl::Time now) {
  probing_ = false;
  if (breaker_.state() != Circuit::kClosed) OnCircuitProbed(result, now);
  if (pause_.kind == PauseKind::kByTarget) {
    next_pause_probe_ = now + options_.pause_probe;
    if (result.healthy) Resume(now);
  }
  NoteStop(now);
}

void TargetControl::OnChecked(const CheckResult& result, absl::Time now) {
  if (!result.healthy || probing_) return;
  OnProbed(result, now);
}

void TargetControl::OnCircuitProbed(const CheckResult& result, absl::Time now) {
  changed_.circuit = true;
  const bool blocked = opened_by_odd_answers_ && result.failure.reason == Reason::kBlockedByFirewall;
  if (RefusesUs(result) || blocked) {
    breaker_.OnProbe(/*healthy=*/true, now);  // The pause takes over.
    closed_since_ = now;
    Pause({.kind = PauseKind::kByTarget, .failure = result.failure, .since = now}, now);
    return;
  }
  breaker_.OnProbe(IsAlive(result), now);
  if (breaker_.state() != Circuit::kClosed) return;
  closed_since_ = now;
  GoOn(TargetNotice::Kind::kOutageEnded, now);
}

// Stops

void TargetControl::HoldUntil(absl::Time until, const Failure& failure, absl::Time now) {
  if (until <= hold_until_) return;
  if (now >= hold_until_) hold_start_ = now;
  hold_until_ = until;
  hold_failure_ = failure;
  if (until - now >= options_.hold_from) {
    changed_.hold = true;
    notices_.push_back({TargetNotice::Kind::kHeld, failure, until});
  }
  NoteStop(now);
}

void TargetControl::Pause(TargetPause pause, absl::Time now) {
  if (pause_.kind == PauseKind::kByOperator && pause.kind == PauseKind::kByTarget) return;
  const bool again = pause_.kind == pause.kind;
  if (again) pause.since = pause_.since;
  pause_ = std::move(pause);
  if (pause_.kind == PauseKind::kByTarget) next_pause_probe_ = now + options_.pause_probe;
  changed_.pause = true;
  if (!again) notices_.push_back({TargetNotice::Kind::kPaused, pause_.failure, NextProbeTime()});
  NoteStop(now);
}

bool TargetControl::Resume(absl::Time now) {
  if (!paused()) return false;
  pause_ = {};
  next_pause_probe_ = absl::InfiniteFuture();
  closed_since_ = now;
  changed_.pause = true;
  GoOn(TargetNotice::Kind::kResumed, now);
  return true;
}

void TargetControl::OnCredentialsChanged(absl::Time now) {
  if (pause_.kind == PauseKind::kByTarget) next_pause_probe_ = now;
}

// Slowly: who just stood up is not to be run over.
void TargetControl::GoOn(TargetNotice::Kind kind, absl::Time now) {
  limit_.Restart(now);
  notices_.push_back({.kind = kind});
  NoteStop(now);
}

bool TargetControl::stopped(absl::Time now) const {
  return paused() || breaker_.state() != Circuit::kClosed || now < hold_until_;
}

bool TargetControl::stopped_for_long(absl::Time now) const {
  if (paused()) return true;
  if (breaker_.state() != Circuit::kClosed && breaker_.open_until() - outage_start_ > options_.in_run_wait) {
    return true;
  }
  return now < hold_until_ && hold_until_ - hold_start_ > options_.in_run_wait;
}

void TargetControl::NoteStop(absl::Time now) {
  const bool is_stopped = stopped(now);
  const bool for_long = stopped_for_long(now);
  if (is_stopped == was_stopped_ && for_long == was_stopped_for_long_) return;
  if (is_stopped && !was_stopped_) stop_start_ = now;
  if (!is_stopped && was_stopped_) stopped_before_ += now - stop_start_;
  was_stopped_ = is_stopped;
  was_stopped_for_long_ = for_long;
  ++stop_version_;
}

void TargetControl::Advance(absl::Time now) {
  if (was_stopped_) NoteStop(now);
}

absl::Duration TargetControl::StoppedTime(absl::Time now) const {
  return stopped_before_ + (was_stopped_ ? now - stop_start_ : absl::ZeroDuration());
}

std::optional<Wait> TargetControl::CurrentWait(absl::Time now) const {
  if (paused()) return Wait{traits_.name, pause_.failure, NextProbeTime()};
  if (breaker_.state() != Circuit::kClosed) {
    return Wait{traits_.name, circuit_failure_, std::max(now, breaker_.open_until())};
  }
  if (now < hold_until_) return Wait{traits_.name, hold_failure_, hold_until_};
  const absl::Time next = in_flight_ < limit_.limit() ? NextTurnTime() : absl::InfiniteFuture();
  if (next < now + kTellingWait || next == absl::InfiniteFuture()) return std::nullopt;
  return Wait{traits_.name,
              {.reason = Reason::kThrottled,
               .args = {{"until", absl::FormatTime(absl::RFC3339_sec, next, absl::UTCTimeZone())}}},
              next};
}

// Remembering

TargetMemory TargetControl::Memory(absl::Time now) const {
  const RateLearner::Phase phase = rate_.phase();
  const bool searching = phase == RateLearner::Phase::kClimb || phase == RateLearner::Phase::kStarved;
  return {.target = traits_.name,
          .rate = HasCeiling() || searching ? stored_.rate : rate_.Learned(),
          .concurrency_limit = limit_.limit(),
          .circuit_openings = breaker_.state() == Circuit::kClosed ? 0 : breaker_.openings(),
          .circuit_failure = breaker_.state() == Circuit::kClosed ? Failure() : circuit_failure_,
          .pause = pause_,
          .hold_time = std::max(hold_until_ - now, absl::ZeroDuration()),
          .hold_failure = hold_failure_,
          .circuit_changed = changed_.circuit,
          .pause_changed = changed_.pause,
          .hold_changed = changed_.hold,
          .epoch = stored_.epoch,
          .update_time = now};
}

void TargetControl::KeepUntold(const TargetMemory& memory, absl::Time now) {
  changed_.circuit |= memory.circuit_changed;
  changed_.pause |= memory.pause_changed;
  changed_.hold |= memory.hold_changed;
  next_telling_ = now + kTellAgain;
}

std::optional<TargetMemory> TargetControl::TakeMemory(absl::Time now) {
  if (now < next_telling_) return std::nullopt;
  if (!changed_.circuit && !changed_.pause && !changed_.hold) {
    if (now - stored_.update_time < options_.store_every || HasCeiling()) return std::nullopt;
    const double change = std::abs(rate_.rate() - stored_.rate.per_second);
    if (change <= kWorthStoring * stored_.rate.per_second) return std::nullopt;
  }
  stored_ = Memory(now);
  changed_ = {};
  return stored_;
}

// What is about to be told of here counts more.
void TargetControl::Adopt(const TargetMemory& memory, absl::Time now) {
  if (memory.epoch <= stored_.epoch) return;
  stored_.epoch = memory.epoch;
  const auto changed = changed_;
  if (!changed.circuit) AdoptCircuit(memory, now);
  if (!changed.pause) AdoptPause(memory.pause, now);
  if (!changed.hold && memory.hold_time > absl::ZeroDuration()) {
    HoldUntil(now + memory.hold_time, memory.hold_failure, now);
  }
  changed_ = changed;
  NoteStop(now);
}

void TargetControl::AdoptCircuit(const TargetMemory& memory, absl::Time now) {
  const bool is_open = breaker_.state() != Circuit::kClosed;
  if (is_open == (memory.circuit_openings > 0)) return;
  if (is_open) {
    breaker_.OnProbe(/*healthy=*/true, now);
    closed_since_ = now;
    return GoOn(TargetNotice::Kind::kOutageEnded, now);
  }
  breaker_.Restore(memory.circuit_openings, now);
  OnOpened(memory.circuit_failure, /*odd=*/false, now);
}

void TargetControl::AdoptPause(const TargetPause& pause, absl::Time now) {
  if (pause.kind == pause_.kind && pause.failure == pause_.failure) return;
  if (pause.kind == PauseKind::kNone) {
    Resume(now);
    return;
  }
  if (pause_.kind == PauseKind::kByOperator) pause_ = {};  // It has been ended meanwhile.
  Pause(pause, now);
}

}  // namespace satudata::sync
