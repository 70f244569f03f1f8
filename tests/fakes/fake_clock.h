// File: fake_clock.h
//
// A clock that stands still until the test moves it. Thread-safe.
//
//   FakeClock clock;
//   const auto deadline = base::Deadline::After(clock, absl::Seconds(5));
//   clock.Advance(absl::Seconds(5));  // deadline.Passed()
#ifndef TESTS_FAKES_FAKE_CLOCK_H_
#define TESTS_FAKES_FAKE_CLOCK_H_

#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/mutex.h"

namespace satudata::fakes {

class FakeClock final : public base::Clock {
 public:
  // Default: 2024-01-01T00:00:00Z.
  explicit FakeClock(absl::Time now = absl::FromUnixSeconds(1704067200)) : now_(now) {}

  absl::Time Now() override {
    base::MutexLock lock(&mu_);
    return now_;
  }
  absl::Duration Monotonic() override {
    base::MutexLock lock(&mu_);
    return monotonic_;
  }

  // Time passes: both readings move. `by` is not negative.
  void Advance(absl::Duration by) {
    base::MutexLock lock(&mu_);
    now_ += by;
    monotonic_ += by;
  }
  // Somebody sets the wall clock, forwards or back; no time passes.
  void SetWallTime(absl::Time now) {
    base::MutexLock lock(&mu_);
    now_ = now;
  }

 private:
  base::Mutex mu_;
  absl::Time now_ ABSL_GUARDED_BY(mu_);
  // Not zero, so that a test notices code that takes the zero of this clock for a meaningful moment.
  absl::Duration monotonic_ ABSL_GUARDED_BY(mu_) = absl::Hours(1000);
};

}  // namespace satudata::fakes

#endif  // TESTS_FAKES_FAKE_CLOCK_H_
