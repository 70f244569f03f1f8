#include "tests/simulator/quota.h"

#include <algorithm>

namespace satudata::simulator {
namespace {

QuotaLimits WithBurst(QuotaLimits limits) {
  if (limits.burst <= 0) limits.burst = limits.per_second / 4;
  limits.burst = std::max(limits.burst, 1.0);
  return limits;
}

}  // namespace

Quota::Quota(base::Clock& clock, QuotaLimits limits)
    : clock_(clock), limits_(WithBurst(limits)), tokens_(limits_.burst), refilled_(clock.Monotonic()) {}

std::optional<absl::Duration> Quota::Take() {
  const absl::Duration now = clock_.Monotonic();
  base::MutexLock lock(&mu_);
  if (limits_.per_second <= 0 && limits_.per_minute <= 0) return std::nullopt;
  if (auto wait = BucketWait(now); wait.has_value()) return wait;
  if (auto wait = WindowWait(now); wait.has_value()) return wait;
  tokens_ -= 1;
  ++in_window_;
  return std::nullopt;
}

std::optional<absl::Duration> Quota::BucketWait(absl::Duration now) {
  if (limits_.per_second <= 0) {
    tokens_ = limits_.burst;
    return std::nullopt;
  }
  const double gained = absl::ToDoubleSeconds(now - refilled_) * limits_.per_second;
  tokens_ = std::min(limits_.burst, tokens_ + std::max(0.0, gained));
  refilled_ = std::max(refilled_, now);
  if (tokens_ >= 1) return std::nullopt;
  return absl::Seconds((1 - tokens_) / limits_.per_second);
}

std::optional<absl::Duration> Quota::WindowWait(absl::Duration now) {
  if (limits_.per_minute <= 0) return std::nullopt;
  if (now >= window_end_) {
    window_end_ = now + absl::Minutes(1);
    in_window_ = 0;
  }
  if (in_window_ < limits_.per_minute) return std::nullopt;
  return window_end_ - now;
}

void Quota::SetLimits(QuotaLimits limits) {
  base::MutexLock lock(&mu_);
  limits_ = WithBurst(limits);
  tokens_ = std::min(tokens_, limits_.burst);
}

void Quota::Reset() {
  base::MutexLock lock(&mu_);
  tokens_ = limits_.burst;
  refilled_ = clock_.Monotonic();
  window_end_ = -absl::InfiniteDuration();
}

}  // namespace satudata::simulator
