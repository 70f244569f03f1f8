// File: dial_gate.h
//
// Lets connections be opened one after the other, a moment apart. A burst of dials overflows the short accept
// queue of a small server; the kernel then resets connections after they looked established, and nobody can
// tell whether the request on them arrived.
#ifndef SERVER_HTTP_DIAL_GATE_H_
#define SERVER_HTTP_DIAL_GATE_H_

#include <algorithm>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/deadline.h"
#include "server/base/mutex.h"

namespace satudata::http {

// Thread-safe.
class DialGate {
 public:
  // `clock` must outlive the gate.
  DialGate(base::Clock& clock, absl::Duration gap) : clock_(clock), gap_(gap) {}

  // Waits for this dial's turn; false if the deadline comes first.
  bool Pass(const base::Deadline& deadline) {
    const absl::Duration wait = TakeTurn();
    if (wait >= deadline.Remaining()) return false;
    if (wait > absl::ZeroDuration()) absl::SleepFor(wait);
    return true;
  }

 private:
  absl::Duration TakeTurn() {
    base::MutexLock lock(&mu_);
    const absl::Duration now = clock_.Monotonic();
    const absl::Duration turn = std::max(now, next_);
    next_ = turn + gap_;
    return turn - now;
  }

  base::Clock& clock_;
  const absl::Duration gap_;
  base::Mutex mu_;
  absl::Duration next_ ABSL_GUARDED_BY(mu_);
};

}  // namespace satudata::http

#endif  // SERVER_HTTP_DIAL_GATE_H_
