// File: deadline.h
//
// A moment by which work must be over, as a value that travels down the call chain. Measured on the monotonic
// clock, so a wall clock that jumps neither shortens nor stretches it. Work may also become unwanted before
// that: a deadline with a stop token passes when the stop is requested.
#ifndef SERVER_BASE_DEADLINE_H_
#define SERVER_BASE_DEADLINE_H_

#include <algorithm>
#include <stop_token>
#include <utility>

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

  // This deadline, or the moment when `stop` is requested if that comes first.
  Deadline OrStop(std::stop_token stop) const {
    Deadline earlier = *this;
    earlier.stop_ = std::move(stop);
    return earlier;
  }

  // Zero when it has passed.
  absl::Duration Remaining() const {
    if (Stopped()) return absl::ZeroDuration();
    if (clock_ == nullptr) return absl::InfiniteDuration();
    return std::max(absl::ZeroDuration(), at_ - clock_->Monotonic());
  }
  bool Passed() const { return Remaining() == absl::ZeroDuration(); }
  // It passed because the work is not wanted any more.
  bool Stopped() const { return stop_.stop_requested(); }
  // For those who wait otherwise than by asking. Without a stop token: one that never stops.
  const std::stop_token& stop() const { return stop_; }

 private:
  Deadline(Clock* clock, absl::Duration at) : clock_(clock), at_(at) {}

  Clock* clock_;
  absl::Duration at_;
  std::stop_token stop_;
};

}  // namespace satudata::base

#endif  // SERVER_BASE_DEADLINE_H_
