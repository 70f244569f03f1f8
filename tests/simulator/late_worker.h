// File: late_worker.h
//
// The thread that applies what was accepted to be applied later. The truth holds what is pending; this only
// wakes up in time.
#ifndef TESTS_SIMULATOR_LATE_WORKER_H_
#define TESTS_SIMULATOR_LATE_WORKER_H_

#include <cstdint>
#include <thread>

#include "absl/time/time.h"
#include "server/base/clock.h"
#include "tests/simulator/stop_signal.h"
#include "tests/simulator/truth.h"

namespace satudata::simulator {

class LateWorker {
 public:
  // Both must outlive the worker.
  LateWorker(base::Clock& clock, Truth& truth) : clock_(clock), truth_(truth) {}
  ~LateWorker() { Stop(); }

  // Once.
  void Start();
  // Idempotent; what is still pending stays so.
  void Stop();
  // Thread-safe.
  void Defer(Write write, uint64_t request, absl::Duration delay);

 private:
  void Run();

  base::Clock& clock_;
  Truth& truth_;
  StopSignal signal_;
  std::thread thread_;
};

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_LATE_WORKER_H_
