// File: deadline.h
//
// A moment by which work must be over, as a value that travels down the call chain. Measured on the monotonic
// clock, so a wall clock that jumps neither shortens nor stretches it.
#ifndef SERVER_BASE_DEADLINE_H_
#define SERVER_BASE_DEADLINE_H_

#include <algorithm>

#include "absl/time/time.h"
#include "server/base/clock.h"

namespace satudata::base {

class Deadline {
 public:
  static Deadline Infinite() { return Deadline(nullptr, absl::InfiniteDuration()); }
  // `clock` must outlive the deadline and its copies.
  static Deadline After(Clock& clock, absl::Duration limit) {
    return Deadline(&clock, clock.Monotonic() + limit);
  }

  // Zero when it has passed.
  absl::Duration Remaining() const {
    if (clock_ == nullptr) return absl::InfiniteDuration();
    return std::max(absl::ZeroDuration(), at_ - clock_->Monotonic());
  }
  bool Passed() const { return Remaining() == absl::ZeroDuration(); }

 private:
  Deadline(Clock* clock, absl::Duration at) : clock_(clock), at_(at) {}

  Clock* clock_;
  absl::Duration at_;
};

}  // namespace satudata::base

#endif  // SERVER_BASE_DEADLINE_H_
