#include "server/sync/limits/concurrency_limit.h"

#include <algorithm>
#include <cmath>

namespace satudata::sync {
namespace {

// A latency up to so many times the least is no sign of a queue at the target.
constexpr double kTolerance = 2.0;
// Targets that answer within this are not overloaded, whatever the ratio.
constexpr absl::Duration kQuick = absl::Milliseconds(5);
// Above this ratio nobody sees the latency without a queue any more unless we step back for a moment.
constexpr double kQueued = 1.3;
// What one round adds at least where the limit is used to the full.
constexpr double kLeastGrowth = 4;
constexpr double kFailuresCut = 0.5;  // Of the share that failed.
constexpr double kThrottledCut = 0.9;
constexpr absl::Duration kSpan = absl::Seconds(20);
// Requests taken at the ceiling before one more is tried; doubles with each time that was too many, so that
// trying costs at most a quarter of a percent.
constexpr int kShowCeiling = 3;
constexpr int64_t kFirstTrial = 50;
constexpr int64_t kLastTrial = 400;

}  // namespace

ConcurrencyLimit::ConcurrencyLimit(int maximum, int first)
    : maximum_(std::max(1, maximum)),
      first_(std::clamp(first, 1, maximum_)),
      ceiling_(maximum_),
      needed_at_ceiling_(kFirstTrial) {
  Set(first_);
}

int ConcurrencyLimit::proven() const { return std::max(most_taken_[0], most_taken_[1]); }

void ConcurrencyLimit::OnSend(int in_flight, absl::Time now) {
  if (round_start_ == absl::InfinitePast()) round_start_ = now;
  if (in_flight >= limit_) saturated_ = true;
}

void ConcurrencyLimit::OnTaken(int in_flight, absl::Time send_time, absl::Duration latency, absl::Time now) {
  Rotate(now);
  if (in_flight > proven()) refused_beyond_ = 0;
  most_taken_[0] = std::max(most_taken_[0], in_flight);
  least_latency_[0] = std::min(least_latency_[0], latency);
  latency_sum_ += latency;
  time_sum_ += std::max(now - send_time, latency);
  ++taken_;
  if (in_flight >= ceiling_) ++taken_at_ceiling_;
  CountAnswer(send_time, now);
}

bool ConcurrencyLimit::OnFailed(int in_flight, absl::Time send_time, absl::Time now) {
  const bool too_many = TooMany(in_flight);
  if (!too_many) ++failures_;
  CountAnswer(send_time, now);
  return !too_many;
}

bool ConcurrencyLimit::OnThrottled(int in_flight, absl::Time send_time, absl::Time now) {
  const bool too_many = TooMany(in_flight);
  if (!too_many) throttled_ = true;
  CountAnswer(send_time, now);
  return !too_many;
}

// Whether the number under way may be why a request was refused. Once is chance; several times without one
// that is taken shows a ceiling.
bool ConcurrencyLimit::TooMany(int in_flight) {
  if (proven() == 0 || in_flight <= proven()) return false;
  Set(std::min<double>(exact_, proven()));
  if (++refused_beyond_ < kShowCeiling) return true;
  refused_beyond_ = 0;
  slow_start_ = false;
  ceiling_ = std::min(ceiling_, in_flight - 1);
  if (ceiling_step_ == 1) needed_at_ceiling_ = std::min(kLastTrial, 2 * needed_at_ceiling_);
  ceiling_step_ = 1;
  taken_at_ceiling_ = 0;
  return true;
}

void ConcurrencyLimit::Restart(absl::Time now) {
  slow_start_ = true;
  refused_beyond_ = 0;
  round_start_ = now;
  answers_ = failures_ = taken_ = 0;
  throttled_ = saturated_ = false;
  latency_sum_ = time_sum_ = absl::ZeroDuration();
  Set(first_);
}

void ConcurrencyLimit::CountAnswer(absl::Time send_time, absl::Time now) {
  ++answers_;
  if (send_time >= round_start_) EndRound(now);
}

void ConcurrencyLimit::EndRound(absl::Time now) {
  Judge();
  round_start_ = now;
  answers_ = failures_ = taken_ = 0;
  throttled_ = saturated_ = false;
  latency_sum_ = time_sum_ = absl::ZeroDuration();
}

void ConcurrencyLimit::Judge() {
  if (draining_) {
    draining_ = false;
    return Set(exact_);
  }
  if (failures_ > 0 || throttled_) slow_start_ = false;
  const double share = static_cast<double>(failures_) / answers_;
  const double gradient = Gradient();
  if (gradient < 1) slow_start_ = false;
  double next = exact_ * (1 - kFailuresCut * share) * (throttled_ ? kThrottledCut : 1.0);
  if (taken_ > 0) {
    // A queue at the target is shortened in any case; more is asked for only where the limit was in the way.
    const double growth = slow_start_ ? exact_ : std::max(kLeastGrowth, std::sqrt(exact_));
    const double grown = gradient * next + growth;
    if (grown < next || saturated_) next = grown;
  }
  if (limit_ >= ceiling_ && ceiling_ < maximum_ && taken_at_ceiling_ >= needed_at_ceiling_) RaiseCeiling();
  Set(next);
}

// 1: no queue, at the target or before it; down to 0.5 with the time that is spent in one.
double ConcurrencyLimit::Gradient() const {
  if (taken_ == 0) return 1;
  return std::min(GradientOfTarget(), GradientOfOurs());
}

// Where more time passes in this process than at the target, it is us who cannot go faster: more at once
// would only wait for one another.
double ConcurrencyLimit::GradientOfOurs() const {
  if (latency_sum_ <= absl::ZeroDuration()) return 1;
  return std::clamp(absl::FDivDuration(kTolerance * latency_sum_, time_sum_), 0.5, 1.0);
}

double ConcurrencyLimit::GradientOfTarget() const {
  const absl::Duration least = std::max(kQuick, std::min(least_latency_[0], least_latency_[1]));
  const double ratio = absl::FDivDuration(kTolerance * least, latency_sum_ / taken_);
  return std::clamp(ratio, 0.5, 1.0);
}

void ConcurrencyLimit::RaiseCeiling() {
  ceiling_ = std::min(maximum_, ceiling_ + ceiling_step_);
  ceiling_step_ *= 2;
  taken_at_ceiling_ = 0;
}

void ConcurrencyLimit::Rotate(absl::Time now) {
  if (now - span_start_ < kSpan) return;
  span_start_ = now;
  const absl::Duration least = std::min(least_latency_[0], least_latency_[1]);
  draining_ = limit_ > 1 && taken_ > 0 && latency_sum_ / taken_ > kQueued * std::max(kQuick, least);
  if (draining_) limit_ /= 2;
  least_latency_[1] = least_latency_[0];
  least_latency_[0] = absl::InfiniteDuration();
  most_taken_[1] = most_taken_[0];
  most_taken_[0] = 0;
}

void ConcurrencyLimit::Set(double limit) {
  exact_ = std::clamp(limit, 1.0, static_cast<double>(ceiling_));
  limit_ = static_cast<int>(exact_);
}

}  // namespace satudata::sync
