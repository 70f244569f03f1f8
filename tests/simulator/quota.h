// File: quota.h
//
// How many requests a system takes. Thread-safe.
#ifndef TESTS_SIMULATOR_QUOTA_H_
#define TESTS_SIMULATOR_QUOTA_H_

#include <cstdint>
#include <optional>

#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/mutex.h"

namespace satudata::simulator {

struct QuotaLimits {
  double per_second = 0;   // Refilled continuously. 0: no limit.
  double burst = 0;        // 0: a quarter second's worth, at least 1.
  int64_t per_minute = 0;  // Within fixed minutes that start with the first request. 0: no limit.
};

class Quota {
 public:
  // `clock` must outlive the quota.
  Quota(base::Clock& clock, QuotaLimits limits);

  // Takes one request, or says how long until one would be taken. A refused request costs nothing.
  std::optional<absl::Duration> Take();
  // Other limits from now on. What the bucket holds stays, up to its new size.
  void SetLimits(QuotaLimits limits);
  // Full again.
  void Reset();

 private:
  std::optional<absl::Duration> BucketWait(absl::Duration now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  std::optional<absl::Duration> WindowWait(absl::Duration now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  base::Clock& clock_;
  base::Mutex mu_;
  QuotaLimits limits_ ABSL_GUARDED_BY(mu_);
  double tokens_ ABSL_GUARDED_BY(mu_);
  absl::Duration refilled_ ABSL_GUARDED_BY(mu_);
  absl::Duration window_end_ ABSL_GUARDED_BY(mu_) = -absl::InfiniteDuration();
  int64_t in_window_ ABSL_GUARDED_BY(mu_) = 0;
};

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_QUOTA_H_
