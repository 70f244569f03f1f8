#include "server/base/clock.h"

#include <ctime>

#include "absl/time/clock.h"

namespace satudata::base {

absl::Time SystemClock::Now() { return absl::Now(); }

absl::Duration SystemClock::Monotonic() {
  // Goes on while the machine sleeps, so that what is reckoned from it is not behind the wall by a night.
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return absl::DurationFromTimespec(now);
}

}  // namespace satudata::base
