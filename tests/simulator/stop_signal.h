// File: stop_signal.h
//
// Tells waiting threads that the simulator stops. Thread-safe.
#ifndef TESTS_SIMULATOR_STOP_SIGNAL_H_
#define TESTS_SIMULATOR_STOP_SIGNAL_H_

#include <atomic>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/base/mutex.h"

namespace satudata::simulator {

class StopSignal {
 public:
  void Raise() {
    base::MutexLock lock(&mu_);
    raised_ = true;
    cv_.SignalAll();
  }
  // Wakes those who wait without stopping anything: they look again and wait on.
  void Nudge() {
    base::MutexLock lock(&mu_);
    nudged_ = true;
    cv_.SignalAll();
  }

  bool raised() const { return raised_.load(std::memory_order_relaxed); }

  // Waits for `limit` of real time, nudged or not; false when it was cut short by the stop.
  bool Sleep(absl::Duration limit) {
    const absl::Time end = absl::Now() + limit;
    base::MutexLock lock(&mu_);
    for (absl::Duration left = limit; !raised_ && left > absl::ZeroDuration(); left = end - absl::Now()) {
      cv_.WaitFor(&mu_, absl::ToChronoNanoseconds(left));
    }
    return !raised_;
  }

  // Like Sleep, but a nudge (also one given before the call) ends it early.
  bool SleepUntilNudged(absl::Duration limit) {
    base::MutexLock lock(&mu_);
    if (!raised_ && !nudged_) cv_.WaitFor(&mu_, absl::ToChronoNanoseconds(limit));
    nudged_ = false;
    return !raised_;
  }

 private:
  std::atomic<bool> raised_ = false;
  base::Mutex mu_;
  base::CondVar cv_;
  bool nudged_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_STOP_SIGNAL_H_
