#include "server/sync/limits/rate_learner.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

namespace satudata::sync {
namespace {

// A sender that was late may catch up this much and no more: more would be a burst.
constexpr absl::Duration kDebt = absl::Milliseconds(10);
// Beyond this a limit is none that we could reach.
constexpr double kFastest = 50'000;
// How late a sender may be, so that the one after it comes too soon.
constexpr absl::Duration kLateness = absl::Milliseconds(2);
constexpr double kSlowest = 1.0 / 600;  // Per second.
constexpr double kHoldUnder = 0.99;
constexpr double kRefusalBudget = 0.003;  // Of all requests, spent on probing.
constexpr absl::Duration kShortestHold = absl::Seconds(1);
constexpr absl::Duration kLongestHold = absl::Minutes(1);
constexpr double kFirstGrowth = 0.04;  // Per second; doubles each second of climbing.
constexpr double kLastGrowth = 1.0;
constexpr int64_t kProven = 8;       // So many accepted in a row, and the correction was enough.
constexpr int64_t kMeasurable = 20;  // So many accepted between refusals measure the rate.
constexpr int kStrikes = 3;
constexpr absl::Duration kFirstGap = absl::Milliseconds(5);
constexpr absl::Duration kLongestGap = absl::Seconds(10);
constexpr double kGapGrowth = 1.5;
constexpr absl::Duration kLongClimb = absl::Seconds(2);
constexpr int64_t kTellingFew = 3;  // With fewer accepted before the first refusal nothing is known.
// A share of refusals up to this, at so much less than the rate that was sustained, is not our doing.
constexpr double kNoiseShare = 0.3;
constexpr double kNoisePace = 0.35;
constexpr double kClearRise = 0.25;
constexpr absl::Duration kNoiseTime = absl::Minutes(1);
constexpr absl::Duration kSustainedSpan = absl::Seconds(10);
constexpr absl::Duration kWindow = absl::Seconds(3);
constexpr double kLeastBurst = 0.1;     // Seconds of the rate: what was observed may have been spent in part.
constexpr double kGuessedBurst = 0.25;  // Seconds of the rate, where none was observed.

absl::Duration Interval(double per_second) { return absl::Seconds(1.0 / per_second); }

}  // namespace

double RateLearner::Tally::PerSecond(absl::Time now) const {
  const double seconds = absl::ToDoubleSeconds(now - since);
  return static_cast<double>(accepted) / std::max(seconds, 1e-4);
}

RateLearner::RateLearner(LearnedRate learned) : burst_(learned.burst) {
  if (learned.per_second <= 0) return;
  known_ = learned.per_second;
  pace_ = known_ * kHoldUnder;
  phase_ = Phase::kHold;
}

LearnedRate RateLearner::Learned() const { return {rate(), burst_}; }

void RateLearner::Enter(Phase phase, double pace, absl::Time now) {
  phase_ = phase;
  pace_ = std::clamp(pace, kSlowest, kFastest);
  phase_start_ = now;
  growth_ = kFirstGrowth;
  surplus_ = 0;
}

void RateLearner::OnSend(absl::Time now) {
  if (life_.since == absl::InfinitePast()) life_.Restart(now);
  if (phase_ == Phase::kFree) return RollWindow(now);
  if (phase_start_ == absl::InfinitePast()) phase_start_ = now;
  Advance(now);
  last_send_ = now;
  if (phase_ == Phase::kFree) return;
  // One at a time: until the answer, or until there must have been one.
  const absl::Duration gap =
      phase_ == Phase::kStarved ? std::max(starve_gap_, 2 * round_trip_) : Interval(pace_);
  next_ = std::max(next_, now - kDebt) + gap;
}

// What was accepted long ago says nothing about now: half of it is forgotten at a time.
void RateLearner::RollWindow(absl::Time now) {
  if (now - life_.since < kWindow) return;
  life_.since += (now - life_.since) / 2;
  life_.accepted /= 2;
  rolled_ = true;
}

// What time and use do to the pace. Where the pace is not what holds requests back nothing is learned by
// raising it.
void RateLearner::Advance(absl::Time now) {
  const bool paced = next_ > now - kDebt;
  if (!paced) idled_ = true;
  if (phase_ == Phase::kHold && now - phase_start_ >= std::min(HoldTime(), kLongestHold)) {
    // So slow that probing little by little would take hours: it was learned from a handful of answers.
    if (HoldTime() > kLongestHold) return Enter(Phase::kClimb, pace_, now);
    probe_cost_ = (probe_cost_ + std::max<double>(1, static_cast<double>(refused_since_probe_))) / 2;
    refused_since_probe_ = 0;
    return Enter(Phase::kProbe, ProbePace(), now);
  }
  const double seconds = std::min(absl::ToDoubleSeconds(now - last_send_), 2 / pace_);
  if (phase_ == Phase::kClimb && paced) Grow(seconds);
  if (phase_ != Phase::kProbe) return;
  surplus_ = std::max(0.0, surplus_ + 1 - known_ * absl::ToDoubleSeconds(now - last_send_));
  // More than it can have saved up: the quota has grown.
  const double burst = burst_ > 0 ? std::max(burst_, known_ * kLeastBurst) : known_ * kGuessedBurst;
  if (surplus_ > 2.2 * burst + 4) Enter(Phase::kClimb, pace_, now);
}

void RateLearner::Grow(double seconds) {
  pace_ *= 1 + growth_ * seconds;
  growth_ = std::min(kLastGrowth, growth_ * (1 + seconds));
  known_ = pace_;
  if (pace_ < kFastest) return;
  phase_ = Phase::kFree;
  next_ = absl::InfinitePast();
}

void RateLearner::OnAccepted(absl::Time send_time, absl::Time now) {
  round_trip_ = round_trip_ == absl::ZeroDuration() ? now - send_time
                                                    : round_trip_ + (now - send_time - round_trip_) / 8;
  answers_ <<= 1;
  CountSustained(now);
  ++life_.accepted;
  ++emptied_.accepted;
  ++episode_.accepted;
  if (send_time <= correction_) return;
  ++accepted_since_correction_;
  if (phase_ == Phase::kStarved) return Recover(now);
  if (accepted_since_correction_ < kProven) return;
  strikes_ = 0;
  whole_cycle_ = false;
}

void RateLearner::OnRefused(absl::Time send_time, absl::Time now) {
  ++refused_since_probe_;
  answers_ = answers_ << 1 | 1;
  if (send_time > correction_) ReactToRefusal(now);
  emptied_.Restart(now);
  idled_ = false;
}

void RateLearner::CountSustained(absl::Time now) {
  ++second_.accepted;
  if (now - second_.since < absl::Seconds(1)) return;
  if (now - span_start_ >= kSustainedSpan) {
    span_start_ = now;
    sustained_[1] = std::exchange(sustained_[0], 0);
  }
  sustained_[0] = std::max(sustained_[0], second_.PerSecond(now));
  last_second_ = second_.PerSecond(now);
  second_.Restart(now);
}

double RateLearner::RefusedShare() const { return std::popcount(answers_) / 64.0; }

// Whether falling to `pace` would be running from refusals that have nothing to do with our speed.
bool RateLearner::IsNoise(double pace, absl::Time now) {
  if (pace > kNoisePace * std::max(sustained_[0], sustained_[1]) || RefusedShare() > kNoiseShare)
    return false;
  noise_until_ = now + kNoiseTime;
  noise_share_ = RefusedShare();
  phase_ = Phase::kFree;
  next_ = absl::InfinitePast();
  life_.Restart(now);
  rolled_ = true;
  return true;
}

void RateLearner::ReactToRefusal(absl::Time now) {
  if (phase_ == Phase::kFree && now < noise_until_) {
    if (RefusedShare() < noise_share_ + kClearRise) return;
    // It was our doing after all: what was sustained once is not any more.
    noise_until_ = absl::InfinitePast();
    sustained_[0] = sustained_[1] = 0;
  }
  if (phase_ == Phase::kStarved) {
    starve_gap_ = std::min(starve_gap_ * kGapGrowth, kLongestGap);
    correction_ = now;
    next_ = now + starve_gap_;
    return;
  }
  if (phase_ != Phase::kFree && accepted_since_correction_ < kProven) return RefusedAgain(now);
  episode_.Restart(now);
  RefusedAnew(now);
}

// The first refusal after a good while.
void RateLearner::RefusedAnew(absl::Time now) {
  const double measured = Measured(now);
  switch (phase_) {
    case Phase::kFree:
      if (life_.accepted < kTellingFew) return Starve(now);
      known_ = std::max(kSlowest, life_.PerSecond(now));
      free_burst_ = static_cast<double>(life_.accepted);
      free_seconds_ = rolled_ ? 0 : absl::ToDoubleSeconds(now - life_.since);
      return Correct(Phase::kClimb, known_ * 0.98, now);
    case Phase::kClimb:
      // After a long climb the average says little: the last second is nearer, and the next refusal exact.
      if (now - emptied_.since > kLongClimb && last_second_ > measured) {
        known_ = std::min(last_second_, pace_);
        return Correct(Phase::kClimb, known_ * 0.98, now);
      }
      known_ = measured > 0 ? std::min(measured, pace_) : pace_ * 0.95;
      refused_since_probe_ = 0;  // What finding it cost is no measure of what probing costs.
      if (free_seconds_ > 0 && burst_ == 0) burst_ = std::max(1.0, free_burst_ - known_ * free_seconds_);
      break;
    case Phase::kHold:
      known_ = measured > 0 ? std::clamp(measured, known_ * 0.9, known_) : known_ * kHoldUnder;
      break;
    default:
      // That more is too much does not show that less is.
      known_ = std::clamp(measured, known_, pace_);
  }
  Correct(Phase::kHold, known_ * kHoldUnder, now);
}

// A correction did not help.
void RateLearner::RefusedAgain(absl::Time now) {
  ++strikes_;
  if (strikes_ >= kStrikes) return Starve(now);
  if (strikes_ >= 2) return Drop(now);
  Correct(Phase::kClimb, pace_ * 0.9, now);
}

// The quota has shrunk, or never was what it seemed: since the episode began it has given what it gives.
void RateLearner::Drop(absl::Time now) {
  const double fresh = episode_.accepted >= 3 ? episode_.PerSecond(now) : pace_ / 2;
  known_ = std::min(pace_, fresh) * 0.95;
  Correct(Phase::kClimb, known_, now);
}

// In the accepted requests between two refusals; 0: too few to tell.
double RateLearner::Measured(absl::Time now) const {
  if (emptied_.accepted < kMeasurable) return 0;
  return idled_ ? std::max(known_, emptied_.PerSecond(now)) : emptied_.PerSecond(now);
}

void RateLearner::Correct(Phase phase, double pace, absl::Time now) {
  if (IsNoise(pace, now)) return;
  Enter(phase, pace, now);
  correction_ = now;
  accepted_since_correction_ = 0;
  // A few requests less at once, so that the next do not all find the quota just used up.
  const absl::Duration interval = Interval(pace_);
  next_ = now + std::max(interval, std::min(round_trip_ / 2 + kLateness, 2 * interval));
}

void RateLearner::Starve(absl::Time now) {
  phase_ = Phase::kStarved;
  phase_start_ = now;
  correction_ = now;
  accepted_since_correction_ = 0;
  starve_gap_ = std::max(kFirstGap, round_trip_ / 2);
  next_ = now + starve_gap_;
}

void RateLearner::OnHeld(absl::Time until, absl::Time now) {
  if (phase_ != Phase::kStarved) Starve(now);
  next_ = std::max(next_, until);
}

// It takes requests again. A bucket has one to give and refuses the next; a quota per second or minute has
// all of it, and over its whole cycle it gave what it gives.
void RateLearner::Recover(absl::Time now) {
  const double cycle = life_.PerSecond(now);
  const double fresh = episode_.PerSecond(now);
  // One in a gap is taken: all that was refused before it, at shorter ones, may be no measure of now.
  const double seen = 0.5 / absl::ToDoubleSeconds(std::max(starve_gap_, 2 * round_trip_));
  const bool long_starved = absl::ToDoubleSeconds(now - episode_.since) * cycle > 20;
  whole_cycle_ = long_starved && !whole_cycle_;
  strikes_ = 0;
  if (whole_cycle_) {
    const bool probed = cycle > known_ * 0.9 && cycle < known_;
    known_ = probed ? known_ : cycle;
    Correct(Phase::kHold, known_ * kHoldUnder, now);
  } else {
    known_ = std::max(seen, fresh * 0.95);
    Correct(Phase::kClimb, known_, now);
  }
  life_.Restart(now);
}

double RateLearner::ProbePace() const {
  const double in_flight = std::max(1e-3, known_ * absl::ToDoubleSeconds(round_trip_));
  return known_ * (1 + std::min(0.12, std::max(0.03, 0.8 / in_flight)));
}

absl::Duration RateLearner::HoldTime() const {
  return std::max(kShortestHold, absl::Seconds(probe_cost_ / (kRefusalBudget * known_)));
}

}  // namespace satudata::sync
