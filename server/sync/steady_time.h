// File: steady_time.h
//
// Wall time that never jumps: the wall clock as it was when the process began, moved on by the monotonic
// clock. What is decided by waiting (may we send again?) is decided by this; a wall clock that leaps proves
// nothing.
#ifndef SERVER_SYNC_STEADY_TIME_H_
#define SERVER_SYNC_STEADY_TIME_H_

#include "absl/time/time.h"
#include "server/base/clock.h"

namespace satudata::sync {

// Thread-safe.
class SteadyTime {
 public:
  // `clock` must outlive this.
  explicit SteadyTime(base::Clock& clock)
      : clock_(clock), wall_at_start_(clock.Now()), monotonic_at_start_(clock.Monotonic()) {}

  absl::Time Now() const { return wall_at_start_ + (clock_.Monotonic() - monotonic_at_start_); }

 private:
  base::Clock& clock_;
  const absl::Time wall_at_start_;
  const absl::Duration monotonic_at_start_;
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_STEADY_TIME_H_
