#include "server/base/clock.h"

#include <chrono>

#include "absl/time/clock.h"

namespace satudata::base {

absl::Time SystemClock::Now() { return absl::Now(); }

absl::Duration SystemClock::Monotonic() {
  return absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace satudata::base
