// File: shifted_clock.h
//
// The real clock, but somebody sets the wall: for tests in which real time passes. Thread-safe.
#ifndef TESTS_FAKES_SHIFTED_CLOCK_H_
#define TESTS_FAKES_SHIFTED_CLOCK_H_

#include <atomic>

#include "absl/time/time.h"
#include "server/base/clock.h"

namespace satudata::fakes {

class ShiftedClock final : public base::Clock {
 public:
  absl::Time Now() override { return system_.Now() + absl::Milliseconds(shift_ms_.load()); }
  absl::Duration Monotonic() override { return system_.Monotonic(); }

  // The wall clock is set to this much beside the true time; no time passes.
  void Shift(absl::Duration by) { shift_ms_ = absl::ToInt64Milliseconds(by); }

 private:
  base::SystemClock system_;
  std::atomic<int64_t> shift_ms_ = 0;
};

}  // namespace satudata::fakes

#endif  // TESTS_FAKES_SHIFTED_CLOCK_H_
