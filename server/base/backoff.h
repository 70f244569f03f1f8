// File: backoff.h
//
// How long to wait before the next try: exponential with full jitter.
#ifndef SERVER_BASE_BACKOFF_H_
#define SERVER_BASE_BACKOFF_H_

#include "absl/time/time.h"
#include "server/base/random.h"

namespace satudata::base {

struct BackoffOptions {
  absl::Duration initial = absl::Seconds(1);   // Default: 1 s.
  absl::Duration maximum = absl::Seconds(60);  // Default: 60 s.
  double factor = 2.0;                         // Default: 2.
};

// The wait after the `failures`-th failure in a row (1 for the first): uniform in [0, initial ×
// factor^(failures-1)], capped at `maximum`. Pure but for `uniform`.
absl::Duration JitteredBackoff(const BackoffOptions& options, int failures, const Uniform& uniform);

}  // namespace satudata::base

#endif  // SERVER_BASE_BACKOFF_H_
