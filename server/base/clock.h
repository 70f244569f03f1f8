// File: clock.h
//
// The time, injected. Only server/main, clients and test fixtures that run real processes make a SystemClock;
// everything else takes a Clock& so that tests decide what time it is.
#ifndef SERVER_BASE_CLOCK_H_
#define SERVER_BASE_CLOCK_H_

#include "absl/time/time.h"

namespace satudata::base {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  // Wall time, to store and to show. It may jump in either direction.
  virtual absl::Time Now() = 0;
  // Never goes back; its zero is arbitrary and differs per process. For waits, deadlines and measuring.
  virtual absl::Duration Monotonic() = 0;
};

class SystemClock final : public Clock {
 public:
  absl::Time Now() override;
  absl::Duration Monotonic() override;
};

}  // namespace satudata::base

#endif  // SERVER_BASE_CLOCK_H_
